package org.curios.campaign.report;

import java.util.Map;
import java.util.TreeMap;
import org.curios.campaign.result.Row;
import org.curios.campaign.stat.Share;

/**
 * The number of failures among all faults of a kind: places times instructions times the share of
 * failures, added up over services. A longer run or a larger program offers more faults, which
 * shares alone hide (Schirmeier and others, DSN 2015).
 */
final class Extrapolation {
  private final Map<String, Sums> services = new TreeMap<>();

  /** Whether each row represents all faults of its class. */
  private final boolean exhaustive;

  private double allFlips;
  private double failedFlips;

  Extrapolation(boolean exhaustive) {
    this.exhaustive = exhaustive;
  }

  private static final class Sums {
    private int trials;
    private int failures;
    private double places;
    private double failedPlaces;
    private long ticks;
  }

  void add(Row row, boolean failed) {
    Sums s = services.computeIfAbsent(row.service(), n -> new Sums());
    s.trials++;
    s.failures += failed ? 1 : 0;
    s.places += row.spaceBits();
    s.failedPlaces += failed ? row.spaceBits() : 0;
    s.ticks = row.spaceTicks();
    double flips = (double) row.spaceBits() * row.spaceTicks();
    allFlips += flips;
    failedFlips += failed ? flips : 0;
  }

  /** Returns the size of the fault space: places times instructions. */
  double space() {
    if (exhaustive) {
      return allFlips;
    }
    return services.values().stream().mapToDouble(s -> s.places / s.trials * s.ticks).sum();
  }

  /** Returns how many of them fail, by the trials. */
  double failures() {
    if (exhaustive) {
      return failedFlips;
    }
    return services.values().stream().mapToDouble(s -> s.failedPlaces / s.trials * s.ticks).sum();
  }

  /** Returns the upper end of the interval of 95 % in which that number lies. */
  double most() {
    if (exhaustive) {
      return failedFlips;
    }
    return services.values().stream()
        .mapToDouble(s -> new Share(s.failures, s.trials).high() * s.places / s.trials * s.ticks)
        .sum();
  }
}
