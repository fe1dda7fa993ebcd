package org.curios.lab.gdb;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Packets of gdb's remote serial protocol over a connection (Debugging with GDB, appendix E.1):
 * {@code $data#checksum}, acknowledged until both sides agree to trust the transport. One thread
 * reads; any may send.
 */
final class PacketStream implements Closeable {
  /** Most bytes of a packet between {@code $} and {@code #}. */
  static final int LIMIT = 0x4000;

  /** The received data. */
  enum Kind {
    /** A packet. */
    DATA,
    /** The byte by which gdb interrupts. */
    INTERRUPT,
    /** A packet that is longer than {@link #LIMIT}; its data is dropped. */
    TOO_LONG
  }

  /**
   * A received packet or signal.
   *
   * @param data what is in the packet, with escapes undone
   */
  record Packet(Kind kind, byte[] data) {}

  private static final int INTERRUPT_BYTE = 3;
  private static final int END = -1;
  private static final int ESCAPE_BIT = 0x20;

  private final InputStream in;
  private final OutputStream out;
  private final Closeable connection;
  private boolean acknowledges = true;
  private byte[] last = {};

  /**
   * Takes the two directions of a connection.
   *
   * @param connection what is closed with this stream
   */
  PacketStream(InputStream in, OutputStream out, Closeable connection) {
    this.in = new BufferedInputStream(in);
    this.out = new BufferedOutputStream(out);
    this.connection = connection;
  }

  /** Ends the acknowledgement of packets, as {@code QStartNoAckMode} requests. */
  synchronized void trust() {
    acknowledges = false;
  }

  /**
   * Waits for a packet.
   *
   * @return null at the end of the connection
   */
  Packet read() throws IOException {
    while (true) {
      switch (in.read()) {
        case END -> {
          return null;
        }
        case INTERRUPT_BYTE -> {
          return new Packet(Kind.INTERRUPT, new byte[0]);
        }
        case '-' -> resend();
        case '$' -> {
          Packet packet = packet();
          if (packet != null) {
            return packet;
          }
        }
        default -> {} // acknowledgements, and noise between packets
      }
    }
  }

  /** Reads after a $; null if the packet is to be sent again, or the connection has ended. */
  private Packet packet() throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int sum = 0;
    int count = 0;
    boolean escaped = false;
    while (true) {
      int c = in.read();
      if (c == END) {
        return null;
      }
      if (c == '#') {
        break;
      }
      if (c == '$') { // the end of the packet before was lost
        data.reset();
        sum = 0;
        count = 0;
        escaped = false;
        continue;
      }
      sum += c;
      if (++count > LIMIT) {
        continue;
      }
      if (escaped) {
        data.write(c ^ ESCAPE_BIT);
        escaped = false;
      } else if (c == '}') {
        escaped = true;
      } else {
        data.write(c);
      }
    }
    int high = Character.digit(in.read(), 16);
    int low = Character.digit(in.read(), 16);
    boolean sound = high >= 0 && low >= 0 && (high << 4 | low) == (sum & 0xff);
    if (!acknowledge(sound)) {
      return null;
    }
    return new Packet(count > LIMIT ? Kind.TOO_LONG : Kind.DATA, data.toByteArray());
  }

  /** Returns whether the packet is valid. */
  private synchronized boolean acknowledge(boolean sound) throws IOException {
    if (acknowledges) {
      out.write(sound ? '+' : '-');
      out.flush();
    }
    return sound;
  }

  /** Sends a text of ASCII characters. */
  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends data of any bytes. */
  synchronized void send(byte[] data) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(data.length + 4);
    packet.write('$');
    int sum = 0;
    for (byte b : data) {
      int c = b & 0xff;
      if (c == '#' || c == '$' || c == '}' || c == '*') {
        packet.write('}');
        sum += '}';
        c ^= ESCAPE_BIT;
      }
      packet.write(c);
      sum += c;
    }
    packet.write('#');
    packet.write(Character.forDigit(sum >> 4 & 15, 16));
    packet.write(Character.forDigit(sum & 15, 16));
    last = packet.toByteArray();
    out.write(last);
    out.flush();
  }

  private synchronized void resend() throws IOException {
    if (acknowledges) {
      out.write(last);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
