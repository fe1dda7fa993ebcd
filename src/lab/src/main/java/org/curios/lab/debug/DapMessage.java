package org.curios.lab.debug;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A message of the Debug Adapter Protocol, taken apart as far as {@link DapGate} needs it. */
final class DapMessage {
  private static final String LENGTH = "Content-Length:";

  /** Longer than what any debugger sends. */
  private static final int MAX_LENGTH = 1 << 26;

  private final String text;
  private final Map<String, String> members;

  /** Makes a message from its JSON text. */
  DapMessage(String text) {
    this.text = text;
    this.members = members(text);
  }

  /** Reads a message; null at the end. */
  static DapMessage read(InputStream in) throws IOException {
    int length = -1;
    for (String line = line(in); line == null || !line.isEmpty(); line = line(in)) {
      if (line == null) {
        return null;
      }
      if (line.startsWith(LENGTH)) {
        try {
          length = Integer.parseInt(line.substring(LENGTH.length()).strip());
        } catch (NumberFormatException e) {
          throw new IOException("no length: " + line, e);
        }
      }
    }
    if (length < 0 || length > MAX_LENGTH) {
      throw new IOException("a message of no sensible length: " + length);
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    return new DapMessage(new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Writes the message. */
  void write(OutputStream out) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    byte[] head = (LENGTH + " " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    out.write(all);
    out.flush();
  }

  /** Returns whether a member is a certain name, such as {@code "type"} is {@code "event"}. */
  boolean is(String member, String name) {
    return ('"' + name + '"').equals(members.get(member));
  }

  /** Returns a member, or a member of it and so on, as JSON; null if there is none. */
  String json(String... path) {
    Map<String, String> at = members;
    for (int i = 0; i < path.length - 1; i++) {
      at = members(at.getOrDefault(path[i], ""));
    }
    return at.get(path[path.length - 1]);
  }

  /** Returns the members of an object, as JSON; none if it is not an object. */
  private static Map<String, String> members(String object) {
    Map<String, String> members = new HashMap<>();
    String name = null;
    int depth = 0;
    int start = 0;
    for (int i = 0; i < object.length(); i++) {
      char c = object.charAt(i);
      if (c == '"') {
        i = endOfText(object, i);
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth == 1) {
          start = i + 1;
        }
      } else if (depth == 1 && c == ':' && name == null) {
        name = object.substring(start, i).strip();
        start = i + 1;
      } else if (depth == 1 && (c == ',' || c == '}')) {
        if (name != null && name.length() >= 2) {
          members.put(name.substring(1, name.length() - 1), object.substring(start, i).strip());
        }
        name = null;
        start = i + 1;
      }
      if (c == '}' || c == ']') {
        depth--;
      }
    }
    return members;
  }

  private static int endOfText(String json, int quote) {
    int i = quote + 1;
    while (i < json.length() && json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }
}
