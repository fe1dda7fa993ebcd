package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person types a session at a real terminal, and sees what the file of screens has: all of each
 * screen, but for numbers, which change with every change of the kernel. With {@code
 * -Dcurios.update=true} the file is written anew.
 */
class TmuxTest {
  private static final String SCREENS = "session.screens";
  private static final String TITLE = "==== ";

  @TempDir Path folder;

  private final Map<String, String> seen = new LinkedHashMap<>();

  @Test
  void aSessionLooksAsItDid() throws Exception {
    Assumptions.assumeTrue(Tmux.isThere() || "true".equals(System.getenv("CI")), "tmux is missing");
    List<String> program =
        new ArrayList<>(
            List.of("env", "CURIOS_HISTORY=" + folder.resolve("history"), "HOME=/nowhere"));
    program.addAll(Curios.command("shell", "--no-jit", "-S"));
    try (Tmux t = new Tmux(100, 36, program)) {
      see("the banner", t.await("curios stopped 0>"));
      t.type("until @4000000");
      t.press("Enter");
      t.await("curios stopped 4,000,000>");
      t.type("serv");
      t.press("Tab");
      t.press("Enter");
      see("services", t.await("counter  active[^>]*curios stopped 4,000,000>"));
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
      see("a crash", t.await("steady2[^>]*curios stopped [0-9,]+>"));
      clear(t);
      t.type("back event");
      t.press("Enter");
      see("back to the event", t.await("=> [^>]*<event>[^>]*curios stopped [0-9,]+>"));
      t.type("bt");
      t.press("Enter");
      see("the calls", t.await("in steady[^>]*>[^>]*(>[^>]*)*curios stopped [0-9,]+>"));
      clear(t);
      t.type("crahs store");
      t.press("Enter");
      see("a slip", t.await("did you mean crash[^>]*curios stopped [0-9,]+>"));
      clear(t);
      t.type("top");
      t.press("Enter");
      t.await("q leaves");
      t.type(" ");
      t.await("ssr-packed +running");
      t.type(" ");
      t.await("ssr-packed +stopped");
      t.resize(70, 20);
      String small = t.await("^CuriOS[^\n]*\n(?s:.*)timer");
      assertTrue(
          small.lines().count() <= 20 && small.lines().allMatch(l -> l.length() <= 70), small);
      t.resize(100, 36);
      t.await("q leaves");
      t.type("q");
      see("behind top", t.await("curios stopped [0-9,]+> top\ncurios stopped [0-9,]+>"));
      clear(t);
      t.type("console");
      t.press("Enter");
      t.await("Ctrl-A x comes back");
      t.type("put 7 49");
      t.press("Enter");
      t.await("put: 1");
      t.press("C-a");
      t.type("x");
      see("the guest's console", t.await("curios running [0-9,M]+>"));
      t.press("C-c");
      see("Ctrl-C", t.await("stopped at tick [^>]*curios stopped [0-9,]+>"));
      t.press("C-d");
      see("Ctrl-D", t.await("ended with 0"));
    }
    compare();
  }

  private static void clear(Tmux t) throws IOException, InterruptedException {
    t.press("C-l");
    t.await("^curios stopped [0-9,]+>$");
  }

  /** Keeps a screen: numbers are #, and columns are as wide as they are. */
  private void see(String title, String screen) {
    seen.put(
        title,
        screen
            .replaceAll("\\b[0-9a-f]{8}\\b", "#")
            .replaceAll("\\b[0-9][0-9,.]*M?\\b", "#")
            .replaceAll("steady#?\\d", "steady#")
            .replaceAll(" +", " "));
  }

  private void compare() throws IOException {
    StringBuilder text = new StringBuilder();
    seen.forEach((title, screen) ->
        text.append(TITLE).append(title).append('\n').append(screen).append("\n\n"));
    if (Boolean.getBoolean("curios.update")) {
      Path file =
          Path.of(System.getProperty("curios.root", ".."))
              .resolve("tests/src/test/resources/org/curios/tests/command")
              .resolve(SCREENS);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return;
    }
    try (InputStream in = TmuxTest.class.getResourceAsStream(SCREENS)) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          text.toString(),
          "screens differ; if they should, say -Dcurios.update=true");
    }
  }
}
