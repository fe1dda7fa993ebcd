package org.curios.machine.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.curios.machine.image.dwarf.DebugInfo;

/**
 * The format of U-Boot's mkimage (legacy uImage): a big-endian header of 64 bytes, then the data.
 */
public final class UbootImage {
  private static final int MAGIC = 0x27051956;
  private static final int HEADER = 64;
  private static final int ARM = 2;
  private static final int NOT_COMPRESSED = 0;
  private static final int GZIP = 1;
  private static final int RAM_DISK = 3;

  /** More than the largest RAM. */
  private static final int MAX_SIZE = 512 << 20;

  private UbootImage() {}

  /** Returns whether bytes begin as such an image. */
  public static boolean is(byte[] bytes) {
    return bytes.length >= HEADER && ByteBuffer.wrap(bytes).getInt(0) == MAGIC;
  }

  static Image parse(String name, byte[] bytes) throws ImageException {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int size = header.getInt(12);
    int address = header.getInt(16);
    int entry = header.getInt(20);
    if (header.get(29) != ARM) {
      throw new ImageException(
          name + ": a U-Boot image for architecture " + header.get(29) + "; build it for ARM (2)");
    }
    if (header.get(30) == RAM_DISK) {
      throw new ImageException(name + ": a U-Boot image of a RAM disk; give it with --initrd");
    }
    byte[] data = data(name, bytes, size);
    switch (header.get(31)) {
      case NOT_COMPRESSED -> {}
      case GZIP -> data = unzip(name, data);
      default ->
          throw new ImageException(
              name + ": a U-Boot image with compression " + header.get(31) + "; use none or gzip");
    }
    return new Image(
        name,
        List.of(new Image.Segment(address, data, data.length)),
        entry,
        true,
        List.of(),
        DebugInfo.NONE);
  }

  private static byte[] data(String name, byte[] bytes, int size) throws ImageException {
    if (size < 0 || size > bytes.length - HEADER) {
      throw new ImageException(
          "%s: truncated U-Boot image, %d bytes of %d; copy it again"
              .formatted(name, bytes.length - HEADER, Integer.toUnsignedLong(size)));
    }
    return Arrays.copyOfRange(bytes, HEADER, HEADER + size);
  }

  /**
   * Returns the RAM disk in an image; it stays compressed, since kernels unpack their own.
   *
   * @throws ImageException when it is truncated or of another kind
   */
  public static byte[] ramDisk(String name, byte[] bytes) throws ImageException {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (header.get(30) != RAM_DISK) {
      throw new ImageException(
          name + ": a U-Boot image, but not of a RAM disk; make it with mkimage -T ramdisk");
    }
    return data(name, bytes, header.getInt(12));
  }

  private static byte[] unzip(String name, byte[] data) throws ImageException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(data))) {
      byte[] content = in.readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw new ImageException(name + ": does not fit into 512 MiB; make a smaller image");
      }
      return content;
    } catch (IOException e) {
      throw new ImageException(
          name + ": the gzip data is damaged (" + e.getMessage() + "); make the image again");
    }
  }
}
