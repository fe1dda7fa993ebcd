package org.curios.shell.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands of the shell itself, and the guest's console. */
@Command(name = "shell")
final class ShellCommands {
  private static final int ESCAPE = 1;

  /** How often the output of a typed line is looked at, and how long it must be quiet to be all. */
  private static final int POLLS = 80;

  private static final int POLL_MS = 50;
  private static final int QUIET_POLLS = 5;

  private final Shell shell;

  ShellCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(description = "What commands there are; help COMMAND shows one with its words.")
  void help(@Parameters(arity = "0..1", paramLabel = "COMMAND") String name) {
    Map<String, CommandLine> all = shell.commands();
    if (name != null) {
      CommandLine command = all.get(name);
      if (command == null) {
        throw new SessionException(
            name + ": no such command" + shell.nearest(name, java.util.List.copyOf(all.keySet())));
      }
      shell.say(command.getUsageMessage().stripTrailing());
      return;
    }
    for (Map.Entry<String, CommandLine> e : new TreeMap<>(all).entrySet()) {
      if (e.getKey().equals(e.getValue().getCommandName())) {
        shell.say(
            Inspector.format(
                "%-14s %s",
                e.getKey(), e.getValue().getCommandSpec().usageMessage().description()[0]));
      }
    }
    shell.say("Output can be piped: services | grep store; also head, tail, count.");
  }

  @Command(
      aliases = {"exit", "q"},
      description = "Leave.")
  void quit() {
    shell.leave();
  }

  @Command(description = "Carry out the commands of a file.")
  void source(@Parameters(paramLabel = "FILE") Path file) {
    try {
      for (String line : Files.readAllLines(file)) {
        shell.say("> " + line);
        if (!shell.execute(line)) {
          throw new SessionException(file + ": stopped at the line: " + line);
        }
      }
    } catch (IOException e) {
      throw new SessionException(file + ": cannot be read");
    }
  }

  @Command(description = "The last lines that the guest has printed.")
  void output(@Parameters(arity = "0..1", defaultValue = "20", paramLabel = "LINES") int lines) {
    for (String line : shell.console().last(lines)) {
      shell.say(line);
    }
  }

  @Command(description = "Type a line on the guest's console, and show what it prints.")
  void type(@Parameters(arity = "1..*", paramLabel = "WORD") String[] words) {
    StringBuilder printed = new StringBuilder();
    shell
        .console()
        .attach(c -> {
          synchronized (printed) {
            printed.append((char) c);
          }
        });
    boolean stood = shell.session().lastStatus().state() != Session.State.RUNNING;
    try {
      shell.console().type(String.join(" ", words) + "\n");
      if (stood) {
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
      if (stood) {
        shell.session().pause();
      }
    }
    synchronized (printed) {
      shell.say(printed.toString().stripTrailing());
    }
  }

  @Command(description = "Attach the terminal to the guest's console; Ctrl-A x comes back.")
  void console() {
    Terminal terminal = shell.terminal();
    if (terminal == null) {
      throw new SessionException("console needs a terminal; say type WORDS, and output");
    }
    if (shell.session().lastStatus().state() != Session.State.RUNNING) {
      shell.session().resume();
    }
    shell.say("The guest's console; Ctrl-A x comes back.");
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
      boolean escaped = false;
      while (true) {
        int c = terminal.reader().read();
        if (c < 0 || escaped && c == 'x') {
          break;
        }
        if (c == ESCAPE && !escaped) {
          escaped = true;
          continue;
        }
        escaped = false;
        shell.console().type(c == '\r' ? '\n' : c);
      }
    } catch (IOException e) {
      throw new SessionException("the terminal cannot be read");
    } finally {
      shell.console().attach(null);
      terminal.setAttributes(before);
      shell.say("");
    }
  }
}
