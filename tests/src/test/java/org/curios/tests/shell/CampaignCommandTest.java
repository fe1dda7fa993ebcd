package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.campaign.store.Folder;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code campaign} in the shell. */
class CampaignCommandTest extends AtStoppedMachine {
  private static final String PLAN =
      """
      campaign: from the shell
      faults: [{kind: crash, services: [store], places: [abort]}]
      sampling: {trials: \
      """;

  @TempDir Path folder;

  private Path plan(int trials) throws Exception {
    return Files.writeString(folder.resolve("plan.yaml"), PLAN + trials + "}\n");
  }

  @Test
  void aCampaignRunsAndTheMachineOfTheShellIsNotTouched() throws Exception {
    String before = t.answer("when");
    Path results = folder.resolve("results");
    String ran = t.answer("campaign run " + plan(3) + " --into " + results + " --threads 1");
    assertTrue(ran.contains("Campaign from the shell: 3 trials, stratified"), ran);
    assertTrue(ran.contains("Policy ssr-packed"), ran);
    assertTrue(ran.contains("Report: " + results.resolve("report.html")), ran);
    assertTrue(ran.contains("3 trials in "), ran);
    assertTrue(Files.exists(results.resolve("report.html")));
    assertEquals(before, t.answer("when"));
    JsonObject numbers =
        JsonParser.parseString(t.answer("campaign report " + results + " --json").strip())
            .getAsJsonObject();
    assertEquals(3, numbers.get("trials").getAsInt());
    assertEquals(3, numbers.get("detected").getAsInt());
    assertTrue(numbers.get("complete").getAsBoolean());
    String compared = t.answer("campaign compare " + results + " " + results);
    assertTrue(compared.contains("0 trials end differently"), compared);
    String again = t.answer("campaign resume " + results);
    assertTrue(again.contains("3 of 3 rows are there already"), again);
  }

  @Test
  void interruptedCampaignsGoOnWithResume() throws Exception {
    Path results = folder.resolve("results");
    t.type("campaign run " + plan(64) + " --into " + results + " --threads 1\r");
    t.await("Campaign from the shell: 64 trials");
    t.terminal().raise(Terminal.Signal.INT);
    t.await("not all trials have been run");
    try (Folder interrupted = Folder.open(results)) {
      assertFalse(interrupted.missing().isEmpty());
    }
  }

  @Test
  void complaintsSayWhatIsWrong() throws Exception {
    assertTrue(
        t.answer("campaign rum").contains("campaign rum: no such action; did you mean run?"));
    assertTrue(t.answer("campaign run").contains("give a plan, or --quick"));
    assertTrue(t.answer("campaign run nothing.yaml").contains("nothing.yaml: no such plan"));
    assertTrue(t.answer("campaign report").contains("give the folder of a campaign"));
    assertTrue(t.answer("campaign report " + folder).contains("no folder of a campaign"));
    assertTrue(t.answer("campaign compare a").contains("give the folders of two campaigns"));
    assertTrue(t.answer("campaign report x --quick").contains("only campaign run takes it"));
    assertTrue(t.answer("campaign run --quick --threads 0").contains("a number from 1 to 256"));
    assertTrue(t.answer("help campaign").contains("campaign resume FOLDER"));
  }
}
