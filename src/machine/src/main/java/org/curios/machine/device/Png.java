package org.curios.machine.device;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Writes pictures as PNG (ISO/IEC 15948): eight bits each of red, green and blue. */
public final class Png {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;

  private Png() {}

  /** Returns the file that shows a picture. */
  public static byte[] encode(Pl110.Picture picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeLong(SIGNATURE);
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(header);
      fields.writeInt(picture.width());
      fields.writeInt(picture.height());
      fields.write(new byte[] {8, 2, 0, 0, 0}); // true colour, not interlaced
      chunk(out, "IHDR", header.toByteArray());
      chunk(out, "IDAT", rows(picture));
      chunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static byte[] rows(Pl110.Picture picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream rows = new DeflaterOutputStream(bytes)) {
      byte[] row = new byte[1 + 3 * picture.width()];
      for (int y = 0; y < picture.height(); y++) {
        for (int x = 0; x < picture.width(); x++) {
          int colour = picture.pixels()[y * picture.width() + x];
          row[1 + 3 * x] = (byte) (colour >>> 16);
          row[2 + 3 * x] = (byte) (colour >>> 8);
          row[3 + 3 * x] = (byte) colour;
        }
        rows.write(row);
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }
}
