package org.curios.machine.image;

import java.util.ArrayList;
import java.util.List;

/** Names of symbols as a person would write them. */
public final class SymbolNames {
  /** How a template argument begins that is a function, or a lambda in one. */
  private static final String FUNCTION = "IXadL_Z", LAMBDA = "IZ";

  private SymbolNames() {}

  /**
   * Splits a nested name of the Itanium C++ ABI: namespaces and the name, no parameters. A template
   * that is made of a function has the name of that function, and one made of a lambda that of the
   * function which contains it, with {@code lambda}.
   */
  public static String readable(String name) {
    if (!name.startsWith("_Z")) {
      return name;
    }
    List<String> parts = new ArrayList<>();
    int end = split(name, 2, parts);
    if (end < 0 || parts.isEmpty()) {
      return name;
    }
    boolean lambda = name.startsWith(LAMBDA, end);
    if (lambda || name.startsWith(FUNCTION, end)) {
      List<String> inner = new ArrayList<>();
      int at = end + (lambda ? LAMBDA : FUNCTION).length();
      if (split(name, at, inner) >= 0 && !inner.isEmpty()) {
        parts.removeLast();
        parts.addAll(inner);
        if (lambda) {
          parts.add("lambda");
        }
      }
    }
    return String.join("::", parts);
  }

  /** Adds the parts of a nested name from a position; returns where it ends, or -1. */
  private static int split(String name, int from, List<String> parts) {
    int i = from;
    while (i < name.length() && "NLKZ".indexOf(name.charAt(i)) >= 0) {
      i++;
    }
    if (name.startsWith("S", i) && name.indexOf('_', i) > 0) {
      i = name.indexOf('_', i) + 1; // a substitution: namespaces that have been named before
    }
    while (i < name.length() && Character.isDigit(name.charAt(i))) {
      int length = 0;
      while (i < name.length() && Character.isDigit(name.charAt(i))) {
        length = length * 10 + name.charAt(i++) - '0';
      }
      if (i + length > name.length()) {
        return -1;
      }
      String part = name.substring(i, i + length);
      if (!part.equals("curios") && !part.startsWith("_GLOBAL__N")) {
        parts.add(part);
      }
      i += length;
      if (i < name.length() && name.charAt(i) == 'L') {
        i++;
      }
    }
    return i;
  }
}
