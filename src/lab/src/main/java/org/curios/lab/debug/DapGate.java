package org.curios.lab.debug;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * The door to the debug adapter of Truffle, on a loopback port: lets one client in, tells others
 * that it is busy, and detaches a client that has gone without saying so, so that the guest runs
 * on. The adapter itself listens on another port; it takes one client in its life.
 */
public final class DapGate implements AutoCloseable {
  private static final String DETACH =
      "{\"seq\":1000000000,\"type\":\"request\",\"command\":\"disconnect\",\"arguments\":{}}";

  /** In what a client sends: its last words. */
  private static final Pattern DISCONNECT = Pattern.compile("\"command\"\\s*:\\s*\"disconnect\"");

  /** In what the adapter sends: its last words. */
  private static final Pattern TERMINATED = Pattern.compile("\"event\"\\s*:\\s*\"terminated\"");

  /** Longer than what the patterns match. */
  private static final int TAIL = 64;

  /** Milliseconds for the adapter's answer to a request to disconnect. */
  private static final long ANSWER = 1000;

  /** Milliseconds for the adapter's last words. */
  private static final long PARTING = 5000;

  /** What the adapter calls its threads. */
  private static final Set<String> ADAPTER_THREADS =
      Set.of("DAP client connection thread", "DAP request handler");

  private static final int ATTEMPTS = 600;
  private static final long PAUSE = 100;

  private final ServerSocket door;
  private final int adapterPort;
  private final PrintStream messages;
  private volatile Socket client;
  private volatile boolean used;

  /** What passes the session on, or null. */
  private volatile Thread session;

  /** Whether the adapter has been told that the client leaves. */
  private boolean leaving;

  /** Whether the machine ends, and the adapter with it. */
  private boolean ending;

  /**
   * Opens the door.
   *
   * @param port loopback port, 0 for any
   * @param messages takes lines for the person who has started the machine
   * @throws IOException when the port is taken; the message says so, and what to do
   */
  public DapGate(int port, PrintStream messages) throws IOException {
    this.messages = messages;
    this.door = listen(port);
    try (ServerSocket free = listen(0)) {
      adapterPort = free.getLocalPort();
    }
    start("debug adapter's door", this::serve);
  }

  /**
   * Opens a loopback port.
   *
   * @throws IOException when it is taken; the message says so, and what to do
   */
  public static ServerSocket listen(int port) throws IOException {
    try {
      return new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
    } catch (BindException e) {
      throw new IOException(
          "port "
              + port
              + " cannot be used ("
              + e.getMessage().toLowerCase(java.util.Locale.ROOT)
              + "); give another one",
          e);
    }
  }

  /** Returns the port that clients connect to. */
  public int port() {
    return door.getLocalPort();
  }

  /** Returns the port that the adapter is to listen on. */
  public int adapterPort() {
    return adapterPort;
  }

  private static Thread start(String name, Runnable action) {
    return Thread.ofPlatform().daemon().name(name).start(action);
  }

  private void serve() {
    try {
      while (true) {
        Socket next = door.accept();
        if (used) {
          turnAway(next);
        } else {
          used = true;
          client = next;
          session = start("debug client", () -> pass(next));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Tells a client why it is not served, in the words of the protocol. */
  private void turnAway(Socket next) {
    String why =
        client != null
            ? "another debugger is attached to this machine; detach it first"
            : "the debugger has left this machine, which runs on; start it again to debug again";
    messages.println("curios: a debugger was turned away: " + why);
    String body =
        "{\"seq\":1,\"type\":\"event\",\"event\":\"output\",\"body\":{\"category\":\"important\",\"output\":\"curios: "
            + why
            + "\\n\"}}";
    String end = "{\"seq\":2,\"type\":\"event\",\"event\":\"terminated\"}";
    try (next) {
      next.getOutputStream().write(frame(body));
      next.getOutputStream().write(frame(end));
    } catch (IOException e) {
      // gone already
    }
  }

  private static byte[] frame(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return ("Content-Length: " + bytes.length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Passes a session on. The adapter ends only when it hears no more, and complains when nobody
   * listens to its last words: so it is told the end first, and heard out.
   */
  private void pass(Socket from) {
    try (from;
        Socket adapter = reach()) {
      AtomicBoolean ended = new AtomicBoolean();
      Thread answers =
          start(
              "debug adapter",
              () -> {
                ended.set(copy(adapter, from, TERMINATED, () -> true));
                hearOut(adapter, from);
              });
      if (!copy(from, adapter, DISCONNECT, this::mayLeave)
          && !ended.get()
          && answers.isAlive()
          && mayLeave()) {
        messages.println("curios: the debugger has gone without a word; the guest runs on");
        adapter.getOutputStream().write(frame(DETACH));
        adapter.getOutputStream().flush();
      }
      answers.join(ANSWER);
      if (!adapter.isOutputShutdown()) {
        adapter.shutdownOutput();
      }
      answers.join(PARTING);
    } catch (IOException e) {
      messages.println("curios: the debug adapter does not answer (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client = null;
    }
  }

  private synchronized boolean mayLeave() {
    leaving = !ending;
    return leaving;
  }

  /**
   * Prepares for the end of the machine: waits until the adapter has ended of which a client has
   * taken leave, and lets no client take leave from now on. An engine that is closed while such an
   * adapter still ends, would complain of its threads; all others it ends itself.
   */
  public void awaitLeave() {
    synchronized (this) {
      ending = true;
      if (!leaving) {
        return;
      }
    }
    long patience = System.nanoTime() + (ANSWER + PARTING) * 1_000_000;
    try {
      session.join(ANSWER + PARTING);
      while (Thread.getAllStackTraces().keySet().stream()
              .anyMatch(t -> ADAPTER_THREADS.contains(t.getName()))
          && System.nanoTime() < patience) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void hearOut(Socket adapter, Socket from) {
    try {
      if (!adapter.isOutputShutdown()) {
        adapter.shutdownOutput();
      }
      adapter.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the same as its end
    } finally {
      closeQuietly(from);
    }
  }

  /** Connects to the adapter, which starts with the machine: a client may be there before it. */
  private Socket reach() throws IOException, InterruptedException {
    for (int i = 0; ; i++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), adapterPort);
      } catch (ConnectException e) {
        if (i == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /**
   * Copies until the end, or to words that end the session.
   *
   * @param last the words
   * @param permission whether such words may be passed on
   * @return whether they were
   */
  private static boolean copy(Socket from, Socket to, Pattern last, BooleanSupplier permission) {
    byte[] buffer = new byte[8192];
    String tail = "";
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        tail += new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        boolean ends = last.matcher(tail).find();
        if (ends && !permission.getAsBoolean()) {
          return false;
        }
        out.write(buffer, 0, n);
        out.flush();
        if (ends) {
          return true;
        }
        tail = tail.substring(Math.max(0, tail.length() - TAIL));
      }
    } catch (IOException e) {
      // the same as its end
    }
    return false;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed already
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      Socket now = client;
      if (now != null) {
        now.close();
      }
    } catch (IOException e) {
      // closed already
    }
  }
}
