package org.curios.lab.script.model;

import java.util.List;
import java.util.TreeSet;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Outcome.Word;

/**
 * The outcome of a fault.
 *
 * @param outcome the word for it
 * @param service the object in which it was detected first
 * @param detectedBy how
 * @param latencyUs from the injection to the detection
 * @param recoveryInstructions from the detection to the end of recovery
 * @param recoveryUs the same in virtual time
 * @param faults how many faults were detected
 * @param differing clients whose output differs from the undisturbed run
 * @param status what the guest has ended with
 */
@ScriptName(value = "Outcome", doc = "The outcome of a fault.")
public record ScriptOutcome(
    @Property(
            "unnoticed (nothing was detected, and every client saw what it sees undisturbed), recovered (detected, and every client saw the same), recovered-degraded (a client got an error), silent corruption (a client saw something else, without an error), service lost (a service was given up) or system lost (the guest did not reach its end).")
        String outcome,
    @Property("The object in which it was first detected.") String service,
    @Property("How it was detected.") String detectedBy,
    @Property("Virtual time from the injection to the detection.") Double latencyUs,
    @Property("Instructions from the detection to the end of the first recovery.")
        Long recoveryInstructions,
    @Property("The same as virtual time.") Double recoveryUs,
    @Property("The number of faults and damaged states that the kernel detected.") long faults,
    @Property("The clients whose results or output differ from the undisturbed run.")
        List<?> differing,
    @Property("The exit status of the guest; nothing if it has not ended.") Integer status) {
  private static final double TICKS_PER_US = VirtualClock.HZ / 1e6;

  static ScriptOutcome of(
      Dictionary words,
      String end,
      boolean whole,
      Integer status,
      List<Event> events,
      long injected,
      List<String> differentLines,
      List<Difference> differentRecords) {
    List<Event> detections = events.stream().filter(e -> detected(words, e) != null).toList();
    Event first = detections.isEmpty() ? null : detections.get(0);
    Event fault = first(events, "fault", 0);
    Event recovered = fault == null ? null : first(events, "recovered", fault.ticks());
    Long instructions = recovered == null ? null : recovered.ticks() - fault.ticks();
    boolean ended = whole ? end.equals("ended") && status == 0 : end.equals("ticks");
    TreeSet<String> told = new TreeSet<>();
    TreeSet<String> differing = new TreeSet<>(differentLines);
    for (Difference d : differentRecords) {
      differing.add(d.client());
      if (d.told()) {
        told.add(d.client());
      }
    }
    events.stream()
        .filter(e -> e.kind().equals("ended") && e.fault() != null)
        .forEach(e -> told.add(e.service()));
    Word outcome =
        ended
            ? Word.of(
                first(events, "failed", 0) != null,
                first != null,
                !differing.isEmpty(),
                told.containsAll(differing))
            : Word.SYSTEM_LOST;
    boolean inOrder = first != null && first.ticks() >= injected;
    return new ScriptOutcome(
        outcome.toString(),
        first == null ? null : first.service(),
        first == null ? null : detected(words, first),
        inOrder ? (first.ticks() - injected) / TICKS_PER_US : null,
        instructions,
        instructions == null ? null : instructions / TICKS_PER_US,
        events.stream().filter(ScriptOutcome::isCounted).count(),
        List.copyOf(differing),
        status);
  }

  /**
   * What the kernel has detected according to an event; null if the event does not report a
   * detection.
   */
  private static String detected(Dictionary words, Event e) {
    if (e.kind().equals("fault")) {
      return e.fault();
    }
    String text = words.text(Kind.DETECTION, words.number(Kind.EVENT, e.kind()));
    return text.isEmpty() ? null : text;
  }

  private static boolean isCounted(Event e) {
    return e.kind().equals("fault") || e.kind().equals("quarantine");
  }

  private static Event first(List<Event> events, String kind, long from) {
    return events.stream()
        .filter(e -> e.kind().equals(kind) && e.ticks() >= from)
        .findFirst()
        .orElse(null);
  }

  @Override
  public String toString() {
    return "<outcome: "
        + outcome
        + (service == null ? "" : ", " + detectedBy + " in " + service)
        + ">";
  }
}
