package org.curios.lab.gdb;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.Session;
import org.curios.lab.session.Session.State;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.Image;

/**
 * Serves gdb's remote protocol on the loopback address, one debugger at a time. The machine is
 * stopped when a debugger attaches; if the connection is lost, it stays stopped until another
 * debugger attaches or the user resumes it.
 */
public final class GdbServer implements AutoCloseable {
  /** Notified about debuggers. */
  public interface Listener {
    /** Receives a line of text for the user. */
    void say(String line);

    /** The debugger detaches; the machine is about to resume unless the guest has ended. */
    default void detached() {}

    /** The debugger wants the machine to end. */
    default void killed() {}

    /** The guest has ended, and the debugger has been notified. */
    default void exited() {}
  }

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int REFUSAL_MILLISECONDS = 2000;
  private static final long LEAVING_MILLISECONDS = 500;
  private static final int REFUSED_PACKETS = 16;

  private final Session session;
  private final Listener listener;
  private final Target target;
  private final ImageFile file;
  private final ServerSocket server;
  private volatile Socket attached;
  private volatile boolean closed;

  /**
   * Starts to listen.
   *
   * @param image what the machine runs
   * @param elf the image as gdb can read it; null if it is no ELF file
   * @param port TCP port; 0 for any free one
   * @throws SessionException when the port cannot be used
   */
  public GdbServer(Session session, Image image, byte[] elf, int port, Listener listener) {
    this.session = session;
    this.listener = listener;
    this.target = new Target(session, new Symbols(image));
    this.file = new ImageFile(image.name(), elf);
    this.server = listen(port);
    Thread thread = new Thread(this::accept, "gdb");
    thread.setDaemon(true);
    thread.start();
  }

  private static ServerSocket listen(int port) {
    if (port < 0 || port > 0xffff) {
      throw new SessionException(port + ": no such port; give one from 1 to 65535, or 0 for any");
    }
    try {
      ServerSocket server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      return server;
    } catch (BindException e) {
      throw new SessionException(
          "port "
              + port
              + " of 127.0.0.1 cannot be used ("
              + e.getMessage()
              + "); give another"
              + " one, or 0 for any that is free");
    } catch (IOException e) {
      throw new SessionException("gdb cannot be served (" + e.getMessage() + ")");
    }
  }

  /** Returns the port. */
  public int port() {
    return server.getLocalPort();
  }

  /** Returns a text that tells the user how to attach a debugger. */
  public String waiting() {
    return "waiting for gdb on 127.0.0.1:" + port();
  }

  private void accept() {
    try {
      while (!closed) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        if (isFree()) {
          attached = socket;
          start(() -> serve(socket));
        } else {
          listener.say("gdb: a second debugger was refused; one is attached");
          start(() -> refuse(socket));
        }
      }
    } catch (IOException e) {
      if (!closed) {
        listener.say("gdb: no more debuggers can be served (" + e.getMessage() + ")");
      }
    }
  }

  /** Returns whether no debugger is attached; waits a moment for one that is just leaving. */
  private synchronized boolean isFree() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVING_MILLISECONDS);
    try {
      long left = LEAVING_MILLISECONDS;
      while (attached != null && left > 0) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return attached == null;
  }

  private synchronized void free() {
    attached = null;
    notifyAll();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "gdb connection");
    thread.setDaemon(true);
    thread.start();
  }

  /** Tells a second debugger why it is not served: gdb shows the answer to an early packet. */
  private static void refuse(Socket socket) {
    try (PacketStream stream =
        new PacketStream(socket.getInputStream(), socket.getOutputStream(), socket)) {
      socket.setSoTimeout(REFUSAL_MILLISECONDS);
      for (int i = 0; i < REFUSED_PACKETS && stream.read() != null; i++) {
        stream.send("E.another debugger is attached to this machine; detach it first");
      }
    } catch (IOException e) {
      // it has disconnected
    }
  }

  private void serve(Socket socket) {
    Connection.End end = Connection.End.LOST;
    session.drive("gdb drives the machine: continue there, or detach it");
    try (PacketStream stream =
        new PacketStream(socket.getInputStream(), socket.getOutputStream(), socket)) {
      Session.Status status = session.pause();
      listener.say(say("gdb: attached; the machine is stopped at tick %,d", status.tick()));
      end = new Connection(stream, target, file).serve();
    } catch (IOException e) {
      // lost
    }
    leave(end);
  }

  private static String say(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private void leave(Connection.End end) {
    try {
      Session.Status status = session.pause();
      target.clear();
      if (!closed) {
        tell(end, status);
      }
    } catch (SessionException e) {
      // the machine is gone, and so are the debugger's points
    }
    session.driveNoMore();
    free();
  }

  private void tell(Connection.End end, Session.Status status) {
    switch (end) {
      case DETACHED -> {
        listener.say("gdb: detached; " + waiting());
        listener.detached();
        if (status.state() != State.ENDED) {
          session.resume();
        }
      }
      case LOST ->
          listener.say(
              say(
                  "gdb: the connection was lost; the machine is stopped at tick %,d; %s",
                  status.tick(), waiting()));
      case KILLED -> {
        listener.say(say("gdb: killed; the machine is stopped at tick %,d", status.tick()));
        listener.killed();
      }
      case EXITED -> {
        listener.say("gdb: the guest has ended with status " + session.exitStatus());
        listener.exited();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      Socket socket = attached;
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // it is closed then
    }
  }
}
