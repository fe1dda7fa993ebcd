package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.spark.SparkCampaign;
import org.curios.campaign.spark.SparkSettings;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curios campaign spark}: a campaign on a cluster. */
@Command(
    name = "spark",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Run the trials of a plan, or the missing trials of a campaign's folder, on a cluster of Apache",
      "Spark 4.2. The rows are those of curios campaign run. The folder of results must be on a file",
      "system that all machines share, and CuriOS at the same path on each; see docs/campaigns.md."
    },
    footer = {
      "",
      "The launcher downloads Spark (206 MB) when it is first used; curios campaign --fetch-spark does",
      "so in advance.",
      "",
      "Examples:",
      "  curios campaign spark plan.yaml --master spark://head:7077 --into /shared/results",
      "  curios campaign spark /shared/results --master spark://head:7077",
      "  curios campaign spark --settings >curios.conf   # for spark-submit --properties-file"
    })
final class SparkCommand implements Callable<Integer> {
  private static final String LOG = "log4j2.configurationFile";

  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN",
      description = "The plan, a YAML file; or the folder of a campaign to continue.")
  private Path plan;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "The cluster, such as spark://HOST:7077; local[*] is this process.")
  private String master;

  @Option(
      names = "--into",
      paramLabel = "FOLDER",
      description = "Folder for the results, which must not exist yet; default campaign-NAME.")
  private Path folder;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "A property of Spark, such as spark.cores.max=8. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--settings",
      description = "Print the settings of Spark that campaigns need, for spark-submit.")
  private boolean tells;

  @Option(
      names = "--json",
      description = "End the output with one JSON object that contains all numbers.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    return guarded(() -> {
      if (tells) {
        SparkSettings.ofSubmit().forEach((key, value) -> System.out.println(key + " " + value));
        return 0;
      }
      if (plan == null) {
        throw new LabException("campaign spark: give a plan, or the folder of a campaign");
      }
      mustRunCurios();
      mustHaveSpark();
      if (System.getProperty(LOG) == null) {
        System.setProperty(LOG, "classpath:org/curios/campaign/spark/log4j2.properties");
      }
      if (master != null) {
        SparkCampaign.mustAnswer(master); // before a folder is made
      }
      try (Folder campaign = open()) {
        return run(campaign);
      }
    });
  }

  private static void mustHaveSpark() {
    try {
      Class.forName("org.apache.spark.SparkConf", false, SparkCommand.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new LabException(
          "Spark is not on the class path; start with ./curios campaign spark or spark-submit", e);
    }
  }

  private Folder open() {
    if (Files.isDirectory(plan)) {
      if (folder != null) {
        throw new LabException("--into " + folder + ": " + plan + " is where the results are");
      }
      Folder found = Folder.open(plan);
      Campaign.mustHaveImage(found);
      return found;
    }
    Plan read = Campaign.traced(PlanReader.read(plan));
    return Folder.create(CampaignCommand.into(folder, read), read, Campaign.image());
  }

  private void mustRunCurios() {
    boolean isForeign;
    if (Files.isDirectory(plan)) {
      try (Folder found = Folder.open(plan)) {
        isForeign = found.plan().isForeign();
      }
    } else {
      isForeign = PlanReader.read(plan).isForeign();
    }
    if (isForeign) {
      throw new LabException(
          "campaign spark: "
              + plan
              + " names an image, and clusters run only CuriOS; use campaign run or resume");
    }
  }

  private int run(Folder campaign) throws InterruptedException {
    SparkCampaign[] made = new SparkCampaign[1];
    return new CampaignRun(
            campaign, each -> made[0] = new SparkCampaign(campaign, master, settings, each), json)
        .counting(() -> made[0].counts())
        .call();
  }
}
