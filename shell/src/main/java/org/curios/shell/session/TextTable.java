package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of named values as lines: columns for people, or a JSON object each. */
final class TextTable {
  private TextTable() {}

  /** Returns a row of names and values in turn. */
  static Map<String, Object> row(Object... pairs) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      row.put((String) pairs[i], pairs[i + 1]);
    }
    return row;
  }

  static List<Line> json(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> Line.row(Json.of(row), row)).toList();
  }

  /** Returns a header and a line for each row. */
  static List<String> text(List<Map<String, Object>> rows) {
    return lines(rows).stream().map(Line::text).toList();
  }

  /** Returns the same as lines that filters can take apart. */
  static List<Line> lines(List<Map<String, Object>> rows) {
    if (rows.isEmpty()) {
      return List.of(Line.remark("none"));
    }
    List<String> names = List.copyOf(rows.get(0).keySet());
    int[] widths = names.stream().mapToInt(String::length).toArray();
    for (Map<String, Object> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cell(row.get(names.get(i))).length());
      }
    }
    List<Line> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean right = rows.get(0).get(names.get(i)) instanceof Number;
      head.append(padded(names.get(i).replace('_', ' '), widths[i], right));
    }
    lines.add(Line.remark(head.toString().stripTrailing()));
    for (Map<String, Object> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        Object value = row.get(names.get(i));
        line.append(padded(cell(value), widths[i], value instanceof Number));
      }
      lines.add(Line.row(line.toString().stripTrailing(), row));
    }
    return lines;
  }

  private static String padded(String text, int width, boolean right) {
    return format((right ? "%" : "%-") + width + "s  ", text);
  }

  /** Returns a value as it is seen. */
  static String cell(Object value) {
    if (value instanceof Long || value instanceof Integer) {
      return format("%,d", value);
    }
    if (value instanceof Double) {
      return format("%.1f", value);
    }
    if (value instanceof Boolean b) {
      return b ? "yes" : "no";
    }
    return value == null ? "" : value.toString();
  }
}
