package org.curios.machine.device;

import org.curios.arm.bus.VirtualClock;

/** Virtual time that a test moves by hand. */
public final class Ticks {
  private long now;

  /** The clock for the device under test. */
  public final VirtualClock clock = new VirtualClock(() -> now, () -> {});

  /** Lets time pass; each event fires at its own tick. */
  public void pass(long ticks) {
    long end = now + ticks;
    while (clock.next() <= end) {
      now = Math.max(now, clock.next());
      clock.fireUntil(now);
    }
    now = end;
  }

  public void passMicroseconds(long microseconds) {
    pass(microseconds * (VirtualClock.HZ / 1_000_000));
  }

  public void passSeconds(long seconds) {
    pass(seconds * VirtualClock.HZ);
  }
}
