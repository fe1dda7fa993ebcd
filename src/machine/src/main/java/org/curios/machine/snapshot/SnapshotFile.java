package org.curios.machine.snapshot;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.curios.machine.card.DiskBase;
import org.curios.machine.image.ImageException;

/**
 * Snapshots on disk: a magic number, the version of the format, then deflated the identity of the
 * image, the size of RAM, the initial content of the card, the tick, the state, the granules that
 * are not zero and the blocks of card and flash that were written, and at the end a CRC-32C of the
 * bytes of the file before it. Written to a file next to the target and moved over it.
 */
public final class SnapshotFile {
  private static final long MAGIC = 0x437572694f532d53L;
  private static final int VERSION = 7;
  private static final int HEAD = Long.BYTES + Integer.BYTES;
  private static final int MAX_STATE = 1 << 20;
  private static final int MAX_FILE = 1 << 30;

  private SnapshotFile() {}

  /**
   * Writes a snapshot atomically.
   *
   * @param whole a self-contained snapshot
   * @param identity the identity of the image
   * @param ramSize bytes of RAM
   * @param cards identities of the initial contents of the card with which the file can be
   *     restored; none for no card
   */
  public static void write(
      Snapshot whole, Path file, String identity, int ramSize, List<String> cards)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Path part =
        Files.createTempFile(absolute.getParent(), absolute.getFileName().toString(), ".part");
    try {
      CRC32C sum = new CRC32C();
      try (var raw = new BufferedOutputStream(Files.newOutputStream(part))) {
        DataOutputStream head = new DataOutputStream(new CheckedOutputStream(raw, sum));
        head.writeLong(MAGIC);
        head.writeInt(VERSION);
        DeflaterOutputStream deflated = new DeflaterOutputStream(head);
        DataOutputStream out = new DataOutputStream(deflated);
        write(whole, identity, ramSize, cards, out);
        out.flush();
        deflated.finish();
        new DataOutputStream(raw).writeLong(sum.getValue());
      }
      Files.move(
          part, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(
      Snapshot s, String identity, int ramSize, List<String> cards, DataOutputStream out)
      throws IOException {
    out.writeUTF(identity);
    out.writeInt(ramSize);
    out.writeInt(cards.size());
    for (String card : cards) {
      out.writeUTF(card);
    }
    out.writeLong(s.tick);
    out.writeInt(s.state.length);
    out.write(s.state);
    out.writeInt(s.granules.size());
    for (Map.Entry<Integer, byte[]> e : new TreeMap<>(s.granules).entrySet()) {
      out.writeInt(e.getKey());
      out.write(e.getValue());
    }
    out.writeInt(s.blocks.size());
    for (Map.Entry<Long, byte[]> e : new TreeMap<>(s.blocks).entrySet()) {
      out.writeLong(e.getKey());
      out.write(e.getValue());
    }
  }

  /**
   * Reads a snapshot.
   *
   * @param identity the identity that its image must have
   * @param ramSize bytes of RAM that its machine must have
   * @param card identity of the initial content of the machine's card; null for no card
   * @throws ImageException when it is of another image, size, card or version, or damaged
   */
  public static Snapshot read(Path file, String identity, int ramSize, String card)
      throws ImageException {
    try (InputStream in = Files.newInputStream(file)) {
      DataInputStream head = new DataInputStream(in);
      if (head.readLong() != MAGIC) {
        throw new ImageException(
            file + ": not a snapshot of CuriOS; give a file that snapshot wrote");
      }
      int version = head.readInt();
      if (version != VERSION) {
        throw new ImageException(
            "%s: a snapshot of version %d, this is %d; take it again with this version"
                .formatted(file, version, VERSION));
      }
      byte[] all = in.readNBytes(MAX_FILE);
      int length = all.length - Long.BYTES;
      if (length < 0) {
        throw damaged(file);
      }
      CRC32C sum = new CRC32C();
      sum.update(ByteBuffer.allocate(HEAD).putLong(MAGIC).putInt(VERSION).flip());
      sum.update(all, 0, length);
      if (ByteBuffer.wrap(all).getLong(length) != sum.getValue()) {
        throw damaged(file);
      }
      InputStream deflated = new ByteArrayInputStream(all, 0, length);
      return read(
          file, identity, ramSize, card, new DataInputStream(new InflaterInputStream(deflated)));
    } catch (NoSuchFileException e) {
      throw new ImageException(file + ": no such file; check the path");
    } catch (EOFException | java.util.zip.ZipException e) {
      throw damaged(file);
    } catch (IOException e) {
      throw new ImageException(file + ": cannot be read (" + e.getMessage() + ")");
    }
  }

  private static Snapshot read(
      Path file, String identity, int ramSize, String card, DataInputStream in)
      throws IOException, ImageException {
    String of = in.readUTF();
    if (!of.equals(identity)) {
      throw new ImageException(
          file + ": a snapshot of another image; start the machine with that image");
    }
    int size = in.readInt();
    if (size != ramSize) {
      throw new ImageException(
          "%s: a snapshot of a machine with %d MiB of RAM; give --ram %dM"
              .formatted(file, size >> 20, size >> 20));
    }
    checkCard(file, card, in);
    long tick = in.readLong();
    int length = in.readInt();
    if (length < 0 || length > MAX_STATE) {
      throw damaged(file);
    }
    byte[] state = in.readNBytes(length);
    Map<Integer, byte[]> granules = new HashMap<>();
    int limit = ramSize / org.curios.arm.bus.Bus.GRANULE;
    for (int count = in.readInt(); count > 0; count--) {
      int number = in.readInt();
      if (number < 0 || number >= limit) {
        throw damaged(file);
      }
      byte[] bytes = new byte[org.curios.arm.bus.Bus.GRANULE];
      in.readFully(bytes);
      granules.put(number, bytes);
    }
    Map<Long, byte[]> blocks = new HashMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      long number = in.readLong();
      byte[] bytes = new byte[DiskBase.BLOCK];
      in.readFully(bytes);
      blocks.put(number, bytes);
    }
    return new Snapshot(null, tick, granules, blocks, state, null);
  }

  private static void checkCard(Path file, String card, DataInputStream in)
      throws IOException, ImageException {
    List<String> cards = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      cards.add(in.readUTF());
    }
    if (card == null ? cards.isEmpty() : cards.contains(card)) {
      return;
    }
    throw new ImageException(
        card == null
            ? file + ": a snapshot of a machine with a card; give that card with --sd"
            : cards.isEmpty()
                ? file + ": a snapshot of a machine without a card; leave out --sd"
                : "%s: a snapshot of a machine with another card (%s; this is one of %s); give that card as it was then: --sd FILE,snapshot keeps it unchanged"
                    .formatted(file, cards.getLast(), card));
  }

  private static ImageException damaged(Path file) {
    return new ImageException(file + ": the snapshot is damaged; take it again");
  }
}
