package org.curios.bench;

import org.curios.machine.Machine;

/**
 * The work of our compiler.
 *
 * @param regions built
 * @param compilations done or given up
 * @param deoptimizations compiled code given up
 */
record CompilerWork(long regions, long compilations, long deoptimizations) {
  /** Nothing. */
  static final CompilerWork NONE = new CompilerWork(0, 0, 0);

  /** Returns the work since the machine was created. */
  static CompilerWork of(Machine machine) {
    var log = machine.compilations();
    return new CompilerWork(
        machine.executor().regions(), log.compiled() + log.failed(), log.deoptimizations());
  }

  /** Returns the work since an earlier moment. */
  CompilerWork since(CompilerWork earlier) {
    return new CompilerWork(
        regions - earlier.regions,
        compilations - earlier.compilations,
        deoptimizations - earlier.deoptimizations);
  }

  /** Returns the sum. */
  CompilerWork plus(CompilerWork other) {
    return new CompilerWork(
        regions + other.regions,
        compilations + other.compilations,
        deoptimizations + other.deoptimizations);
  }

  /** Returns whether regions wait for their compilation. */
  boolean isPending() {
    return compilations < regions;
  }
}
