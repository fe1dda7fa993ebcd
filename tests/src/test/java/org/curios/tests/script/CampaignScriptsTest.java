package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns that scripts plan, run and read. */
class CampaignScriptsTest {
  private static final String PLAN =
      """
      campaign: from a script
      policies: [ssr-packed, none]
      faults:
      - kind: crash
        services: [store]
        places: [abort]
      - kind: register
        services: [store]
        bits: 2
      sampling:
        trials: 6
      seed: 5
      """;

  private static final Path ROOT = Path.of(System.getProperty("curios.root", ".."));

  @TempDir Path folder;

  private static List<Row> rows(Path campaign) {
    List<Row> all = new ArrayList<>();
    try (Folder opened = Folder.open(campaign)) {
      opened.read(row -> all.add(row.timeless()));
    }
    return all;
  }

  @Test
  void aScriptStopsResumesAndReadsACampaignWhoseRowsAreThoseOfTheCommand() throws Exception {
    List<String> lines =
        Scripts.js(
                folder,
                "const plan = campaigns.plan({",
                "  name: 'from a script',",
                "  policies: ['ssr-packed', 'none'],",
                "  faults: [{ kind: 'crash', services: [services.store], places: ['abort'] },",
                "           { kind: 'register', services: ['store'], bits: 2 }],",
                "  sampling: { trials: 6 }, seed: 5 });",
                "print(plan.name, plan.trials, plan.seed, plan.policies, plan.kinds);",
                "let c = plan.run({ folder: 'r', threads: 1, progress: p => p.done < 2 });",
                "print(c.complete, c.made >= 2 && c.made < 12, c.plan.text === plan.text);",
                "let last;",
                "c = campaigns.open('r').resume({ progress: p => { last = p; } });",
                "print(c.complete, c.made, last.done, last.trials, last.secondsLeft, c);",
                "const t = c.tally({ policy: 'ssr-packed', kind: 'crash' });",
                "print(t.trials, t.lossless.some, t.lossless.all, t.share('recovered').value);",
                "const rows = c.trials({ policy: 'none', service: 'store' });",
                "print(rows.length, rows[1].fault, results.table(rows).save('rows.csv').columns.length);",
                "const p = c.compare('ssr-packed', 'none');",
                "print(p.both + p.first + p.second + p.neither, p.first > p.second, p.probability <= 1);",
                "print(c.report().endsWith('report.html'));")
            .lines();
    Path own = folder.resolve("command");
    Plan plan = PlanReader.parse("plan.yaml", PLAN);
    try (Folder made = Folder.create(own, plan, Campaign.image())) {
      new Campaign(made, row -> {}).run(2);
    }
    List<Row> expected = rows(own);
    assertEquals(expected, rows(folder.resolve("r")));
    assertTrue(Files.exists(folder.resolve("r/report.html")));
    assertEquals(7, Files.readAllLines(folder.resolve("rows.csv")).size());
    List<Row> crashes =
        expected.stream()
            .filter(r -> r.policy().equals("ssr-packed") && r.kind().equals("crash"))
            .toList();
    long lossless = crashes.stream().filter(r -> r.outcome().equals("recovered")).count();
    long manifested = crashes.stream().filter(r -> !r.outcome().equals("unnoticed")).count();
    String second =
        expected.stream().filter(r -> r.policy().equals("none")).toList().get(1).fault();
    assertEquals(
        List.of(
            "from a script 6 5 ssr-packed,none crash,register x2",
            "false true true",
            "true 12 12 12 0 <campaign from a script: 12 of 12 trials>",
            "3 " + lossless + " " + manifested + " " + (lossless == 3 ? "1" : lossless / 3.0),
            "6 " + second + " 31",
            "6 true true",
            "true"),
        lines);
  }

  @Test
  void theDocumentedExampleStrikesFrames() throws Exception {
    String example =
        Files.readString(ROOT.resolve("docs/scripting.md"))
            .replaceFirst("(?s).*\n    // frames.js\n(.*?)\n\n.*", "$1");
    String few = example.replace("trials: 40", "trials: 4");
    List<String> lines = Scripts.js(folder, few.lines().toArray(String[]::new)).lines();
    List<String> expected =
        rows(folder.resolve("frames")).stream().map(r -> r.fault() + " unnoticed").toList();
    assertEquals(4, expected.size());
    assertTrue(expected.stream().allMatch(r -> r.startsWith("packet/board@")), expected::toString);
    assertEquals(expected, lines);
  }

  @Test
  void aScriptThatIsStoppedLeavesItsResults() throws IOException {
    ScriptOptions brief = new ScriptOptions(false, false, Duration.ofSeconds(1), 0, folder);
    Scripts.Result r =
        Scripts.js(
            folder,
            brief,
            "campaigns.plan({ sampling: { trials: 100000 } }).run({ folder: 'long', threads: 1 });");
    r.complains(ScriptEnd.TIMED_OUT, "did not end within 1 s");
  }

  @Test
  void complaintsSayWhatIsWrong() throws IOException {
    Files.createDirectories(folder.resolve("full/x"));
    List<String> lines =
        Scripts.js(
                folder,
                "const tell = f => { try { f(); print('?'); } catch (e) { print(e.name + ' ' + e.message); } };",
                "const plan = campaigns.parse('sampling: {trials: 3}');",
                "tell(() => campaigns.plan({ sampling: { trials: 3 }, faults: ['regster'] }));",
                "tell(() => campaigns.plan({ faults: ['register'] }));",
                "tell(() => plan.run({ folder: '../elsewhere' }));",
                "tell(() => plan.run({ folder: 'full' }));",
                "tell(() => plan.run({ threads: 0 }));",
                "tell(() => campaigns.open('full'));",
                "print(campaigns.quick().trials);")
            .lines();
    assertEquals(7, lines.size(), lines::toString);
    assertTrue(
        lines.get(0).startsWith("UsageError Campaigns.plan: plan:2:3: faults: regster: not known"),
        lines.get(0));
    assertTrue(lines.get(0).contains("register"), lines.get(0));
    assertTrue(lines.get(1).startsWith("UsageError Campaigns.plan: needs sampling"), lines.get(1));
    assertTrue(lines.get(2).contains("within the folder of results"), lines.get(2));
    assertTrue(lines.get(3).contains("there is something already"), lines.get(3));
    assertTrue(lines.get(4).contains("threads 0: give a number from 1 to 256"), lines.get(4));
    assertTrue(lines.get(5).contains("no folder of a campaign"), lines.get(5));
    assertEquals("700", lines.get(6));
    assertFalse(Files.exists(folder.resolve("../elsewhere")));
  }
}
