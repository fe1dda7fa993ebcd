package org.curios.arm.bus;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Virtual time in ticks: one tick per instruction, {@value #HZ} ticks a virtual second. Holds the
 * events that devices have scheduled; the processor runs up to the next one.
 */
public final class VirtualClock {
  /** Ticks in a second of virtual time. */
  public static final long HZ = 200_000_000L;

  /** A tick that is never reached. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Returns the current tick, exact to the instruction. */
  @FunctionalInterface
  public interface TickSource {
    /** Returns the number of ticks since reset. */
    long now();
  }

  private final TickSource source;
  private final java.util.PriorityQueue<TimedEvent> pending =
      new java.util.PriorityQueue<>(
          java.util.Comparator.<TimedEvent>comparingLong(e -> e.due)
              .thenComparingLong(e -> e.order));
  private final Runnable onEarlier;
  private long order;

  /**
   * Makes a clock without events.
   *
   * @param source returns the current tick
   * @param onEarlier called when a new event is the next one, so that the processor checks again
   */
  public VirtualClock(TickSource source, Runnable onEarlier) {
    this.source = source;
    this.onEarlier = onEarlier;
  }

  /** Returns the current tick, exact to the instruction. */
  public long now() {
    return source.now();
  }

  /**
   * Schedules an event, replacing any earlier schedule of it.
   *
   * @param event what happens
   * @param tick when; a tick in the past is due at once
   */
  public void schedule(TimedEvent event, long tick) {
    if (event.due != NEVER) {
      pending.remove(event);
    }
    event.due = tick;
    if (tick != NEVER) {
      event.order = order++;
      pending.add(event);
    }
    onEarlier.run();
  }

  /** Cancels an event; nothing happens if it is not pending. */
  public void cancel(TimedEvent event) {
    if (event.due != NEVER) {
      pending.remove(event);
      event.due = NEVER;
      onEarlier.run();
    }
  }

  /**
   * Writes when an event is due, and its order among those of the same tick: clocks with the same
   * pending events write the same, regardless of their history.
   */
  public void save(TimedEvent event, DataOutput out) throws IOException {
    out.writeLong(event.due);
    out.writeLong(place(event));
  }

  private long place(TimedEvent event) {
    long place = 0;
    if (event.due != NEVER) {
      for (TimedEvent other : pending) {
        place += other.due == event.due && other.order < event.order ? 1 : 0;
      }
    }
    return place;
  }

  /** Puts an event back to what {@link #save} wrote. */
  public void restore(TimedEvent event, DataInput in) throws IOException {
    long due = in.readLong();
    long place = in.readLong();
    if (event.due != NEVER) {
      pending.remove(event);
    }
    event.due = due;
    event.order = place;
    if (due != NEVER) {
      pending.add(event);
    }
    order = Math.max(order, place + 1);
    onEarlier.run();
  }

  /** Returns the tick of the next event, or {@link #NEVER}. */
  public long next() {
    TimedEvent first = pending.peek();
    return first == null ? NEVER : first.due;
  }

  /** Fires every event that is due at {@code tick} or before, in order. */
  public void fireUntil(long tick) {
    for (TimedEvent e = pending.peek(); e != null && e.due <= tick; e = pending.peek()) {
      pending.remove();
      long due = e.due;
      e.due = NEVER;
      e.fire(due);
    }
  }
}
