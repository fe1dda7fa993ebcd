package org.curios.lab.guest;

import java.util.Locale;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/** Says for people what an event of the kernel means. */
public final class EventText {
  private static final long TICKS_A_MICROSECOND = VirtualClock.HZ / 1_000_000;

  private EventText() {}

  /** Returns a length of virtual time, the same wherever it is shown. */
  public static String time(long ticks) {
    double us = (double) ticks / TICKS_A_MICROSECOND;
    return us < 1000
        ? String.format(Locale.ROOT, "%.1f us", us)
        : String.format(Locale.ROOT, "%.1f ms", us / 1000);
  }

  /** Returns what is said of a recovery that took a given number of ticks. */
  public static String recovered(long ticks, long restart) {
    return "after " + time(ticks) + ", restart " + restart;
  }

  /** Returns what an event tells beside its kind and its object. */
  public static String of(View v, Struct event) {
    return of(v, (int) event.get("kind"), (int) event.get("a"), (int) event.get("b"));
  }

  /**
   * Returns the same for an event in parts.
   *
   * @param kind its number in {@link Names#EVENTS}
   * @param a what the kernel says
   * @param b the same
   */
  public static String of(View v, int kind, int a, int b) {
    return switch (Names.of(Names.EVENTS, kind)) {
      case "boot" -> "policy " + Names.of(Names.POLICIES, a);
      case "fault" -> "%s at %08x".formatted(Names.of(Names.FAULTS, a), b);
      case "recovered" -> recovered(a * TICKS_A_MICROSECOND, b);
      case "failed" -> "given up: " + Names.of(Names.FAULTS, a) + " after " + b + " restarts";
      case "quarantine" -> "the state of " + v.nameOf(a);
      case "ended" -> a == 0 ? "by itself" : Names.of(Names.FAULTS, a);
      case "armed" -> Names.crash(a) + ", in a request of " + v.nameOf(b);
      case "replay" -> "the request of " + v.nameOf(a);
      case "error" -> v.nameOf(a) + " gets " + Names.result(b);
      case "mended" -> a + (a == 1 ? " word" : " words") + " of its code put back";
      case "state-mended" -> "the state of " + v.nameOf(a) + ", from its second copy";
      case "disagreed" -> "run " + (a + 1) + ", at %08x".formatted(b);
      default -> "";
    };
  }
}
