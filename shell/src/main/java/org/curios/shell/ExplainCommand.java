package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.campaign.replay.Explanation;
import org.curios.campaign.replay.Explanations;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Propagation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curios campaign explain}: how the fault of a trial has spread to what a client saw. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Show how a fault spreads: the trial and the undisturbed run are carried out side by side, and",
      "registers and RAM are compared after each instruction, until both go different ways.",
      "With --misses, of all trials in which a client got something else, and a summary."
    },
    footer = {
      "",
      "Examples:",
      "  curios campaign explain results 4711",
      "  curios campaign explain results --misses --kind register",
      "  curios campaign explain results --misses --json >misses.jsonl"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  /** Seconds for which Ctrl-C waits for the running trial. */
  private static final int PATIENCE_S = 60;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the campaign.")
  private Path folder;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TRIAL",
      description = "Number of the trial.")
  private Long number;

  @Option(names = "--misses", description = "All trials that were not lossless.")
  private boolean misses;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Of a campaign with several policies, only this one.")
  private String policy;

  @Option(names = "--kind", paramLabel = "NAME", description = "Only this kind of faults.")
  private String kind;

  @Option(names = "--service", paramLabel = "NAME", description = "Only faults in this service.")
  private String service;

  @Option(names = "--json", description = "One JSON object for each trial, a line each.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    return guarded(this::explain);
  }

  private int explain() {
    if (misses == (number != null)) {
      throw new LabException("campaign explain: give the number of a trial, or --misses");
    }
    if (!misses && (kind != null || service != null)) {
      throw new LabException("campaign explain: --kind and --service choose among --misses");
    }
    try (Folder found = Folder.open(folder)) {
      Campaign.mustHaveImage(found);
      Program program = Campaign.program(found.plan());
      Explanations all = new Explanations(found, program);
      return misses ? explainMisses(found, all, program) : explainOne(found, all, program);
    }
  }

  private int explainOne(Folder found, Explanations all, Program program) {
    all.explain(
        List.of(row(found)),
        e -> {
          if (!e.whyNot().isEmpty()) {
            throw new LabException("trial " + number + ": " + e.whyNot());
          }
          tell(e, program);
        });
    return 0;
  }

  private int explainMisses(Folder found, Explanations all, Program program) {
    List<Row> rows = all.misses(policy, kind, service);
    if (!json) {
      System.out.println(
          rows.size()
              + " trials were not lossless"
              + (found.missing().isEmpty() ? "" : " so far")
              + (rows.isEmpty() ? "." : ":"));
    }
    Interruption interruption = new Interruption(PATIENCE_S, "the running trial does not end");
    interruption.await(all::stop);
    try {
      all.explain(rows, e -> tell(e, program));
      if (!json && !rows.isEmpty()) {
        System.out.println();
        System.out.print(all.summary());
      }
      System.out.flush();
      return interruption.happened() ? INTERRUPTED : 0;
    } finally {
      interruption.end();
    }
  }

  private Row row(Folder found) {
    return RecordedTrial.row(found.trial(number), number, policy);
  }

  private void tell(Explanation e, Program program) {
    if (json) {
      System.out.println(e.json(program));
      return;
    }
    Row row = e.row();
    System.out.printf(Locale.ROOT, "%n%d %s  %s%n", row.trial(), row.policy(), row.fault());
    if (!e.whyNot().isEmpty()) {
      System.out.println("  " + e.whyNot());
    }
    for (Propagation.Step s : e.steps()) {
      System.out.printf(
          Locale.ROOT,
          "  %+-9d %-8s  %s%n            %s%n",
          s.ticks(),
          s.what().toString().toLowerCase(Locale.ROOT),
          s.text(),
          program.describe(s.pc()));
    }
    System.out.println(
        "  outcome   "
            + row.outcome()
            + (row.detectedBy().isEmpty() ? "" : ", " + row.detectedBy())
            + (row.difference().isEmpty() ? "" : ": " + row.difference()));
  }
}
