package org.curios.lab.debug;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message of the Debug Adapter Protocol (its specification, "Base Protocol").
 *
 * @param body the message proper
 */
record DapMessage(JsonObject body) {
  private static final String LENGTH = "Content-Length:";

  /** More than any debugger sends. */
  private static final int MAX_LENGTH = 1 << 26;

  /** Makes an event. */
  static DapMessage event(int seq, String event, JsonObject body) {
    JsonObject message = of(seq, "event");
    message.addProperty("event", event);
    message.add("body", body);
    return new DapMessage(message);
  }

  /** Makes a request. */
  static DapMessage request(int seq, String command, JsonObject arguments) {
    JsonObject message = of(seq, "request");
    message.addProperty("command", command);
    message.add("arguments", arguments);
    return new DapMessage(message);
  }

  /** Makes the successful response to this request. */
  DapMessage done() {
    JsonObject message = of(1, "response");
    message.add("command", body.get("command"));
    message.addProperty("success", true);
    message.add("request_seq", body.get("seq"));
    return new DapMessage(message);
  }

  private static JsonObject of(int seq, String type) {
    JsonObject message = new JsonObject();
    message.addProperty("seq", seq);
    message.addProperty("type", type);
    return message;
  }

  /**
   * Reads a message; null at the end.
   *
   * @throws IOException if the input is not a message
   */
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
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw new EOFException();
    }
    try {
      return new DapMessage(
          JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("a message that is no JSON object", e);
    }
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
    byte[] text = body.toString().getBytes(StandardCharsets.UTF_8);
    byte[] head = (LENGTH + " " + text.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + text.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(text, 0, all, head.length, text.length);
    out.write(all);
    out.flush();
  }

  /** Returns whether a member is a certain name, such as {@code "type"} is {@code "event"}. */
  boolean is(String member, String name) {
    JsonElement value = body.get(member);
    return value != null && value.isJsonPrimitive() && value.getAsString().equals(name);
  }

  /** Returns a member, or a member of it and so on; null if there is none. */
  JsonElement get(String... path) {
    JsonElement at = body;
    for (String name : path) {
      at = at != null && at.isJsonObject() ? at.getAsJsonObject().get(name) : null;
    }
    return at;
  }
}
