package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.curios.tests.gdb.Gdb;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials and sessions as files for Perfetto, speedscope and gdb. */
class ExportTest {
  private static final double TICKS_A_MICROSECOND = 200;
  private static final double EXACT = 0.001;
  private static final long SECONDS = 300;

  @TempDir static Path temporary;
  private static Path folder;
  private static Row row;
  private static Path trace;
  private static Path stacks;
  private static Path core;

  private static Curios.Result run(String... arguments) {
    try {
      return Curios.end(Curios.start(arguments), SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void exportATrial() throws InterruptedException {
    int seed = 3;
    do { // until the fault strikes in the service's code rather than in the kernel on its way there
      folder = temporary.resolve("campaign" + ++seed);
      runCampaign(seed);
    } while (!row.file().contains("store") && seed < 100);
    trace = temporary.resolve("trace.json");
    stacks = temporary.resolve("stacks.json");
    core = temporary.resolve("crash.core");
    run(
            "campaign",
            "export",
            folder.toString(),
            "0",
            "--perfetto",
            trace.toString(),
            "--speedscope",
            stacks.toString(),
            "--core",
            core.toString())
        .expect(0);
  }

  private static void runCampaign(int seed) throws InterruptedException {
    String plan =
        """
        clients: trial0
        faults: [{kind: abort, services: [store], places: [data]}]
        sampling: {trials: 1}
        seed: %d
        """
            .formatted(seed);
    try (Folder made = Folder.create(folder, PlanReader.parse("p.yaml", plan), Campaign.image())) {
      new Campaign(made, r -> row = r).run(1);
    }
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events of a trace, each checked to have what the Trace Event Format wants of its phase. */
  private static List<JsonObject> events(Path file) {
    List<JsonObject> all = new ArrayList<>();
    for (JsonElement e : read(file).getAsJsonArray("traceEvents")) {
      JsonObject o = e.getAsJsonObject();
      String phase = o.get("ph").getAsString();
      assertTrue(Set.of("M", "X", "i", "s", "t", "f").contains(phase), o::toString);
      for (String key : List.of("name", "pid", "tid")) {
        assertTrue(o.has(key), o::toString);
      }
      if (phase.equals("M")) {
        assertTrue(o.getAsJsonObject("args").has("name"), o::toString);
      } else {
        assertTrue(o.get("ts").getAsDouble() >= 0, o::toString);
      }
      if (phase.equals("X")) {
        assertTrue(o.get("dur").getAsDouble() >= 0, o::toString);
      }
      if (Set.of("s", "t", "f").contains(phase)) {
        assertTrue(o.has("id") && o.has("cat"), o::toString);
      }
      all.add(o);
    }
    return all;
  }

  private static String track(JsonObject o) {
    return o.get("pid") + "/" + o.get("tid");
  }

  private static List<JsonObject> of(List<JsonObject> events, String phase) {
    return events.stream().filter(e -> e.get("ph").getAsString().equals(phase)).toList();
  }

  private static double at(JsonObject o) {
    return o.get("ts").getAsDouble();
  }

  private static double end(JsonObject o) {
    return at(o) + o.get("dur").getAsDouble();
  }

  /** Slices of a track lie side by side or within each other. */
  private static void mustNest(List<JsonObject> events) {
    Map<String, List<JsonObject>> tracks = new TreeMap<>();
    of(events, "X").forEach(e -> tracks.computeIfAbsent(track(e), t -> new ArrayList<>()).add(e));
    tracks
        .values()
        .forEach(slices -> {
          slices.sort(Comparator.comparingDouble(ExportTest::at).thenComparingDouble(e -> -end(e)));
          List<JsonObject> open = new ArrayList<>();
          for (JsonObject s : slices) {
            while (!open.isEmpty() && end(open.getLast()) <= at(s) + EXACT) {
              open.removeLast();
            }
            assertTrue(
                open.isEmpty() || end(s) <= end(open.getLast()) + EXACT,
                () -> open.getLast() + " and " + s);
            open.add(s);
          }
        });
  }

  /** The slices that a flow binds, in its order. */
  private static List<JsonObject> stations(List<JsonObject> events, int flow) {
    List<JsonObject> bound = new ArrayList<>();
    double before = -1;
    for (JsonObject e : events) {
      if (e.has("id") && e.get("id").getAsInt() == flow) {
        assertTrue(at(e) >= before, e::toString);
        before = at(e);
        bound.add(
            of(events, "X").stream()
                .filter(x -> track(x).equals(track(e)) && at(x) == at(e))
                .filter(x -> x.get("cat").getAsString().equals("recovery"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no slice for " + e)));
      }
    }
    return bound;
  }

  private static List<String> names(List<JsonObject> events, String what) {
    return of(events, "M").stream()
        .filter(e -> e.get("name").getAsString().equals(what))
        .map(e -> e.getAsJsonObject("args").get("name").getAsString())
        .toList();
  }

  @Test
  void objectsAreTracksAndCallsAreSlices() {
    List<JsonObject> events = events(trace);
    mustNest(events);
    List<String> objects = names(events, "process_name");
    assertTrue(objects.contains("store"), objects::toString);
    assertEquals(objects.size(), Set.copyOf(objects).size(), objects::toString);
    assertTrue(names(events, "thread_name").contains("trial0"));
    List<JsonObject> calls =
        of(events, "X").stream().filter(e -> e.get("cat").getAsString().equals("call")).toList();
    assertTrue(calls.size() > 10, () -> calls.size() + " calls");
    assertTrue(calls.stream().anyMatch(e -> e.getAsJsonObject("args").has("result")));
  }

  @Test
  void aFaultFlowsToItsDetectionTheRebuildingAndTheRequestThatGoesOn() {
    assertTrue(row.detectTicks() >= 0 && row.recoverTicks() > 0, row::toString);
    List<JsonObject> stations = stations(events(trace), 1);
    assertEquals(4, stations.size(), stations::toString);
    List<String> beginnings = List.of("fault: ", "detect: data abort", "rebuild", "resume: trial0");
    for (int i = 0; i < 4; i++) {
      String name = stations.get(i).get("name").getAsString();
      assertTrue(name.startsWith(beginnings.get(i)), name);
    }
    double detected = (row.tick() + row.detectTicks()) / TICKS_A_MICROSECOND;
    assertEquals(row.tick() / TICKS_A_MICROSECOND, at(stations.get(0)), EXACT);
    assertEquals(detected, at(stations.get(1)), EXACT);
    assertEquals(detected + row.recoverTicks() / TICKS_A_MICROSECOND, end(stations.get(2)), EXACT);
    assertTrue(at(stations.get(3)) >= detected);
  }

  @Test
  void stacksOverTimeAreASampledProfileOfSpeedscope() {
    JsonObject all = read(stacks);
    assertEquals(
        "https://www.speedscope.app/file-format-schema.json", all.get("$schema").getAsString());
    JsonArray frames = all.getAsJsonObject("shared").getAsJsonArray("frames");
    JsonObject profile = all.getAsJsonArray("profiles").get(0).getAsJsonObject();
    assertEquals("sampled", profile.get("type").getAsString());
    assertEquals("nanoseconds", profile.get("unit").getAsString());
    JsonArray samples = profile.getAsJsonArray("samples");
    JsonArray weights = profile.getAsJsonArray("weights");
    assertEquals(samples.size(), weights.size());
    assertTrue(samples.size() > 100, () -> samples.size() + " samples");
    long sum = 0;
    for (int i = 0; i < samples.size(); i++) {
      sum += weights.get(i).getAsLong();
      for (JsonElement frame : samples.get(i).getAsJsonArray()) {
        assertTrue(frame.getAsInt() >= 0 && frame.getAsInt() < frames.size());
      }
    }
    assertEquals(profile.get("endValue").getAsLong() - profile.get("startValue").getAsLong(), sum);
    List<String> names = new ArrayList<>();
    frames.forEach(f -> names.add(f.getAsJsonObject().get("name").getAsString()));
    assertTrue(names.containsAll(List.of("[store]", "[trial0]")), names::toString);
  }

  @Test
  void gdbSeesWhereTheServiceWasStruckAndItsCallers() throws IOException, InterruptedException {
    Peers.needGdb();
    Path image = core.resolveSibling("curios.elf");
    // gdb warns of an image that is newer, as the copy that it gets here is
    Files.setLastModifiedTime(core, FileTime.from(Instant.now().plusSeconds(60)));
    List<String> output =
        Gdb.ask(
            temporary,
            Files.readAllBytes(image),
            List.of(
                "file " + image,
                "core-file " + core,
                "print/x $cpsr & 0x1f",
                "print $sp != 0",
                "info symbol $pc",
                "bt"));
    String all = String.join("\n", output);
    assertFalse(all.toLowerCase(Locale.ROOT).contains("warning"), all);
    assertTrue(output.contains("$1 = 0x10"), all);
    assertTrue(output.contains("$2 = 1") || output.contains("$2 = true"), all);
    assertTrue(output.stream().anyMatch(l -> l.contains("in section")), all);
    for (String frame : List.of("#0 ", "#1 ")) {
      assertTrue(output.stream().anyMatch(l -> l.startsWith(frame)), all);
    }
  }

  @Test
  void aSessionExportsWhatItHasSeen() {
    Path file = temporary.resolve("session.json");
    Path now = temporary.resolve("session.core");
    run(
            "shell",
            "--run",
            "trial0",
            "-c",
            "crash store abort; export --ticks 8,000,000 --perfetto " + file + " --core " + now)
        .expect(0);
    List<JsonObject> events = events(file);
    mustNest(events);
    List<String> stations =
        stations(events, 1).stream().map(s -> s.get("name").getAsString()).toList();
    Map<String, Integer> found = new HashMap<>();
    stations.forEach(s -> found.merge(s.replaceFirst(":.*", ""), 1, Integer::sum));
    assertEquals(
        Set.of("fault", "detect", "rebuild", "resume"), found.keySet(), stations::toString);
    assertTrue(Files.isRegularFile(now));
  }

  @Test
  void whatCannotBeExportedIsSaidInALine() {
    run("campaign", "export", folder.toString(), "0")
        .complains("give at least one of --perfetto FILE");
    run("campaign", "export", folder.toString(), "7", "--core", "x.core").complains("no trial 7");
    Curios.Result session = run("shell", "-c", "stop; export --pcapng x.pcapng");
    assertEquals(1, session.status(), session::err);
    assertTrue(session.err().contains("there is no network cable"), session::err);
  }
}
