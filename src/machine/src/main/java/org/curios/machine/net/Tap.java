package org.curios.machine.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A TAP interface of a Linux host (Documentation/networking/tuntap): each read returns a frame,
 * each write sends one.
 */
public final class Tap implements FarEnd {
  private static final String DEVICE = "/dev/net/tun";
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;
  private static final long SET_INTERFACE = 0x400454ca;
  private static final short TAP_WITHOUT_HEADER = 0x1002;
  private static final int MOST = 1 << 16;

  /** Milliseconds between two checks whether this was closed. */
  private static final int PATIENCE = 100;

  private static final int NO_PERMISSION = 1;
  private static final int NO_FILE = 2;
  private static final int NO_ACCESS = 13;
  private static final int BUSY = 16;

  private final HostCalls host = new HostCalls();
  private final int file;
  private final FrameQueues queues;
  private volatile boolean closed;

  /**
   * Opens an interface, which the host creates if it does not exist.
   *
   * @throws IOException when it cannot be opened; the message is for the user
   */
  public Tap(String name) throws IOException {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
      throw new IOException(name + ": TAP interfaces exist on Linux only; give stream:PATH");
    }
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= NAME_BYTES) {
      throw new IOException(name + ": not a name of an interface; it has up to 15 characters");
    }
    file = host.open(DEVICE);
    if (file < 0) {
      throw new IOException(name + ": " + why(name, -file));
    }
    byte[] request = new byte[REQUEST_BYTES];
    System.arraycopy(bytes, 0, request, 0, bytes.length);
    request[NAME_BYTES] = (byte) TAP_WITHOUT_HEADER;
    request[NAME_BYTES + 1] = (byte) (TAP_WITHOUT_HEADER >> 8);
    int error = host.control(file, SET_INTERFACE, request);
    if (error < 0) {
      host.close(file);
      throw new IOException(name + ": " + why(name, -error));
    }
    queues = new FrameQueues("tap " + name, this::read, this::write);
  }

  private static String why(String name, int error) {
    return switch (error) {
      case BUSY -> "another program has this interface open; close that one or give another name";
      case NO_PERMISSION, NO_ACCESS ->
          "no permission; let root create it for you: ip tuntap add %s mode tap user $USER"
              .formatted(name);
      case NO_FILE -> "this host has no " + DEVICE + "; load its module: modprobe tun";
      default -> "the host refuses it (error %d)".formatted(error);
    };
  }

  private byte[] read() throws IOException {
    while (!host.readable(file, PATIENCE)) {
      if (closed) {
        throw new EOFException();
      }
    }
    byte[] frame = host.read(file, MOST);
    if (frame == null) {
      throw new EOFException();
    }
    return frame;
  }

  /** A frame that the host rejects, for example while the interface is down, is lost. */
  private void write(byte[] frame) {
    host.write(file, frame);
  }

  @Override
  public void send(byte[] frame) {
    queues.send(frame);
  }

  @Override
  public byte[] take(long nanoseconds) {
    return queues.take(nanoseconds);
  }

  @Override
  public void close() {
    closed = true;
    queues.close();
    queues.join();
    host.close(file);
  }
}
