package org.curios.machine.net;

import org.curios.arm.run.Executor.Stop;

/** A machine on a switch, as the switch runs it. */
public interface Member {
  /** Returns its current tick. */
  long now();

  /**
   * Returns a tick before which it sends nothing: the current one, or that of the next event while
   * the guest waits.
   */
  long quietUntil();

  /**
   * Runs this machine alone.
   *
   * @param tick where to stop
   * @throws org.curios.arm.bus.GuestExit when the guest ends the run
   */
  Stop advance(long tick);

  /** Continues a run that stopped before its tick. */
  void pass();
}
