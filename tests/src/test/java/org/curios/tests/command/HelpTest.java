package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;

/** Help fits the terminal it is read on: lines break between words, and as late as they can. */
class HelpTest {
  private static final String COMMANDS =
      "shell run demo evaluate campaign profile script 'evaluate calls' 'campaign run'";
  private static final int ROWS = 600;

  /** Returns the help of all commands as a terminal of a width shows it. */
  private static List<String> help(int columns) throws IOException, InterruptedException {
    String all =
        "tmux set-option status off; clear; \"$@\" --help; for c in "
            + COMMANDS
            + "; do \"$@\" $c --help; done";
    List<String> program = new ArrayList<>(List.of("sh", "-c", all, "sh"));
    program.addAll(Curios.command());
    try (Tmux t = new Tmux(columns, ROWS, program)) {
      return t.await("ended with 0$").lines().toList();
    }
  }

  private static String words(List<String> lines) {
    return String.join(" ", lines).strip().replaceAll("\\s+", "\n");
  }

  @Test
  void linesBreakBetweenWords() throws Exception {
    Peers.needTmux();
    List<String> narrow = help(60);
    List<String> usual = help(80);
    List<String> wide = help(160);
    assertTrue(narrow.size() > usual.size() && usual.size() > wide.size());
    // What is a column beside another one is read in the same order.
    assertEquals(words(wide), words(usual));
    assertEquals(words(wide), words(narrow));
  }

  /** A line is not followed by one whose first word would have had room on it. */
  @Test
  void linesAreFull() throws Exception {
    Peers.needTmux();
    String usual = String.join("\n", help(80));
    assertTrue(
        usual.contains(
            "Run an ARM image on the VersatilePB: an ELF executable, a U-Boot image or a raw\none."),
        usual);
  }
}
