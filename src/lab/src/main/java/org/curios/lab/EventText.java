package org.curios.lab;

import org.curios.lab.Guest.Struct;
import org.curios.lab.Guest.View;

/** Says for people what an event of the kernel means. */
public final class EventText {
  private EventText() {}

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
      case "recovered" -> "after " + a + " us, restart " + b;
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
