package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.PacketPlaces;
import org.curios.lab.trial.Trial;
import org.curios.machine.net.Packets.Packet;
import org.curios.machine.net.Switch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of frames between a machine and the second one, which is not struck. */
class PacketFaultsTest {
  private static final String PLAN =
      """
      clients: caller
      peer: peer
      faults: [packet, {kind: packet, bits: 4, places: ["in:bit", "out:bit"], name: more bits}]
      sampling: {trials: 24}
      seed: 5
      """;

  /** While messages pass; the next frame in either direction is a long one. */
  private static final long AT_WORK = 1_700_000;

  private static final long END = 12_000_000;

  @TempDir static Path temporary;
  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("ssr-packed", Campaign.workload(plan()));
  }

  private static Plan plan() {
    return PlanReader.parse("packets.yaml", PLAN);
  }

  private static Fault fault(long tick, String place) {
    String text = "packet/board@" + tick + "/" + place;
    Fault fault = Fault.parse(text);
    assertEquals(text, fault.toString());
    return fault;
  }

  /** What passed in a run: on the wire, and as the service net has counted it. */
  private record Run(List<Packet> packets, int framesIn, String text) {
    List<byte[]> sent() {
      return packets.stream().filter(Packet::sent).map(Packet::frame).toList();
    }

    long received() {
      return packets.stream().filter(p -> !p.sent()).count();
    }
  }

  private static Run run(String place) {
    try (Bench bench = new Bench("curios", "ssr-packed", Campaign.workload(plan()), new Switch())) {
      bench.go(AT_WORK);
      if (!place.isEmpty()) {
        Injector.strike(bench.view(), fault(AT_WORK, place));
      }
      bench.go(END);
      return new Run(bench.machine().packets().upTo(END), framesIn(bench), bench.text());
    }
  }

  private static int framesIn(Bench bench) {
    View v = bench.view();
    Extent e = Injector.variable(v, "net", "net::frames_in");
    return v.machine().bus().read(e.address(), 4);
  }

  @Test
  void theNextFrameThatIsSentIsStruck() {
    Run whole = run("");
    int next = 0;
    while (whole.packets.stream().filter(Packet::sent).toList().get(next).tick() < AT_WORK) {
      next++;
    }
    List<byte[]> before = whole.sent().subList(0, next);
    byte[] struck = whole.sent().get(next);
    byte[] flipped = struck.clone();
    flipped[100] ^= 2;
    for (String place : List.of("loss", "duplicate", "reorder", "cut", "bit.801")) {
      List<byte[]> sent = run("out:" + place).sent();
      List<byte[]> expected = new ArrayList<>(before);
      switch (place) {
        case "duplicate" -> expected.addAll(List.of(struck, struck));
        case "cut" -> expected.add(Arrays.copyOf(struck, struck.length / 2));
        case "bit.801" -> expected.add(flipped);
        case "reorder" -> {
          expected.add(sent.get(next));
          expected.add(struck);
          assertTrue(!Arrays.equals(struck, sent.get(next)));
        }
        default -> assertTrue(!Arrays.equals(struck, sent.get(next)));
      }
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), sent.get(i), place + " " + i);
      }
    }
  }

  @Test
  void theGuestSeesWhatBecomesOfAFrameThatIsReceived() {
    Run whole = run("");
    assertEquals(whole.received(), whole.framesIn);
    assertTrue(whole.text.contains("all as expected"), whole.text);
    for (String place : List.of("loss", "duplicate", "reorder", "cut", "bit.801")) {
      Run struck = run("in:" + place);
      int more = place.equals("duplicate") ? 1 : place.equals("loss") ? -1 : 0;
      assertEquals(struck.received() + more, struck.framesIn, place);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1_100_000, AT_WORK, 4_000_000})
  void everythingArrivesWhateverHappensToAFrame(long tick) {
    try (Trial trial = Trial.timed(baseline);
        Trial whole = Trial.toTheEnd(baseline)) {
      for (String name : PacketPlaces.names()) {
        Fault fault = fault(tick, PacketPlaces.hasBits(name) ? name + ".437" : name);
        Outcome outcome = trial.run(fault).outcome();
        assertEquals(Outcome.Word.UNNOTICED, outcome.word(), () -> fault + ": " + outcome);
        assertEquals(List.of(), whole.run(fault).outcome().differences(), fault::toString);
      }
    }
  }

  /** The answer to the first request for the peer's address: the bits of the sender's address. */
  @Test
  void aDamagedAddressOfANeighbourIsNotLearned() {
    try (Trial trial = Trial.timed(baseline)) {
      for (int bit = 22 * 8; bit < 28 * 8; bit += 5) {
        Outcome outcome = trial.run(fault(1_210_000, "in:bit." + bit)).outcome();
        assertEquals(Outcome.Word.UNNOTICED, outcome.word(), outcome::toString);
      }
    }
  }

  @Test
  void aRestoreForgetsWhatWasPlanned() {
    Fault loss = fault(AT_WORK, "out:loss");
    try (Trial trial = Trial.timed(baseline)) {
      long undisturbed = sent(trial);
      long lost =
          trial.look(
              AT_WORK,
              v -> {
                Injector.strike(v, loss);
                return ticksToNextFrame(v);
              });
      assertTrue(lost > undisturbed, lost + " " + undisturbed);
      assertEquals(undisturbed, sent(trial));
    }
  }

  private static long sent(Trial trial) {
    return trial.look(AT_WORK, PacketFaultsTest::ticksToNextFrame);
  }

  private static long ticksToNextFrame(View v) {
    v.machine().forgetFuture();
    long count = v.machine().packets().upTo(Long.MAX_VALUE).stream().filter(Packet::sent).count();
    long start = v.machine().cpu().now();
    long now = start;
    while (v.machine().packets().upTo(now).stream().filter(Packet::sent).count() == count) {
      now += 1000;
      v.machine().run(now);
    }
    return now - start;
  }

  @Test
  void rowsDoNotDependOnThreads() throws InterruptedException {
    List<List<Row>> all = new ArrayList<>();
    for (int threads : List.of(1, 2)) {
      Path path = temporary.resolve("threads" + threads);
      try (Folder folder = Folder.create(path, plan(), Campaign.image())) {
        new Campaign(folder, row -> {}).run(threads);
        assertEquals(List.of(), folder.missing());
      }
      all.add(CampaignTest.rows(path));
    }
    assertEquals(all.getFirst(), all.getLast());
    assertEquals(24, all.getFirst().size());
    try (Trial trial = Trial.timed(baseline)) {
      for (Row row : all.getFirst().subList(0, 8)) {
        Outcome again = trial.run(Fault.parse(row.fault())).outcome();
        assertEquals(row.outcome(), again.word().toString(), row::toString);
        assertEquals(row.endTick(), again.ticks(), row::toString);
      }
    }
  }

  @Test
  void aMachineWithoutACableHasNoFrames() {
    try (Bench bench = new Bench("curios", "ssr-packed", "trial0")) {
      bench.go(AT_WORK);
      Fault loss = fault(AT_WORK, "in:loss");
      LabException e = assertThrows(LabException.class, () -> Injector.strike(bench.view(), loss));
      assertTrue(e.getMessage().contains("no network cable"), e.getMessage());
    }
  }
}
