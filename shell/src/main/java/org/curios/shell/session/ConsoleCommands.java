package org.curios.shell.session;

import java.io.IOException;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that take the whole terminal, and on the guest's own console. */
@Command(name = "consoles")
final class ConsoleCommands {
  private static final int ESCAPE = 1;

  /** How often the output of a typed line is looked at, and how long it must be quiet to be all. */
  private static final int POLLS = 80;

  private static final int POLL_MS = 50;
  private static final int QUIET_POLLS = 5;

  private final Shell shell;

  ConsoleCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      description = {
        "Type a line on the guest's console, and show what it prints. The guest's shell knows help."
      },
      footer = {"Examples:", "  type put 7 49", "  type get 7"})
  void type(@Parameters(arity = "1..*", paramLabel = "WORD") String[] words) {
    StringBuilder printed = new StringBuilder();
    shell
        .console()
        .attach(c -> {
          synchronized (printed) {
            printed.append((char) c);
          }
        });
    boolean wasStopped = shell.session().lastStatus().state() != Session.State.RUNNING;
    try {
      shell.console().type(String.join(" ", words) + "\n");
      if (wasStopped) {
        shell.session().resume();
      }
      int length = 0;
      int quiet = 0;
      for (int i = 0; i < POLLS && quiet < QUIET_POLLS; i++) {
        Thread.sleep(POLL_MS);
        synchronized (printed) {
          quiet = printed.length() == length && length > 0 ? quiet + 1 : 0;
          length = printed.length();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      shell.console().attach(null);
      if (wasStopped) {
        shell.session().pause();
      }
    }
    synchronized (printed) {
      if (printed.isEmpty()) {
        throw new SessionException(
            "the guest did not answer; is its shell running? clients lists what runs");
      }
      shell.say(printed.toString().replace("\r", "").stripTrailing());
    }
  }

  @Command(
      description = {
        "Attach the terminal to the guest's console, UART0. Ctrl-A x returns, Ctrl-A h shows the keys,",
        "Ctrl-A Ctrl-A sends one."
      },
      footer = {"Examples:", "  console"})
  void console() {
    Terminal terminal = shell.screen().terminal();
    if (terminal == null) {
      throw new SessionException(
          "console needs a terminal; type WORDS and output work without one");
    }
    if (shell.session().lastStatus().state() != Session.State.RUNNING) {
      shell.session().resume();
    }
    shell.say("The guest's console. Ctrl-A x returns, Ctrl-A h shows the keys.");
    Attributes before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    raw.setOutputFlag(Attributes.OutputFlag.OPOST, true);
    raw.setOutputFlag(Attributes.OutputFlag.ONLCR, true);
    terminal.setAttributes(raw);
    shell
        .console()
        .attach(c -> {
          terminal.writer().write(c);
          terminal.writer().flush();
        });
    try {
      keys(terminal);
    } catch (IOException e) {
      throw new SessionException("the terminal cannot be read", e);
    } finally {
      shell.console().attach(null);
      terminal.setAttributes(before);
      shell.say("");
    }
  }

  private void keys(Terminal terminal) throws IOException {
    while (true) {
      int c = terminal.reader().read();
      if (c == ESCAPE) {
        c = terminal.reader().read();
        if (c == 'x') {
          return;
        }
        if (c == 'h') {
          terminal
              .writer()
              .print(
                  "\r\nCtrl-A x  return to the shell\r\nCtrl-A h  show this\r\nCtrl-A Ctrl-A  send Ctrl-A\r\n");
          terminal.writer().flush();
        }
        if (c != ESCAPE && c >= 0) {
          continue;
        }
      }
      if (c < 0) {
        return;
      }
      shell.console().type(c == '\r' ? '\n' : c);
    }
  }

  @Command(
      description = {
        "A full-screen view of the services, their states, events and speed; updated twice a second.",
        "q quits, the space bar stops or resumes the machine."
      },
      footer = {"Examples:", "  top"})
  void top() {
    if (!shell.screen().isFullScreen()) {
      throw new SessionException(
          "top needs a terminal that can move its cursor; services, ssr and events work without one");
    }
    shell.mustBeCurios();
    new Top(shell).run();
  }
}
