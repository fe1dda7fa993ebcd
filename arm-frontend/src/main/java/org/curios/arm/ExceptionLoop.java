package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;

/**
 * Finds guests that are dead for good: the handlers of aborts and undefined instructions do nothing
 * but abort and meet undefined instructions themselves, and come back to the same state again and
 * again with no interrupt between. The cycle is found as by Brent (BIT 20, 1980): a state is kept
 * over twice as many exceptions each time, and met again.
 */
final class ExceptionLoop {
  /** How often the same state is met before the guest counts as dead. */
  private static final int MEETINGS = 16;

  private int kept;
  private int since;
  private int span = 1;
  private int meetings;

  /** An abort or undefined instruction of a handler of such exceptions has been entered. */
  @TruffleBoundary
  void nested(Cpu cpu) {
    int state = cpu.cpsr();
    for (int i = 0; i < 16; i++) {
      state = 31 * state + cpu.register(i);
    }
    if (state == kept) {
      meetings++;
      return;
    }
    if (meetings == 0 && ++since >= span) {
      kept = state;
      since = 0;
      span *= 2;
    }
  }

  /** Another exception, or one from another mode: not all is lost. */
  void outer() {
    meetings = 0;
    since = 0;
    span = 1;
    kept = 0;
  }

  /** Returns whether there is no way out. */
  boolean isDead() {
    return meetings >= MEETINGS;
  }
}
