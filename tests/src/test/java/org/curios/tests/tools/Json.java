package org.curios.tests.tools;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads and writes JSON: maps, lists, strings, doubles, booleans and null. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Returns the value of a text. */
  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.skip();
    if (json.at != text.length()) {
      throw new IllegalArgumentException("text behind the value: " + text.substring(json.at));
    }
    return value;
  }

  /** Follows names and indices into a value. */
  static Object at(Object value, Object... path) {
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
  static int number(Object value, Object... path) {
    return ((Double) Objects.requireNonNull(at(value, path), () -> "number in " + value))
        .intValue();
  }

  /** Returns the elements of a list in a value. */
  static List<?> list(Object value, Object... path) {
    return (List<?>) Objects.requireNonNull(at(value, path), () -> "list in " + value);
  }

  /** Returns a value as a text. */
  static String write(Object value) {
    if (value instanceof Map<?, ?> map) {
      List<String> members = new ArrayList<>();
      map.forEach((k, v) -> members.add(write(k) + ":" + write(v)));
      return "{" + String.join(",", members) + "}";
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(",", list.stream().map(Json::write).toList()) + "]";
    }
    if (value instanceof String s) {
      return "\"" + s.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
    return String.valueOf(value);
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private char next() {
    skip();
    return text.charAt(at);
  }

  private Object value() {
    return switch (next()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Object word(String word, Object meaning) {
    if (!text.startsWith(word, at)) {
      throw new IllegalArgumentException("at " + at + " of " + text);
    }
    at += word.length();
    return meaning;
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    at++;
    while (next() != '}') {
      String name = string();
      if (next() != ':') {
        throw new IllegalArgumentException("no colon at " + at + " of " + text);
      }
      at++;
      object.put(name, value());
      if (next() == ',') {
        at++;
      }
    }
    at++;
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    at++;
    while (next() != ']') {
      array.add(value());
      if (next() == ',') {
        at++;
      }
    }
    at++;
    return array;
  }

  private String string() {
    next();
    StringBuilder string = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        string.append(c);
        continue;
      }
      c = text.charAt(++at);
      switch (c) {
        case 'n' -> string.append('\n');
        case 't' -> string.append('\t');
        case 'r' -> string.append('\r');
        case 'b' -> string.append('\b');
        case 'f' -> string.append('\f');
        case 'u' -> {
          string.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        }
        default -> string.append(c);
      }
    }
    at++;
    return string.toString();
  }

  private Double number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Double.valueOf(text.substring(start, at));
  }
}
