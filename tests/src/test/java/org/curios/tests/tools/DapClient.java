package org.curios.tests.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.curios.shell.session.Json;
import org.curios.tests.JsonReader;

/** A client of the Debug Adapter Protocol, as an editor is one. */
final class DapClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final List<Object> events = new ArrayList<>();
  private int sequence;

  DapClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Debuggee.PATIENCE * 1000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request and returns the body of its response, which must be a success. */
  Object request(String command, Object... arguments) throws IOException {
    Object response = attempt(command, arguments);
    assertEquals(true, JsonReader.at(response, "success"), () -> command + ": " + response);
    return JsonReader.at(response, "body");
  }

  /** Sends a request and returns its response. */
  Object attempt(String command, Object... arguments) throws IOException {
    int number = ++sequence;
    String body =
        Json.of(
            map("seq", number, "type", "request", "command", command, "arguments", map(arguments)));
    byte[] bytes = body.getBytes(UTF_8);
    socket
        .getOutputStream()
        .write(("Content-Length: " + bytes.length + "\r\n\r\n").getBytes(UTF_8));
    socket.getOutputStream().write(bytes);
    while (true) {
      Object message = read();
      if ("response".equals(JsonReader.at(message, "type"))
          && JsonReader.number(message, "request_seq") == number) {
        return message;
      }
      events.add(message);
    }
  }

  /** Waits for an event and returns its body. */
  Object event(String name) throws IOException {
    return event(name, body -> true);
  }

  /** Waits for an event of a kind and returns its body. */
  Object event(String name, Predicate<Object> wanted) throws IOException {
    for (Object e : events) {
      if (name.equals(JsonReader.at(e, "event")) && wanted.test(JsonReader.at(e, "body"))) {
        events.remove(e);
        return JsonReader.at(e, "body");
      }
    }
    while (true) {
      Object message = read();
      if (name.equals(JsonReader.at(message, "event"))
          && wanted.test(JsonReader.at(message, "body"))) {
        return JsonReader.at(message, "body");
      }
      events.add(message);
    }
  }

  /** Returns whether the server has closed the connection, after what it still has to report. */
  boolean isClosedByServer() throws IOException {
    try {
      while (true) {
        events.add(read());
      }
    } catch (java.io.EOFException e) {
      return true;
    }
  }

  private Object read() throws IOException {
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    return JsonReader.parse(new String(in.readNBytes(length), UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new java.io.EOFException("the server has closed the connection; events: " + events);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Returns a map of names and values in turn. */
  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
