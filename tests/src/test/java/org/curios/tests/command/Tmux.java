package org.curios.tests.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A terminal of tmux with a program in it, typed at key by key. */
final class Tmux implements AutoCloseable {
  private static final String COMMAND = "tmux";
  private static final long PATIENCE_MS = 60_000;

  private static final AtomicInteger OPENED = new AtomicInteger();

  /** Its own server: one that is just ending would take the next terminal with it. */
  private final String name =
      "curios-" + ProcessHandle.current().pid() + "-" + OPENED.incrementAndGet();

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(COMMAND, "-f", "/dev/null", "-L", name));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  /** Starts a program in a terminal; when it ends, its status is shown. */
  Tmux(int columns, int rows, List<String> program) throws IOException, InterruptedException {
    StringBuilder line = new StringBuilder();
    for (String word : program) {
      line.append('\'').append(word.replace("'", "'\\''")).append("' ");
    }
    tmux(
        "new-session",
        "-d",
        "-x",
        Integer.toString(columns),
        "-y",
        Integer.toString(rows),
        "trap : INT; clear; " + line + "; echo ended with $?; sleep 100");
  }

  /** Types characters, one by one. */
  void type(String text) throws IOException, InterruptedException {
    for (int i = 0; i < text.length(); i++) {
      String key = text.substring(i, i + 1);
      tmux("send-keys", "-l", key.equals(";") ? "\\;" : key); // a bare one would part commands
    }
  }

  /** Presses a key by tmux's name for it, such as Enter or C-c. */
  void press(String key) throws IOException, InterruptedException {
    tmux("send-keys", key);
  }

  /** Makes the terminal another size. */
  void resize(int columns, int rows) throws IOException, InterruptedException {
    tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  /**
   * Returns what is on the screen, without blanks at the ends of lines and empty lines at its end.
   */
  String screen() throws IOException, InterruptedException {
    return tmux("capture-pane", "-p").replaceAll("(?m) +$", "").stripTrailing();
  }

  /** Waits until a pattern is on the screen, and returns that. */
  String await(String pattern) throws IOException, InterruptedException {
    Pattern wanted = Pattern.compile(pattern);
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    String screen = "";
    while (System.nanoTime() < end) {
      screen = screen();
      if (wanted.matcher(screen).find()) {
        return screen;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("'" + pattern + "' did not come; the screen has:\n" + screen);
  }

  @Override
  public void close() throws IOException {
    try {
      tmux("kill-server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
