package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of results, read back by another program: DuckDB. */
class ResultFilesTest {
  @TempDir static Path folder;

  @BeforeAll
  static void save() throws IOException {
    Scripts.js(
            folder,
            "const rows = [",
            "  {service: 'store', recovery_us: 1.5, bytes: 4096, good: true},",
            "  {service: 'a \"b\", c\\n\\u00e4', recovery_us: null, bytes: -7, good: false},",
            "  {service: null, recovery_us: 2, bytes: 2 ** 40, good: null}];",
            "const t = results.table(rows);",
            "for (const e of ['csv', 'jsonl', 'parquet']) t.save('sub/t.' + e);",
            "const many = results.table(Array.from({length: 1000}, (_, i) =>"
                + " ({i, half: i / 2, even: i % 2 === 0, text: i % 3 ? 'n' + i : null})));",
            "many.save('many.parquet');",
            "print(t); print(t.length, t.columns.join(), t[1].bytes, t.recovery_us.join());",
            "chart.line(t, 'bytes', 'recovery_us', {title: 'a < b'}).save('line.svg');",
            "chart.bars(t, 'service', ['bytes', 'recovery_us'], {stacked: true}).save('bars.svg');")
        .lines();
  }

  private static List<List<Object>> query(String sql) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = db.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read_parquet('FOLDER/sub/t.parquet')",
        "read_csv('FOLDER/sub/t.csv', header = true, all_varchar = false)",
        "read_json('FOLDER/sub/t.jsonl', format = 'newline_delimited')"
      })
  void aTableIsReadBack(String from) throws SQLException {
    List<List<Object>> rows =
        query(
            "select service, recovery_us, cast(bytes as bigint), good from "
                + from.replace("FOLDER", folder.toString()));
    assertEquals(3, rows.size());
    assertEquals(List.of("store", 1.5, 4096L, true), rows.get(0));
    assertEquals("a \"b\", c\n\u00e4", rows.get(1).get(0));
    assertNull(rows.get(1).get(1));
    assertEquals(-7L, rows.get(1).get(2));
    assertEquals(false, rows.get(1).get(3));
    assertNull(rows.get(2).get(0));
    assertEquals(2.0, rows.get(2).get(1));
    assertEquals(1L << 40, rows.get(2).get(2));
    assertNull(rows.get(2).get(3));
  }

  @Test
  void manyRowsAreReadBack() throws SQLException {
    assertEquals(
        List.of(List.of(1000L, 499500L, 249750.0, 500L, 666L)),
        query(
            "select count(*), cast(sum(i) as bigint), sum(half), count(*) filter (even), count(text)"
                + " from read_parquet('"
                + folder.resolve("many.parquet")
                + "')"));
    assertEquals(
        List.of(
            List.of("i", "BIGINT"),
            List.of("half", "DOUBLE"),
            List.of("even", "BOOLEAN"),
            List.of("text", "VARCHAR")),
        query(
            "select column_name, column_type from (describe select * from read_parquet('"
                + folder.resolve("many.parquet")
                + "'))"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"line.svg", "bars.svg"})
  void aChartIsXml(String name) throws Exception {
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve(name).toFile())
            .getDocumentElement();
    assertEquals("svg", root.getTagName());
    assertTrue(Files.readString(folder.resolve(name)).contains("recovery_us"));
  }

  @Test
  void noPartOfAFileIsLeft() throws IOException {
    try (var files = Files.walk(folder)) {
      assertTrue(files.noneMatch(f -> f.toString().endsWith(".part")));
    }
  }
}
