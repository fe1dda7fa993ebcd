package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.campaign.replay.Replay;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curios campaign replay}: the shell on a machine at the fault of a trial. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Open the shell at the fault of a trial: the workload has run up to it, the fault has just",
      "happened, and everything after it comes as in the trial. cont runs on and tells of the recovery;",
      "back goes back, to the time before the fault as well.",
      "Without a terminal, commands are read from standard input."
    },
    footer = {
      "",
      "Examples:",
      "  curios campaign replay results 4711",
      "  curios campaign replay results 4711 -c 'catch recovered; cont; bt; back event fault'"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int RAM = 64 << 20;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the campaign.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "Number of the trial.")
  private long number;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Of a campaign with several policies, the one of the trial.")
  private String policy;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMANDS",
      description = "Carry out commands, with ; between them, quietly. May be repeated.")
  private List<String> commands = new ArrayList<>();

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Override
  public Integer call() throws Exception {
    return guarded(this::replay);
  }

  private int replay() throws IOException, ImageException {
    Row row;
    Workload workload;
    Boot boot;
    try (Folder found = Folder.open(folder)) {
      Campaign.mustBe(folder, found.image());
      row = row(found.trial(number));
      workload = Campaign.workload(found.plan());
      boot = new Boot(Trial.kernelPolicy(row.policy()), workload.run(), workload.ip());
    }
    List<Fault> faults = Replay.faults(row);
    GuestConsole console = new GuestConsole();
    byte[] elf = Images.elf("curios");
    Image image = Image.parse("curios.elf", elf);
    try (Terminal terminal = openTerminal();
        Session session = new Session(() -> machine(image, boot, workload.card(), console));
        Shell shell = new Shell(session, image, elf, console, true, terminal)) {
      shell.endsBy(Main::endAtOnce);
      Replay.prepare(session, new Symbols(image), workload, faults);
      if (commands.isEmpty()) {
        tell(row);
      }
      return run(shell, terminal);
    }
  }

  private Row row(List<Row> rows) {
    if (policy == null && rows.size() == 1) {
      return rows.get(0);
    }
    List<String> there = rows.stream().map(Row::policy).toList();
    if (policy == null) {
      throw new LabException(
          "trial " + number + ": say of which policy by --policy: " + String.join(", ", there));
    }
    return rows.stream()
        .filter(r -> r.policy().equals(policy))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "--policy "
                    + policy
                    + ": trial "
                    + number
                    + " is there of "
                    + String.join(", ", there)));
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

  private Machine machine(Image image, Boot boot, DiskBase card, GuestConsole console)
      throws ImageException {
    Machine machine =
        new MachineBuilder()
            .ram(RAM)
            .jit(!noJit)
            .card(card == null ? null : new Disk(card))
            .console(new PrintStream(console.output(), false))
            .input(console.input())
            .build();
    try {
      machine.load(image);
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    boot.write(machine, new Symbols(image));
    return machine;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private Terminal openTerminal() throws IOException {
    return commands.isEmpty() && System.console() != null && System.console().isTerminal()
        ? TerminalBuilder.builder().system(true).build()
        : null;
  }
}
