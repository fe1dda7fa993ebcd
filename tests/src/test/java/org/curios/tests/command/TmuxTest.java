package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person types a session at a real terminal, and sees what the file of screens has: all of each
 * screen, except for numbers, which change with every change of the kernel. With {@code
 * -Dcurios.update=true} the file is rewritten.
 */
class TmuxTest {
  private static final String TITLE = "==== ";

  @TempDir Path folder;

  private final Map<String, String> seen = new LinkedHashMap<>();

  private Tmux open(int columns, int rows, String... variables)
      throws IOException, InterruptedException {
    Peers.needTmux();
    List<String> program =
        new ArrayList<>(
            List.of("env", "CURIOS_HISTORY=" + folder.resolve("history"), "HOME=" + folder));
    program.addAll(List.of(variables));
    program.addAll(Curios.command("shell", "--no-jit", "-S"));
    return new Tmux(columns, rows, program);
  }

  @Test
  void aSessionLooksAsItDid() throws Exception {
    try (Tmux t = open(100, 36)) {
      see("the banner", t.await("curios stopped 0>$"));
      enter(t, "until @4000000");
      t.await("curios stopped 4,000,000>$");
      clear(t);
      t.type("serv");
      t.press("Tab");
      t.press("Enter");
      see("services", t.await("counter  active[^>]*curios stopped 4,000,000>$"));
      clear(t);
      enter(t, "help");
      see("the first page of help", t.await("space continues, q quits"));
      t.type("q");
      see("what help leaves", t.await("\ncurios stopped 4,000,000>$"));
      clear(t);
      t.type("cra");
      t.press("Tab");
      t.type("sto");
      t.press("Tab");
      t.type("a");
      t.press("Tab");
      see("ways to crash", t.await("abort +assert"));
      t.type("bort");
      t.press("Enter");
      see("a crash", t.await("steady2[^>]*curios stopped [0-9,]+>$"));
      clear(t);
      enter(t, "back event");
      see("back to the event", t.await("=> [^>]*<event>[^>]*curios stopped [0-9,]+>$"));
      enter(t, "bt");
      see("the calls", t.await("in steady[^>]*>[^>]*(>[^>]*)*curios stopped [0-9,]+>$"));
      clear(t);
      enter(t, "crahs store");
      see("a slip", t.await("did you mean crash[^>]*curios stopped [0-9,]+>$"));
      clear(t);
      enter(t, "until @999999999999; policy");
      Thread.sleep(500);
      t.press("C-c");
      t.await("stopped\ntick [^>]*=> [^\n]*\ncurios stopped [0-9,]+>$");
      clear(t);
      top(t);
      see("after top", t.await("curios stopped [0-9,]+> top\ncurios stopped [0-9,]+>$"));
      clear(t);
      enter(t, "console");
      t.await("Ctrl-A x returns");
      enter(t, "put 7 49");
      t.await("put: 1");
      t.press("C-a");
      t.type("x");
      see("the guest's console", t.await("curios running [0-9,M]+>$"));
      t.press("C-c");
      see("Ctrl-C", t.await("stopped at tick [^>]*curios stopped [0-9,]+>$"));
      t.press("C-d");
      see("Ctrl-D", t.await("ended with 0"));
    }
    compare("session.screens");
  }

  /** The full-screen view on a large and a small terminal, with a space for a new frame. */
  private static void top(Tmux t) throws IOException, InterruptedException {
    enter(t, "top");
    t.await("^CuriOS ssr-packed +stopped [^\n]*\n(?s:.*)\nq quits, space stops");
    t.type(" ");
    t.await("^CuriOS ssr-packed +running");
    t.resize(70, 20);
    t.type(" ");
    String small = t.await("^CuriOS ssr-packed +stopped [^\n]*\n(?s:.*)timer(?s:.*)q quits");
    assertTrue(small.lines().count() <= 20 && small.lines().allMatch(l -> l.length() < 70), small);
    assertFalse(small.contains("at rest"), small);
    t.resize(80, 32);
    t.type(" ");
    t.await("^CuriOS ssr-packed +running");
    t.type(" ");
    String usual = t.await("^CuriOS ssr-packed +stopped [^\n]*ticks/s\n(?s:.*)at rest");
    assertTrue(usual.lines().count() <= 32, usual);
    List<String> lines = usual.lines().toList();
    assertTrue(lines.get(lines.size() - 1).startsWith("q quits"), usual);
    assertTrue(lines.get(lines.size() - 2).matches(" *[0-9,]+ +[0-9,]+ +\\w+ +\\w+.*"), usual);
    t.resize(100, 36);
    t.await("q quits");
    t.type("q");
  }

  /** Ctrl-C is the shell's there too, although JLine hands on no signals. */
  @Test
  void aDumbTerminalHasCtrlC() throws Exception {
    try (Tmux t = open(80, 24, "TERM=dumb")) {
      t.await("curios stopped 0>$");
      t.press("C-c");
      t.await("the machine is already stopped[^>]*curios stopped 0>$");
      enter(t, "cont");
      t.await("curios running [0-9,M]+>$");
      t.press("C-c");
      t.await("stopped at tick [^>]*curios stopped [0-9,]+>$");
      enter(t, "regs | count");
      t.await("> regs . count\n6\ncurios stopped [0-9,]+>$");
      t.press("C-d");
      t.await("ended with 0$");
    }
  }

  @Test
  void ctrlCDropsHalfALine() throws Exception {
    try (Tmux t = open(80, 24)) {
      t.await("curios stopped 0>$");
      enter(t, "cont");
      t.await("curios running [0-9,M]+>$");
      t.type("crash sto");
      t.await("> crash sto$");
      t.press("C-c");
      t.await("> crash sto\ncurios running [0-9,M]+>$");
      t.press("C-c");
      t.await("stopped at tick [^>]*curios stopped [0-9,]+>$");
      t.press("C-d");
      t.await("ended with 0$");
    }
  }

  @Test
  void aSmallTerminalIsUsedToo() throws Exception {
    try (Tmux t = open(60, 15)) {
      see("the banner", t.await("curios stopped 0>$"));
      enter(t, "until @4000000");
      t.await("curios stopped 4,000,000>$");
      clear(t);
      enter(t, "crash store abort");
      see("a crash", t.await("steady2[^>]*curios stopped [0-9,]+>$"));
      clear(t);
      enter(t, "help watch");
      see("help of a command", t.await("space continues, q quits|curios stopped [0-9,]+>$"));
      t.press("C-d");
    }
    compare("small.screens");
  }

  private static void enter(Tmux t, String line) throws IOException, InterruptedException {
    t.type(line);
    t.press("Enter");
  }

  private static void clear(Tmux t) throws IOException, InterruptedException {
    t.press("C-l");
    t.await("^curios stopped [0-9,]+>$");
  }

  /**
   * Stores a screen; parts that change with the kernel are masked: numbers, and the victim and
   * place of a fault.
   */
  private void see(String title, String screen) {
    seen.put(
        title,
        screen
            .replaceAll("\\b[0-9a-f]{8}\\b", "#")
            .replaceAll("\\b[0-9][0-9,.]*M?\\b", "#")
            .replaceAll("steady#?\\d", "steady#")
            .replaceAll("\\b(get|put|remove) (of|is)\\b", "METHOD $2")
            .replaceAll("gives [^;]+;", "gives #;")
            .replaceAll(" +", " "));
  }

  private void compare(String file) throws IOException {
    StringBuilder text = new StringBuilder();
    seen.forEach((title, screen) ->
        text.append(TITLE).append(title).append('\n').append(screen).append("\n\n"));
    if (Boolean.getBoolean("curios.update")) {
      Files.writeString(
          Path.of(System.getProperty("curios.root", ".."))
              .resolve("tests/src/test/resources/org/curios/tests/command")
              .resolve(file),
          text);
      return;
    }
    try (InputStream in = TmuxTest.class.getResourceAsStream(file)) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          text.toString(),
          file + ": screens differ; if they should, say -Dcurios.update=true");
    }
  }
}
