package org.curios.machine;

import org.curios.arm.InterruptLine;

/** The far end of an interrupt line. */
public final class Wire implements InterruptLine {
  /** The level that the device has set last. */
  public boolean raised;

  @Override
  public void set(boolean level) {
    raised = level;
  }
}
