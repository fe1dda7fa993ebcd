package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.EventText;
import org.curios.lab.session.Incident;

/** The account of a crash: detection, recovery, and the effect on every client. */
final class CrashReport {
  private CrashReport() {}

  static List<String> text(Incident i) {
    List<String> lines = new ArrayList<>();
    if (i.struckAt() >= 0) {
      lines.add(
          line(
              "struck",
              format(
                  "%s of %s, %s, at tick %,d", i.method(), i.client(), i.crash(), i.struckAt())));
    }
    if (i.detectedAt() < 0) {
      lines.add(line("detected", "not yet; events shows it when it happens"));
      return lines;
    }
    lines.add(line("detected", detection(i)));
    if (i.mendedWords() > 0) {
      lines.add(
          line(
              "mended",
              i.mendedWords() + (i.mendedWords() == 1 ? " word" : " words") + " of its code"));
    }
    lines.add(line(i.isFailed() ? "given up" : "recovered", recovery(i)));
    for (Incident.Effect e : i.effects()) {
      lines.add(
          line(e.client(), e.what() + (e.state().isEmpty() ? "" : "; its state is " + e.state())));
    }
    return lines;
  }

  private static String line(String title, String text) {
    return format("  %-10s %s", title, text);
  }

  private static String detection(Incident i) {
    String after =
        i.struckAt() < 0
            ? format("at tick %,d", i.detectedAt())
            : format("after %s", EventText.time(i.detectedAt() - i.struckAt()));
    String place = i.place().isEmpty() ? format("%08x", i.pc()) : i.place();
    boolean about = i.detectedBy().endsWith("abort") || i.detectedBy().contains("overrun");
    return format(
        "%s%s in %s, %s",
        i.detectedBy(), about ? format(" at %08x", i.address()) : "", place, after);
  }

  private static String recovery(Incident i) {
    if (i.isFailed()) {
      return "the service no longer answers";
    }
    if (i.recoveredAt() < 0) {
      return "not yet";
    }
    long ticks = i.recoveredAt() - i.detectedAt();
    int states = i.states();
    int bad = i.quarantined().size();
    int lost = i.lost();
    String kept =
        states == 0
            ? "it keeps no states"
            : format(
                "%d %s, %s",
                states,
                states == 1 ? "state" : "states",
                lost > 0
                    ? (lost == states ? "all" : lost) + " lost"
                    : bad == 0 ? "none quarantined" : bad + " quarantined");
    return format(
        "in %s (%,d instructions), restart %d; %s%s",
        EventText.time(ticks),
        ticks,
        i.restart(),
        kept,
        i.faults() > 1 ? "; it faulted " + i.faults() + " times" : "");
  }

  /** The story in a line, for an unexpected one. */
  static String line(Incident i) {
    String who = i.client().isEmpty() ? "" : " in a request of " + i.client();
    return format(
        "%s: %s%s; %s",
        i.service(),
        i.detectedBy(),
        who,
        i.isFailed()
            ? "given up, its clients get DEAD"
            : "recovered " + EventText.recovered(i.recoveredAt() - i.detectedAt(), i.restart()));
  }

  /**
   * The account as one object.
   *
   * @param toldAfterMs host milliseconds from the end of recovery
   */
  static Map<String, Object> fields(Incident i, double toldAfterMs) {
    return row(
        "service", i.service(),
        "crash", i.crash(),
        "client", i.client(),
        "method", i.method(),
        "struck_tick", i.struckAt(),
        "detected", i.detectedBy(),
        "detected_tick", i.detectedAt(),
        "address", Inspector.hex(i.address()),
        "pc", Inspector.hex(i.pc()),
        "place", i.place(),
        "faults", i.faults(),
        "mended_words", i.mendedWords(),
        "failed", i.isFailed(),
        "recovered_tick", i.recoveredAt(),
        "recovery_instructions", i.recoveredAt() < 0 ? -1 : i.recoveredAt() - i.detectedAt(),
        "restart", i.restart(),
        "states", i.states(),
        "lost", i.lost(),
        "quarantined", List.copyOf(i.quarantined()),
        "told_after_ms", toldAfterMs,
        "clients",
            i.effects().stream()
                .map(e -> row("client", e.client(), "effect", e.what(), "state", e.state()))
                .toList());
  }
}
