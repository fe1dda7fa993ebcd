package org.curios.tests.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.machine.MachineBuilder;
import org.curios.machine.net.Cable;
import org.curios.machine.net.Impairments;
import org.curios.machine.net.Switch;
import org.curios.machine.snapshot.Snapshot;
import org.junit.jupiter.api.Test;

/** Machines on a switch: what arrives when is the same each time, however the run is divided. */
class SwitchTest {
  private static final String BAD = "switch:x,loss=10%,reorder=10%,duplicate=10%,corrupt=10%,seed=";

  private static MachineBuilder on(Switch lan) {
    return new MachineBuilder().net(lan);
  }

  /** What a run of two has given: text and ticks of both. */
  private record Run(String asked, long askedTicks, String answered, long answeredTicks) {}

  private static Run two(Impairments wire, long step) throws Exception {
    Switch lan = new Switch();
    try (Echo asks = new Echo(on(lan).impairments(wire));
        Echo answers = new Echo(on(lan))) {
      for (long t = step; t < Echo.MOST_TICKS && !asks.hasEnded(); t += step) {
        asks.run(t);
        if (answers.text().isEmpty()) {
          assertEquals(asks.now(), answers.now(), "between runs all are at the same tick");
        }
      }
      String answered = answers.run(answers.now() + 2_000_000);
      return new Run(asks.text(), asks.now(), answered, answers.now());
    }
  }

  @Test
  void everyLengthComesBack() throws Exception {
    Run run = two(Impairments.NONE, Echo.MOST_TICKS - 1);
    assertEquals(Echo.GOOD, run.asked);
    assertEquals("answered: 30\n", run.answered);
  }

  @Test
  void dividedRunIsTheSame() throws Exception {
    Impairments bad = Cable.parse(BAD + 7).impairments();
    Run whole = two(bad, Echo.MOST_TICKS - 1);
    assertEquals(whole, two(bad, 7_777));
    assertTrue(whole.asked.contains("1514 \nsent again: "), whole.asked);
    assertTrue(!whole.asked.contains("again: 0"), whole.asked);
    Run other = two(Cable.parse(BAD + 8).impairments(), Echo.MOST_TICKS - 1);
    assertTrue(whole.askedTicks != other.askedTicks, "the seed chooses what is lost");
  }

  /** A snapshot of one is a snapshot of all, with what is on the wire. */
  @Test
  void snapshotTakesAllWithIt() throws Exception {
    Switch lan = new Switch();
    try (Echo asks = new Echo(on(lan));
        Echo answers = new Echo(on(lan))) {
      asks.run(500_000);
      Snapshot middle = asks.machine.snapshot();
      assertTrue(asks.machine.isAt(middle));
      String first = asks.run();
      long end = asks.now();
      assertEquals(Echo.GOOD, first);
      asks.machine.restore(middle);
      assertTrue(asks.machine.isAt(middle));
      assertEquals(500_000, answers.now());
      asks.run();
      assertEquals(end, asks.now());
    }
  }

  /** A peer written in Java answers as a machine does. */
  @Test
  void stationAnswers() throws Exception {
    Switch lan = new Switch();
    lan.add((tick, frame, outlet) -> outlet.send(StreamPeer.echo(frame)));
    try (Echo asks = new Echo(on(lan))) {
      assertEquals(Echo.GOOD, asks.run());
    }
  }

  @Test
  void switchIsFoundByItsName() throws Exception {
    Cable cable = Cable.parse("switch:lan");
    try (Echo asks = new Echo(new MachineBuilder().net(cable));
        Echo answers = new Echo(new MachineBuilder().net(cable))) {
      assertEquals(Echo.GOOD, asks.run());
      assertEquals("answered: 30\n", answers.text());
    }
  }
}
