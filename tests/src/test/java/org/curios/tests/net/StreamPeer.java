package org.curios.tests.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** The other end of a stream: answers frames, each after its length in four bytes. */
final class StreamPeer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Thread thread;
  private final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();

  /**
   * Listens.
   *
   * @param answers gives the answer to a frame, or null for none
   */
  StreamPeer(Path socket, UnaryOperator<byte[]> answers) throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    thread = new Thread(() -> serve(answers), "peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(UnaryOperator<byte[]> answers) {
    try (SocketChannel channel = tell(server.accept());
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
      while (true) {
        byte[] frame = in.readNBytes(in.readInt());
        byte[] answer = answers.apply(frame);
        if (answer != null) {
          out.writeInt(answer.length);
          out.write(answer);
          out.flush();
        }
      }
    } catch (IOException e) {
      // the machine has closed the stream
    }
  }

  private SocketChannel tell(SocketChannel channel) {
    accepted.complete(channel);
    return channel;
  }

  /** Closes the stream. */
  void hangUp() throws Exception {
    accepted.get().close();
  }

  /** Sends a frame back to its sender. */
  static byte[] echo(byte[] frame) {
    byte[] answer = frame.clone();
    System.arraycopy(frame, 6, answer, 0, 6);
    answer[11] ^= 1;
    return answer;
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
  }
}
