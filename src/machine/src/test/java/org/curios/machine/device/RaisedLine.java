package org.curios.machine.device;

import org.curios.arm.bus.InterruptLine;

/** The far end of an interrupt line. */
public final class RaisedLine implements InterruptLine {
  /** The level that the device has set last. */
  public boolean raised;

  @Override
  public void set(boolean level) {
    raised = level;
  }
}
