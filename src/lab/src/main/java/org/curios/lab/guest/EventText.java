package org.curios.lab.guest;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/** Describes events of the kernel in words. */
public final class EventText {
  private static final long TICKS_A_MICROSECOND = VirtualClock.HZ / 1_000_000;
  private static final Pattern SLOT =
      Pattern.compile("\\{(?:(?<how>\\w+):)?(?<which>[ab])(?:\\|(?<more>[^}]*))?\\}");

  private EventText() {}

  /** Returns a length of virtual time, the same wherever it is shown. */
  public static String time(long ticks) {
    double us = (double) ticks / TICKS_A_MICROSECOND;
    return us < 1000
        ? String.format(Locale.ROOT, "%.1f us", us)
        : String.format(Locale.ROOT, "%.1f ms", us / 1000);
  }

  /** Describes a recovery that took a given number of ticks. */
  public static String recovered(long ticks, long restart) {
    return "after " + time(ticks) + ", restart " + restart;
  }

  /** Returns the details of an event besides its kind and its object. */
  public static String of(View v, Struct event) {
    return of(v, (int) event.get("kind"), (int) event.get("a"), (int) event.get("b"));
  }

  /**
   * Returns the same for an event in parts.
   *
   * @param kind its number, of {@link Kind#EVENT}
   * @param a the first detail that the kernel reports
   * @param b the second detail
   */
  public static String of(View v, int kind, int a, int b) {
    Matcher slots = SLOT.matcher(v.words().text(Kind.EVENT, kind));
    StringBuilder text = new StringBuilder();
    while (slots.find()) {
      int value = slots.group("which").equals("a") ? a : b;
      String more = slots.group("more");
      String how = slots.group("how") == null ? "" : slots.group("how");
      slots.appendReplacement(text, Matcher.quoteReplacement(shown(v, how, value, more)));
    }
    return slots.appendTail(text).toString();
  }

  /** What a place in the text of an event shows: see kernel/include/curios/words.h. */
  private static String shown(View v, String how, int value, String more) {
    if (how.equals("count")) {
      return value + " " + more + (value == 1 ? "" : "s");
    }
    if (more != null && value == 0) {
      return more;
    }
    return switch (how) {
      case "fault" -> v.words().name(Kind.FAULT, value);
      case "policy" -> v.words().name(Kind.POLICY, value);
      case "crash" -> v.words().crash(value);
      case "object" -> v.nameOf(value);
      case "result" -> v.words().result(value);
      case "hex" -> "%08x".formatted(value);
      case "us" -> time(value * TICKS_A_MICROSECOND);
      case "next" -> Integer.toString(value + 1);
      default -> Integer.toString(value);
    };
  }
}
