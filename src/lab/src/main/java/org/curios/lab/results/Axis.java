package org.curios.lab.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A range of numbers along a line of a chart, with marks at round numbers.
 *
 * @param low number at its beginning
 * @param high number at its end
 * @param step between two marks
 * @param from place of the beginning, pixels
 * @param to place of the end, pixels
 */
record Axis(double low, double high, double step, double from, double to) {
  private static final int MARKS = 6;

  /** Creates an axis that covers all numbers from the least to the greatest. */
  static Axis of(double least, double greatest, double from, double to) {
    double span = greatest > least ? greatest - least : Math.max(Math.abs(greatest), 1);
    double rough = span / MARKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power * 10;
    for (double round : new double[] {1, 2, 5}) {
      if (round * power >= rough) {
        step = round * power;
        break;
      }
    }
    double low = Math.floor(least / step) * step;
    double high = Math.max(Math.ceil(greatest / step) * step, low + step);
    return new Axis(low, high, step, from, to);
  }

  double place(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step / 2; i++) {
      marks.add(low + i * step);
    }
    return marks;
  }

  /** Returns the text of a mark. */
  String label(double mark) {
    int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%,." + digits + "f", mark == 0 ? 0.0 : mark);
  }
}
