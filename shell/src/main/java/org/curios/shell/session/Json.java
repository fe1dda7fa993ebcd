package org.curios.shell.session;

import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Option;

/** The option {@code --json}, and how values are written with it (RFC 8259). */
public final class Json {
  @Option(names = "--json", description = "a JSON object per line")
  boolean on;

  /** Returns a value as JSON: numbers, booleans, lists, maps; anything else as a text. */
  public static String of(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Double d && (d.isNaN() || d.isInfinite())) {
      return "null";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof Map<?, ?> map) {
      StringJoiner fields = new StringJoiner(",", "{", "}");
      map.forEach((name, v) -> fields.add(quoted(String.valueOf(name)) + ":" + of(v)));
      return fields.toString();
    }
    if (value instanceof Iterable<?> list) {
      StringJoiner elements = new StringJoiner(",", "[", "]");
      list.forEach(v -> elements.add(of(v)));
      return elements.toString();
    }
    return quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ' || c >= 0x7f && c < 0xa0 || Character.isSurrogate(c)) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }
}
