package org.curios.shell;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The user's terminal in raw mode, so that the guest sees each key, Ctrl-C too. Ctrl-A is the
 * escape key, as in QEMU: Ctrl-A x ends the run, Ctrl-A h shows the keys, Ctrl-A Ctrl-A sends one.
 * The terminal is restored however the process ends.
 */
final class GuestTerminal extends InputStream {
  private static final String RAW =
      "-icanon -echo -isig -iexten -ixon -icrnl -inlcr opost onlcr min 1 time 0";

  private static final int ESCAPE = 1;
  private static final int CTRL_C = 3;

  /** Keys that send nothing to the guest. */
  private static final int NONE = -1;

  private static final int QUIT = -2;
  private static final String KEYS =
      "\nCtrl-A x  end the run\nCtrl-A h  show this\nCtrl-A Ctrl-A  send Ctrl-A\n";
  private static final String HINT = "curios: Ctrl-A x ends the run, Ctrl-A h shows the keys\n";

  /** Seconds in which a guest that takes Ctrl-C may be expected to print something. */
  private static final long PATIENCE = 1;

  private final InputStream keys = new FileInputStream(FileDescriptor.in);

  private final String before;
  private final Runnable quit;
  private final LongSupplier printed;
  private final Executor later = CompletableFuture.delayedExecutor(PATIENCE, TimeUnit.SECONDS);
  private final Thread atExit = new Thread(this::end, "terminal");
  private boolean escaped;
  private boolean interrupted;
  private boolean lines;
  private boolean closed;

  private GuestTerminal(LongSupplier printed, Runnable quit) throws IOException {
    this.printed = printed;
    this.quit = quit;
    before = stty("stty -g").strip();
    Runtime.getRuntime().addShutdownHook(atExit);
    stty("stty " + RAW);
    say(HINT);
  }

  /**
   * Reads or changes the settings of the terminal. JLine is not used, since it queries the
   * terminal, and input meanwhile would be lost.
   */
  private static String stty(String command) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return said;
  }

  /**
   * Takes over the terminal.
   *
   * @param printed how many characters the guest has printed
   * @param quit what Ctrl-A x does
   * @return null when standard input or output is no terminal
   */
  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  static GuestTerminal open(LongSupplier printed, Runnable quit) throws IOException {
    if (System.console() == null || !System.console().isTerminal()) {
      return null;
    }
    return new GuestTerminal(printed, quit);
  }

  /**
   * A program reads its standard input: from now on the terminal delivers lines, with echo, and
   * handles Ctrl-C and Ctrl-D as for any program.
   */
  synchronized void giveLines() {
    if (!lines && !closed) {
      lines = true;
      restore();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Reads keys that there are, at least one that is for the guest. */
  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    byte[] typed = new byte[length];
    int count = 0;
    while (count == 0 && length > 0) {
      int all = keys.read(typed);
      if (all <= 0) {
        return -1;
      }
      for (int i = 0; i < all; i++) {
        int key = key(typed[i] & 0xff);
        if (key == QUIT) {
          quit.run();
          return -1;
        }
        if (key != NONE) {
          to[from + count++] = (byte) key;
        }
      }
    }
    return count;
  }

  /** Returns the character that a key sends to the guest, {@link #NONE} or {@link #QUIT}. */
  private int key(int c) {
    if (!escaped) {
      escaped = c == ESCAPE;
      noteInterrupt(c);
      return escaped ? NONE : c;
    }
    escaped = false;
    if (c == 'h') {
      say(KEYS);
    }
    return c == ESCAPE ? c : c == 'x' ? QUIT : NONE;
  }

  /** Repeats the hint how to end the run if Ctrl-C has no effect. */
  private synchronized void noteInterrupt(int c) {
    boolean again = interrupted;
    interrupted = c == CTRL_C && !lines;
    if (interrupted) {
      long before = printed.getAsLong();
      later.execute(() -> {
        if (again || printed.getAsLong() == before) {
          say(HINT);
        }
      });
    }
  }

  private synchronized void say(String text) {
    if (!closed) {
      System.out.print(text);
      System.out.flush();
    }
  }

  private void restore() {
    try {
      stty("stty " + before);
    } catch (IOException e) {
      closed = true; // the terminal has closed
    }
  }

  private synchronized void end() {
    if (!closed) {
      closed = true;
      restore();
    }
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the process is ending already
    }
  }
}
