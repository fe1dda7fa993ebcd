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
 * @param compiler what our compiler had done at the end of each line; empty for other machines
 */
record Run(
    double[] seconds,
    List<String> lines,
    double whole,
    int steadyFrom,
    List<CompilerWork> compiler) {
  private static final double WARM = 1.2;

  /** Units in a row that must be as fast as in steady state for the warm-up to be over. */
  private static final int WARM_UNITS = 5;

  /**
   * Seconds over which times are averaged before the median is taken: lines may be read in bursts.
   */
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

  /**
   * Returns the seconds until a few units in a row took about as long as in steady state; until
   * that began if there are none.
   */
  double warmUp() {
    return Arrays.stream(seconds).limit(warmFrom()).sum();
  }

  private int warmFrom() {
    double limit = WARM * steady();
    int fast = 0;
    for (int i = 0; i < steadyFrom; i++) {
      fast = seconds[i] <= limit ? fast + 1 : 0;
      if (fast == WARM_UNITS) {
        return i + 1 - WARM_UNITS;
      }
    }
    return steadyFrom;
  }

  /** Returns how many units were done after the warm-up. */
  int warmUnits() {
    return seconds.length - warmFrom();
  }

  /** Returns what our compiler has done after the warm-up. */
  CompilerWork compilerWhenWarm() {
    int from = warmFrom();
    return compiler.getLast().since(from == 0 ? CompilerWork.NONE : compiler.get(from - 1));
  }

  /** Returns the seconds from the start to the end of the first unit of work. */
  double first() {
    return seconds[0];
  }

  /** Returns the middle one of some values, or the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
