package org.curios.lab.measure;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An archive for a RAM disk of Linux (Documentation/driver-api/early-userspace/buffer-format). */
public final class Cpio {
  private static final int FOLDER = 0040755;
  private static final int PROGRAM = 0100755;
  private static final int CHARACTER_DEVICE = 0020600;

  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
  private int inode;

  /** Adds a folder. */
  public Cpio folder(String name) {
    return entry(name, FOLDER, new byte[0], 0, 0);
  }

  /** Adds a file that may be executed. */
  public Cpio program(String name, byte[] content) {
    return entry(name, PROGRAM, content, 0, 0);
  }

  /** Adds a character device. */
  public Cpio device(String name, int major, int minor) {
    return entry(name, CHARACTER_DEVICE, new byte[0], major, minor);
  }

  private Cpio entry(String name, int mode, byte[] content, int major, int minor) {
    byte[] text = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, text.length, 0};
    StringBuilder header = new StringBuilder("070701");
    for (int field : fields) {
      header.append(String.format(Locale.ROOT, "%08x", field));
    }
    archive.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    archive.writeBytes(text);
    pad();
    archive.writeBytes(content);
    pad();
    return this;
  }

  private void pad() {
    while (archive.size() % 4 != 0) {
      archive.write(0);
    }
  }

  /** Returns another archive, packed or not, followed by this one. */
  public byte[] after(byte[] other) {
    entry("TRAILER!!!", 0, new byte[0], 0, 0);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(other);
    while (both.size() % 4 != 0) {
      both.write(0);
    }
    both.writeBytes(archive.toByteArray());
    return both.toByteArray();
  }
}
