package org.curios.machine;

import org.curios.arm.bus.VirtualClock;

/** Virtual time that a test moves by hand. */
final class Ticks {
  private long now;

  /** The clock for the device under test. */
  final VirtualClock clock = new VirtualClock(() -> now, () -> {});

  /** Lets time pass; each event fires at its own tick. */
  void pass(long ticks) {
    long end = now + ticks;
    while (clock.next() <= end) {
      now = Math.max(now, clock.next());
      clock.fireUntil(now);
    }
    now = end;
  }

  void passMicroseconds(long microseconds) {
    pass(microseconds * (VirtualClock.HZ / 1_000_000));
  }

  void passSeconds(long seconds) {
    pass(seconds * VirtualClock.HZ);
  }
}
