package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Rows of named values as lines: columns for people, or a JSON object each. */
final class Table {
  private Table() {}

  static List<String> json(List<Map<String, Object>> rows) {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      StringJoiner fields = new StringJoiner(",", "{", "}");
      row.forEach((name, value) ->
          fields.add("\"" + name + "\":" + (value instanceof Number ? value : quoted(value))));
      lines.add(fields.toString());
    }
    return lines;
  }

  private static String quoted(Object value) {
    return "\"" + String.valueOf(value).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  static List<String> text(List<Map<String, Object>> rows) {
    if (rows.isEmpty()) {
      return List.of("none");
    }
    List<String> names = List.copyOf(rows.get(0).keySet());
    int[] widths = names.stream().mapToInt(String::length).toArray();
    for (Map<String, Object> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cell(row.get(names.get(i))).length());
      }
    }
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      head.append(padded(names.get(i), widths[i], rows.get(0).get(names.get(i)) instanceof Number));
    }
    lines.add(head.toString().stripTrailing());
    for (Map<String, Object> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        Object value = row.get(names.get(i));
        line.append(padded(cell(value), widths[i], value instanceof Number));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String padded(String text, int width, boolean right) {
    return format((right ? "%" : "%-") + width + "s  ", text);
  }

  private static String cell(Object value) {
    return value instanceof Long || value instanceof Integer
        ? format("%,d", value)
        : String.valueOf(value);
  }
}
