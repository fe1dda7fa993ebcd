package org.curios.lab.foreign;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.curios.machine.text.PlainText;

/** The first difference between two outputs. */
final class OutputDifference {
  /** Characters of a line that are shown. */
  private static final int WIDTH = 60;

  private OutputDifference() {}

  /** Returns the first line that differs, for people; empty if there is none. */
  static String of(byte[] expected, byte[] got) {
    int first = Arrays.mismatch(expected, got);
    if (first < 0) {
      return "";
    }
    List<String> wanted = lines(expected);
    List<String> seen = lines(got);
    int line = 0;
    while (line < wanted.size() && line < seen.size() && wanted.get(line).equals(seen.get(line))) {
      line++;
    }
    return String.format(
        Locale.ROOT,
        "output, line %d: %s instead of %s",
        line + 1,
        at(seen, line),
        at(wanted, line));
  }

  private static List<String> lines(byte[] text) {
    return List.of(new String(text, StandardCharsets.ISO_8859_1).split("\n", -1));
  }

  private static String at(List<String> lines, int number) {
    if (number >= lines.size() || number == lines.size() - 1 && lines.get(number).isEmpty()) {
      return "nothing";
    }
    String line = lines.get(number);
    String shown = line.length() > WIDTH ? line.substring(0, WIDTH) + "..." : line;
    return '"' + PlainText.of(shown) + '"';
  }
}
