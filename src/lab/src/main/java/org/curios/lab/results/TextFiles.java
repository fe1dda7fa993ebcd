package org.curios.lab.results;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.StringJoiner;
import org.curios.lab.results.Table.Column;

/** Tables as CSV (RFC 4180) and as JSON lines. */
final class TextFiles {
  private TextFiles() {}

  static byte[] csv(Table table) {
    StringBuilder text = new StringBuilder();
    StringJoiner head = new StringJoiner(",", "", "\n");
    table.columns().forEach(c -> head.add(field(c.name())));
    text.append(head);
    for (int i = 0; i < table.rows(); i++) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      for (Column column : table.columns()) {
        Object cell = column.cells().get(i);
        line.add(cell == null ? "" : field(cell.toString()));
      }
      text.append(line);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String field(String text) {
    boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain && !text.isEmpty() ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  static byte[] jsonLines(Table table) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < table.rows(); i++) {
      StringJoiner line = new StringJoiner(",", "{", "}\n");
      for (Column column : table.columns()) {
        Object cell = column.cells().get(i);
        line.add(
            quoted(column.name()) + ":" + (cell instanceof String s ? quoted(s) : number(cell)));
      }
      text.append(line);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** JSON has no representation of NaN and infinity. */
  private static String number(Object cell) {
    return cell instanceof Double d && !Double.isFinite(d) ? "null" : String.valueOf(cell);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
