package org.curios.arm.warm;

import org.curios.arm.code.WarmCode;

/**
 * Calls new code without effect until the host's compiler has compiled it: while the host
 * interprets it, our own interpreter is faster. The host does not report the compilation, but the
 * calls become faster.
 */
final class Rehearsal {
  /** Calls after which the host's compiler has been requested to compile the code. */
  private static final int CALLS = 300;

  /** Number of calls that are timed together. */
  private static final int BATCH = 16;

  /** Number of batches, of which the fastest counts: the host's caches may be cold. */
  private static final int TRIES = 4;

  /** How many times faster calls of compiled code are, at least. */
  private static final double FASTER = 1.8;

  /** Nanoseconds after which the code is run in any case. */
  private static final long PATIENCE = 100_000_000;

  private final WarmCode code;
  private final long begun = System.nanoTime();
  private final long interpreted;

  /** Requests the code from the host's compiler. */
  Rehearsal(WarmCode code) {
    this.code = code;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < CALLS; i += BATCH) {
      long time = time();
      least = i < CALLS / 2 ? Math.min(least, time) : least;
    }
    this.interpreted = least;
  }

  private long time() {
    long start = System.nanoTime();
    for (int i = 0; i < BATCH; i++) {
      code.run(null, WarmCode.NOWHERE, 0);
    }
    return System.nanoTime() - start;
  }

  /** Returns whether the code is compiled, or has had time enough. */
  boolean isOver() {
    long least = time();
    for (int i = 1; i < TRIES; i++) {
      least = Math.min(least, time());
    }
    return least * FASTER < interpreted || System.nanoTime() - begun > PATIENCE;
  }
}
