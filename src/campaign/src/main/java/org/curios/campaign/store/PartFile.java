package org.curios.campaign.store;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.curios.campaign.result.Row;

/** Rows in a Parquet file, whose columns are those of {@link Row} by their order and names. */
final class PartFile {
  private static final RecordComponent[] COMPONENTS = Row.class.getRecordComponents();
  private static final MessageType SCHEMA = schema();

  private PartFile() {}

  /** Returns the names of the columns, as files have them: words with underscores. */
  static List<String> columns() {
    return Arrays.stream(COMPONENTS).map(c -> column(c.getName())).toList();
  }

  private static String column(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }

  private static MessageType schema() {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (RecordComponent c : COMPONENTS) {
      String name = column(c.getName());
      if (c.getType() == long.class) {
        builder.required(PrimitiveTypeName.INT64).named(name);
      } else if (c.getType() == boolean.class) {
        builder.required(PrimitiveTypeName.BOOLEAN).named(name);
      } else {
        builder
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(name);
      }
    }
    return builder.named("trials");
  }

  /** Writes rows to a file, which appears whole or not at all. */
  static void write(Path file, List<Row> rows) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    Files.deleteIfExists(part);
    try (ParquetWriter<Row> writer =
        ParquetWriter.writeFile(
            SCHEMA,
            part.toFile(),
            (row, out) -> {
              for (RecordComponent c : COMPONENTS) {
                out.write(column(c.getName()), value(c, row));
              }
            })) {
      for (Row row : rows) {
        writer.write(row);
      }
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Object value(RecordComponent c, Row row) {
    try {
      return c.getAccessor().invoke(row);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a file. */
  static void read(Path file, Consumer<Row> each) throws IOException {
    Hydrator<Map<String, Object>, Row, String[]> hydrator =
        new Hydrator<>() {
          @Override
          public Map<String, Object> start() {
            return new HashMap<>();
          }

          @Override
          public Map<String, Object> add(Map<String, Object> row, String[] column, Object value) {
            row.put(column[0], value);
            return row;
          }

          @Override
          public Row finish(Map<String, Object> row) {
            return row(row);
          }
        };
    try (Stream<Row> rows = ParquetReader.streamContent(file.toFile(), hydrator)) {
      rows.forEach(each);
    }
  }

  private static Row row(Map<String, Object> values) {
    Class<?>[] types =
        Arrays.stream(COMPONENTS).map(RecordComponent::getType).toArray(Class[]::new);
    Object[] all = Arrays.stream(COMPONENTS).map(c -> values.get(column(c.getName()))).toArray();
    try {
      return Row.class.getDeclaredConstructor(types).newInstance(all);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
