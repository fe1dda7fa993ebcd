package org.curios.lab;

import java.util.Collection;
import java.util.Comparator;

/** Suggests what a mistyped name may have meant. */
public final class Nearest {
  private static final int MAX_DISTANCE = 3;
  private static final int MAX_SLIP = 2;
  private static final int SHORTEST = 5;

  private Nearest() {}

  /** Returns "; did you mean X?" for a name near to one that is known; otherwise an empty text. */
  public static String hint(String name, Collection<String> known) {
    return known.stream()
        .filter(k -> Math.abs(k.length() - name.length()) <= MAX_DISTANCE)
        .min(Comparator.comparingInt(k -> distance(name, k)))
        .filter(k -> distance(name, k) <= Math.min(MAX_DISTANCE, name.length() / 2))
        .map(k -> "; did you mean " + k + "?")
        .orElse("");
  }

  /** Returns the same only for a long word that hardly differs from a known one. */
  public static String slip(String name, Collection<String> known) {
    return known.stream()
        .filter(k -> Math.min(k.length(), name.length()) >= SHORTEST)
        .filter(k -> distance(name, k) <= MAX_SLIP)
        .min(Comparator.comparingInt(k -> distance(name, k)))
        .map(k -> "; did you mean " + k + "?")
        .orElse("");
  }

  /** The edit distance of two words: insertions, deletions and changes of a character. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + cost);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
