package org.curios.lab.profile;

/**
 * A level of a stack.
 *
 * @param kind what it is
 * @param name function or object
 * @param file source file; empty if none is known
 */
public record Call(Kind kind, String name, String file) {
  /** What a level of a stack is. */
  public enum Kind {
    /** A protected object, whose functions are above it. */
    OBJECT,
    /** A function outside the kernel. */
    CODE,
    /** A function of the kernel. */
    KERNEL,
    /** The processor waits for an interrupt. */
    IDLE
  }

  /** Returns the name as in folded stacks: kernel functions are marked as by perf. */
  String folded() {
    return name.replace(';', ':').replace(' ', '_') + (kind == Kind.KERNEL ? "_[k]" : "");
  }
}
