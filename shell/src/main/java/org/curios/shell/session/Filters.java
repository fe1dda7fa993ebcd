package org.curios.shell.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;

/** What can stand behind a |: grep, head, tail, count, sort, less. */
final class Filters {
  /** Their names. */
  static final List<String> NAMES = List.of("grep", "head", "tail", "count", "sort", "less");

  private static final int LINES = 10;

  private Filters() {}

  static List<String> apply(List<String> words, List<String> lines) {
    String name = words.isEmpty() ? "" : words.get(0);
    List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
    return switch (name) {
      case "grep" -> grep(arguments, lines);
      case "head" -> lines.subList(0, Math.min(count(name, arguments), lines.size()));
      case "tail" ->
          lines.subList(Math.max(0, lines.size() - count(name, arguments)), lines.size());
      case "count" -> List.of(Integer.toString(lines.size()));
      case "sort" -> lines.stream().sorted(Comparator.naturalOrder()).toList();
      case "less" -> lines; // whoever shows the lines pages them
      case "wc" -> throw new SessionException("| wc: say count");
      case "" -> throw new SessionException("a filter is missing behind |: " + known());
      default ->
          throw new SessionException(
              "| "
                  + name
                  + ": no such filter"
                  + Nearest.hint(name, NAMES)
                  + "; there are "
                  + known());
    };
  }

  private static String known() {
    return String.join(", ", NAMES);
  }

  private static List<String> grep(List<String> arguments, List<String> lines) {
    boolean inverted = false;
    int flags = 0;
    List<String> rest = new ArrayList<>();
    for (String a : arguments) {
      switch (a) {
        case "-v" -> inverted = true;
        case "-i" -> flags = Pattern.CASE_INSENSITIVE;
        case "-vi", "-iv" -> {
          inverted = true;
          flags = Pattern.CASE_INSENSITIVE;
        }
        default -> rest.add(a);
      }
    }
    if (rest.size() != 1) {
      throw new SessionException(
          "| grep: give [-i] [-v] and one pattern, in quotes if it has blanks: services | grep store");
    }
    try {
      Pattern pattern = Pattern.compile(rest.get(0), flags);
      boolean wanted = !inverted;
      return lines.stream().filter(l -> pattern.matcher(l).find() == wanted).toList();
    } catch (PatternSyntaxException e) {
      throw new SessionException("| grep: " + e.getDescription() + " in " + e.getPattern(), e);
    }
  }

  private static int count(String name, List<String> arguments) {
    if (arguments.isEmpty()) {
      return LINES;
    }
    String digits = arguments.get(arguments.size() - 1).replaceFirst("^-n?", "");
    if (!digits.matches("\\d{1,9}")) {
      throw new SessionException("| " + name + ": give a number of lines, as in " + name + " 5");
    }
    return Integer.parseInt(digits);
  }
}
