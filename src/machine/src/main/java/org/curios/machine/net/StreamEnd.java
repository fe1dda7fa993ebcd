package org.curios.machine.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A peer at the other end of a stream, as QEMU's {@code -netdev stream} and passt have it: each
 * frame follows its length in four bytes, the highest first.
 */
public final class StreamEnd implements FarEnd {
  private static final int LENGTH = 4;

  /** Maximum bytes of a peer's frame; a longer one means a broken stream. */
  private static final int MOST = 1 << 16;

  private final SocketChannel channel;
  private final FrameQueues queues;

  /**
   * Connects.
   *
   * @param target HOST:PORT, or the path of a socket
   * @throws IOException when nothing listens there; the message is for the user
   */
  public StreamEnd(String target) throws IOException {
    channel = open(address(target), target);
    queues = new FrameQueues("stream " + target, this::read, this::write);
  }

  private static SocketAddress address(String target) throws IOException {
    int colon = target.lastIndexOf(':');
    if (target.contains("/") || colon < 0) {
      try {
        return UnixDomainSocketAddress.of(Path.of(target));
      } catch (IllegalArgumentException e) {
        throw new IOException(target + ": not a path of a socket; give HOST:PORT or a path", e);
      }
    }
    try {
      int port = Integer.parseInt(target.substring(colon + 1));
      return new InetSocketAddress(InetAddress.getByName(target.substring(0, colon)), port);
    } catch (UnknownHostException e) {
      throw new IOException(target + ": no host of this name", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(target + ": no port from 1 to 65535 after the colon", e);
    }
  }

  private static SocketChannel open(SocketAddress address, String target) throws IOException {
    boolean local = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        local ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(address);
      if (!local) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException(
          target + ": nothing is listening there; start the peer, such as passt or QEMU, first", e);
    }
  }

  private byte[] read() throws IOException {
    int bytes = ByteBuffer.wrap(fill(LENGTH)).getInt();
    if (bytes < 0 || bytes > MOST) {
      throw new IOException("a frame of " + bytes + " bytes: no stream of frames");
    }
    return fill(bytes);
  }

  private byte[] fill(int count) throws IOException {
    byte[] bytes = new byte[count];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException();
      }
    }
    return bytes;
  }

  private void write(byte[] frame) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH + frame.length);
    buffer.putInt(frame.length).put(frame).flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Sends a frame. A stream has no minimum frame length, and passt of 2023 ignores an
   * acknowledgement with padding, which it treats as data.
   */
  @Override
  public void send(byte[] frame) {
    queues.send(EthernetFrames.withoutPadding(frame));
  }

  @Override
  public byte[] take(long nanoseconds) {
    return queues.take(nanoseconds);
  }

  @Override
  public void close() {
    queues.close();
    try {
      channel.close();
    } catch (IOException e) {
      // it was closed by the peer
    }
  }
}
