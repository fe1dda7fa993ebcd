package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.BufferPlaces;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.ModeRegisters;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Faults of buffers in flight, kept memory, registers of other modes; in the kernel's functions.
 */
class FurtherFaultsTest {
  private static final Program PROGRAM = Campaign.program();

  private static Baseline baseline;

  @BeforeAll
  static void measure() {
    baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
  }

  private static FaultSpace space(String faults) {
    return new FaultSpace(
        PlanReader.parse("t.yaml", "faults: [" + faults + "]\nsampling: {trials: 10}\n"),
        baseline,
        PROGRAM);
  }

  private static int byteAt(View v, int virtual) {
    return v.machine().bus().read(v.memory().physical(virtual), 1);
  }

  /** The kernel records how long a state is; the laboratory reads it all the same. */
  @Test
  void theRecordedLengthOfAStateMayBeWrong() {
    try (Trial trial = Trial.timed(baseline)) {
      long tick = baseline.runsAt("store", 0.9);
      for (int bit = 0; bit < 16; bit++) {
        String fault = "field/store@%d/Ssr.bytes:trial0#0.%d".formatted(tick, bit);
        assertNotNull(trial.run(Fault.parse(fault)).outcome(), fault);
      }
    }
  }

  @Test
  void aBufferBelongsToTheRequestAtHand() {
    FaultSpace space = space("{kind: buffer, services: [files]}");
    try (Trial trial = Trial.timed(baseline)) {
      FaultSpace.Drawn drawn = space.run(trial, 1);
      Fault fault = drawn.result().fault();
      assertEquals("files", drawn.service());
      assertTrue(drawn.bits() >= 8, drawn::toString);
      int address = Integer.parseUnsignedInt(fault.place(), 16);
      List<Extent> buffers = trial.look(fault.tick(), v -> BufferPlaces.of(v, "files"));
      assertTrue(
          buffers.stream()
              .anyMatch(b -> Integer.compareUnsigned(address - b.address(), b.bytes()) < 0),
          buffers::toString);
      String owner = trial.look(fault.tick(), v -> v.memory().owner(address).name());
      assertFalse(owner.equals("files"), owner);
      int changed =
          trial.look(
              fault.tick(),
              v -> {
                int before = byteAt(v, address);
                Injector.strike(v, fault);
                return before ^ byteAt(v, address);
              });
      assertEquals(1 << fault.bit(), changed);
      assertEquals(drawn.result().outcome(), trial.run(fault).outcome());
    }
  }

  @Test
  void keptMemoryIsThatOfServicesThatHaveSome() {
    FaultSpace space = space("{kind: kept}");
    try (Trial trial = Trial.timed(baseline)) {
      for (int i = 0; i < 4; i++) {
        FaultSpace.Drawn drawn = space.run(trial, i);
        assertTrue(List.of("files", "net").contains(drawn.service()), drawn::toString);
        assertTrue(drawn.bits() >= 8 * 4096, drawn::toString);
        assertEquals(
            drawn.result().outcome(), trial.run(drawn.result().fault()).outcome(), drawn::toString);
      }
      Fault beyond = Fault.parse("kept/store@" + (baseline.start() + 9) + "/00000000.0");
      assertThrows(LabException.class, () -> trial.run(beyond));
    }
  }

  @Test
  void aModesOwnRegistersChangeInAnyMode() {
    long tick = baseline.runsAt("store", 0.5);
    try (Trial trial = Trial.timed(baseline)) {
      for (String name : ModeRegisters.names()) {
        Fault flip = Fault.parse("mode_register/kernel@" + tick + "/" + name + ".5");
        int changed =
            trial.look(
                tick,
                v -> {
                  int before = ModeRegisters.value(v.machine().cpu(), name);
                  Injector.strike(v, flip);
                  return before ^ ModeRegisters.value(v.machine().cpu(), name);
                });
        assertEquals(1 << 5, changed, name);
      }
      Outcome stack =
          trial.run(Fault.parse("mode_register/kernel@" + tick + "/r13_svc.31")).outcome();
      assertFalse(stack.word() == Outcome.Word.UNNOTICED, stack::toString);
      Outcome unused =
          trial.run(Fault.parse("mode_register/kernel@" + tick + "/r9_fiq.5")).outcome();
      assertEquals(Outcome.Word.UNNOTICED, unused.word());
      assertThrows(
          LabException.class,
          () -> trial.run(Fault.parse("mode_register/kernel@" + tick + "/r9_svc.5")));
    }
  }

  @Test
  void faultsStrikeWithinAFunctionOfTheKernel() {
    FaultSpace space = space("{kind: kernel_register, at: {function: trap_call}}");
    try (Trial trial = Trial.timed(baseline)) {
      for (int i = 0; i < 4; i++) {
        FaultSpace.Drawn drawn = space.run(trial, i);
        String where = PROGRAM.symbols().describe(drawn.pc());
        assertTrue(where.startsWith("trap_call"), where);
      }
    }
  }

  @Test
  void whatStrikesAtAnyTimeCanWaitForGivenInstructions() {
    try (Trial trial = Trial.timed(baseline)) {
      FaultSpace.Drawn state =
          space("{kind: ssr, services: [store], at: {function: get}}").run(trial, 1);
      assertEquals("get", function(state));
      FaultSpace.Drawn memory =
          space("{kind: kernel_memory, at: {function: interrupt}}").run(trial, 1);
      assertEquals("interrupt", function(memory));
      FaultSpace.Drawn device = space("{kind: device, at: {client: trial5}}").run(trial, 1);
      assertTrue(device.ticks() < baseline.ticks() / 2, device::toString);
    }
    List<Long> calls = baseline.entries("files");
    try (Trial trial = Trial.timed(baseline)) {
      long tick =
          space("{kind: card_error, at: {service: files, call: 3}}")
              .run(trial, 1)
              .result()
              .fault()
              .tick();
      assertTrue(tick >= calls.get(2) && tick < calls.get(3), tick + ": " + calls.subList(2, 4));
    }
    LabException e =
        assertThrows(
            LabException.class, () -> space("{kind: ssr, at: {service: nobody, function: get}}"));
    assertTrue(e.getMessage().startsWith("nobody: no such service"), e::getMessage);
  }

  /**
   * A second fault comes at any later time, when its service runs, and again when it is repeated.
   */
  @Test
  void secondFaultsAreIndependent() {
    FaultSpace space = space("{kind: register, then: {kind: register}}");
    int adjacent = 0;
    int two = 0;
    try (Trial trial = Trial.timed(baseline)) {
      for (int i = 0; i < 40; i++) {
        List<Fault> faults = space.run(trial, i).result().faults();
        if (faults.size() == 2) {
          long distance = faults.get(1).tick() - faults.get(0).tick();
          assertTrue(distance > 0, faults::toString);
          adjacent += distance == 1 ? 1 : 0;
          Outcome outcome = space.run(trial, i).result().outcome();
          assertEquals(outcome, trial.run(faults).outcome(), faults::toString);
          two++;
        }
      }
    }
    assertTrue(two > 30 && adjacent < 2, two + ", of which " + adjacent + " at once");
  }

  private static String function(FaultSpace.Drawn drawn) {
    return PROGRAM.symbols().describe(drawn.pc()).replaceFirst("\\+.*", "");
  }
}
