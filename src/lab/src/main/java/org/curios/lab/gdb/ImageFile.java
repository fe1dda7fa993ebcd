package org.curios.lab.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The image that the guest runs, as the one file that gdb can read from here (Debugging with GDB,
 * E.7): so that gdb has symbols without a file on its side. Files of the host are not accessible.
 */
final class ImageFile {
  private static final int NO_ENTRY = 2;
  private static final int BAD_FILE = 9;
  private static final int NOT_SUPPORTED = 88;
  private static final int DESCRIPTOR = 3;
  private static final int REGULAR_READABLE = 0100444;
  private static final int BLOCK = 512;

  /** Bytes of a reply before its data. */
  private static final int HEAD = 16;

  private final String path;
  private final byte[] elf;

  /**
   * Takes the image.
   *
   * @param name its name; the last part is used
   * @param elf its bytes; null if there are none that gdb could use
   */
  ImageFile(String name, byte[] elf) {
    Path last = Path.of(name).getFileName();
    this.path = "/" + (last == null ? "image" : last);
    this.elf = elf;
  }

  /** Returns the path by which gdb opens it; null if it cannot. */
  String path() {
    return elf == null ? null : path;
  }

  /** Answers a packet after {@code vFile:}. */
  byte[] answer(Request request) {
    if (request.take("setfs:")) {
      return ascii("F0");
    }
    if (request.take("open:")) {
      String wanted = request.hexText(',');
      return wanted.equals(path()) ? ascii("F" + DESCRIPTOR) : failure(NO_ENTRY);
    }
    if (request.take("close:")) {
      return request.number() == DESCRIPTOR ? ascii("F0") : failure(BAD_FILE);
    }
    if (request.take("fstat:")) {
      return request.number() == DESCRIPTOR && elf != null ? status() : failure(BAD_FILE);
    }
    if (request.take("pread:")) {
      boolean known = request.number() == DESCRIPTOR && elf != null;
      request.expect(',');
      long count = request.number();
      request.expect(',');
      long offset = request.number();
      return known ? read(count, offset) : failure(BAD_FILE);
    }
    return failure(NOT_SUPPORTED);
  }

  private byte[] read(long count, long offset) {
    if (count < 0 || offset < 0) {
      return failure(NOT_SUPPORTED);
    }
    int from = (int) Math.min(offset, elf.length);
    int most = PacketStream.LIMIT / 2 - HEAD; // each byte may need two
    int length = (int) Math.min(Math.min(count, most), elf.length - from);
    ByteArrayOutputStream reply = new ByteArrayOutputStream(length + HEAD);
    reply.writeBytes(ascii("F" + Integer.toHexString(length) + ";"));
    reply.write(elf, from, length);
    return reply.toByteArray();
  }

  /** The status in the protocol's own layout, high bytes first. */
  private byte[] status() {
    java.nio.ByteBuffer status = java.nio.ByteBuffer.allocate(64);
    status.putInt(0).putInt(0).putInt(REGULAR_READABLE).putInt(1).putInt(0).putInt(0).putInt(0);
    status.putLong(elf.length).putLong(BLOCK).putLong((elf.length + BLOCK - 1) / BLOCK);
    status.putInt(0).putInt(0).putInt(0);
    ByteArrayOutputStream reply = new ByteArrayOutputStream();
    reply.writeBytes(ascii("F40;"));
    reply.writeBytes(status.array());
    return reply.toByteArray();
  }

  private static byte[] failure(int error) {
    return ascii("F-1," + Integer.toHexString(error));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
