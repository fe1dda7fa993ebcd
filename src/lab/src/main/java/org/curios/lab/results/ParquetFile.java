package org.curios.lab.results;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.curios.lab.results.Table.Column;

/**
 * Tables as Apache Parquet, format version 1: one group of rows, a page for each column, plain
 * encoding, not compressed, every column optional. That suffices for a table of results, and every
 * reader supports it.
 */
final class ParquetFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int PLAIN = 0;
  private static final int RLE = 3;
  private static final int OPTIONAL = 1;
  private static final int UTF8 = 0;
  private static final int DATA_PAGE = 0;

  private record Chunk(Column column, long offset, long size) {}

  private ParquetFile() {}

  static byte[] bytes(Table table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    List<Chunk> chunks = new ArrayList<>();
    int rows = table.rows();
    for (Column column : table.columns()) {
      long offset = out.size();
      byte[] page = page(column);
      out.writeBytes(
          new ThriftCompact()
              .i32(1, DATA_PAGE)
              .i32(2, page.length)
              .i32(3, page.length)
              .struct(5)
              .i32(1, rows)
              .i32(2, PLAIN)
              .i32(3, RLE)
              .i32(4, RLE)
              .end()
              .bytes());
      out.writeBytes(page);
      chunks.add(new Chunk(column, offset, out.size() - offset));
    }
    byte[] footer = footer(chunks, rows);
    out.writeBytes(footer);
    out.writeBytes(littleEndian(4).putInt(footer.length).array());
    out.writeBytes(MAGIC);
    return out.toByteArray();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Which rows have values (runs of equal levels), and then the values. */
  private static byte[] page(Column column) {
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    List<Object> cells = column.cells();
    for (int i = 0; i < cells.size(); ) {
      int start = i;
      boolean there = cells.get(i) != null;
      while (i < cells.size() && (cells.get(i) != null) == there) {
        i++;
      }
      int header = i - start << 1;
      for (; header >>> 7 != 0; header >>>= 7) {
        levels.write(header & 0x7f | 0x80);
      }
      levels.write(header);
      levels.write(there ? 1 : 0);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(littleEndian(4).putInt(levels.size()).array());
    out.writeBytes(levels.toByteArray());
    int bits = 0;
    int count = 0;
    for (Object cell : cells) {
      switch (cell) {
        case null -> {} // its level has said so
        case Long n -> out.writeBytes(littleEndian(8).putLong(n).array());
        case Double n -> out.writeBytes(littleEndian(8).putDouble(n).array());
        case Boolean b -> {
          bits |= (b ? 1 : 0) << count++;
          if (count == 8) {
            out.write(bits);
            bits = 0;
            count = 0;
          }
        }
        default -> {
          byte[] text = cell.toString().getBytes(StandardCharsets.UTF_8);
          out.writeBytes(littleEndian(4).putInt(text.length).array());
          out.writeBytes(text);
        }
      }
    }
    if (count > 0) {
      out.write(bits);
    }
    return out.toByteArray();
  }

  private static int type(Column column) {
    return switch (column.type()) {
      case YES_OR_NO -> 0;
      case WHOLE -> 2;
      case NUMBER -> 5;
      case TEXT -> 6;
    };
  }

  private static byte[] footer(List<Chunk> chunks, int rows) {
    ThriftCompact meta = new ThriftCompact().i32(1, 1).structs(2, chunks.size() + 1);
    meta.element().string(4, "results").i32(5, chunks.size()).end();
    for (Chunk chunk : chunks) {
      meta.element().i32(1, type(chunk.column)).i32(3, OPTIONAL).string(4, chunk.column.name());
      if (chunk.column.type() == Table.Type.TEXT) {
        meta.i32(6, UTF8);
      }
      meta.end();
    }
    meta.i64(3, rows).structs(4, 1).element().structs(1, chunks.size());
    for (Chunk chunk : chunks) {
      meta.element()
          .i64(2, chunk.offset)
          .struct(3)
          .i32(1, type(chunk.column))
          .i32s(2, List.of(PLAIN, RLE))
          .strings(3, List.of(chunk.column.name()))
          .i32(4, 0)
          .i64(5, rows)
          .i64(6, chunk.size)
          .i64(7, chunk.size)
          .i64(9, chunk.offset)
          .end()
          .end();
    }
    return meta.i64(2, chunks.stream().mapToLong(Chunk::size).sum())
        .i64(3, rows)
        .end()
        .string(6, "CuriOS laboratory")
        .bytes();
  }
}
