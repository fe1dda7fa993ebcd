package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.Progress;
import org.curios.campaign.store.Folder;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;
import org.jline.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fault campaigns from the shell. */
@Command(name = "campaigns")
final class CampaignCommands {
  /** What it can do. */
  static final List<String> ACTIONS = List.of("run", "resume", "report", "compare");

  private static final int MOST_THREADS = 256;
  private static final long BETWEEN_LINES_NS = 250_000_000;

  private final Shell shell;

  CampaignCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      customSynopsis = {
        "campaign run PLAN | --quick [--into FOLDER] [--threads N]",
        "campaign resume FOLDER [--threads N]",
        "campaign report FOLDER",
        "campaign compare FOLDER FOLDER"
      },
      description = {
        "Run many trials according to a plan, each with a fault; record the outcomes in a folder.",
        "",
        "Trials run on separate machines with the built-in CuriOS; the shell's machine is not affected.",
        "Stop it to leave all processors to the trials. Ctrl-C ends a campaign with the results so far,",
        "and resume continues it. report shows the results so far; compare takes two campaigns with the",
        "same faults. docs/campaigns.md shows how to write plans; curios campaign replay FOLDER TRIAL",
        "opens a shell at the fault of a trial."
      },
      footer = {
        "Examples:",
        "  campaign run --quick",
        "  campaign run plan.yaml --into results",
        "  campaign resume results",
        "  campaign report results --json"
      })
  void campaign(
      @Parameters(index = "0", paramLabel = "ACTION") String action,
      @Parameters(index = "1..*", paramLabel = "FILE") List<Path> given,
      @Option(names = "--quick", description = "a built-in plan, for a first look") boolean quick,
      @Option(names = "--into", paramLabel = "FOLDER", description = "new folder for the results")
          Path into,
      @Option(
              names = "--threads",
              paramLabel = "N",
              description = "machines in parallel; one per processor")
          Integer threads,
      @Mixin Json json) {
    List<Path> files = given == null ? List.of() : given;
    if (!action.equals("run") && (quick || into != null)) {
      throw new SessionException(
          (quick ? "--quick" : "--into") + ": only campaign run takes it; see help campaign");
    }
    int wanted = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (wanted < 1 || wanted > MOST_THREADS) {
      throw new SessionException(
          "--threads " + wanted + ": give a number from 1 to " + MOST_THREADS);
    }
    switch (action) {
      case "run" -> {
        if (files.size() > 1 || quick == (files.size() == 1)) {
          throw new SessionException("campaign run: give a plan, or --quick");
        }
        Plan plan = Campaign.traced(quick ? PlanReader.quick() : PlanReader.read(files.get(0)));
        Path folder = into == null ? Path.of(Folder.nameFor(plan)) : into;
        try (Folder made = Folder.create(folder, plan, Campaign.image(plan))) {
          run(made, wanted, json.on);
        }
      }
      case "resume" -> {
        Path folder = one(action, files);
        try (Folder found = Folder.open(folder)) {
          Campaign.mustHaveImage(found);
          run(found, wanted, json.on);
        }
      }
      case "report" -> {
        try (Folder found = Folder.open(one(action, files))) {
          report(found, json.on);
        }
      }
      case "compare" -> {
        if (files.size() != 2) {
          throw new SessionException("campaign compare: give the folders of two campaigns");
        }
        try (Folder first = Folder.open(files.get(0));
            Folder second = Folder.open(files.get(1))) {
          Comparison comparison = Comparison.of(first, second);
          shell.say(json.on ? comparison.json().toString() : comparison.text());
        }
      }
      default ->
          throw new SessionException(
              "campaign "
                  + action
                  + ": no such action"
                  + Nearest.hint(action, ACTIONS)
                  + "; there are "
                  + String.join(", ", ACTIONS));
    }
  }

  private static Path one(String action, List<Path> files) {
    if (files.size() != 1) {
      throw new SessionException("campaign " + action + ": give the folder of a campaign");
    }
    return files.get(0);
  }

  private void report(Folder folder, boolean json) {
    Report report = Report.of(folder, Campaign.program());
    Path page = report.write();
    if (json) {
      shell.say(report.json().toString());
    } else {
      shell.say(report.text());
      shell.say("Report: " + page);
    }
  }

  private void run(Folder folder, int threads, boolean json) {
    folder.lock();
    Progress progress = new Progress(folder.plan(), folder.made());
    Campaign campaign = new Campaign(folder, new Watcher(progress)::note);
    try {
      interruptible(
          campaign,
          threads,
          () -> {
            if (!json) {
              announce(folder, progress);
            }
          });
    } finally {
      shell.screen().status("");
    }
    if (json) {
      JsonObject numbers = Report.of(folder, Campaign.program()).json();
      numbers.addProperty("trials_made_now", progress.made());
      shell.say(numbers.toString());
    } else {
      report(folder, false);
      progress.account(campaign.storing()).lines().forEach(shell::say);
    }
    if (!folder.missing().isEmpty()) {
      throw new SessionException(
          "not all trials have been run; campaign resume " + folder.path() + " continues");
    }
  }

  private void announce(Folder folder, Progress progress) {
    shell.say(
        format(
            "Campaign %s: %s%s, seed %d, into %s",
            folder.plan().name(),
            folder.plan().sampling().text(),
            folder.plan().scope(),
            folder.plan().seed(),
            folder.path()));
    if (progress.done() > 0) {
      shell.say(format("%,d of %,d rows exist already", progress.done(), progress.rows()));
    }
  }

  /** Shows the progress now and then; called by the threads of the campaign. */
  private final class Watcher {
    private final Progress progress;
    private long shown = System.nanoTime();

    Watcher(Progress progress) {
      this.progress = progress;
    }

    synchronized void note(Row row) {
      progress.note(row);
      long now = System.nanoTime();
      if (now - shown > BETWEEN_LINES_NS) {
        shown = now;
        shell.screen().status(progress.line());
      }
    }
  }

  /** Runs a campaign, which Ctrl-C ends from when it is announced. */
  private void interruptible(Campaign campaign, int threads, Runnable announcement) {
    Terminal terminal = shell.screen().terminal();
    Terminal.SignalHandler before =
        terminal == null
            ? null
            : terminal.handle(
                Terminal.Signal.INT,
                signal -> {
                  shell.interpreter().interrupt();
                  campaign.stop();
                });
    try {
      announcement.run();
      campaign.run(threads);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (terminal != null) {
        terminal.handle(Terminal.Signal.INT, before);
      }
    }
  }
}
