package org.curios.machine.net;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int FLAGS_OPTION = 2;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;
  private static final long NANOS_PER_TICK = 1_000_000_000L / VirtualClock.HZ;

  private final Path file;
  private final OutputStream out;
  private boolean failed;

  /**
   * Begins a file.
   *
   * @throws IOException when it cannot be written
   */
  public Capture(Path file) throws IOException {
    this.file = file;
    out = new BufferedOutputStream(Files.newOutputStream(file));
    ByteBuffer section = body(16).putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0);
    block(SECTION, section.putLong(-1));
    ByteBuffer options = body(20).putShort((short) ETHERNET).putShort((short) 0).putInt(SNAP);
    options.putShort((short) RESOLUTION_OPTION).putShort((short) 1).putInt(NANOSECONDS);
    block(INTERFACE, options.putInt(0));
    out.flush();
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

  /** Writes a packet. A file that cannot be written any more stays as it is. */
  void write(Packets.Packet packet) {
    if (failed) {
      return;
    }
    byte[] frame = packet.frame();
    long time = packet.tick() * NANOS_PER_TICK;
    int padded = (frame.length + 3) & ~3;
    ByteBuffer body = body(20 + padded + 12);
    body.putInt(0).putInt((int) (time >>> 32)).putInt((int) time);
    body.putInt(frame.length).putInt(frame.length).put(frame).position(20 + padded);
    body.putShort((short) FLAGS_OPTION).putShort((short) 4);
    body.putInt(packet.sent() ? OUTBOUND : INBOUND).putInt(0);
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
