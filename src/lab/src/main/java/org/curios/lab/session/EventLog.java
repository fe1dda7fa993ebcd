package org.curios.lab.session;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.Machine;

/**
 * The kernel's events with their exact ticks, recorded as they happen. The kernel itself keeps the
 * last 256 of them, with microseconds.
 */
public final class EventLog {
  private static final int KEPT = 4096;
  private static final long TICKS_A_MICROSECOND = VirtualClock.HZ / 1_000_000;

  /**
   * An event at the moment at which it happens.
   *
   * @param number how many there were before
   * @param kind its number in {@link Kind#EVENT}
   * @param object number of the object
   * @param a the first detail that the kernel reports
   * @param b the second detail
   * @param tick exactly when
   * @param nanos {@link System#nanoTime} then
   */
  public record Event(long number, int kind, int object, int a, int b, long tick, long nanos) {}

  private final Guest guest;
  private Dictionary words;
  private final NavigableMap<Long, Event> seen = new TreeMap<>();
  private final List<BiConsumer<View, Event>> listeners = new CopyOnWriteArrayList<>();

  /** Tick at which the kernel's clock started; 0 while it is not known. */
  private long origin;

  private EventLog(Guest guest) {
    this.guest = guest;
  }

  /** Starts to record the events of CuriOS on a machine; other guests have none. */
  public static EventLog of(Session session, Guest guest) {
    EventLog log = new EventLog(guest);
    if (guest.isCurios()) {
      int event = guest.symbols().require("event").address();
      session.post(m -> {
        session.history().points().observe(event, log::note);
        session.history().onForget(log::forgetAfter);
      });
    }
    return log;
  }

  /**
   * Adds a listener for each new event, called on the machine's thread before the kernel notes it.
   */
  public void listen(BiConsumer<View, Event> listener) {
    listeners.add(listener);
  }

  private void note(Machine m) {
    View v = guest.at(m);
    words = v.words();
    Event last = seen.get(v.eventCount() - 1);
    if (last != null && origin == 0) {
      origin = last.tick - v.events(1).get(0).get("at") * TICKS_A_MICROSECOND;
    }
    Event e =
        new Event(
            v.eventCount(),
            m.cpu().register(0),
            m.cpu().register(1),
            m.cpu().register(2),
            m.cpu().register(3),
            m.cpu().now(),
            System.nanoTime());
    seen.put(e.number, e);
    if (seen.size() > KEPT) {
      seen.pollFirstEntry();
    }
    listeners.forEach(l -> l.accept(v, e));
  }

  private void forgetAfter(long tick) {
    seen.values().removeIf(e -> e.tick > tick);
  }

  /**
   * Returns when an event happened: exactly if it was seen, otherwise by the kernel's microseconds.
   * To be called on the machine's thread.
   *
   * @param number how many there were before
   * @param microseconds what the kernel has recorded
   */
  public long tick(long number, long microseconds) {
    Event e = seen.get(number);
    return e != null ? e.tick : microseconds * TICKS_A_MICROSECOND + origin;
  }

  /** Returns the tick of the fault that a recovery began with; -1 if that was not seen. */
  public long faultOf(Event recovery) {
    long began = -1;
    if (isOf(recovery, "recovered")) {
      for (Event e : seen.headMap(recovery.number, false).descendingMap().values()) {
        if (e.object == recovery.object && isOf(e, "recovered")) {
          break;
        }
        began = e.object == recovery.object && isOf(e, "fault") ? e.tick : began;
      }
    }
    return began;
  }

  private boolean isOf(Event e, String kind) {
    return words.name(Kind.EVENT, e.kind).equals(kind);
  }

  /**
   * Returns the last recorded event before a tick, or null.
   *
   * @param kind number of the kind, or negative for any
   */
  public Event before(long tick, int kind) {
    for (Map.Entry<Long, Event> e : seen.descendingMap().entrySet()) {
      if (e.getValue().tick < tick && (kind < 0 || e.getValue().kind == kind)) {
        return e.getValue();
      }
    }
    return null;
  }
}
