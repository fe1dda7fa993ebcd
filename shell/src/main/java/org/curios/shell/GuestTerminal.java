package org.curios.shell;

import java.io.IOException;
import java.io.InputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The user's terminal in raw mode, so that the guest sees each key, Ctrl-C too. Ctrl-A is the
 * escape key, as in QEMU: Ctrl-A x ends the run, Ctrl-A h shows the keys, Ctrl-A Ctrl-A sends one.
 */
@SuppressWarnings("InputStreamSlowMultibyteRead") // keys come one by one
final class GuestTerminal extends InputStream {
  private static final int ESCAPE = 1;

  private final Terminal terminal;
  private final Attributes before;
  private final Runnable quit;
  private boolean escaped;

  private GuestTerminal(Terminal terminal, Runnable quit) {
    this.terminal = terminal;
    this.quit = quit;
    before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    raw.setOutputFlag(Attributes.OutputFlag.OPOST, true);
    raw.setOutputFlag(Attributes.OutputFlag.ONLCR, true);
    raw.setInputFlag(Attributes.InputFlag.ICRNL, false);
    terminal.setAttributes(raw);
  }

  /**
   * Takes over the terminal.
   *
   * @param quit what Ctrl-A x does
   * @return null when standard input or output is no terminal
   */
  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  static GuestTerminal open(Runnable quit) throws IOException {
    if (System.console() == null || !System.console().isTerminal()) {
      return null;
    }
    Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).build();
    return new GuestTerminal(terminal, quit);
  }

  @Override
  public int read() throws IOException {
    while (true) {
      int c = terminal.input().read();
      if (!escaped) {
        if (c != ESCAPE) {
          return c;
        }
        escaped = true;
        continue;
      }
      escaped = false;
      switch (c) {
        case ESCAPE -> {
          return ESCAPE;
        }
        case 'x' -> {
          quit.run();
          return -1;
        }
        case 'h' ->
            terminal
                .output()
                .write(
                    "\nCtrl-A x  end the run\nCtrl-A h  show this\nCtrl-A Ctrl-A  send Ctrl-A\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        default -> {} // an unknown key after Ctrl-A does nothing
      }
      terminal.output().flush();
    }
  }

  @Override
  public void close() throws IOException {
    terminal.setAttributes(before);
    terminal.close();
  }
}
