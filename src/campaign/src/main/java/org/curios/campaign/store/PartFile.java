package org.curios.campaign.store;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.curios.campaign.result.Columns;
import org.curios.campaign.result.Row;

/** Rows in a Parquet file with the {@link Columns}. */
final class PartFile {
  private static final MessageType SCHEMA = schema();

  private PartFile() {}

  private static MessageType schema() {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (Columns.Column c : Columns.all()) {
      if (c.type() == long.class) {
        builder.required(PrimitiveTypeName.INT64).named(c.name());
      } else if (c.type() == boolean.class) {
        builder.required(PrimitiveTypeName.BOOLEAN).named(c.name());
      } else {
        builder
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(c.name());
      }
    }
    return builder.named("trials");
  }

  /** Writes rows to a file atomically. */
  static void write(Path file, List<Row> rows) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    Files.deleteIfExists(part);
    try (ParquetWriter<Row> writer =
        ParquetWriter.writeFile(
            SCHEMA,
            part.toFile(),
            (row, out) -> {
              Object[] values = Columns.values(row);
              for (int i = 0; i < values.length; i++) {
                out.write(Columns.all().get(i).name(), values[i]);
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
            return Columns.row(row);
          }
        };
    try (Stream<Row> rows = ParquetReader.streamContent(file.toFile(), hydrator)) {
      rows.forEach(each);
    }
  }
}
