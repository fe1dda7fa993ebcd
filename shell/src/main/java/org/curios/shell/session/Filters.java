package org.curios.shell.session;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.curios.lab.session.SessionException;

/** What can stand behind a |: grep, head, tail, count. */
final class Filters {
  private static final int LINES = 10;

  private Filters() {}

  static List<String> apply(List<String> words, List<String> lines) {
    String name = words.isEmpty() ? "" : words.get(0);
    String argument = words.size() > 1 ? words.get(words.size() - 1) : null;
    return switch (name) {
      case "grep" -> grep(words, lines);
      case "head" -> lines.subList(0, Math.min(count(argument), lines.size()));
      case "tail" -> lines.subList(Math.max(0, lines.size() - count(argument)), lines.size());
      case "count" -> List.of(Integer.toString(lines.size()));
      default -> throw new SessionException("| " + name + ": there are grep, head, tail and count");
    };
  }

  private static List<String> grep(List<String> words, List<String> lines) {
    if (words.size() < 2) {
      throw new SessionException("| grep: give a pattern, as in services | grep store");
    }
    boolean inverted = words.contains("-v");
    try {
      Pattern pattern = Pattern.compile(words.get(words.size() - 1));
      return lines.stream().filter(l -> pattern.matcher(l).find() != inverted).toList();
    } catch (PatternSyntaxException e) {
      throw new SessionException("| grep: " + e.getDescription() + " in " + e.getPattern());
    }
  }

  private static int count(String argument) {
    if (argument == null) {
      return LINES;
    }
    String digits = argument.replaceFirst("^-n?", "");
    if (!digits.matches("\\d{1,6}")) {
      throw new SessionException("| head, | tail: give a number of lines, as in head 5");
    }
    return Integer.parseInt(digits);
  }
}
