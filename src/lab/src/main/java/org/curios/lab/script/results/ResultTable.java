package org.curios.lab.script.results;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.lab.Nearest;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Keyed;
import org.curios.lab.script.model.Listed;
import org.curios.lab.script.model.Operation;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptName;

/** Rows with named columns, each of one type: whole numbers, numbers, texts, or yes and no. */
@ScriptName(value = "Table", doc = "Rows with named columns; printing it shows it, save keeps it.")
public final class ResultTable implements Listed, Keyed {
  /** What a column holds. */
  public enum Type {
    /** {@link Long}. */
    WHOLE,
    /** {@link Double}. */
    NUMBER,
    /** {@link Boolean}. */
    YES_OR_NO,
    /** {@link String}. */
    TEXT
  }

  /**
   * A column.
   *
   * @param name its name, with the unit
   * @param type what its cells are
   * @param cells a cell for each row; null for one that is empty
   */
  public record Column(String name, Type type, List<Object> cells) {}

  private final Results results;
  private final List<Column> columns = new ArrayList<>();
  private final int rows;

  ResultTable(Results results, List<Map<String, Object>> rows) {
    this.results = results;
    this.rows = rows.size();
    Map<String, List<Object>> cells = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      row.keySet().forEach(name -> cells.computeIfAbsent(name, n -> new ArrayList<>()));
    }
    for (Map<String, Object> row : rows) {
      cells.forEach((name, column) -> column.add(row.get(name)));
    }
    cells.forEach((name, column) -> columns.add(column(name, column)));
  }

  private static Column column(String name, List<Object> cells) {
    Type type = null;
    for (Object cell : cells) {
      Type one =
          switch (cell) {
            case null -> type;
            case Long n -> Type.WHOLE;
            case Double n -> n == Math.rint(n) && Math.abs(n) < 1L << 53 ? Type.WHOLE : Type.NUMBER;
            case Boolean b -> Type.YES_OR_NO;
            default -> Type.TEXT;
          };
      if (type == null || type == one) {
        type = one;
      } else if (type.compareTo(Type.NUMBER) <= 0 && one.compareTo(Type.NUMBER) <= 0) {
        type = Type.NUMBER;
      } else {
        throw new ScriptException(
            ScriptException.Kind.USAGE,
            "the column " + name + " has cells of different kinds, such as " + cell);
      }
    }
    Type all = type == null ? Type.TEXT : type;
    List<Object> same = new ArrayList<>();
    for (Object cell : cells) {
      same.add(
          cell == null
              ? null
              : switch (all) {
                case WHOLE -> (Object) ((Number) cell).longValue();
                case NUMBER -> ((Number) cell).doubleValue();
                case YES_OR_NO -> cell;
                case TEXT -> String.valueOf(cell);
              });
    }
    return new Column(name, all, same);
  }

  /** Returns the columns. */
  public List<Column> all() {
    return columns;
  }

  /** Returns how many rows there are. */
  public long length() {
    return rows;
  }

  /** Returns the names of the columns. */
  @Property("The names of the columns.")
  public List<?> columns() {
    return columns.stream().map(Column::name).toList();
  }

  /** Returns it for people. */
  @Property(
      "The table as lines for people: numbers to the right, at most 3 digits behind the point.")
  public String text() {
    int[] widths = columns.stream().mapToInt(c -> c.name.length()).toArray();
    String[][] cells = new String[rows][columns.size()];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns.size(); j++) {
        cells[i][j] = shown(columns.get(j).cells.get(i));
        widths[j] = Math.max(widths[j], cells[i][j].length());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(line(columns.stream().map(Column::name).toArray(String[]::new), widths));
    for (String[] row : cells) {
      text.append('\n').append(line(row, widths));
    }
    return text.toString();
  }

  private String line(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int j = 0; j < cells.length; j++) {
      String space = " ".repeat(widths[j] - cells[j].length());
      boolean right = columns.get(j).type.compareTo(Type.NUMBER) <= 0;
      line.append(j == 0 ? "" : "  ").append(right ? space + cells[j] : cells[j] + space);
    }
    return line.toString().stripTrailing();
  }

  private static String shown(Object cell) {
    return switch (cell) {
      case null -> "-";
      case Double n -> String.format(Locale.ROOT, "%.3f", n).replaceFirst("\\.?0+$", "");
      default -> cell.toString();
    };
  }

  /** Writes it to a file. */
  @Operation(
      "Writes it to a file in the folder of results, in the format of its ending: .csv, .jsonl"
          + " (an object a line) or .parquet. Gives back the table.")
  public ResultTable save(@Arg("file") String file) {
    results.write(file, List.of(".csv", ".jsonl", ".parquet"), this::bytes);
    return this;
  }

  private byte[] bytes(Path file) {
    String name = file.toString();
    if (name.endsWith(".csv")) {
      return TextFiles.csv(this);
    }
    return name.endsWith(".jsonl") ? TextFiles.jsonLines(this) : ParquetFile.bytes(this);
  }

  Map<String, Object> row(int number) {
    Map<String, Object> row = new LinkedHashMap<>();
    columns.forEach(c -> row.put(c.name, c.cells.get(number)));
    return row;
  }

  @Override
  public List<?> items() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(row(i));
    }
    return all;
  }

  @Override
  public boolean has(Object key) {
    return key instanceof Long n ? n >= 0 && n < rows : columns().contains(key);
  }

  @Override
  public Object item(Object key) {
    if (key instanceof Long n) {
      long index = n < 0 ? n + rows : n;
      if (index >= 0 && index < rows) {
        return row((int) index);
      }
      throw new ScriptException(
          ScriptException.Kind.NAME, "row " + n + ": there are " + rows + ", counted from 0");
    }
    for (Column column : columns) {
      if (column.name.equals(key)) {
        return column.cells;
      }
    }
    List<String> names = Arrays.asList(columns.stream().map(Column::name).toArray(String[]::new));
    throw new ScriptException(
        ScriptException.Kind.NAME,
        key
            + ": no such column"
            + Nearest.hint(String.valueOf(key), names)
            + "; there are "
            + String.join(", ", names));
  }

  @Override
  public String toString() {
    return text();
  }
}
