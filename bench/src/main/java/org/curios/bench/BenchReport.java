package org.curios.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables as they grow, what is in progress, and the JSON object at the end. */
final class BenchReport {
  private static final int NAME_WIDTH = 26;
  private static final int COLUMN_WIDTH = 14;

  private final PrintStream out;
  private final PrintStream progress;
  private final List<BenchRow> rows = new ArrayList<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private List<Column> columns = List.of();

  /**
   * Makes a report.
   *
   * @param out where tables go
   * @param progress a terminal that shows what is being measured, or null
   */
  BenchReport(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /**
   * A column of a table.
   *
   * @param key name of the value in a row
   * @param heading the key with its unit
   */
  record Column(String key, String heading) {}

  /** Begins a table. */
  void table(Section section, String title, List<Column> shown) {
    clearProgress();
    columns = shown;
    out.printf("%n%s: %s%n", section.name(), title);
    StringBuilder line = new StringBuilder(pad(""));
    for (Column c : shown) {
      line.append(String.format(Locale.ROOT, "%" + COLUMN_WIDTH + "s", c.heading()));
    }
    out.println(line);
  }

  /** Shows what is being measured. */
  void measuring(String what) {
    if (progress != null) {
      progress.printf("\r\u001b[K%s ...", what);
      progress.flush();
    }
  }

  private void clearProgress() {
    if (progress != null) {
      progress.print("\r\u001b[K");
      progress.flush();
    }
  }

  /** Something that measures a row or some. */
  interface Measurement {
    void run() throws BenchException, InterruptedException;
  }

  /** Measures; a failure is reported and recorded, and the other rows continue. */
  void attempt(String row, Measurement measurement) throws InterruptedException {
    try {
      measurement.run();
    } catch (BenchException e) {
      fail(row, e.getMessage());
    } catch (RuntimeException e) {
      fail(row, "an error in the benchmark or the machine: " + e);
    }
  }

  private void fail(String row, String message) {
    failures.put(row, message);
    clearProgress();
    out.println(pad(row) + "  FAILED: " + message);
  }

  /** Returns the failures: messages by row. */
  Map<String, String> failures() {
    return failures;
  }

  /** Adds the settings and the host of the measurements. */
  void setting(String key, String value) {
    settings.put(key, value);
  }

  /** Adds a row. */
  void row(BenchRow row) {
    rows.add(row);
    line(row.name(), row.values());
  }

  /** Prints a line of the table that is no row: a mean or a note on a row. */
  void line(String name, Map<String, Double> values) {
    clearProgress();
    StringBuilder line = new StringBuilder(pad(name));
    for (Column c : columns) {
      line.append(
          String.format(Locale.ROOT, "%" + COLUMN_WIDTH + "s", number(values.get(c.key()))));
    }
    out.println(line.toString().stripTrailing());
  }

  /** Prints a remark. */
  void note(String text) {
    clearProgress();
    out.println(text);
  }

  /** Adds a figure of the JSON object. */
  void figure(String key, double value) {
    figures.put(key, value);
  }

  private static String pad(String name) {
    return String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s", name);
  }

  private static String number(Double value) {
    if (value == null || value.isNaN()) {
      return "";
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 10 ? "%.3f" : size < 1000 ? "%.1f" : "%.0f", value);
  }

  /** Returns all figures, settings, failures and rows as one JSON object, on one line. */
  String json() {
    List<String> members = new ArrayList<>();
    figures.forEach((key, value) -> members.add(quoted(key) + ":" + json(value)));
    List<String> objects = new ArrayList<>();
    for (BenchRow row : rows) {
      List<String> fields = new ArrayList<>();
      fields.add("\"section\":" + quoted(row.section()));
      fields.add("\"row\":" + quoted(row.name()));
      row.values().forEach((key, value) -> fields.add(quoted(key) + ":" + json(value)));
      objects.add("{" + String.join(",", fields) + "}");
    }
    members.add("\"settings\":" + object(settings));
    members.add("\"failures\":" + object(failures));
    members.add("\"rows\":[" + String.join(",", objects) + "]");
    return "{" + String.join(",", members) + "}";
  }

  private static String object(Map<String, String> texts) {
    List<String> members = new ArrayList<>();
    texts.forEach((key, value) -> members.add(quoted(key) + ":" + quoted(value)));
    return "{" + String.join(",", members) + "}";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
          } else {
            quoted.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
          }
        });
    return quoted.append('"').toString();
  }

  private static String json(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "null";
  }
}
