package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A campaign with an image other than CuriOS on the command line. */
class ForeignCampaignTest {
  @TempDir Path folder;

  private Path plan(String faults) throws IOException {
    new RawProgram().print("hello\n").exit().in(folder);
    return Files.writeString(
        folder.resolve("plan.yaml"),
        "image: guest.bin\nfaults: [" + faults + "]\nsampling: {trials: 4}\n");
  }

  @Test
  void runsReportsAndReplays() throws IOException {
    String results = folder.resolve("results").toString();
    String plan = plan("abort").toString();
    Curios.Result run = Curios.run("campaign", "run", plan, "--into", results).expect(0);
    assertTrue(run.out().contains("4 trials, stratified, on guest.bin, seed 1"), run::out);
    assertTrue(run.out().contains("Undisturbed: 22 instructions, exit status 0"), run::out);
    Curios.Result replay =
        Curios.run("campaign", "replay", results, "0", "-c", "until 100; output").expect(0);
    assertTrue(replay.out().contains("no handler at vector"), replay::out);
    assertFalse(replay.out().contains("hello"), replay::out);
    Curios.Result export =
        Curios.run("campaign", "export", results, "0", "--core", results + "/core").expect(2);
    assertTrue(export.err().contains("only trials of CuriOS can be exported"), export::err);
    Curios.Result spark = Curios.run("campaign", "spark", results).expect(2);
    assertEquals(
        "curios: campaign spark: "
            + results
            + " names an image, and clusters run only CuriOS; use campaign run or resume\n",
        spark.err());
    new RawProgram().print("other\n").exit().in(folder);
    Curios.Result refused = Curios.run("campaign", "resume", results).expect(2);
    assertTrue(refused.err().contains(": it began with another "), refused::err);
  }

  @Test
  void anImageWithoutAnEndLeavesNoFolder() throws IOException {
    String plan = plan("register").toString();
    new RawProgram().words(RawProgram.WAIT_FOR_INTERRUPT, 0xeafffffd).in(folder);
    Path results = folder.resolve("results");
    Curios.Result run = Curios.run("campaign", "run", plan, "--into", results.toString()).expect(2);
    assertTrue(run.err().contains("guest.bin: it does not end within 2,000,000,000"), run::err);
    assertEquals(1, run.err().lines().count());
    assertFalse(Files.exists(results));
  }
}
