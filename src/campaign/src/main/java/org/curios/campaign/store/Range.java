package org.curios.campaign.store;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trials of a policy.
 *
 * @param policy the policy
 * @param from first number
 * @param to number after the last one
 */
public record Range(String policy, long from, long to) {
  private static final Pattern NAME = Pattern.compile("([a-z-]+)-(\\d{9})-(\\d{9})\\.parquet");

  /** Returns the name of the file that holds them. */
  public String file() {
    return String.format(Locale.ROOT, "%s-%09d-%09d.parquet", policy, from, to - 1);
  }

  /** Returns the range of a file; null if its name is not that of a part. */
  public static Range of(String file) {
    Matcher m = NAME.matcher(file);
    return m.matches()
        ? new Range(m.group(1), Long.parseLong(m.group(2)), Long.parseLong(m.group(3)) + 1)
        : null;
  }

  /** Adds pieces of a policy's trials, none of which has more than a given number of rows. */
  static void addPieces(List<Range> all, String policy, long from, long to, long rows) {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at / rows + 1) * rows);
      all.add(new Range(policy, at, end));
      at = end;
    }
  }
}
