package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.VirtualClock;

/**
 * What a system does during a trial: the clients that run, and what is typed.
 *
 * @param run clients, with commas between
 * @param input what is typed, in the order of time
 */
public record Workload(String run, List<Typed> input) {
  /** Ticks for a character of ten bits at 115200 baud. */
  static final long CHARACTER = VirtualClock.HZ * 10 / 115200;

  private static final long FIRST_LINE = 1_500_000;
  private static final long BETWEEN_LINES = 500_000;

  /**
   * A character.
   *
   * @param tick when it comes
   * @param character which, 0 to 255
   */
  public record Typed(long tick, int character) {}

  /** Copies the list. */
  public Workload {
    input = List.copyOf(input);
  }

  /** The workload of trials: four clients who use every service, and one who reads lines. */
  public static Workload trials() {
    List<Typed> input = new ArrayList<>();
    long tick = FIRST_LINE;
    for (String line : List.of("AB\n", "LINES\n", "T\n", "OFTEXT\n", "QX\n", "Z\n")) {
      for (int i = 0; i < line.length(); i++) {
        input.add(new Typed(tick + i * CHARACTER, line.charAt(i)));
      }
      tick += BETWEEN_LINES;
    }
    return new Workload("trial,typist", input);
  }
}
