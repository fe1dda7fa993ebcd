package org.curios.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the clients of a run have printed, and how that of two runs differs. */
public final class Transcripts {
  private Transcripts() {}

  /**
   * Returns the lines of each client, by the name that they begin with; the kernel's are left out.
   */
  public static Map<String, List<String>> byClient(String output) {
    Map<String, List<String>> all = new TreeMap<>();
    output
        .lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          String name = colon < 0 ? "" : line.substring(0, colon);
          if (!name.equals("cuik")) {
            all.computeIfAbsent(name, n -> new ArrayList<>()).add(line);
          }
        });
    return all;
  }

  /**
   * Returns the clients whose lines differ.
   *
   * @param whole whether both runs have come to their end; if not, what one of them has not printed
   *     yet is no difference
   */
  public static List<String> differing(
      Map<String, List<String>> a, Map<String, List<String>> b, boolean whole) {
    TreeSet<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    List<String> different = new ArrayList<>();
    for (String name : names) {
      List<String> left = a.getOrDefault(name, List.of());
      List<String> right = b.getOrDefault(name, List.of());
      int common = whole ? Math.max(left.size(), right.size()) : Math.min(left.size(), right.size());
      List<String> cut = left.subList(0, Math.min(common, left.size()));
      if (!cut.equals(right.subList(0, Math.min(common, right.size())))) {
        different.add(name);
      }
    }
    return different;
  }
}
