package org.curios.lab.script;

/**
 * How a script has ended.
 *
 * @param status exit status: 0; what the script has exited with; 1 for an error of the script
 * @param message what is to be said about it, in lines; null for nothing
 */
public record ScriptEnd(int status, String message) {
  /** Exit status of an error in the script. */
  public static final int ERROR = 1;

  /** Exit status of a script, a language or options that cannot be used. */
  public static final int USAGE = 2;

  /** Exit status of a script that was stopped by its time limit. */
  public static final int TIMED_OUT = 124;

  /** Exit status of a script that was stopped by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** What is said about such a script. */
  public static final String WAS_INTERRUPTED = "the script was interrupted; saved files are kept";
}
