package org.curios.campaign.stat;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.curios.lab.LabException;

/**
 * How near an estimated share must be to the true one.
 *
 * @param half half the width of the interval, above 0 and below 0.5
 * @param confidence probability with which the true share lies within, above 0 and below 1
 */
public record Precision(double half, double confidence) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:±|\\+-|\\+/-)?\\s*(\\d+(?:\\.\\d+)?)\\s*%(?:\\s+at\\s+(\\d+(?:\\.\\d+)?)\\s*%)?");

  /** Share of failures for which most trials are needed. */
  public static final double WORST = 0.5;

  /**
   * Reads a text such as {@code ±0.1 % at 95 %}.
   *
   * @throws LabException when it is none
   */
  public static Precision parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (m.matches()) {
      double half = Double.parseDouble(m.group(1)) / 100;
      double confidence = m.group(2) == null ? 0.95 : Double.parseDouble(m.group(2)) / 100;
      if (half > 0 && half < 0.5 && confidence > 0 && confidence < 1) {
        return new Precision(half, confidence);
      }
    }
    throw new LabException(text + ": not a precision; give one as ±0.1 % at 95 %");
  }

  /**
   * Returns the least number of trials whose Wilson interval is that narrow.
   *
   * @param share the share that is expected, 0 to 1; {@link #WORST} if nothing is known of it
   */
  public long trials(double share) {
    double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
    long low = 0;
    long high = 1;
    while (half(high, share, z) > half) {
      high *= 2;
    }
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      if (half(middle, share, z) > half) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static double half(long n, double p, double z) {
    double z2 = z * z / n;
    return z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "±%s %% at %s %%", percent(half), percent(confidence));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.4f", 100 * share).replaceFirst("\\.?0+$", "");
  }
}
