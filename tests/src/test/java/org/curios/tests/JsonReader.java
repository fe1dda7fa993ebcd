package org.curios.tests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads JSON as strictly as RFC 8259 is: maps, lists, texts, doubles, booleans, null. */
public final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** Returns maps, lists, texts, numbers, booleans and null. */
  public static Object parse(String text) {
    JsonReader json = new JsonReader(text);
    Object value = json.value();
    json.blanks();
    if (json.at != text.length()) {
      throw json.wrong("more than one value");
    }
    return value;
  }

  /** Returns an object. */
  @SuppressWarnings("unchecked") // keys are texts
  public static Map<String, Object> object(String text) {
    return (Map<String, Object>) parse(text);
  }

  /** Follows names and indices into a value. */
  public static Object at(Object value, Object... path) {
    Object now = value;
    for (Object step : path) {
      if (now == null) {
        return null;
      }
      now = step instanceof Integer i ? ((List<?>) now).get(i) : ((Map<?, ?>) now).get(step);
    }
    return now;
  }

  /** Returns a number of a value. */
  public static int number(Object value, Object... path) {
    return ((Double) Objects.requireNonNull(at(value, path), () -> "number in " + value))
        .intValue();
  }

  /** Returns the elements of a list in a value. */
  public static List<?> list(Object value, Object... path) {
    return (List<?>) Objects.requireNonNull(at(value, path), () -> "list in " + value);
  }

  private AssertionError wrong(String what) {
    return new AssertionError(what + " at " + at + " of: " + text);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    blanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void need(char c) {
    if (!take(c)) {
      throw wrong(c + " is missing");
    }
  }

  private Object value() {
    blanks();
    if (take('{')) {
      Map<String, Object> map = new LinkedHashMap<>();
      if (!take('}')) {
        do {
          blanks();
          String name = string();
          need(':');
          if (map.put(name, value()) != null) {
            throw wrong(name + " twice");
          }
        } while (take(','));
        need('}');
      }
      return map;
    }
    if (take('[')) {
      List<Object> list = new ArrayList<>();
      if (!take(']')) {
        do {
          list.add(value());
        } while (take(','));
        need(']');
      }
      return list;
    }
    return at < text.length() && text.charAt(at) == '"' ? string() : word();
  }

  private Object word() {
    int start = at;
    while (at < text.length()
        && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> {
        if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
          throw wrong("'" + word + "' is no value");
        }
        yield Double.valueOf(word);
      }
    };
  }

  private String string() {
    need('"');
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw wrong("a control character");
      }
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escape = text.charAt(at++);
      int simple = "\"\\/bfnrt".indexOf(escape);
      if (simple >= 0) {
        value.append("\"\\/\b\f\n\r\t".charAt(simple));
      } else if (escape == 'u') {
        value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
        at += 4;
      } else {
        throw wrong("no such escape");
      }
    }
    need('"');
    return value.toString();
  }
}
