package org.curios.shell.session;

import org.curios.arm.core.Psr;
import org.curios.lab.inspect.Expression;
import org.curios.machine.Machine;

/**
 * Finds out after each instruction whether a register has changed, in one mode and, in user mode,
 * one object: others use the register for themselves. Where the machine has not come from the
 * instruction before, as after a step back in time, it starts over.
 */
final class RegisterWatch {
  private final Expression register;
  private final int mode;
  private final int region;
  private long lastTick = -1;
  private Integer last;

  /**
   * Makes a watch.
   *
   * @param region MiB of the stack of the object, if the mode is user mode
   */
  RegisterWatch(Expression register, int mode, int region) {
    this.register = register;
    this.mode = mode;
    this.region = region;
  }

  boolean changed(Machine m) {
    long now = m.cpu().now();
    if (now != lastTick + 1) {
      last = null;
    }
    lastTick = now;
    boolean here =
        m.cpu().mode() == mode && (mode != Psr.USER || m.cpu().register(13) >>> 20 == region);
    if (!here) {
      return false;
    }
    int value = register.value(m);
    boolean changed = last != null && last != value;
    last = value;
    return changed;
  }
}
