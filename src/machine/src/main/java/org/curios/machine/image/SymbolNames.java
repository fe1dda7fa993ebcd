package org.curios.machine.image;

import java.util.ArrayList;
import java.util.List;

/** Names of symbols as a person would write them. */
public final class SymbolNames {
  private SymbolNames() {}

  /** Splits a nested name of the Itanium C++ ABI: namespaces and the name, no parameters. */
  public static String readable(String name) {
    if (!name.startsWith("_Z")) {
      return name;
    }
    List<String> parts = new ArrayList<>();
    int i = 2;
    while (i < name.length() && "NLK".indexOf(name.charAt(i)) >= 0) {
      i++;
    }
    while (i < name.length() && Character.isDigit(name.charAt(i))) {
      int length = 0;
      while (i < name.length() && Character.isDigit(name.charAt(i))) {
        length = length * 10 + name.charAt(i++) - '0';
      }
      if (i + length > name.length()) {
        return name;
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
    return parts.isEmpty() ? name : String.join("::", parts);
  }
}
