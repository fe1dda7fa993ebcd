package org.curios.tests.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;

/** A debugger that speaks the remote protocol packet by packet, or byte by byte. */
public final class Rsp implements Closeable {
  private static final int MILLISECONDS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean acknowledges = true;

  /** Attaches to a port. */
  Rsp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(MILLISECONDS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Attaches and ends acknowledgements, as gdb does. */
  public static Rsp attach(int port) throws IOException {
    Rsp rsp = new Rsp(port);
    rsp.ask("QStartNoAckMode");
    rsp.acknowledges = false;
    return rsp;
  }

  /** Returns the bytes of a packet. */
  static byte[] packet(byte[] data) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write('$');
    int sum = 0;
    for (byte b : data) {
      int c = b & 0xff;
      if (c == '#' || c == '$' || c == '}' || c == '*') {
        packet.write('}');
        sum += '}';
        c ^= 0x20;
      }
      packet.write(c);
      sum += c;
    }
    packet.write('#');
    packet.writeBytes(String.format("%02x", sum & 0xff).getBytes(ISO_8859_1));
    return packet.toByteArray();
  }

  /** Sends bytes as they are. */
  void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void raw(String bytes) throws IOException {
    raw(bytes.getBytes(ISO_8859_1));
  }

  /** Receives a byte; -1 at the end. */
  int rawByte() throws IOException {
    return in.read();
  }

  private int there() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException("the connection was closed");
    }
    return c;
  }

  /** Sends a packet. */
  public void send(String data) throws IOException {
    raw(packet(data.getBytes(ISO_8859_1)));
  }

  /** Receives a packet, and acknowledges it if that is still done. */
  String receive() throws IOException {
    while (there() != '$') {
      // acknowledgements
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int sum = 0;
    for (int c = there(); c != '#'; c = there()) {
      sum += c;
      if (c == '}') {
        c = there();
        sum += c;
        c ^= 0x20;
      }
      data.write(c);
    }
    int wanted = Integer.parseInt("" + (char) in.read() + (char) in.read(), 16);
    if (wanted != (sum & 0xff)) {
      throw new IOException("checksum of " + data.toString(ISO_8859_1));
    }
    if (acknowledges) {
      raw("+");
    }
    return data.toString(ISO_8859_1);
  }

  /** Sends a packet and receives the answer. */
  public String ask(String data) throws IOException {
    send(data);
    return receive();
  }

  /** Lets the machine go and returns the stop reply; output packets are passed over. */
  public String go(String data) throws IOException {
    send(data);
    return stop();
  }

  /** Waits for a stop reply. */
  public String stop() throws IOException {
    String reply;
    do {
      reply = receive();
    } while (reply.startsWith("O") && !reply.equals("OK"));
    return reply;
  }

  /** Carries out a command for people, and returns what it says. */
  String monitor(String command) throws IOException {
    send("qRcmd," + HexFormat.of().formatHex(command.getBytes(ISO_8859_1)));
    StringBuilder said = new StringBuilder();
    for (String reply = receive(); !reply.equals("OK"); reply = receive()) {
      said.append(new String(HexFormat.of().parseHex(reply.substring(1)), ISO_8859_1));
    }
    return said.toString();
  }

  /** Reads the whole of an object of {@code qXfer}. */
  String transfer(String object, String annex) throws IOException {
    StringBuilder all = new StringBuilder();
    while (true) {
      String part =
          ask(
              "qXfer:"
                  + object
                  + ":read:"
                  + annex
                  + ":"
                  + Integer.toHexString(all.length())
                  + ",200");
      if (!part.startsWith("m") && !part.startsWith("l")) {
        throw new IOException(part);
      }
      all.append(part, 1, part.length());
      if (part.startsWith("l")) {
        return all.toString();
      }
    }
  }

  /** Returns register {@code number} of the current thread, of 32 bits. */
  public int register(int number) throws IOException {
    return word(ask("p" + Integer.toHexString(number)));
  }

  /** Returns the thread that a stop reply names. */
  static String thread(String reply) {
    return reply.replaceFirst(".*thread:([0-9a-f]+);.*", "$1");
  }

  /** Returns the word that digits in the order of memory represent. */
  static int word(String digits) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(digits.substring(0, 8), 16));
  }

  /** Returns a word of memory. */
  int memory(int address) throws IOException {
    return word(ask("m" + Integer.toHexString(address) + ",4"));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
