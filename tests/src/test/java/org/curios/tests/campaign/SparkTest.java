package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster makes the rows that one machine makes, whatever happens to it on the way. */
class SparkTest {
  private static final Path JARS =
      Path.of(System.getProperty("curios.root", ".."), "src/campaign-spark/target/spark/jars")
          .toAbsolutePath()
          .normalize();

  /** Rows of a part in campaigns as small as these. */
  private static final int ROWS = 16;

  private static final int PARTS = 12;
  private static final long SECONDS = 300;

  @TempDir Path temporary;

  private static void needSpark() {
    if (Files.isReadable(JARS.resolve(".version"))) {
      return;
    }
    String what = "Spark is not there; ./curios campaign --fetch-spark fetches it";
    if ("true".equals(System.getenv("CI"))) {
      fail(what);
    }
    Assumptions.abort(what);
  }

  private Path plan(int trials) throws IOException {
    Path file = temporary.resolve("plan" + trials + ".yaml");
    Files.writeString(
        file,
        "clients: trial0\nfaults: [crash, register, ssr]\nsampling: {trials: "
            + trials
            + "}\nseed: 5\n");
    return file;
  }

  /**
   * Starts a driver as the launcher does: with Spark first on the class path, and the options for
   * executors.
   *
   * @param base a command line of CuriOS, whose last words are the command
   */
  private static Process driver(List<String> base) throws IOException {
    int classPath = base.indexOf("-cp");
    int java = base.indexOf(System.getProperty("java.home") + "/bin/java");
    List<String> command = new ArrayList<>(base.subList(0, classPath));
    String options =
        base.subList(java + 1, classPath).stream()
            .map(o -> '"' + o + '"')
            .collect(Collectors.joining(" "));
    command.add("-Dcurios.jvm.options=" + options);
    command.addAll(StandaloneCluster.OPENS);
    command.addAll(List.of("-cp", JARS + "/*" + File.pathSeparator + base.get(classPath + 1)));
    command.addAll(base.subList(classPath + 2, base.size()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder.start();
  }

  private static long parts(Path folder) {
    String[] names = folder.resolve("trials").toFile().list((d, n) -> n.endsWith(".parquet"));
    return names == null ? 0 : names.length;
  }

  @Test
  void workersThatDieAndSecondAttemptsChangeNoRow() throws IOException, InterruptedException {
    needSpark();
    Path plan = plan(ROWS * PARTS);
    Path folder = temporary.resolve("cluster");
    Curios.Result result;
    try (StandaloneCluster cluster = new StandaloneCluster(JARS, temporary.resolve("spark"), 2)) {
      Process driver =
          driver(
              Curios.command(
                  "campaign",
                  "spark",
                  plan.toString(),
                  "--master",
                  cluster.url(),
                  "--into",
                  folder.toString(),
                  "--conf",
                  "spark.executor.memory=1g",
                  "--conf",
                  "spark.speculation.interval=100ms",
                  "--conf",
                  "spark.speculation.multiplier=1.01",
                  "--conf",
                  "spark.speculation.quantile=0.1",
                  "--json"));
      while (driver.isAlive() && (parts(folder) == 0 || !cluster.hasExecutor(0))) {
        driver.waitFor(20, TimeUnit.MILLISECONDS);
      }
      cluster.kill(0);
      result = Curios.end(driver, SECONDS).expect(0);
    }
    JsonObject json =
        JsonParser.parseString(result.out().lines().toList().getLast()).getAsJsonObject();
    assertTrue(json.get("complete").getAsBoolean(), json::toString);
    assertEquals(ROWS * PARTS, json.get("trials").getAsInt(), json::toString);
    assertTrue(json.get("executors").getAsInt() >= 2, json::toString);
    assertTrue(json.get("executors_lost").getAsInt() >= 1, json::toString);
    assertTrue(json.get("attempts").getAsInt() >= PARTS, json::toString);
    Path local = temporary.resolve("local");
    try (Folder made = Folder.create(local, PlanReader.read(plan), Campaign.image())) {
      new Campaign(made, row -> {}).run(2);
    }
    assertEquals(CampaignTest.rows(local), CampaignTest.rows(folder));
    try (Folder both = Folder.open(folder)) {
      assertEquals(List.of(), both.missing());
      assertEquals(PARTS, both.parts().size());
    }
  }

  @Test
  void anExecutorThatCannotCompileIsRefused() throws IOException {
    needSpark();
    List<String> interpreted = new ArrayList<>(Curios.command("--no-jit"));
    interpreted.removeLast();
    interpreted.addAll(
        List.of("campaign", "spark", plan(1).toString(), "--master", "local[1]", "--json"));
    interpreted.addAll(List.of("--into", temporary.resolve("refused").toString()));
    Curios.end(driver(interpreted), SECONDS).complains("an executor cannot compile the guest");
  }

  @Test
  void whatIsUsedWronglyIsSaidInALine() throws IOException {
    Curios.run("campaign", "spark").complains("give a plan, or the folder of a campaign");
    Curios.run("campaign", "spark", plan(1).toString()).complains("Spark is not on the class path");
  }

  @Test
  void aMasterThatIsNotThereIsSaidInALine() throws IOException {
    needSpark();
    List<String> words =
        Curios.command(
            "campaign",
            "spark",
            plan(1).toString(),
            "--master",
            "spark://127.0.0.1:1",
            "--into",
            temporary.resolve("nowhere").toString());
    Curios.end(driver(words), SECONDS).complains("spark://127.0.0.1:1", "no master answers");
    assertFalse(Files.exists(temporary.resolve("nowhere")));
  }
}
