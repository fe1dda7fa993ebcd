package org.curios.lab.script.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.results.Table;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Keyed;
import org.curios.lab.script.model.Listed;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/** A {@link Table} as scripts see it. */
@ScriptName(value = "Table", doc = "Rows with named columns; it can be printed and saved.")
public final class ResultTable implements Listed, Keyed {
  private final Results results;
  private final Table table;

  ResultTable(Results results, List<Map<String, Object>> rows) {
    this.results = results;
    try {
      this.table = new Table(rows);
    } catch (LabException e) {
      throw new ScriptException(ScriptException.Kind.USAGE, e.getMessage());
    }
  }

  /** Returns how many rows there are. */
  public long length() {
    return table.rows();
  }

  /** Returns the names of the columns. */
  @Property("The names of the columns.")
  public List<?> columns() {
    return table.names();
  }

  /** Returns it for people. */
  @Property(
      "The table as aligned text: numbers right-aligned, at most 3 digits after the decimal point.")
  public String text() {
    return table.text();
  }

  /** Writes it to a file. */
  @ScriptMethod(
      "Writes it to a file in the folder of results; the extension chooses the format: .csv, .jsonl (an object per line) or .parquet. Returns the table.")
  public ResultTable save(@Arg("file") String file) {
    results.write(file, Table.ENDINGS, () -> table.bytes(file));
    return this;
  }

  /** Returns the cells of a column. */
  List<Object> cells(String column) {
    try {
      return table.column(column).cells();
    } catch (LabException e) {
      throw new ScriptException(ScriptException.Kind.NAME, e.getMessage());
    }
  }

  @Override
  public List<?> items() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      all.add(table.row(i));
    }
    return all;
  }

  @Override
  public boolean has(Object key) {
    return key instanceof Long n ? n >= 0 && n < table.rows() : table.names().contains(key);
  }

  @Override
  public Object item(Object key) {
    if (key instanceof Long n) {
      long index = n < 0 ? n + table.rows() : n;
      if (index >= 0 && index < table.rows()) {
        return table.row((int) index);
      }
      throw new ScriptException(
          ScriptException.Kind.NAME,
          "row " + n + ": there are " + table.rows() + ", counted from 0");
    }
    return cells(String.valueOf(key));
  }

  @Override
  public String toString() {
    return text();
  }
}
