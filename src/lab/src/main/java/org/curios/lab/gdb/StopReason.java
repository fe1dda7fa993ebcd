package org.curios.lab.gdb;

/**
 * Why gdb is notified that the machine is stopped.
 *
 * @param signal gdb's number of a signal
 * @param words further words of the stop reply, such as {@code swbreak:;}
 * @param status what the guest has ended with; null while it has not
 * @param note what is printed first; an empty text for nothing
 */
record StopReason(int signal, String words, Integer status, String note) {
  private static final int SIGNAL_INT = 2;
  private static final int SIGNAL_TRAP = 5;
  private static final int SIGNAL_KILL = 9;
  private static final int SIGNAL_SEGV = 11;
  private static final int SIGNAL_STOP = 17;

  /** A step has come to its end. */
  static final StopReason TRAP = of(SIGNAL_TRAP, "");

  /** A step has led into another thread, which gdb has not asked to step. */
  static final StopReason ELSEWHERE = of(0, "");

  /** The machine was stopped by request. */
  static final StopReason INTERRUPTED = of(SIGNAL_INT, "");

  /** There is nothing before. */
  static final StopReason HISTORY_BEGIN = of(SIGNAL_TRAP, "replaylog:begin;");

  /** The processor waits for an interrupt that can never come. */
  static final StopReason IDLE =
      new StopReason(
          SIGNAL_STOP, "", null, "CuriOS: the guest waits for an interrupt that can never come.\n");

  /** Exceptions go round in a loop. */
  static final StopReason DEAD =
      new StopReason(
          SIGNAL_SEGV,
          "",
          null,
          "CuriOS: the guest is dead: it is in an endless loop of exceptions.\n");

  private static StopReason of(int signal, String words) {
    return new StopReason(signal, words, null, "");
  }

  /** Returns whether a step has come to its end. */
  boolean isStep() {
    return equals(TRAP) || equals(ELSEWHERE);
  }

  /** A breakpoint. */
  static StopReason breakpoint(GdbBreakpoints.Kind kind) {
    return of(SIGNAL_TRAP, kind.word + ":;");
  }

  /** A watchpoint, by its address, with which gdb knows it again. */
  static StopReason watchpoint(GdbBreakpoints.Kind kind, int address) {
    return of(SIGNAL_TRAP, kind.word + ":" + Integer.toHexString(address) + ";");
  }

  /** The guest has ended; the machine is stopped at its end and can go back. */
  static StopReason ended(int status) {
    return new StopReason(
        SIGNAL_KILL,
        "",
        status,
        "CuriOS: the guest has ended with status "
            + status
            + ". Go back from here, or continue to end the run.\n");
  }
}
