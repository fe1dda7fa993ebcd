package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Guest;
import org.curios.tests.JsonReader;
import org.jline.terminal.Terminal.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell on real JLine terminals: one that can do everything, and one that can do nothing. */
class TerminalTest {
  private static final String CLIENTS = "shell,steady0,steady1,steady2";

  private TypedShell typed;

  private TypedShell open(String type) throws Exception {
    typed = new TypedShell(type, "ssr-packed", CLIENTS);
    typed.session().runTo(Boot.BOOTED);
    return typed.open();
  }

  @AfterEach
  void close() throws Exception {
    if (typed != null) {
      typed.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xterm-256color", "ansi", "dumb"})
  void aSessionAsAPersonHasIt(String type) throws Exception {
    TypedShell t = open(type);
    t.expect("services", "store    active", "last fault");
    t.expect(
        "crash store abort", "detected   data abort at 00000000", "recovered  in", "unchanged");
    t.expect("servces", "servces: no such command; did you mean services?");
    t.expect("crash", "Missing required parameter", "usage: crash SERVICE");
    t.expect("back 1000", "tick ", "=> ");
    t.expect("ssr | grep steady0 | count", "\n5\n");
    t.expect("services | count", "\n14\n");
    t.expect("cont", "curios running");
    t.clear();
    t.type("\u0004");
    assertEquals(0, t.end());
  }

  @Test
  void coloursAreForTerminalsThatHaveThem() throws Exception {
    TypedShell t = open("xterm-256color");
    t.enter("crahs");
    assertTrue(t.raw().contains("\u001b[31m"), t.raw());
    t.close();
    t = open("dumb");
    t.enter("crahs");
    assertFalse(t.raw().contains("\u001b["), t.raw());
  }

  @Test
  void howACommandIsWrittenHasNoCodesOfColours() throws Exception {
    String key = "picocli.ansi";
    String before = System.setProperty(key, "true"); // as on a terminal of a user
    try {
      TypedShell t = open("xterm-256color");
      t.expect("services files", "usage: services [--json]; help services says more");
    } finally {
      if (before == null) {
        System.clearProperty(key);
      } else {
        System.setProperty(key, before);
      }
    }
  }

  @Test
  void tabCompletesWhatCanStandThere() throws Exception {
    TypedShell t = open("xterm-256color");
    for (String[] typed :
        new String[][] {
          {"cra", "crash "},
          {"crash st", "crash store "},
          {"crash store bitf", "crash store bitflip "},
          {"crash store --cl", "crash store --client "},
          {"crash store --client steady1", "crash store --client steady1 "},
          {"ssr sh", "ssr show "},
          {"handles steady2", "handles steady2 "},
          {"print $cp", "print $cpsr "},
          {"break kernel_m", "break kernel_main "},
          {"break store.pu", "break store.put "},
          {"services; pol", "services; policy "},
          {"services | gre", "services | grep "},
          {"policy datas", "policy datastore "},
          {"help reverse-s", "help reverse-step "},
          {"info lin", "info line "},
          {"services --js", "services --json "},
        }) {
      t.type(typed[0] + "\t#");
      t.see("> " + Pattern.quote(typed[1] + "#") + "\\n*$");
      t.type("\u0015"); // Ctrl-U
      t.see("> ?\\n*$");
    }
    String id = t.answer("ssr store | grep steady0").substring(0, 8);
    t.clear();
    t.type("ssr show " + id.substring(0, 5) + "\t\t");
    t.await("of steady0 in store");
    t.type("\u0003");
  }

  @Test
  void whatIsTypedIsColoured() throws Exception {
    TypedShell t = open("xterm-256color");
    t.clear();
    t.type("crahs");
    t.see("> crahs\n*$");
    t.type("\u0015crash store --at 3 $r1 'x y'");
    t.see("> crash store --at 3 .r1 'x y'\n*$");
    String raw = t.raw();
    assertTrue(
        raw.contains("\u001b[32;1m") || raw.contains("\u001b[1m\u001b[32m"),
        () -> "a command: " + raw.replace('\u001b', '^'));
    assertTrue(raw.contains("\u001b[31m"), "and what is none yet");
    assertTrue(raw.contains("\u001b[36m"), "an option");
    assertTrue(raw.contains("\u001b[35m"), "a register");
    assertTrue(raw.contains("\u001b[94m"), "a number");
    assertTrue(raw.contains("\u001b[33m"), "a quoted word");
  }

  @Test
  void keysStopTheMachineAndNotTheShell() throws Exception {
    TypedShell t = open("xterm-256color");
    t.expect("cont", "curios running");
    t.clear();
    t.type("\u0003");
    t.await("stopped at tick [0-9,]+; cont resumes, quit leaves\ncurios stopped [0-9,]+> ");
    t.clear();
    t.type("half a line\u0003");
    t.await("half a line[^>]*curios stopped [0-9,]+> ");
    t.clear();
    t.type("\u0003");
    t.await("the machine is already stopped; cont resumes, quit leaves\ncurios stopped");
    t.clear();
    t.type("crash uartirq\r"); // which has no callers: Ctrl-C ends the wait, unless it is over on a
    // slow host
    Thread.sleep(300);
    t.terminal().raise(Signal.INT);
    t.await(
        "crashes when it does(, and the machine has stopped|; cont)[^>]*curios stopped [0-9,]+> ");
    t.clear();
    t.type("\u0004");
    assertEquals(0, t.end());
  }

  @Test
  void whatHappensMeanwhileIsToldAboveThePrompt() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("tbreak store.put");
    t.clear();
    t.type("cont\r");
    t.see("breakpoint 1, 40580000 put at services/store.cc:43\ntick ");
    t.see("<put>  .*\ncurios stopped [0-9,]+>\n*$");
    t.answer("cont");
    t.session()
        .change(m -> {
          Guest.View v = t.guest().at(m);
          v.crashes().arm(v.object("store"), 1);
        });
    t.see("\nstore: data abort in a request of \\w+; recovered after [\\d.]+ us, restart 1\n");
    t.see("\ncurios running [0-9,M]+, store recovered>\n*$");
    assertFalse(t.answer("events | tail 1").isEmpty());
    assertFalse(t.enter("policy").contains("store recovered"), "once it is known");
  }

  @Test
  void thePromptFollowsADebugger() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("cont");
    String invitation = t.answer("gdb 0");
    int port = Integer.parseInt(invitation.replaceFirst("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1"));
    try (Socket gdb = new Socket(InetAddress.getLoopbackAddress(), port)) {
      t.see("gdb: attached; the machine is stopped at tick [0-9,]+\ncurios stopped [0-9,]+>\n*$");
      String before = t.display().strip().replaceFirst("(?s).*(curios stopped [0-9,]+>)", "$1");
      gdb.getOutputStream().write("$s#73".getBytes(StandardCharsets.US_ASCII));
      t.see("\ncurios stopped [0-9,]+(?<!" + before.replace(">", "") + ")>\n*$");
      gdb.getOutputStream().write("$D#44".getBytes(StandardCharsets.US_ASCII));
      t.see("gdb: detached; [^\n]*\ncurios running [0-9,M]+>\n*$");
    }
  }

  @Test
  void aFaultOfThePastIsNoNews() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("crash store");
    t.answer("back event fault");
    t.see("\ncurios stopped [0-9,]+>\n*$");
    t.answer("cont");
    t.session()
        .change(m -> {
          Guest.View v = t.guest().at(m);
          v.crashes().arm(v.object("store"), 1);
        });
    t.see("\ncurios running [0-9,M]+, store recovered>\n*$");
    assertTrue(t.enter("reboot").contains("rebooted\ncurios running "), "and gone with the boot");
  }

  @Test
  void longOutputComesInPages() throws Exception {
    TypedShell t = open("xterm-256color");
    t.clear();
    t.type("disas kernel_main\r");
    t.await("kernel_main\\+40>");
    Thread.sleep(200);
    assertFalse(t.screen().contains("<kernel_main+400>"), "only a page");
    t.clear();
    t.type(" ");
    t.await("<kernel_main\\+1[0-9]+>");
    t.type("q");
    t.await("curios stopped [0-9,]+> ");
    t.answer("set pagination off");
    assertTrue(t.answer("disas kernel_main").contains("<kernel_main+400>"));
    assertEquals("20", t.answer("disas kernel_main | head 20 | count"));
  }

  @Test
  void topIsDrawnAgainAndQuitsCleanly() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("cont");
    t.clear();
    t.type("top\r");
    t.await("CuriOS ssr-packed");
    t.await("states   \\. at rest");
    t.await("calls/s");
    assertTrue(t.raw().contains("\u001b[?1049h"), "the other screen");
    t.clear();
    t.see("^CuriOS ssr-packed  running  tick ");
    t.see("\nservice +state +calls/s +calls ");
    t.resize(60, 12);
    t.see("^CuriOS ssr-packed  running  tick [^\n]*\n(?:[^\n]*\n){11}$");
    t.type(" ");
    t.see("^CuriOS ssr-packed  stopped ");
    t.resize(120, 40);
    t.see("\nq quits, space stops or resumes the machine\n");
    t.type("q");
    t.await("curios stopped [0-9,]+> ");
    assertTrue(t.raw().contains("\u001b[?1049l"), "and back");
    assertEquals("14", t.answer("services | count"));
  }

  @Test
  void theGuestsConsoleIsAttachedAndLeft() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("cont");
    t.clear();
    t.type("console\r");
    t.await("Ctrl-A x returns");
    t.type("put 5 55\r");
    t.await("put: 1");
    t.type("\u0001h");
    t.await("Ctrl-A x  return to the shell");
    t.clear();
    t.type("\u0001x");
    t.await("curios running [0-9,M]+> ");
    assertTrue(t.answer("type get 5").contains("get: 55"));
  }

  @Test
  void linesAreKeptForTheNextSession() throws Exception {
    TypedShell t = open("xterm-256color");
    t.answer("policy");
    assertTrue(t.answer("history").matches("(?s).*\\d+ +policy\n.*"));
    t.clear();
    t.type("\u0010\u0010"); // Ctrl-P, Ctrl-P
    t.see("> policy\n*$");
  }

  @Test
  void theAccountComesSoonAfterTheRecovery() throws Exception {
    TypedShell t = open("dumb");
    t.answer("cont");
    double[] told = new double[9];
    for (int i = 0; i < told.length; i++) {
      String kind = i % 2 == 0 ? "abort" : "hang";
      String answer = t.answer("crash store " + kind + " --json");
      told[i] = (Double) JsonReader.object(answer).get("told_after_ms");
    }
    Arrays.sort(told);
    assertTrue(told[told.length / 2] < 100, () -> "milliseconds: " + Arrays.toString(told));
  }
}
