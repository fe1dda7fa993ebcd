package org.curios.lab.script.model;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.curios.arm.bus.VirtualClock;

/**
 * What has become of a fault.
 *
 * @param outcome the word for it
 * @param service the object in which it was detected first
 * @param detectedBy how
 * @param latencyUs from the injection to the detection
 * @param recoveryInstructions from the detection to the end of recovery
 * @param recoveryUs the same in virtual time
 * @param faults how many faults were detected
 * @param differing clients who have not printed what they do undisturbed
 * @param status what the guest has ended with
 */
@ScriptName(value = "Outcome", doc = "What has become of a fault.")
public record Outcome(
    @Property(
            "unnoticed (nothing detected, every client saw what it does undisturbed), recovered"
                + " (detected, and the same), degraded (a client got an error), silent corruption (a"
                + " client saw something else, and no error), service lost (one was given up) or"
                + " system lost (the guest did not come to its end).")
        String outcome,
    @Property("The object in which it was detected first.") String service,
    @Property("What it was detected by.") String detectedBy,
    @Property("Virtual time from the injection to the detection.") Double latencyUs,
    @Property("Instructions from the detection to the end of the first recovery.")
        Long recoveryInstructions,
    @Property("The same as virtual time.") Double recoveryUs,
    @Property("How many faults the kernel has detected.") long faults,
    @Property("The clients who have not printed what they do undisturbed.") List<?> differing,
    @Property("What the guest has ended with; nothing if it has not.") Integer status) {
  /** DEAD, FAULTED, LOST, QUARANTINED (kernel/include/curios/abi.h), as clients report them. */
  private static final Pattern TOLD = Pattern.compile(" gave -(3|4|8|9) instead of ");

  private static final double TICKS_PER_US = VirtualClock.HZ / 1e6;

  static Outcome of(
      String end,
      boolean whole,
      Integer status,
      List<Event> events,
      long injected,
      List<String> differing,
      Map<String, List<String>> seen,
      String text) {
    Event fault = first(events, "fault", 0);
    Event recovered = fault == null ? null : first(events, "recovered", fault.ticks());
    Long instructions = recovered == null ? null : recovered.ticks() - fault.ticks();
    boolean ended = whole ? end.equals("ended") && status == 0 : end.equals("ticks");
    boolean told =
        events.stream().anyMatch(e -> e.kind().equals("ended") && e.fault() != null)
            || differing.stream().anyMatch(c -> complains(seen.getOrDefault(c, List.of())));
    String outcome;
    if (!ended || text.contains("cuik: panic")) {
      outcome = "system lost";
    } else if (first(events, "failed", 0) != null) {
      outcome = "service lost";
    } else if (differing.isEmpty()) {
      outcome = fault == null ? "unnoticed" : "recovered";
    } else {
      outcome = told ? "degraded" : "silent corruption";
    }
    return new Outcome(
        outcome,
        fault == null ? null : fault.service(),
        fault == null ? null : fault.fault(),
        fault == null ? null : (fault.ticks() - injected) / TICKS_PER_US,
        instructions,
        instructions == null ? null : instructions / TICKS_PER_US,
        events.stream().filter(e -> e.kind().equals("fault")).count(),
        differing,
        status);
  }

  private static Event first(List<Event> events, String kind, long from) {
    return events.stream()
        .filter(e -> e.kind().equals(kind) && e.ticks() >= from)
        .findFirst()
        .orElse(null);
  }

  /** Whether the kernel has given a client an error, by what the client says. */
  private static boolean complains(List<String> lines) {
    return lines.stream().anyMatch(l -> TOLD.matcher(l).find());
  }

  @Override
  public String toString() {
    return "<outcome: "
        + outcome
        + (service == null ? "" : ", " + detectedBy + " in " + service)
        + ">";
  }
}
