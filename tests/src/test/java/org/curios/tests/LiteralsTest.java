package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.curios.arm.core.Memory.Watch;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.image.ImageException;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Words that code loads from beside itself: constants of translated code until someone minds. */
class LiteralsTest {
  private static final int AT = 0x8000;

  /** Adds a word after the code to R1 forever, in three instructions. */
  private static final int[] ADDS = {0xe59f0004, 0xe0811000, 0xeafffffc, 5};

  private static final int WORD = AT + 12;

  /** Adds one to a word after the code, and that to R1, in five. */
  private static final int[] COUNTS = {
    0xe59f000c, 0xe2800001, 0xe58f0004, 0xe0811000, 0xeafffffa, 0
  };

  private static Machine machine(Ours.Mode mode, int... code) throws ImageException {
    Machine machine = Ours.builder(mode).build();
    Ours.write(machine.cpu(), AT, code);
    machine.cpu().pc = AT;
    if (mode == Ours.Mode.NODES) {
      Ours.byNodes(machine.cpu());
    }
    return machine;
  }

  @ParameterizedTest
  @EnumSource
  void aDebuggersStoreCounts(Ours.Mode mode) throws ImageException {
    try (Machine machine = machine(mode, ADDS)) {
      assertEquals(Stop.TICKS, machine.run(3000));
      assertEquals(5000, machine.cpu().register(1));
      Ours.write(machine.cpu(), WORD, 7);
      assertEquals(Stop.TICKS, machine.run(6000));
      assertEquals(12_000, machine.cpu().register(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theGuestsStoresCount(Ours.Mode mode) throws ImageException {
    try (Machine machine = machine(mode, COUNTS)) {
      assertEquals(Stop.TICKS, machine.run(1000));
      assertEquals(200, machine.cpu().register(0));
      assertEquals(200 * 201 / 2, machine.cpu().register(1));
    }
  }

  /** What is written is a variable, and code is not translated again for each of its values. */
  @Test
  void aWrittenWordIsNoConstantAgain() throws ImageException {
    for (Ours.Mode mode : List.of(Ours.Mode.BYTE_CODE, Ours.Mode.HOST_CODE, Ours.Mode.COMPILED)) {
      try (Machine machine = machine(mode, COUNTS)) {
        assertEquals(Stop.TICKS, machine.run(10_000));
        assertEquals(2000, machine.cpu().register(0), mode::toString);
        long made = machine.executor().translations() + machine.executor().regions();
        assertTrue(made < 10, mode + ": " + made);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWatchSeesTheLoads(Ours.Mode mode) throws ImageException {
    try (Machine machine = machine(mode, ADDS)) {
      assertEquals(Stop.TICKS, machine.run(3000));
      machine.cpu().memory.watch(new Watch(WORD, 4, true, false));
      assertEquals(Stop.WATCHPOINT, machine.run(6000));
      assertEquals(3001, machine.cpu().now());
    }
  }
}
