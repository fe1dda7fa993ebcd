package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.campaign.result.Row;
import org.curios.machine.image.ImageException;
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
      "happened, and the rest happens as in the trial. cont continues and reports the recovery; back",
      "goes back, even to before the fault.",
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
      description = "Run commands, separated by ;, without echo. May be repeated.")
  private List<String> commands = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return guarded(this::replay);
  }

  private int replay() throws IOException, ImageException {
    RecordedTrial recorded = options.trial();
    if (commands.isEmpty()) {
      tell(recorded.row(), recorded.trial());
    }
    return recorded.trial().openShell(commands, options.jit());
  }

  private static void tell(Row row, ReplayedTrial trial) {
    System.out.printf(
        Locale.ROOT,
        "trial      %d %s%n",
        row.trial(),
        trial.isOfCurios() ? "under " + row.policy() : "of " + trial.image().name());
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
    if (!trial.isOfCurios()) {
      System.out.printf(Locale.ROOT, "known      at tick %d%n", row.endTick());
    }
    System.out.flush();
  }
}
