package org.curios.lab.foreign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How an image runs undisturbed.
 *
 * @param ticks instructions from the reset to its end
 * @param status exit status, 0 to 255; {@link #RUNS_ON} if it ends at the limit of the plan
 * @param printed bytes of output
 * @param output SHA-256 of the output, in hexadecimal
 * @param memory SHA-256 of each part of memory at the end, by its name in the plan
 */
public record ForeignSummary(
    long ticks, int status, long printed, String output, Map<String, String> memory) {
  /** Instead of an exit status: the guest has not ended. */
  public static final int RUNS_ON = -1;

  /** Copies the map. */
  public ForeignSummary {
    memory = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(memory));
  }

  /** Returns whether the guest ends. */
  public boolean ends() {
    return status != RUNS_ON;
  }

  /** Returns it for people. */
  public String text() {
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%,d instructions", ticks));
    parts.add(ends() ? "exit status " + status : "still running");
    parts.add(String.format(Locale.ROOT, "%,d bytes of output (SHA-256 %.16s)", printed, output));
    memory.forEach((name, digest) -> parts.add(name + " " + digest.substring(0, 16)));
    return String.join(", ", parts);
  }
}
