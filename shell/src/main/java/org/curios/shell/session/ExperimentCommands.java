package org.curios.shell.session;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptOptions;
import org.curios.lab.script.ScriptRunner;
import org.curios.lab.script.model.ScriptMachine;
import org.curios.lab.script.model.SessionPort;
import org.curios.lab.script.model.Workbench;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.card.DiskBase;
import org.curios.machine.image.Image;
import org.jline.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that runs a script on the machine of the shell. */
@Command(name = "scripts")
final class ExperimentCommands {
  private final Shell shell;
  private final Image image;

  ExperimentCommands(Shell shell, Image image) {
    this.shell = shell;
    this.image = image;
  }

  @Command(
      customSynopsis = "script [OPTIONS] FILE [ARGS]",
      description = {
        "Run a script in JavaScript or Python on this machine. Ctrl-C stops it. docs/scripting.md is the",
        "reference. Options of this command may come before or after FILE; others, and everything after",
        "--, are passed to the script."
      },
      footer = {
        "Examples:",
        "  script docs/experiments/scripts/bitflips.js --short",
        "  script --timeout 60 --out results mine.py 5"
      })
  void script(
      @Parameters(index = "0", paramLabel = "FILE") Path file,
      @Parameters(index = "1..*", paramLabel = "ARGS") List<String> arguments,
      @Option(
              names = "--out",
              paramLabel = "DIR",
              defaultValue = ".",
              description = "folder for tables and charts; default the current one")
          Path out,
      @Option(
              names = "--timeout",
              paramLabel = "SECONDS",
              description = "stop the script after this time")
          Integer timeout,
      @Option(names = "--allow-io", description = "allow files and sockets") boolean allowIo,
      @Option(names = "--allow-host", description = "allow Java classes and threads")
          boolean allowHost) {
    List<String> words = new ArrayList<>(List.of(file.toString()));
    words.addAll(arguments == null ? List.of() : arguments);
    CommandLine command = shell.interpreter().commands().get("script");
    List<String> given =
        ScriptWords.of(command.getCommandSpec(), command.getParseResult().originalArgs(), words);
    if (timeout != null && timeout < 1) {
      throw new SessionException("--timeout " + timeout + ": give seconds above 0");
    }
    if (shell.session().lastStatus().state() == Session.State.ENDED) {
      throw new SessionException("the guest has ended; restore a snapshot, or go back");
    }
    ScriptOptions options =
        new ScriptOptions(
            allowIo,
            allowHost,
            timeout == null ? null : Duration.ofSeconds(timeout),
            ScriptOptions.MEMORY,
            out);
    Lines lines = new Lines(shell::say);
    ScriptRunner runner = new ScriptRunner(options, InputStream.nullInputStream(), lines, lines);
    runner.whenStuck(this::endAtOnce);
    ScriptEnd end = interruptible(runner, () -> run(runner, file, given));
    lines.close();
    if (end.status() != 0 || end.message() != null) {
      throw new SessionException(
          end.message() == null ? file + " has ended with status " + end.status() : end.message());
    }
  }

  /** A script that cannot be stopped has the machine's thread: nothing can be done any more. */
  private void endAtOnce(ScriptEnd end) {
    shell.screen().complain(end.message());
    shell.endAtOnce(end.status());
  }

  /** What gives the end of a script. */
  @FunctionalInterface
  private interface Run {
    ScriptEnd end();
  }

  private ScriptEnd interruptible(ScriptRunner runner, Run run) {
    Terminal terminal = shell.screen().terminal();
    if (terminal == null) {
      return run.end();
    }
    Terminal.SignalHandler before =
        terminal.handle(
            Terminal.Signal.INT,
            signal -> {
              shell.interpreter().interrupt();
              runner.interrupt();
            });
    try {
      return run.end();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
    }
  }

  private ScriptEnd run(ScriptRunner runner, Path file, List<String> arguments) {
    Session session = shell.session();
    return session.call(m -> onItsThread(session, m, runner, file, arguments));
  }

  private ScriptEnd onItsThread(
      Session session, Machine m, ScriptRunner runner, Path file, List<String> arguments) {
    boolean wasStopped = session.lastStatus().state() == Session.State.STOPPED;
    try (Workbench workbench = new Workbench(null, m.compiles(), cardOf(m))) {
      ScriptMachine machine = workbench.adopt(new SessionPort(session, m, shell.console()), image);
      try {
        return runner.run(file, arguments, workbench, machine);
      } finally {
        machine.detach();
        if (wasStopped && session.lastStatus().state() == Session.State.STOPPED) {
          session.moved("moved by a script");
        }
      }
    }
  }

  /** What the machines that a script makes find on their cards; they write to no file. */
  private static DiskBase cardOf(Machine machine) {
    return machine.card() == null ? null : machine.card().disk().base();
  }

  /** Takes what a script prints for lines. */
  private static final class Lines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> to;

    Lines(Consumer<String> to) {
      this.to = to;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        to.accept(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }

    @Override
    public void close() {
      if (line.size() > 0) {
        write('\n');
      }
    }
  }
}
