package org.curios.arm.bus;

/** Something that happens at a tick of virtual time. Each object has at most one pending time. */
public abstract class TimedEvent {
  /** Tick at which the event is due, or {@link VirtualClock#NEVER}. */
  long due = VirtualClock.NEVER;

  /** Order among events of the same tick: the one scheduled first fires first. */
  long order;

  /**
   * Called by the clock when the event is due; it may schedule itself again.
   *
   * @param tick the tick at which it was due
   */
  public abstract void fire(long tick);
}
