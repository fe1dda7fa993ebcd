package org.curios.lab.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;

/** Rows with named columns, each of one type: whole numbers, numbers, texts, or yes and no. */
public final class Table {
  /** The endings of the files that {@link #bytes} makes. */
  public static final List<String> ENDINGS = List.of(".csv", ".jsonl", ".parquet");

  /** The type of a column. */
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

  private final List<Column> columns = new ArrayList<>();
  private final int rows;

  /**
   * Makes a table of rows: the value of each column by its name. Columns come in the order in which
   * they first appear; a row may lack some.
   *
   * @throws LabException if a column has cells of different kinds
   */
  public Table(List<Map<String, Object>> rows) {
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
        throw new LabException(
            "the column " + name + " has cells of different types, such as " + cell);
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
  public List<Column> columns() {
    return columns;
  }

  /** Returns how many rows there are. */
  public int rows() {
    return rows;
  }

  /** Returns the names of the columns. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * Returns a column.
   *
   * @throws LabException if there is none of that name
   */
  public Column column(String name) {
    return columns.stream()
        .filter(c -> c.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                name
                    + ": no such column"
                    + Nearest.hint(name, names())
                    + "; there are "
                    + String.join(", ", names())));
  }

  /** Returns a row, counted from 0: the cell of each column, null for one that is empty. */
  public Map<String, Object> row(int number) {
    Map<String, Object> row = new LinkedHashMap<>();
    columns.forEach(c -> row.put(c.name, c.cells.get(number)));
    return row;
  }

  /**
   * Returns the table as the content of a file.
   *
   * @param file a name with one of the {@link #ENDINGS}: CSV, an object a line, or Parquet
   */
  public byte[] bytes(String file) {
    if (file.endsWith(".csv")) {
      return TextFiles.csv(this);
    }
    return file.endsWith(".jsonl") ? TextFiles.jsonLines(this) : ParquetFile.bytes(this);
  }

  /** Returns it as lines for people: numbers to the right, at most 3 digits after the point. */
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

  @Override
  public String toString() {
    return text();
  }
}
