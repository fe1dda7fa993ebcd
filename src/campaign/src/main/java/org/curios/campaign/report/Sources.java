package org.curios.campaign.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.campaign.result.Tally;
import org.curios.lab.program.Program;

/** Listings of source files whose lines have the colour of their outcomes. */
final class Sources {
  private static final int MOST_FILES = 6;
  private static final int AROUND = 2;
  private static final Pattern REGISTER = Pattern.compile(".*/r(\\d+)\\.\\d+.*");
  private static final Pattern ADDRESS = Pattern.compile(".*/([0-9a-f]{8})[.:].*");
  private static final int REGISTERS = 17;
  private static final double MIB = 1 << 20;

  private Sources() {}

  /** Returns where in its service a fault is, 0 to 1: by register or address. */
  static double location(String fault) {
    Matcher register = REGISTER.matcher(fault);
    if (register.matches()) {
      return Double.parseDouble(register.group(1)) / REGISTERS;
    }
    Matcher address = ADDRESS.matcher(fault);
    return address.matches()
        ? (Long.parseLong(address.group(1), 16) & (long) MIB - 1) / MIB
        : (fault.substring(fault.lastIndexOf('/') + 1).hashCode() & 0xffff) / 65536.0;
  }

  /** Returns the section of the page: the files that most trials hit. */
  static List<String> listings(Program program, Findings found) {
    List<Map.Entry<String, Map<Integer, Tally>>> files = new ArrayList<>(found.lines.entrySet());
    files.removeIf(f -> program.source(f.getKey()).isEmpty());
    files.sort(
        Comparator.comparingInt(
                (Map.Entry<String, Map<Integer, Tally>> f) -> -failures(f.getValue()))
            .thenComparingInt(f -> -trials(f.getValue()))
            .thenComparing(Map.Entry::getKey));
    List<String> all = new ArrayList<>();
    if (files.isEmpty()) {
      return all;
    }
    all.add("<h2>Outcomes by source line</h2>\n");
    all.add(
        "<p>Lines at which faults of registers and code happened, under all policies: trials, then"
            + " those that failed. Green lines recovered from all that showed, grey ones showed"
            + " nothing, red ones failed. Files with most failures first.</p>\n");
    for (var file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      all.add(
          listing(file.getKey(), program.source(file.getKey()), new TreeMap<>(file.getValue())));
    }
    return all;
  }

  private static int failures(Map<Integer, Tally> lines) {
    return lines.values().stream().mapToInt(Tally::failures).sum();
  }

  private static int trials(Map<Integer, Tally> lines) {
    return lines.values().stream().mapToInt(Tally::trials).sum();
  }

  private static String listing(
      String file, List<String> source, NavigableMap<Integer, Tally> lines) {
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            Locale.ROOT,
            "<h3>%s</h3>\n<p>%,d trials, %,d failed.</p>\n<div class=\"listing\"><table>\n",
            PageChart.escaped(file),
            trials(lines),
            failures(lines)));
    int last = 0;
    for (int line : lines.keySet()) {
      int from = Math.max(last + 1, line - AROUND);
      if (from > last + 1) {
        html.append("<tr><td class=\"n\">⋯<td><td><td></tr>\n");
      }
      Integer next = lines.higherKey(line);
      int to =
          Math.min(source.size(), next == null ? line + AROUND : Math.min(line + AROUND, next - 1));
      for (int n = from; n <= to; n++) {
        html.append(row(n, source.get(n - 1), lines.get(n)));
      }
      last = Math.max(last, to);
    }
    return html.append("</table></div>\n").toString();
  }

  private static String row(int number, String text, Tally tally) {
    return String.format(
        Locale.ROOT,
        "<tr%s><td class=\"n\">%d<td>%s<td>%s<td class=\"left\">%s</tr>%n",
        tally == null ? "" : " style=\"background:" + colour(tally) + "\"",
        number,
        tally == null ? "" : tally.trials(),
        tally == null || tally.failures() == 0 ? "" : tally.failures(),
        PageChart.escaped(text));
  }

  private static String colour(Tally t) {
    if (t.failures() > 0) {
      double share = (double) t.failures() / t.trials();
      return String.format(Locale.ROOT, "hsl(14,90%%,%.0f%%)", 92 - 32 * Math.sqrt(share));
    }
    return t.manifested() > 0 ? "#d5f0e6" : "#eef0f2";
  }
}
