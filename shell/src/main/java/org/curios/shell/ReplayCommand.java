package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.campaign.result.Row;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curios campaign replay}: the shell on a machine at the fault of a trial. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Open the shell at the fault of a trial: the workload has run up to it, the fault has just",
      "happened, and the rest happens as in the trial. cont continues and reports the recovery;",
      "back goes back, also to before the fault.",
      "Without a terminal, commands are read from standard input."
    },
    footer = {
      "",
      "Examples:",
      "  curios campaign replay results 4711",
      "  curios campaign replay results 4711 -c 'catch recovered; cont; bt; back event fault'"
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin private TrialOptions options;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMANDS",
      description = "Run commands, separated by ;, quietly. May be repeated.")
  private List<String> commands = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return guarded(this::replay);
  }

  private int replay() throws IOException, ImageException {
    RecordedTrial trial = options.trial();
    GuestConsole console = new GuestConsole();
    try (Terminal terminal = openTerminal();
        Session session = trial.session(console, options.jit());
        Shell shell = new Shell(session, trial.image(), trial.elf(), console, true, terminal)) {
      shell.endsBy(Main::endAtOnce);
      trial.prepare(session);
      if (commands.isEmpty()) {
        tell(trial.row());
      }
      return run(shell, terminal);
    }
  }

  private static void tell(Row row) {
    System.out.printf(Locale.ROOT, "trial      %d under %s%n", row.trial(), row.policy());
    System.out.println("fault      " + row.fault());
    if (!row.second().isEmpty()) {
      System.out.println("and        " + row.second());
    }
    System.out.println(
        "at         "
            + row.function()
            + (row.line() > 0 ? ", " + row.file() + ":" + row.line() : ""));
    System.out.println(
        "outcome    "
            + row.outcome()
            + (row.detectedBy().isEmpty() ? "" : ", " + row.detectedBy()));
    if (!row.difference().isEmpty()) {
      System.out.println("different  " + row.difference());
    }
    if (row.foreignBytes() > 0) {
      System.out.println("foreign    " + row.foreignBytes() + " bytes of " + row.foreign());
    }
    System.out.flush();
  }

  private int run(Shell shell, Terminal terminal) throws IOException {
    if (!commands.isEmpty()) {
      return shell.runQuietly(new BufferedReader(new StringReader(String.join("\n", commands))));
    }
    return terminal == null
        ? shell.runQuietly(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        : shell.run();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private Terminal openTerminal() throws IOException {
    return commands.isEmpty() && System.console() != null && System.console().isTerminal()
        ? TerminalBuilder.builder().system(true).build()
        : null;
  }
}
