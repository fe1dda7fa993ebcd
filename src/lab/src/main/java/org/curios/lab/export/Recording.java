package org.curios.lab.export;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.EventText;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.profile.StackSamples;
import org.curios.lab.session.CallTrace;
import org.curios.lab.session.History;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/**
 * A stretch of the past of CuriOS: its protected calls, the events of the kernel, and its stacks.
 *
 * @param from first tick
 * @param to tick at which it ends, which is the present
 * @param calls the calls that began in it, by tick
 * @param events the events, by tick
 * @param samples its stacks; none if they were not requested
 */
public record Recording(
    long from, long to, List<CallTrace.Call> calls, List<Event> events, StackSamples samples) {
  /** Maximum number of recorded calls, the latest ones. */
  private static final int MOST_CALLS = 1_000_000;

  /**
   * An event of the kernel.
   *
   * @param tick exactly when
   * @param kind its name, one of {@link Kind#EVENT}
   * @param object its object
   * @param other the other object that it names; empty if there is none
   * @param text further details
   */
  public record Event(long tick, String kind, String object, String other, String text) {}

  /** Copies the lists. */
  public Recording {
    calls = List.copyOf(calls);
    events = List.copyOf(events);
  }

  /**
   * Runs a part of the past again, and returns to the present; on the machine's thread.
   *
   * @param from first tick; the first reachable one if that is later
   * @param every ticks between two stacks; 0 for none
   */
  public static Recording of(
      History history, Machine m, Guest guest, Image image, long from, long every) {
    long first = Math.max(from, history.first());
    StackSamples samples = new StackSamples(image);
    List<Event> events = new ArrayList<>();
    CallTrace[] calls = new CallTrace[1];
    history.review(
        first,
        points -> {
          calls[0] = CallTrace.on(points, guest, MOST_CALLS);
          points.observe(
              guest.symbols().require("event").address(), x -> events.add(event(guest.at(x))));
        },
        every == 0 ? VirtualClock.NEVER : every,
        samples::take);
    return new Recording(first, m.cpu().now(), calls[0].calls(), events, samples);
  }

  /** The kernel is about to note an event, whose parts are in R0 to R3. */
  private static Event event(View v) {
    Machine m = v.machine();
    int kind = m.cpu().register(0);
    int a = m.cpu().register(2);
    int b = m.cpu().register(3);
    String name = v.words().name(Kind.EVENT, kind);
    String text = v.words().text(Kind.EVENT, kind);
    String other =
        text.contains("{object:a}") ? v.nameOf(a) : text.contains("{object:b}") ? v.nameOf(b) : "";
    return new Event(
        m.cpu().now(), name, v.nameOf(m.cpu().register(1)), other, EventText.of(v, kind, a, b));
  }
}
