package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The output of the clients of a run, and the differences between two runs. */
public final class Transcripts {
  private Transcripts() {}

  /** Returns the lines of each client, by the name that they begin with; without the kernel's. */
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
   * Returns the clients whose lines differ from the expected ones.
   *
   * @param whole whether the run has reached its end; if not, missing lines at the end are no
   *     difference
   */
  public static List<String> differing(
      Map<String, List<String>> expected, Map<String, List<String>> seen, boolean whole) {
    TreeSet<String> names = new TreeSet<>(expected.keySet());
    names.addAll(seen.keySet());
    List<String> different = new ArrayList<>();
    for (String name : names) {
      List<String> all = expected.getOrDefault(name, List.of());
      List<String> lines = seen.getOrDefault(name, List.of());
      int length = whole ? all.size() : Math.min(all.size(), lines.size());
      if (!all.subList(0, length).equals(lines)) {
        different.add(name);
      }
    }
    return different;
  }
}
