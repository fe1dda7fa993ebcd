package org.curios.shell;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Comparison;
import org.curios.campaign.report.Report;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.Maker;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curios campaign}: many trials by a plan, kept in a folder. */
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Inject thousands of faults into a running system according to a plan, one per trial, and record",
      "the outcomes. docs/campaigns.md shows how to write plans and read results."
    },
    footer = {
      "",
      "Exit status: 0 when all trials were run; 1 if not; 2 bad usage or plan; 130 after Ctrl-C, with",
      "a report of the trials so far.",
      "",
      "Examples:",
      "  curios campaign run --quick",
      "  curios campaign run plan.yaml --into results",
      "  curios campaign resume results --json",
      "  curios campaign replay results 4711",
      "  curios campaign explain results --misses"
    },
    subcommands = {
      CampaignCommand.Run.class,
      CampaignCommand.Resume.class,
      CampaignCommand.MakeReport.class,
      ReplayCommand.class,
      ExplainCommand.class,
      ExportCommand.class,
      SparkCommand.class,
      CampaignCommand.Compare.class
    })
final class CampaignCommand {
  private CampaignCommand() {}

  /** Runs an action; an error is reported in one line. */
  static int guarded(Callable<Integer> action) throws Exception {
    try {
      return action.call();
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
  }

  /** Returns where the results of a plan go. */
  static Path into(Path given, Plan plan) {
    return given != null ? given : Path.of(Folder.nameFor(plan));
  }

  /** How to run trials, and how to report the end. */
  static final class Work {
    private static final int MOST_THREADS = 256;

    @Option(
        names = "--threads",
        paramLabel = "N",
        description = "Machines that run in parallel; default one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
        names = "--json",
        description = "End the output with one JSON object that contains all numbers.")
    private boolean json;

    private int on(Folder campaign) throws Exception {
      if (threads < 1 || threads > MOST_THREADS) {
        throw new LabException(
            "--threads " + threads + ": give a number from 1 to " + MOST_THREADS);
      }
      return new CampaignRun(campaign, each -> local(new Campaign(campaign, each)), json).call();
    }

    private Maker local(Campaign campaign) {
      return new Maker() {
        @Override
        public void run() throws InterruptedException {
          campaign.run(threads);
        }

        @Override
        public void stop() {
          campaign.stop();
        }

        @Override
        public long storing() {
          return campaign.storing();
        }
      };
    }
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = {
        "Run the trials of a plan. Results go into a new folder as they arrive: Parquet files in trials/,",
        "report.html at the end. After a crash or Ctrl-C, curios campaign resume continues."
      })
  static final class Run implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "PLAN", description = "The plan, a YAML file.")
    private Path plan;

    @Option(
        names = "--quick",
        description = "A built-in plan that takes half a minute, for a first look.")
    private boolean quick;

    @Option(
        names = "--into",
        paramLabel = "FOLDER",
        description = "Folder for the results, which must not exist yet; default campaign-NAME.")
    private Path folder;

    @Mixin private Work work;

    @Override
    public Integer call() throws Exception {
      return guarded(() -> {
        if (quick == (plan != null)) {
          throw new LabException("campaign run: give a plan, or --quick");
        }
        Plan read = Campaign.traced(quick ? PlanReader.quick() : PlanReader.read(plan));
        try (Folder made = Folder.create(into(folder, read), read, Campaign.image(read))) {
          return work.on(made);
        }
      });
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Run the missing trials of a campaign, and write its report.")
  static final class Resume implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Folder of the campaign.")
    private Path folder;

    @Mixin private Work work;

    @Override
    public Integer call() throws Exception {
      return guarded(() -> {
        try (Folder found = Folder.open(folder)) {
          Campaign.mustHaveImage(found);
          return work.on(found);
        }
      });
    }
  }

  @Command(
      name = "report",
      mixinStandardHelpOptions = true,
      description = "Write report.html for the trials that a campaign has run so far.")
  static final class MakeReport implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Folder of the campaign.")
    private Path folder;

    @Option(
        names = "--json",
        description = "End the output with one JSON object that contains all numbers.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      return guarded(() -> {
        try (Folder found = Folder.open(folder)) {
          Program program = Campaign.program();
          Report report = Report.of(found, program);
          Path file = report.write();
          if (json) {
            System.out.println(report.json());
          } else {
            System.out.print(report.text());
            System.out.println("Report: " + file);
          }
          return 0;
        }
      });
    }
  }

  @Command(
      name = "compare",
      mixinStandardHelpOptions = true,
      description = {
        "Compare two campaigns with the same faults, trial by trial: what differs, and whether the",
        "difference is more than chance (McNemar's test)."
      })
  static final class Compare implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the first campaign.")
    private Path first;

    @Parameters(index = "1", paramLabel = "DIR", description = "Folder of the second campaign.")
    private Path second;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      return guarded(() -> {
        try (Folder a = Folder.open(first);
            Folder b = Folder.open(second)) {
          Comparison comparison = Comparison.of(a, b);
          JsonObject object = comparison.json();
          System.out.print(json ? object + "\n" : comparison.text());
          return 0;
        }
      });
    }
  }
}
