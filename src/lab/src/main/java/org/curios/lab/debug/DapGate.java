package org.curios.lab.debug;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/**
 * A gate to Truffle's debug adapter, on a loopback port: it serves one debugger at a time, and
 * rejects others as busy. The adapter itself listens on another port and serves a single client,
 * which is the gate. When a debugger disconnects, cleanly or not, its breakpoints are removed, the
 * guest resumes, and the next one may connect.
 */
public final class DapGate implements AutoCloseable {
  /** Sequence numbers of the gate's own requests to the adapter start here. */
  private static final int OWN = 1_000_000_000;

  private static final int ATTEMPTS = 600;
  private static final long PAUSE = 100;

  private final ServerSocket door;
  private final int adapterPort;
  private final PrintStream messages;

  /** The debugger; null if none is attached. */
  private Socket client;

  /**
   * Whether the attached debugger has sent its first message, and whether it has completed its
   * configuration.
   */
  private boolean initialized;

  private boolean configured;

  /** The sources in which it has set breakpoints. */
  private final Set<JsonElement> sources = new HashSet<>();

  private Socket adapter;

  /** Whether the adapter has terminated the session. */
  private boolean ended;

  /** The thread of the guest; null until it has stopped once. */
  private JsonElement thread;

  /** Sequence number of the gate's last request. */
  private int asked = OWN;

  /**
   * Whether the adapter has yet to answer it: a new debugger must not see the answer, and its
   * messages are read only afterwards, since what it receives until then is lost.
   */
  private boolean parting;

  /**
   * Opens the gate.
   *
   * @param port loopback port, 0 for any
   * @param messages takes lines for the user who started the machine
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

  /** Returns the port on which the adapter must listen. */
  public int adapterPort() {
    return adapterPort;
  }

  private static void start(String name, Runnable action) {
    Thread.ofPlatform().daemon().name(name).start(action);
  }

  private void serve() {
    try {
      while (true) {
        Socket next = door.accept();
        if (takes(next)) {
          start("debug client", () -> attend(next));
        } else {
          turnAway(next);
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private synchronized boolean takes(Socket next) {
    if (client != null) {
      return false;
    }
    client = next;
    return true;
  }

  /** Sends a client the reason why it is not served, as a message of the protocol. */
  private void turnAway(Socket next) {
    String why = "another debugger is attached to this machine; detach it first";
    messages.println("curios: a debugger was refused: " + why);
    try (next) {
      OutputStream out = next.getOutputStream();
      JsonObject output = new JsonObject();
      output.addProperty("category", "important");
      output.addProperty("output", "curios: " + why + "\n");
      DapMessage.event(1, "output", output).write(out);
      DapMessage.event(2, "terminated", new JsonObject()).write(out);
    } catch (IOException e) {
      // disconnected already
    }
  }

  /** Passes on the messages of a debugger, until it disconnects. */
  private void attend(Socket from) {
    try (from) {
      reach();
      InputStream in = new BufferedInputStream(from.getInputStream());
      for (DapMessage m = DapMessage.read(in); m != null; m = DapMessage.read(in)) {
        if (m.is("command", "disconnect")) {
          leave(from);
          m.done().write(from.getOutputStream());
          return;
        }
        toAdapter(m);
      }
    } catch (IOException e) {
      // the same as its end
    } finally {
      boolean hadBegun = configured;
      if (leave(from)) {
        messages.println(
            "curios: the debugger has disappeared" + (hadBegun ? "; the guest continues" : ""));
      }
    }
  }

  private synchronized void toAdapter(DapMessage m) throws IOException {
    try {
      while (parting && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    initialized |= m.is("command", "initialize");
    configured |= m.is("command", "configurationDone");
    if (m.is("command", "setBreakpoints")) {
      sources.add(m.get("arguments", "source"));
    }
    m.write(adapter.getOutputStream());
  }

  /**
   * Undoes the effects of a debugger, and accepts the next one.
   *
   * @return whether it was attached until now, to a guest that has not ended
   */
  private synchronized boolean leave(Socket from) {
    if (!from.equals(client)) {
      return false;
    }
    client = null;
    try {
      if (initialized && !ended) {
        for (JsonElement source : sources) {
          JsonObject none = with("breakpoints", new JsonArray());
          none.add("source", source);
          ask("setBreakpoints", none);
        }
        ask("setFunctionBreakpoints", with("breakpoints", new JsonArray()));
        ask("setExceptionBreakpoints", with("filters", new JsonArray()));
        if (configured) {
          goOn();
        }
      }
    } catch (IOException e) {
      // the adapter has ended
    }
    sources.clear();
    initialized = false;
    configured = false;
    return !ended;
  }

  private void goOn() throws IOException {
    if (thread != null) {
      ask("continue", with("threadId", thread));
    }
  }

  private static JsonObject with(String name, JsonElement value) {
    JsonObject object = new JsonObject();
    object.add(name, value);
    return object;
  }

  private void ask(String command, JsonObject arguments) throws IOException {
    asked++;
    parting = true;
    DapMessage.request(asked, command, arguments).write(adapter.getOutputStream());
  }

  /**
   * Connects to the adapter, which starts with the machine, possibly after a client has connected.
   */
  private void reach() throws IOException {
    for (int i = 0; adapter == null; i++) {
      try {
        Socket to = new Socket(InetAddress.getLoopbackAddress(), adapterPort);
        adapter = to;
        start("debug adapter", () -> hear(to));
      } catch (ConnectException e) {
        if (i == ATTEMPTS) {
          messages.println("curios: the debug adapter does not answer (" + e.getMessage() + ")");
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /**
   * Passes on the adapter's messages. The adapter prints errors if its last messages are not read,
   * so they are read to the end.
   */
  private void hear(Socket from) {
    try (from) {
      InputStream in = new BufferedInputStream(from.getInputStream());
      for (DapMessage m = DapMessage.read(in); m != null; m = DapMessage.read(in)) {
        fromAdapter(m);
        if (m.is("event", "terminated")) {
          from.shutdownOutput();
        }
      }
    } catch (IOException e) {
      // the same as its end
    } finally {
      closeClient();
    }
  }

  private synchronized void fromAdapter(DapMessage m) throws IOException {
    ended |= m.is("event", "terminated");
    boolean stopped = m.is("event", "stopped");
    if (stopped) {
      thread = m.get("body", "threadId");
    }
    if (client == null || parting) {
      if (stopped) {
        goOn(); // no one else would resume it
      }
      parting &= !m.is("request_seq", Integer.toString(asked));
      notifyAll();
      return;
    }
    try {
      m.write(client.getOutputStream());
    } catch (IOException e) {
      // the debugger has disconnected, which its own thread notices
    }
  }

  private synchronized void closeClient() {
    ended = true;
    notifyAll();
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        // closed already
      }
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      // closed already
    }
    closeClient();
  }
}
