package org.curios.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of a program that prints a line after each unit of work.
 *
 * @param seconds between the ends of lines
 * @param lines what was printed
 * @param whole seconds of the whole run, with its start and end
 * @param steadyFrom the first line of the steady state
 * @param compiler what our compiler has done in the steady state
 */
record Run(
    double[] seconds, List<String> lines, double whole, int steadyFrom, CompilerWork compiler) {
  private static final double WARM = 1.2;

  /** Seconds over which times are averaged ahead of the median: lines may be read in bursts. */
  private static final double STRETCH = 0.01;

  /** Returns the seconds of a unit of work in steady state: the median of its parts. */
  double steady() {
    List<Double> means = new ArrayList<>();
    double sum = 0;
    int units = 0;
    for (int i = steadyFrom; i < seconds.length; i++) {
      sum += seconds[i];
      units++;
      if (sum >= STRETCH || i == seconds.length - 1 && means.isEmpty()) {
        means.add(sum / units);
        sum = 0;
        units = 0;
      }
    }
    return median(means.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Returns the seconds until the first unit that took about as long as in steady state. */
  double warmUp() {
    double limit = WARM * steady();
    double sum = 0;
    for (int i = 0; i < seconds.length && seconds[i] > limit; i++) {
      sum += seconds[i];
    }
    return sum;
  }

  /** Returns the seconds from the start to the end of the first unit of work. */
  double first() {
    return seconds[0];
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
