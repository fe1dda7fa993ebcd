package org.curios.shell.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;

/**
 * What can follow a |. Filters know the rows of a table: its header is no row, and stays before
 * those that are left; only grep drops it.
 */
final class Filters {
  /** Their names. */
  static final List<String> NAMES =
      List.of("grep", "where", "sort", "head", "tail", "count", "less");

  private static final int LINES = 10;
  private static final Set<String> BACKWARD = Set.of("-r", "--reverse");

  /** COLUMN, a comparison, and a value. */
  private static final Pattern CONDITION = Pattern.compile("(.*?)\\s*(==|!=|<=|>=|=|<|>)\\s*(.*)");

  private Filters() {}

  static List<Line> apply(List<String> words, List<Line> lines) {
    String name = words.isEmpty() ? "" : words.get(0);
    List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
    return switch (name) {
      case "grep" -> grep(arguments, lines);
      case "where" -> rows(lines, where(String.join(" ", arguments), lines));
      case "sort" -> rows(lines, sort(arguments, lines));
      case "head" -> {
        int count = count(name, arguments);
        yield rows(lines, l -> l.subList(0, Math.min(count, l.size())));
      }
      case "tail" -> {
        int count = count(name, arguments);
        yield rows(lines, l -> l.subList(Math.max(0, l.size() - count), l.size()));
      }
      case "count" -> List.of(Line.of(Long.toString(lines.stream().filter(Line::data).count())));
      case "less" -> lines; // the lines are paged where they are shown
      case "wc" -> throw new SessionException("| wc: use count");
      case "" -> throw new SessionException("a filter is missing after |: " + known());
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

  /** Reports what a filter does, with an example. */
  static String help(String name) {
    return switch (name) {
      case "grep" ->
          "| grep [-i] [-v] PATTERN: the lines that contain a pattern: services | grep store";
      case "where" ->
          "| where COLUMN = VALUE, or != < <= > >=: the matching rows of a table: services | where restarts > 0";
      case "sort" ->
          "| sort [-r] [COLUMN]: sorted by a column, with -r the largest first: services | sort -r calls";
      case "head" -> "| head [N]: the first rows or lines; default 10";
      case "tail" -> "| tail [N]: the last rows or lines, 10 if nothing is said";
      case "count" -> "| count: the number of rows or lines";
      default -> "| less: page by page, even if paging is off";
    };
  }

  private static String known() {
    return String.join(", ", NAMES);
  }

  /** Applies a function to the lines of the answer; headers and remarks stay before them. */
  private static List<Line> rows(List<Line> lines, UnaryOperator<List<Line>> change) {
    List<Line> all = new ArrayList<>(lines.stream().filter(l -> !l.data()).toList());
    all.addAll(change.apply(lines.stream().filter(Line::data).toList()));
    return all;
  }

  private static List<Line> grep(List<String> arguments, List<Line> lines) {
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
      return lines.stream()
          .filter(l -> l.data() && pattern.matcher(l.text()).find() == wanted)
          .toList();
    } catch (PatternSyntaxException e) {
      throw new SessionException("| grep: " + e.getDescription() + " in " + e.getPattern(), e);
    }
  }

  private static UnaryOperator<List<Line>> where(String text, List<Line> lines) {
    Matcher m = CONDITION.matcher(text);
    if (!m.matches() || m.group(1).isEmpty()) {
      throw new SessionException(
          "| where: give a column, one of = != < <= > >=, and a value: services | where restarts > 0");
    }
    String column = column("where", m.group(1), lines);
    String value = m.group(3);
    Predicate<Integer> wanted =
        switch (m.group(2)) {
          case "!=" -> c -> c != 0;
          case "<" -> c -> c < 0;
          case "<=" -> c -> c <= 0;
          case ">" -> c -> c > 0;
          case ">=" -> c -> c >= 0;
          default -> c -> c == 0;
        };
    Double number = number(value);
    return all ->
        all.stream()
            .filter(l -> l.row() != null)
            .filter(l -> {
              Object cell = l.row().get(column);
              if (!(cell instanceof Number n)) {
                return wanted.test(TextTable.cell(cell).compareTo(value));
              }
              if (number == null) {
                throw new SessionException(
                    "| where: " + m.group(1) + " is a number, and '" + value + "' is none");
              }
              return wanted.test(Double.compare(n.doubleValue(), number));
            })
            .toList();
  }

  private static Double number(String text) {
    String digits = text.replace(",", "");
    try {
      return digits.startsWith("0x") ? (double) Long.decode(digits) : Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static UnaryOperator<List<Line>> sort(List<String> arguments, List<Line> lines) {
    List<String> names = arguments.stream().filter(a -> !BACKWARD.contains(a)).toList();
    boolean backward = names.size() < arguments.size();
    Comparator<Line> order =
        names.isEmpty()
            ? Comparator.comparing(Line::text)
            : by(column("sort", String.join(" ", names), lines));
    return all -> all.stream().sorted(backward ? order.reversed() : order).toList();
  }

  /** Numbers by their value, before texts. */
  private static Comparator<Line> by(String column) {
    Function<Line, Object> cell = l -> l.row() == null ? null : l.row().get(column);
    return Comparator.<Line, Double>comparing(
            l -> cell.apply(l) instanceof Number n ? n.doubleValue() : Double.POSITIVE_INFINITY)
        .thenComparing(l -> cell.apply(l) instanceof Number ? "" : TextTable.cell(cell.apply(l)));
  }

  /**
   * Returns the column that a name means, as it is written in the header or in JSON.
   *
   * @throws SessionException if there is none
   */
  private static String column(String filter, String name, List<Line> lines) {
    List<String> columns =
        lines.stream().map(Line::row).flatMap(Filters::columns).distinct().toList();
    boolean rowsGone = columns.isEmpty() && lines.stream().noneMatch(Line::data);
    String wanted = name.strip().replace(' ', '_');
    if (columns.contains(wanted) || rowsGone) {
      return wanted;
    }
    throw new SessionException(
        columns.isEmpty()
            ? "| " + filter + " " + name + ": this output has no columns"
            : "| "
                + filter
                + ": "
                + name
                + ": no such column"
                + Nearest.hint(wanted, columns)
                + "; there are "
                + String.join(", ", columns));
  }

  private static Stream<String> columns(Map<String, Object> row) {
    return row == null ? Stream.of() : row.keySet().stream();
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
