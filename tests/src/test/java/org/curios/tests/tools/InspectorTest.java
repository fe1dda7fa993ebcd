package org.curios.tests.tools;

import static org.curios.tests.tools.DapClient.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.curios.shell.session.Json;
import org.curios.tests.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chrome's developer tools work on the C++ of a guest, by their protocol over a web socket. */
@Timeout(600)
class InspectorTest {
  private static final String QUICKSORT = "kernel/programs/bench/quicksort.cc";

  /** A client of the protocol. */
  private static final class Client implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
    private final List<Object> passed = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private int sequence;

    Client(String address) {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(address), this)
              .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        messages.add(JsonReader.parse(part.toString()));
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    Object call(String method, Object... parameters) throws InterruptedException {
      int number = ++sequence;
      socket
          .sendText(Json.of(map("id", number, "method", method, "params", map(parameters))), true)
          .join();
      Object answer =
          await(m -> JsonReader.at(m, "id") != null && JsonReader.number(m, "id") == number);
      assertEquals(null, JsonReader.at(answer, "error"), () -> method + ": " + answer);
      return JsonReader.at(answer, "result");
    }

    Object event(String method, Predicate<Object> wanted) throws InterruptedException {
      return JsonReader.at(
          await(m ->
              method.equals(JsonReader.at(m, "method")) && wanted.test(JsonReader.at(m, "params"))),
          "params");
    }

    /** Connects to the address that a guest's machine prints. */
    static Client of(Debuggee guest, int port) throws InterruptedException {
      String said = guest.message("ws://127.0.0.1:" + port);
      return new Client(said.substring(said.indexOf("ws://")));
    }

    /** Says what Chrome says first; the guest then stops at its first line. */
    void begin() throws InterruptedException {
      call("Runtime.enable");
      call("Debugger.enable");
      call("Runtime.runIfWaitingForDebugger");
    }

    /** The source of the sort. */
    Object script() throws InterruptedException {
      return event(
          "Debugger.scriptParsed", s -> JsonReader.at(s, "url").toString().endsWith(QUICKSORT));
    }

    private Object await(Predicate<Object> wanted) throws InterruptedException {
      for (Object m : passed) {
        if (wanted.test(m)) {
          passed.remove(m);
          return m;
        }
      }
      while (true) {
        Object m = messages.poll(Debuggee.PATIENCE, TimeUnit.SECONDS);
        assertTrue(m != null, () -> "nothing more comes; so far: " + passed);
        if (wanted.test(m)) {
          return m;
        }
        passed.add(m);
      }
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static List<String> functions(Object paused) {
    return JsonReader.list(paused, "callFrames").stream()
        .map(f -> (String) JsonReader.at(f, "functionName"))
        .toList();
  }

  @Test
  void breakpointStackRegistersAndSteps() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest =
        new Debuggee("run", Debuggee.image("bench/quicksort"), "--inspect=" + port)) {
      try (Client client = Client.of(guest, port)) {
        client.begin();
        Object first = client.event("Debugger.paused", p -> true);
        assertEquals(List.of("_start"), functions(first));

        Object script = client.script();
        Object text =
            client.call("Debugger.getScriptSource", "scriptId", JsonReader.at(script, "scriptId"));
        assertTrue(
            JsonReader.at(text, "scriptSource").toString().startsWith("// Quicksort of random"));
        Object set =
            client.call(
                "Debugger.setBreakpointByUrl",
                "url",
                JsonReader.at(script, "url"),
                "lineNumber",
                18);
        client.call("Debugger.resume");

        Object paused = client.event("Debugger.paused", p -> true);
        assertEquals(List.of("sort", "unit", "main", "_start"), functions(paused));
        assertEquals(18, JsonReader.number(paused, "callFrames", 0, "location", "lineNumber"));
        Object scope =
            JsonReader.at(paused, "callFrames", 0, "scopeChain", 0, "object", "objectId");
        Object properties =
            client.call("Runtime.getProperties", "objectId", scope, "ownProperties", true);
        Object sp =
            JsonReader.list(properties, "result").stream()
                .filter(p -> "sp".equals(JsonReader.at(p, "name")))
                .findFirst()
                .orElseThrow();
        assertTrue(
            JsonReader.at(sp, "value").toString().contains("0x000583"),
            () -> "sp in hexadecimal: " + sp);

        client.call(
            "Debugger.removeBreakpoint", "breakpointId", JsonReader.at(set, "breakpointId"));
        client.call("Debugger.stepOver");
        Object next = client.event("Debugger.paused", p -> true);
        assertEquals(List.of("sort", "unit", "main", "_start"), functions(next));
        assertEquals(19, JsonReader.number(next, "callFrames", 0, "location", "lineNumber"));
        client.call("Debugger.stepOut");
        Object out = client.event("Debugger.paused", p -> true);
        assertEquals(List.of("unit", "main", "_start"), functions(out));
        client.call("Debugger.resume");
      }
      assertEquals(0, guest.end());
      assertEquals(20, guest.output().size());
    }
  }

  @Test
  void conditionsAndExpressionsAsChromeSendsThem() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest =
        new Debuggee("run", Debuggee.image("bench/quicksort"), "--inspect=" + port)) {
      try (Client client = Client.of(guest, port)) {
        client.begin();
        client.event("Debugger.paused", p -> true);
        Object script = client.script();
        client.call(
            "Debugger.setBreakpointByUrl",
            "url",
            JsonReader.at(script, "url"),
            "lineNumber",
            18,
            "condition",
            "r10 == 100\n\n//# sourceURL=debugger://breakpoint");
        client.call("Debugger.resume");
        Object paused = client.event("Debugger.paused", p -> true);
        assertEquals("0x00000064", evaluate(client, paused, 0, "$r10", "result", "description"));
        assertEquals("0x000583e0", evaluate(client, paused, 1, "$sp", "result", "description"));
        assertEquals(
            "sort",
            evaluate(
                client,
                paused,
                0,
                "$pivot",
                "exceptionDetails",
                "stackTrace",
                "callFrames",
                0,
                "functionName"));
        client.call("Debugger.setBreakpointsActive", "active", false);
        client.call("Debugger.resume");
      }
      assertEquals(0, guest.end());
    }
  }

  private static Object evaluate(
      Client client, Object paused, int frame, String expression, Object... path)
      throws InterruptedException {
    Object id = JsonReader.at(paused, "callFrames", frame, "callFrameId");
    Object answer =
        client.call("Debugger.evaluateOnCallFrame", "callFrameId", id, "expression", expression);
    return JsonReader.at(answer, path);
  }

  @Test
  void droppedConnectionLetsTheGuestRunOn() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest =
        new Debuggee("run", Debuggee.image("bench/quicksort"), "--inspect=" + port)) {
      try (Client client = Client.of(guest, port)) {
        client.begin();
        client.event("Debugger.paused", p -> true);
      }
      assertEquals(0, guest.end());
      assertEquals(20, guest.output().size());
    }
  }
}
