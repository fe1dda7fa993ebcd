package org.curios.lab.script.model;

/** An error in a script's use of the machine; becomes an exception of the script's language. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The class of the exception that the script sees. */
  public enum Kind {
    /** The guest or the machine is not in the right state. */
    GUEST("GuestError"),
    /** An argument is wrong. */
    USAGE("UsageError"),
    /** There is nothing of that name. */
    NAME("UnknownNameError"),
    /** The run was stopped from outside. */
    CANCELLED("Cancelled");

    private final String className;

    Kind(String className) {
      this.className = className;
    }

    /** Returns the name of the class in scripts. */
    public String className() {
      return className;
    }
  }

  private final Kind kind;

  /** Creates one with its message. */
  public ScriptException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Creates one about a wrong argument. */
  public static ScriptException usage(String message) {
    return new ScriptException(Kind.USAGE, message);
  }

  static ScriptException guest(String message) {
    return new ScriptException(Kind.GUEST, message);
  }

  static ScriptException name(String message) {
    return new ScriptException(Kind.NAME, message);
  }

  /** Returns which class of exception the script sees. */
  public Kind kind() {
    return kind;
  }
}
