package org.curios.machine.card;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cards for tests. */
public final class SdCards {
  private SdCards() {}

  /** Makes a card of a sparse image. */
  public static Driver of(Path directory, long bytes) throws IOException {
    Path file = Files.createTempFile(directory, "card", ".img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(bytes);
    }
    return new Driver(new SdCard(Disk.writeThrough(file)), file);
  }

  /** Returns bits of a register of 128 bits that has come as a long response. */
  static int bits(int[] register, int lowest, int count) {
    int value = 0;
    for (int i = lowest + count - 1; i >= lowest; i--) {
      value = value << 1 | register[3 - i / 32] >>> i % 32 & 1;
    }
    return value;
  }

  /** The host's side of a card. */
  public static final class Driver implements Closeable {
    public final SdCard card;
    public final Path file;
    public int rca;

    Driver(SdCard card, Path file) {
      this.card = card;
      this.file = file;
    }

    public int[] command(int number, int argument) {
      return card.command(number, argument).words();
    }

    /** Sends an application command: CMD55 first. */
    int[] app(int number, int argument) {
      command(55, rca);
      return command(number, argument);
    }

    /** Leads the card from reset to stand-by. */
    void identify() {
      rca = 0;
      command(0, 0);
      command(8, 0x1aa);
      app(41, 0x40ff8000);
      command(2, 0);
      rca = command(3, 0)[0] & 0xffff0000;
    }

    /** Leads the card from reset to the transfer state. */
    public void select() {
      identify();
      command(7, rca);
    }

    /** Reads what the card sends, at most a number of bytes. */
    byte[] read(int limit) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      while (bytes.size() < limit && card.hasData()) {
        bytes.write(card.read());
      }
      return bytes.toByteArray();
    }

    void write(byte[] bytes) {
      for (byte b : bytes) {
        card.write(b & 0xff);
      }
    }

    @Override
    public void close() throws IOException {
      card.disk().close();
    }
  }
}
