package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.curios.arm.bus.VirtualClock;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.CardPlaces;
import org.curios.lab.trial.DeviceRegisters;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Trial;
import org.curios.machine.device.LostInterrupts;
import org.curios.tests.Peers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Faults of devices and of the card. */
class BoardFaultsTest {
  private static final long START = 1_500_000;

  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
  }

  private static Fault fault(String text) {
    Fault fault = Fault.parse(text.replace("@", "@" + (baseline.start() + 1000)));
    assertEquals(text.replace("@", "@" + (baseline.start() + 1000)), fault.toString());
    return fault;
  }

  @Test
  void eachRegisterOfADeviceKeepsTheBitThatChanges() {
    try (Trial trial = new Trial(baseline)) {
      for (String name : DeviceRegisters.names()) {
        Fault flip = fault("device/board@/" + name + ".2");
        int changed =
            trial.look(
                flip.tick(),
                v -> {
                  int before = DeviceRegisters.value(v.machine(), name);
                  Injector.strike(v, flip);
                  return before ^ DeviceRegisters.value(v.machine(), name);
                });
        assertEquals(4, changed, name);
      }
      LabException e =
          assertThrows(
              LabException.class, () -> trial.run(fault("device/board@/timer01.control.8")));
      assertTrue(e.getMessage().contains("no such place"), e.getMessage());
    }
  }

  /** Each of these stops the tick or makes it rare, until the guard writes the register again. */
  @Test
  void theKernelsClockGoesOnAfterAFlipInItsRegisters() {
    List<String> flips =
        List.of(
            "vic.enable.4",
            "vic.select.4",
            "timer01.load.31",
            "timer01.load.9",
            "timer01.control.5",
            "timer01.control.6",
            "timer01.control.7");
    assertHarmless(flips);
  }

  private static void assertHarmless(List<String> flips) {
    try (Trial trial = new Trial(baseline)) {
      for (String flip : flips) {
        Outcome outcome = trial.run(fault("device/board@/" + flip)).outcome();
        assertTrue(outcome.word().isGood(), () -> flip + ": " + outcome);
      }
    }
  }

  /** Each of these causes interrupts without end, or none, or lets no frame pass. */
  @Test
  void theEthernetControllerWorksAfterAFlipInItsRegisters() {
    List<String> flips =
        List.of(
            "net.mask.0",
            "net.mask.2",
            "net.mask.3",
            "net.transmit.0",
            "net.receive.8",
            "net.receive.9",
            "net.control.11",
            "net.bank.0",
            "net.bank.1");
    assertHarmless(flips);
  }

  /**
   * The timer keeps its line raised, so the controller sees the interrupt ten milliseconds late.
   */
  @Test
  void aLostTickOfTheKernelIsSeenLate() {
    try (Bench bench = new Bench("curios", "ssr-packed", "trial0")) {
      bench.go(START);
      int before = milliseconds(bench);
      Injector.strike(bench.view(), Fault.parse("interrupt/kernel@" + START + "/lost:4"));
      bench.go(START + LostInterrupts.MISSED);
      assertEquals(before, milliseconds(bench));
      bench.go(START + LostInterrupts.MISSED + 2 * VirtualClock.HZ / 1000);
      assertTrue(milliseconds(bench) >= before + 10, () -> before + " " + milliseconds(bench));
    }
  }

  private static int milliseconds(Bench bench) {
    return bench.machine().bus().read(bench.view().symbol("now_ms"), 4);
  }

  @Test
  void aStuckBitStaysUntilTheNextTrial() {
    Fault stuck = fault("device/board@/vic.enable.4=0");
    try (Trial trial = new Trial(baseline)) {
      Outcome lost = trial.run(stuck).outcome();
      assertEquals(Outcome.Word.SYSTEM_LOST, lost.word(), lost::toString);
      int enabled =
          trial.look(stuck.tick() + 5000, v -> DeviceRegisters.value(v.machine(), "vic.enable"));
      assertEquals(1 << 4, enabled & 1 << 4);
    }
  }

  private static byte[] block(View v, long number) {
    try {
      return v.machine().card().disk().block(number).clone();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBitOfABlockChangesUntilTheNextTrial() {
    Fault flip = fault("card_block/board@/b2.13");
    try (Trial trial = new Trial(baseline)) {
      byte[] before = trial.look(flip.tick(), v -> block(v, 2));
      assertTrue(trial.look(flip.tick(), v -> CardPlaces.blocks(v.machine())).contains("b2"));
      byte[] after =
          trial.look(
              flip.tick(),
              v -> {
                Injector.strike(v, flip);
                return block(v, 2);
              });
      assertEquals(before[1] ^ 1 << 5, after[1]);
      assertEquals(before[1], trial.look(flip.tick(), v -> block(v, 2))[1]);
    }
  }

  @Test
  void trialsEndAsThoseThatRunToTheEnd() {
    try (Trial trial = Trial.timed(baseline);
        Trial whole = Trial.toTheEnd(baseline)) {
      for (String text :
          List.of(
              "card_error/board@/read:crc",
              "card_error/board@/write:timeout",
              "card_block/board@/b2.13",
              "device/board@/uart0.mask.4")) {
        Outcome one = trial.run(fault(text)).outcome();
        Outcome other = whole.run(fault(text)).outcome();
        assertEquals(other.word(), one.word(), text);
        assertEquals(other.differences(), one.differences(), text);
      }
    }
  }

  @Test
  void theCardIsCheckedWhereItDiffersFromThatOfTheUndisturbedRun() throws Exception {
    Peers.needFileSystemTools();
    long late = baseline.ticks() - 1000;
    try (Trial trial = new Trial(baseline)) {
      long page = trial.look(late, v -> blockWith(v, "<!DOCTYPE html>"));
      assertEquals("clean", card(trial, "card_block/board@" + late + "/b" + page + ".3"));
      assertEquals("damaged", card(trial, "card_block/board@" + late + "/b2.448")); // the magic
      long tick = baseline.runsAt("files", 0.5);
      assertEquals("", card(trial, "crash/files@" + tick + "/assert"));
    }
  }

  private static String card(Trial trial, String fault) {
    return trial.run(Fault.parse(fault)).outcome().card();
  }

  private static long blockWith(View v, String text) {
    return CardPlaces.blocks(v.machine()).stream()
        .mapToLong(b -> Long.parseLong(b.substring(1)))
        .filter(b -> content(v, b).contains(text))
        .findFirst()
        .orElseThrow();
  }

  private static String content(View v, long block) {
    try {
      return new String(v.machine().card().disk().block(block), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
