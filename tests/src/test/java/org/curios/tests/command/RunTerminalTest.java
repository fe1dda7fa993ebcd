package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.curios.kernel.Images;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code curios run} at a real terminal: however the run ends, the process ends at once, says
 * nothing that it should not, and leaves the terminal as it found it.
 */
class RunTerminalTest {
  /** Runs what follows, and says whether the terminal has the same settings afterwards. */
  private static final String AROUND =
      "trap : INT; before=$(stty -g); echo $$ >$0; \"$@\"; status=$?; [ \"$before\" = \"$(stty -g)\" ] && echo"
          + " settings kept; exit $status";

  private static final String HINT = "curios: Ctrl-A x ends the run, Ctrl-A h shows the keys";

  @TempDir Path folder;

  private Tmux open(String... arguments) throws IOException, InterruptedException {
    Peers.needTmux();
    List<String> program =
        new ArrayList<>(List.of("sh", "-c", AROUND, folder.resolve("pid").toString()));
    List<String> words = new ArrayList<>(List.of("run", "--no-jit"));
    words.addAll(List.of(arguments));
    program.addAll(Curios.command(words.toArray(String[]::new)));
    return new Tmux(100, 24, program);
  }

  /** Waits for the end, and checks what is on the screen. */
  private static String ended(Tmux t, int status) throws IOException, InterruptedException {
    String screen = t.await("settings kept\nended with " + status + "$");
    assertFalse(screen.contains("Exception") || screen.contains("\tat "), screen);
    return screen;
  }

  private String hosted() throws IOException {
    return RawProgram.write(folder.resolve("program.elf"), Images.elf("hosted/program"));
  }

  /** The process that the shell in the terminal has started. */
  private ProcessHandle process() throws IOException {
    long shell = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    try (Stream<ProcessHandle> children = ProcessHandle.of(shell).orElseThrow().children()) {
      return children.findFirst().orElseThrow();
    }
  }

  @Test
  void theGuestExits() throws Exception {
    try (Tmux t = open(new RawProgram().print("done\r\n").exit(42).in(folder))) {
      String screen = ended(t, 42);
      assertTrue(screen.startsWith(HINT + "\ndone\nsettings kept"), screen);
    }
  }

  @Test
  void theGuestDies() throws Exception {
    String vectors =
        RawProgram.write(
            folder.resolve("vectors"), new RawProgram().words(0, RawProgram.UNDEFINED).bytes());
    try (Tmux t =
        open("--load", "0:" + vectors, new RawProgram().words(RawProgram.UNDEFINED).in(folder))) {
      assertTrue(ended(t, 3).contains("the guest is dead"));
    }
  }

  @Test
  void anExceptionWithoutAHandlerEndsIt() throws Exception {
    try (Tmux t = open("--strict", new RawProgram().words(RawProgram.UNDEFINED).in(folder))) {
      assertTrue(ended(t, 3).contains("no handler at vector 0x04"));
    }
  }

  /** Input is a file: no key goes to the guest, and the terminal is left alone. */
  @Test
  void inputIsNoTerminal() throws Exception {
    Peers.needTmux();
    List<String> program = new ArrayList<>(List.of("sh", "-c", "\"$@\" </dev/null", "sh"));
    program.addAll(Curios.command("run", "--no-jit", new RawProgram().exit(7).in(folder)));
    try (Tmux t = new Tmux(100, 24, program)) {
      assertEquals("ended with 7", t.await("ended with 7$"));
    }
  }

  @Test
  void theTicksAreUsedUp() throws Exception {
    String image = new RawProgram().words(RawProgram.BRANCH_TO_SELF).in(folder);
    try (Tmux t = open("--max-ticks", "1000000", image)) {
      ended(t, 124);
    }
  }

  @Test
  void theUserEndsIt() throws Exception {
    try (Tmux t = open(new RawProgram().print("on").words(RawProgram.BRANCH_TO_SELF).in(folder))) {
      t.await("on$");
      t.press("C-a");
      t.type("h");
      t.await("Ctrl-A Ctrl-A  send Ctrl-A");
      t.press("C-a");
      t.type("x");
      ended(t, 130);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT 130", "TERM 143", "HUP 129"})
  void aSignalEndsIt(String signal) throws Exception {
    String[] words = signal.split(" ");
    try (Tmux t = open(new RawProgram().print("on").words(RawProgram.BRANCH_TO_SELF).in(folder))) {
      t.await("on$");
      new ProcessBuilder("kill", "-" + words[0], Long.toString(process().pid())).start().waitFor();
      ended(t, Integer.parseInt(words[1]));
    }
  }

  /** The window is closed. */
  @Test
  void theTerminalGoesAway() throws Exception {
    ProcessHandle process;
    try (Tmux t = open(new RawProgram().print("on").words(RawProgram.BRANCH_TO_SELF).in(folder))) {
      t.await("on$");
      process = process();
    }
    process.onExit().get(60, TimeUnit.SECONDS);
  }

  /** If Ctrl-C has no effect, a hint says how to end the run. */
  @Test
  void ctrlCToNoEffect() throws Exception {
    try (Tmux t =
        open(new RawProgram().print("on\r\n").words(RawProgram.BRANCH_TO_SELF).in(folder))) {
      t.await("on$");
      t.press("C-c");
      t.await("on\n" + HINT + "$");
      t.press("C-a");
      t.type("x");
      ended(t, 130);
    }
  }

  /**
   * A program that reads standard input has lines, with echo and the keys of the terminal. A line
   * that is typed before it reads is there when it does.
   */
  @Test
  void aProgramReadsLines() throws Exception {
    try (Tmux t = open(hosted(), "--", "sum")) {
      t.await(HINT);
      t.type("5");
      t.press("Enter");
      t.await("sum 5$");
      t.type("1 2 399");
      t.await("\n1 2 399$");
      t.press("BSpace");
      t.press("BSpace");
      t.press("Enter");
      t.await("\n1 2 3\nsum 11$");
      t.press("C-d");
      assertTrue(ended(t, 0).contains("sum 11\nend\n"));
    }
    try (Tmux t = open(hosted(), "--", "sum")) {
      t.await(HINT);
      t.type("5");
      t.press("Enter");
      t.await("sum 5$");
      t.type("7");
      t.await("\n7$");
      t.press("C-c");
      ended(t, 130);
    }
  }
}
