package org.curios.machine.net;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import org.curios.arm.bus.VirtualClock;

/**
 * Writes packets to a file of the format pcapng (draft-ietf-opsawg-pcapng), which Wireshark and
 * tcpdump read: one Ethernet interface, times in virtual nanoseconds since the start.
 */
public final class Capture implements AutoCloseable {
  private static final int SECTION = 0x0a0d0d0a;
  private static final int BYTE_ORDER = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int ETHERNET = 1;
  private static final int SNAP = 0x40000;
  private static final int RESOLUTION_OPTION = 9;
  private static final int NANOSECONDS = 9;
  private static final int COMMENT_OPTION = 1;
  private static final int FLAGS_OPTION = 2;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;
  private static final long NANOS_PER_TICK = 1_000_000_000L / VirtualClock.HZ;

  private final Path file;
  private final OutputStream out;
  private boolean failed;

  /**
   * An event other than a packet.
   *
   * @param tick when
   * @param text what
   */
  public record Note(long tick, String text) {}

  /**
   * Begins a file.
   *
   * @throws IOException when it cannot be written
   */
  public Capture(Path file) throws IOException {
    this(file, "");
  }

  private Capture(Path file, String comment) throws IOException {
    this.file = file;
    out = new BufferedOutputStream(Files.newOutputStream(file));
    byte[] text = comment(comment);
    ByteBuffer section = body(16 + text.length);
    section.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
    block(SECTION, section.put(text));
    ByteBuffer options = body(20).putShort((short) ETHERNET).putShort((short) 0).putInt(SNAP);
    options.putShort((short) RESOLUTION_OPTION).putShort((short) 1).putInt(NANOSECONDS);
    block(INTERFACE, options.putInt(0));
    out.flush();
  }

  /**
   * Writes a file of packets with comments.
   *
   * @param packets by tick
   * @param notes by tick: each is a comment of the first packet after it, or of the last packet if
   *     there is none after it; of the whole file if there are no packets
   * @throws IOException when it cannot be written
   */
  public static void save(Path file, List<Packets.Packet> packets, List<Note> notes)
      throws IOException {
    Deque<Note> open = new ArrayDeque<>(notes);
    try (Capture capture =
        new Capture(file, packets.isEmpty() ? texts(open, Long.MAX_VALUE) : "")) {
      for (int i = 0; i < packets.size(); i++) {
        boolean isLast = i + 1 == packets.size();
        capture.write(packets.get(i), texts(open, isLast ? Long.MAX_VALUE : packets.get(i).tick()));
      }
      capture.out.flush();
      if (capture.failed) {
        throw new IOException("the disk is full, or gone");
      }
    }
  }

  /** Removes and returns the notes up to a tick. */
  private static String texts(Deque<Note> open, long tick) {
    StringJoiner texts = new StringJoiner("\n");
    while (!open.isEmpty() && open.peek().tick <= tick) {
      texts.add(open.remove().text);
    }
    return texts.toString();
  }

  /** A comment and the end of options, in UTF-8; nothing for an empty one. */
  private static byte[] comment(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] option = new byte[4 + ((bytes.length + 3) & ~3) + 4];
    ByteBuffer whole = ByteBuffer.wrap(option).order(ByteOrder.LITTLE_ENDIAN);
    whole.putShort((short) COMMENT_OPTION).putShort((short) bytes.length).put(bytes);
    return option;
  }

  private static ByteBuffer body(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void block(int type, ByteBuffer body) throws IOException {
    byte[] block = new byte[body.capacity() + 12];
    ByteBuffer whole = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    whole.putInt(type).putInt(block.length).put(body.rewind().limit(body.capacity()));
    whole.putInt(block.length);
    out.write(block);
  }

  /** Writes a packet. After an error nothing more is written. */
  void write(Packets.Packet packet) {
    write(packet, "");
  }

  private void write(Packets.Packet packet, String comment) {
    if (failed) {
      return;
    }
    byte[] frame = packet.frame();
    long time = packet.tick() * NANOS_PER_TICK;
    int padded = (frame.length + 3) & ~3;
    byte[] text = comment(comment);
    ByteBuffer body = body(20 + padded + 8 + Math.max(4, text.length));
    body.putInt(0).putInt((int) (time >>> 32)).putInt((int) time);
    body.putInt(frame.length).putInt(frame.length).put(frame).position(20 + padded);
    body.putShort((short) FLAGS_OPTION).putShort((short) 4);
    body.putInt(packet.sent() ? OUTBOUND : INBOUND).put(text);
    try {
      block(PACKET, body);
      out.flush();
    } catch (IOException e) {
      failed = true;
    }
  }

  /** Returns whether the file is whole so far. */
  public boolean isWhole() {
    return !failed;
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      failed = true;
    }
  }
}
