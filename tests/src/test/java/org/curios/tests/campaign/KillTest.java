package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that makes a campaign may end at any moment. */
class KillTest {
  /** How often it is killed; the long form: {@code -Dcurios.kills=50}. */
  private static final int KILLS = Integer.getInteger("curios.kills", 2);

  @TempDir Path temporary;

  private Path plan(int trials) throws IOException {
    Path file = temporary.resolve("plan" + trials + ".yaml");
    Files.writeString(
        file, "faults: [crash, register, ssr]\nsampling: {trials: " + trials + "}\nseed: 5\n");
    return file;
  }

  private static JsonObject last(String out) {
    List<String> lines = out.lines().toList();
    return JsonParser.parseString(lines.get(lines.size() - 1)).getAsJsonObject();
  }

  private static long parts(Path folder) {
    Path trials = folder.resolve("trials");
    String[] names = trials.toFile().list((d, n) -> n.endsWith(".parquet"));
    return names == null ? 0 : names.length;
  }

  @Test
  void killedAtAnyMomentNothingIsLostOrDoubled() throws IOException, InterruptedException {
    int trials = 16 * (KILLS + 2);
    Path folder = temporary.resolve("killed");
    Process process =
        Curios.start("campaign", "run", plan(trials).toString(), "--into", folder.toString());
    for (int i = 0; i < KILLS; i++) {
      long before = parts(folder);
      long wanted = Math.min(before + 1, KILLS + 1);
      while (process.isAlive() && parts(folder) < wanted) {
        process.waitFor(5L + i % 7, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      process = Curios.start("campaign", "resume", folder.toString(), "--json");
    }
    Curios.Result result = Curios.end(process).expect(0);
    JsonObject json = last(result.out());
    assertEquals(trials, json.get("trials").getAsInt());
    assertTrue(json.get("complete").getAsBoolean());
    assertTrue(
        json.keySet()
            .containsAll(
                Set.of(
                    "trials",
                    "trials_per_second",
                    "manifested",
                    "detected",
                    "lossless",
                    "silent",
                    "system_lost",
                    "foreign_ssr_bytes",
                    "by_policy",
                    "by_service",
                    "by_kind")),
        json::toString);
    Path once = temporary.resolve("once");
    try (Folder made = Folder.create(once, PlanReader.read(plan(trials)), Campaign.image())) {
      new Campaign(made, row -> {}).run(2);
    }
    List<Row> expected = CampaignTest.rows(once);
    assertEquals(expected, CampaignTest.rows(folder));
  }

  @Test
  void ctrlCLeavesAReportOfTheTrialsSoFar() throws IOException, InterruptedException {
    Path folder = temporary.resolve("stopped");
    Process process =
        Curios.start(
            "campaign", "run", plan(100_000).toString(), "--into", folder.toString(), "--json");
    while (process.isAlive() && !Files.isDirectory(folder.resolve("trials"))) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    while (process.isAlive() && parts(folder) == 0) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Curios.Result result = Curios.end(process);
    assertEquals(130, result.status(), result::err);
    JsonObject json = last(result.out());
    assertFalse(json.get("complete").getAsBoolean());
    assertEquals(CampaignTest.rows(folder).size(), json.get("trials").getAsInt());
    assertTrue(Files.readString(folder.resolve("report.html")).contains("Not complete"));
  }

  @Test
  void theShellOpensAtTheFaultAndTheRestComesAsInTheTrial()
      throws IOException, InterruptedException {
    Path folder = temporary.resolve("replayed");
    try (Folder made = Folder.create(folder, PlanReader.read(plan(1)), Campaign.image())) {
      new Campaign(made, row -> {}).run(1);
    }
    Row row = CampaignTest.rows(folder).get(0);
    Curios.Result shell =
        Curios.run(
                "campaign",
                "replay",
                folder.toString(),
                "0",
                "-c",
                "when --json; catch recovered; cont; when --json; back event fault; when --json")
            .expect(0);
    List<Long> ticks =
        shell
            .out()
            .lines()
            .filter(l -> l.contains("\"tick\""))
            .map(l -> JsonParser.parseString(l).getAsJsonObject().get("tick").getAsLong())
            .toList();
    assertEquals(row.tick(), ticks.get(0), shell::out);
    assertEquals(row.tick() + row.detectTicks() + row.recoverTicks(), ticks.get(1), shell::out);
    assertEquals(row.tick() + row.detectTicks(), ticks.get(2), shell::out);
  }

  @Test
  void whatIsUsedWronglyIsSaidInALine() throws IOException {
    Curios.run("campaign", "run").complains("give a plan, or --quick");
    Curios.run("campaign", "run", "nowhere.yaml").complains("nowhere.yaml", "no such plan");
    Curios.run("campaign", "resume", temporary.toString()).complains("no folder of a campaign");
    Files.writeString(temporary.resolve("bad.yaml"), "sampling: {trials: x}\n");
    Curios.run("campaign", "run", temporary.resolve("bad.yaml").toString())
        .complains("bad.yaml:1:20: trials: x");
    Curios.run("campaign", "run", "--quick", "--into", temporary.toString())
        .complains("there is something already");
  }
}
