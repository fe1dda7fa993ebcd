package org.curios.tests.tools;

import static org.curios.tests.tools.DapClient.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.tests.JsonReader;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A debugger works on the C++ of a guest by the Debug Adapter Protocol, as VS Code does. */
@Timeout(600)
class DapTest {
  private static final String QUICKSORT = "programs/bench/quicksort.cc";
  private static final String MAIN = "programs/bench/bench.cc";
  private static final int LAST_OF_MAIN = 14;
  private static final int SWAP = 19;
  private static final int RECURSION = 23;
  private static final int AFTER_UNIT = 9;
  private static final int PLACE = 23;

  private static Debuggee start(int port) throws Exception {
    Debuggee guest = new Debuggee("run", Debuggee.image("bench/quicksort"), "--dap=" + port);
    guest.message("waiting for a debugger on 127.0.0.1:" + port);
    return guest;
  }

  private static DapClient attach(int port) throws Exception {
    DapClient client = new DapClient(port);
    client.request("initialize", "adapterID", "test", "linesStartAt1", true);
    client.request("attach");
    client.event("initialized");
    return client;
  }

  private static void breakAt(DapClient client, Integer... lines) throws Exception {
    breakIn(client, QUICKSORT, lines);
  }

  private static void breakIn(DapClient client, String file, Integer... lines) throws Exception {
    List<Object> breakpoints = new ArrayList<>();
    for (int line : lines) {
      breakpoints.add(map("line", line));
    }
    client.request(
        "setBreakpoints", "source", map("path", Debuggee.source(file)), "breakpoints", breakpoints);
  }

  private static int stopped(DapClient client) throws Exception {
    return JsonReader.number(client.event("stopped"), "threadId");
  }

  private static List<?> stack(DapClient client, int thread) throws Exception {
    return JsonReader.list(client.request("stackTrace", "threadId", thread), "stackFrames");
  }

  private static List<String> names(List<?> stack) {
    return stack.stream().map(f -> (String) JsonReader.at(f, "name")).toList();
  }

  private static int variablesOf(DapClient client, Object frame) throws Exception {
    Object scopes = client.request("scopes", "frameId", JsonReader.number(frame, "id"));
    assertEquals("Local", JsonReader.at(scopes, "scopes", 0, "name"));
    return JsonReader.number(scopes, "scopes", 0, "variablesReference");
  }

  private static Map<String, String> variables(DapClient client, Object frame) throws Exception {
    int reference = variablesOf(client, frame);
    Map<String, String> variables = new TreeMap<>();
    Object all = client.request("variables", "variablesReference", reference);
    for (Object v : JsonReader.list(all, "variables")) {
      variables.put((String) JsonReader.at(v, "name"), (String) JsonReader.at(v, "value"));
    }
    return variables;
  }

  @Test
  void breakpointsStackAndRegistersAtSourceLevel() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port);
        DapClient client = attach(port)) {
      breakAt(client, SWAP);
      client.request("configurationDone");

      int thread = stopped(client);
      assertEquals(List.of("_start"), names(stack(client, thread)));
      assertEquals(List.of(), guest.output());
      client.request("continue", "threadId", thread);

      Object resolved =
          client.event(
              "breakpoint", b -> Boolean.TRUE.equals(JsonReader.at(b, "breakpoint", "verified")));
      assertEquals(SWAP, JsonReader.number(resolved, "breakpoint", "line"));
      assertEquals("breakpoint", JsonReader.at(client.event("stopped"), "reason"));
      List<?> stack = stack(client, thread);
      assertEquals(List.of("sort", "unit", "main", "_start"), names(stack));
      assertEquals(SWAP, JsonReader.number(stack.get(0), "line"));
      assertEquals(Debuggee.source(QUICKSORT), JsonReader.at(stack.get(0), "source", "path"));
      assertEquals(33, JsonReader.number(stack.get(1), "line"), "where unit calls sort");
      assertEquals(Debuggee.source(MAIN), JsonReader.at(stack.get(2), "source", "path"));

      Map<String, String> inner = variables(client, stack.get(0));
      for (String register : List.of("r0", "r12", "sp", "lr", "pc", "cpsr")) {
        assertTrue(inner.get(register).matches("0x[0-9a-f]{8}"), () -> register + " in " + inner);
      }
      assertEquals("supervisor", inner.get("mode"));
      assertTrue(List.of("true", "false").contains(inner.get("n")), inner::toString);
      Map<String, String> outer = variables(client, stack.get(1));
      assertEquals(inner.get("lr"), outer.get("pc"), "sort has not called yet: it returns to unit");
      assertTrue(outer.get("sp").compareTo(inner.get("sp")) > 0, "the stack grows down");

      breakAt(client);
      client.request("continue", "threadId", thread);
      client.event("terminated");
      guest.endsWell();
      assertEquals(Collections.nCopies(20, "a293befe"), guest.output());
      assertEquals(List.of(), guest.messages(), "nothing more is said");
    }
  }

  @Test
  void stepsAndWritesRegisters() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port);
        DapClient client = attach(port)) {
      breakAt(client, RECURSION);
      client.request("configurationDone");
      int thread = stopped(client);
      client.request("continue", "threadId", thread);
      stopped(client);
      assertEquals(RECURSION, JsonReader.number(stack(client, thread).get(0), "line"));

      client.request("stepIn", "threadId", thread);
      stopped(client);
      List<?> within = stack(client, thread);
      assertEquals(List.of("sort", "sort", "unit", "main", "_start"), names(within));

      client.request("stepOut", "threadId", thread);
      stopped(client);
      breakAt(client);
      while (names(stack(client, thread)).size() > 4) { // the breakpoint stops it once
        client.request("stepOut", "threadId", thread);
        stopped(client);
      }
      client.request("next", "threadId", thread);
      stopped(client);
      List<?> after = stack(client, thread);
      assertEquals(List.of("sort", "unit", "main", "_start"), names(after));

      int reference = variablesOf(client, after.get(0));
      Object set =
          client.request(
              "setVariable", "variablesReference", reference, "name", "r12", "value", "0x1234");
      assertEquals("0x00001234", JsonReader.at(set, "value"));
      assertEquals("0x00001234", variables(client, after.get(0)).get("r12"));
      int frame = JsonReader.number(after.get(0), "id");
      Object r12 = client.request("evaluate", "expression", "$r12", "frameId", frame);
      assertEquals("0x00001234", JsonReader.at(r12, "result"));
      Object wrong = client.attempt("evaluate", "expression", "r16", "frameId", frame);
      assertEquals(false, JsonReader.at(wrong, "success"));
      assertTrue(
          JsonReader.at(wrong, "message").toString().contains("r16: neither a register nor"));

      client.request("disconnect");
      guest.endsWell();
      assertEquals(20, guest.output().size());
    }
  }

  private static Object evaluate(DapClient client, Object frame, String expression)
      throws Exception {
    int id = JsonReader.number(frame, "id");
    return JsonReader.at(
        client.request("evaluate", "expression", expression, "frameId", id), "result");
  }

  private static String complaint(DapClient client, Object frame, String expression)
      throws Exception {
    int id = JsonReader.number(frame, "id");
    Object answer = client.attempt("evaluate", "expression", expression, "frameId", id);
    assertEquals(false, JsonReader.at(answer, "success"), answer::toString);
    return (String) JsonReader.at(answer, "message");
  }

  @Test
  void expressionsInEachFrameAndConditions() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port);
        DapClient client = attach(port)) {
      client.request(
          "setBreakpoints",
          "source",
          map("path", Debuggee.source(QUICKSORT)),
          "breakpoints",
          List.of(map("line", SWAP, "condition", "r10 >= 100")));
      client.request("configurationDone");
      int thread = stopped(client);
      client.request("continue", "threadId", thread);
      stopped(client);
      List<?> stack = stack(client, thread);
      Object inner = stack.get(0);
      assertEquals("0x00000064", variables(client, inner).get("r10"), "the first that is not less");
      for (Object frame : stack) {
        String sp = variables(client, frame).get("sp");
        assertEquals(sp, evaluate(client, frame, "$sp"));
        assertEquals("true", evaluate(client, frame, "sp == " + sp));
      }

      assertEquals("0xffffffff", evaluate(client, inner, "r12 = -1"), "a register as it is then");
      assertEquals("true", evaluate(client, inner, "$r12 == -1"));
      assertEquals("false", evaluate(client, inner, "r12 < 1"), "unsigned");
      assertEquals("true", evaluate(client, inner, "r12 != r10"));
      assertEquals("true", evaluate(client, inner, "n == n"));

      String outer = complaint(client, stack.get(1), "r12 = 1");
      assertTrue(outer.contains("r12: cannot be written here"), outer);
      assertTrue(complaint(client, inner, "r16 = 1").contains("r16: no register"));
      assertTrue(complaint(client, inner, "r12 == x").contains("x: neither a register nor"));
      assertTrue(complaint(client, inner, "n < true").contains("compare two numbers"));
      client.request("disconnect");
      guest.end();
    }
  }

  @Test
  void theNextDebuggerMayCome() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port)) {
      try (DapClient first = attach(port)) {
        breakAt(first, SWAP);
        first.request("configurationDone");
        int thread = stopped(first);
        first.request("continue", "threadId", thread);
        stopped(first);
        first.request("disconnect");
        assertTrue(first.isClosedByServer());
      }
      try (DapClient second = attach(port)) {
        breakIn(second, MAIN, AFTER_UNIT);
        second.request("configurationDone");
        int thread = stopped(second);
        assertEquals(List.of("main", "_start"), names(stack(second, thread)), "not in sort again");
        breakIn(second, MAIN);
        second.request("continue", "threadId", thread);
        second.event("terminated");
      }
      guest.endsWell();
      assertEquals(Collections.nCopies(20, "a293befe"), guest.output());
      assertEquals(List.of(), guest.messages(), "nothing more is said");
    }
  }

  @Test
  void shellSaysThatTheGuestIsHeldAndServesTheNextDebugger() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = new Debuggee("shell", "--dap=" + port)) {
      guest.message("waiting for a debugger on 127.0.0.1:" + port);
      for (int i = 1; i <= 2; i++) {
        guest.type("services\n");
        guest.printed(i, "names ");
        try (DapClient client = attach(port)) {
          breakIn(client, "services/store.cc", PLACE);
          client.request("configurationDone");
          stopped(client);
          guest.type("bt\n");
          guest.printed(i, "a debugger has stopped the guest; continue it there");
        } // without a word
        guest.message("the debugger has disappeared; the guest continues");
      }
      guest.type("quit\n");
      assertEquals(1, guest.end(), "two commands have failed");
    }
  }

  @Test
  void debuggerLeavesAtTheVeryEnd() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port);
        DapClient client = attach(port)) {
      breakIn(client, MAIN, LAST_OF_MAIN);
      client.request("configurationDone");
      int thread = stopped(client);
      client.request("continue", "threadId", thread);
      stopped(client);
      client.request("disconnect");
      guest.endsWell();
      assertEquals(20, guest.output().size());
    }
  }

  @Test
  void secondDebuggerIsToldAndDroppedOneIsForgotten() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port)) {
      try (DapClient first = attach(port);
          DapClient second = new DapClient(port)) {
        String told = JsonReader.at(second.event("output"), "output").toString();
        assertTrue(told.contains("another debugger is attached"), told);
        assertTrue(second.isClosedByServer());
        guest.message("a debugger was refused: another debugger is attached");
        first.request("configurationDone");
        stopped(first);
      }
      guest.message("the debugger has disappeared; the guest continues");
      guest.endsWell();
      assertEquals(20, guest.output().size());
    }
  }

  @Test
  void portInUseIsSaid() throws Exception {
    try (var taken = new java.net.ServerSocket(0, 0, java.net.InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      for (String option : List.of("--dap", "--inspect")) {
        Curios.run("run", Debuggee.image("bench/sieve"), option + "=" + port)
            .complains(option, "port " + port, "give another one");
      }
    }
    Curios.run("run", Debuggee.image("bench/sieve"), "--dap=70000").complains("0 to 65535");
    Curios.run("run", Debuggee.image("bench/sieve"), "--inspect=x")
        .complains("--inspect", "number");
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    int port = Debuggee.freePort();
    try (Debuggee guest = start(port)) {
      for (var face : Collections.list(java.net.NetworkInterface.getNetworkInterfaces())) {
        for (var address : Collections.list(face.getInetAddresses())) {
          if (!address.isLoopbackAddress()) {
            try (java.net.Socket socket = new java.net.Socket()) {
              socket.connect(new java.net.InetSocketAddress(address, port), 2000);
              assertFalse(socket.isConnected(), () -> "reached by " + address);
            } catch (java.io.IOException e) {
              assertFalse(e.getMessage().isEmpty());
            }
          }
        }
      }
      assertTrue(guest.output().isEmpty());
    }
  }
}
