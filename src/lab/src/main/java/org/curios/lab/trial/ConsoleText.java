package org.curios.lab.trial;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The output on the UART, split up by client: the interleaving of clients does not matter, but
 * every character does.
 *
 * @param lines of each client, in its order, by the name that they begin with
 * @param echo of what was typed, which is in capital letters, as no client's text is
 * @param ends the number of line ends
 */
record ConsoleText(Map<String, List<String>> lines, String echo, long ends) {
  /** The kernel's own messages, which may appear in the middle of a line. */
  private static final Pattern KERNEL = Pattern.compile("cuik: [^\n]*(?:\n|$)");

  static ConsoleText of(byte[] printed) {
    String text = KERNEL.matcher(new String(printed, StandardCharsets.ISO_8859_1)).replaceAll("");
    StringBuilder echo = new StringBuilder();
    StringBuilder rest = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      (c >= 'A' && c <= 'Z' ? echo : rest).append(c);
    }
    Map<String, List<String>> lines = new TreeMap<>();
    for (String line : rest.toString().split("\n", -1)) {
      if (!line.isEmpty()) {
        int colon = line.indexOf(':');
        String client = colon < 0 ? "" : line.substring(0, colon);
        lines.computeIfAbsent(client, c -> new ArrayList<>()).add(line);
      }
    }
    return new ConsoleText(lines, echo.toString(), rest.chars().filter(c -> c == '\n').count());
  }
}
