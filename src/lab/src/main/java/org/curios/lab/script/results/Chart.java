package org.curios.lab.script.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.results.BarChart;
import org.curios.lab.results.LineChart;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/** Draws charts. */
@ScriptName(value = "Chart", doc = "Draws charts of tables, as SVG.")
public final class Chart {
  private final Results results;

  /** Makes a drawer whose files go where results go. */
  public Chart(Results results) {
    this.results = results;
  }

  /** Draws lines. */
  @ScriptMethod(
      "Draws lines through the points of a table: x is a column, y a column or a list of columns, each a line; with by, each value of that column is a line of y.")
  public Drawing line(
      @Arg("table") ResultTable table,
      @Arg("x") String x,
      @Arg("y") Object y,
      @Arg(value = "by", optional = true) String by,
      @Arg(value = "title", optional = true) String title) {
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (String name : names(y)) {
      for (int i = 0; i < table.length(); i++) {
        Double left = number(table, x, i);
        Double right = number(table, name, i);
        String line = by == null ? name : String.valueOf(cell(table, by, i));
        if (left != null && right != null) {
          lines.computeIfAbsent(line, n -> new ArrayList<>()).add(new double[] {left, right});
        }
      }
    }
    return new Drawing(
        results, LineChart.svg(title == null ? "" : title, x, String.join(", ", names(y)), lines));
  }

  /** Draws bars. */
  @ScriptMethod(
      "Draws bars, a group for each row: label is the column with the names of the groups, y a column or a list of columns, each with its own colour; stacked puts the bars of a row on top of each other.")
  public Drawing bars(
      @Arg("table") ResultTable table,
      @Arg("label") String label,
      @Arg("y") Object y,
      @Arg(value = "stacked", optional = true) Boolean stacked,
      @Arg(value = "title", optional = true) String title) {
    List<String> labels = new ArrayList<>();
    Map<String, List<Double>> bars = new LinkedHashMap<>();
    for (int i = 0; i < table.length(); i++) {
      labels.add(String.valueOf(cell(table, label, i)));
      for (String name : names(y)) {
        bars.computeIfAbsent(name, n -> new ArrayList<>()).add(number(table, name, i));
      }
    }
    return new Drawing(
        results,
        BarChart.svg(
            title == null ? "" : title, label, labels, bars, Boolean.TRUE.equals(stacked)));
  }

  private static List<String> names(Object y) {
    if (y instanceof List<?> list && !list.isEmpty()) {
      return list.stream().map(String::valueOf).toList();
    }
    return List.of(String.valueOf(y));
  }

  private static Object cell(ResultTable table, String column, int row) {
    return table.cells(column).get(row);
  }

  private static Double number(ResultTable table, String column, int row) {
    Object cell = cell(table, column, row);
    if (cell == null) {
      return null;
    }
    if (cell instanceof Number n && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw new ScriptException(
        ScriptException.Kind.USAGE,
        "the column " + column + " has " + cell + ", which is no number");
  }

  @Override
  public String toString() {
    return "<chart: line, bars>";
  }
}
