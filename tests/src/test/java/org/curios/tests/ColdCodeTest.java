package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd places of code that runs rarely, or has just become warm. */
class ColdCodeTest {
  private static final int CODE = 0x8000;
  private static final int NOP = 0xe1a00000;
  private static final int LOOP = 0xeafffffe;
  private static final int THUMB_NOP = 0x46c0;
  private static final int THUMB_LOOP = 0xe7fe;

  private static Machine machine(boolean compiled, int at, int... words) throws ImageException {
    Machine machine =
        Ours.builder(compiled)
            .ram(16 << 20)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build();
    Ours.write(machine.cpu(), at, words);
    machine.cpu().setRegister(15, at);
    return machine;
  }

  private static Executor.Stop run(Machine machine, long ticks) {
    return machine.run(machine.cpu().now() + ticks);
  }

  /**
   * A debugger or a fault may write what is no address of an instruction; gdb writes PC before
   * CPSR.
   */
  @Test
  void pcInArmStateIsTheAddressOfAWord() throws Exception {
    try (Machine machine = machine(false, CODE, NOP, LOOP)) {
      Cpu cpu = machine.cpu();
      cpu.setRegister(15, CODE + 6);
      cpu.setStatus(cpu.cpsr() | Psr.T);
      assertEquals(CODE + 6, cpu.register(15), "of the Thumb state");
      cpu.setStatus(cpu.cpsr() & ~Psr.T);
      long before = cpu.now();
      assertEquals(Executor.Stop.TICKS, run(machine, 3));
      assertEquals(before + 3, cpu.now());
      assertEquals(CODE + 4, cpu.register(15), "the loop of the second word");
    }
  }

  @Test
  void thumbCodeAtTheLowestAddressesRuns() throws Exception {
    try (Machine machine = machine(false, 0, THUMB_LOOP << 16 | THUMB_NOP)) {
      Cpu cpu = machine.cpu();
      cpu.pc = 1;
      long before = cpu.now();
      assertEquals(Executor.Stop.TICKS, run(machine, 5));
      assertEquals(before + 5, cpu.now());
      assertEquals(2, cpu.register(15));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thumbCallOverTheEndOfAGranuleReachesItsTarget(boolean compiled) throws Exception {
    int prefix = 0xf000;
    int suffixTo16Behind = 0xf808;
    int at = CODE + 0x3fc;
    int[] words = {prefix << 16 | THUMB_NOP, suffixTo16Behind, 0, 0, 0, THUMB_LOOP << 16};
    try (Machine machine = machine(compiled, at, words)) {
      Cpu cpu = machine.cpu();
      cpu.pc = at | 1;
      assertEquals(Executor.Stop.TICKS, run(machine, 1000));
      assertEquals(CODE + 0x412, cpu.register(15));
      assertEquals(CODE + 0x402 | 1, cpu.register(14));
    }
  }

  /**
   * BX, BLX by a register and by a distance, POP of the PC: to their own word, but in ARM state.
   */
  @ParameterizedTest
  @ValueSource(ints = {0x4700, 0x4780, 0xe800, 0xbd00})
  void thumbJumpToItsOwnAddressGoesToArmState(int jump) throws Exception {
    try (Machine machine = machine(false, CODE, jump)) {
      Cpu cpu = machine.cpu();
      cpu.pc = CODE | 1;
      cpu.setRegister(0, CODE);
      cpu.setRegister(14, CODE);
      cpu.setRegister(13, CODE + 0x100);
      Ours.write(cpu, CODE + 0x100, CODE);
      assertEquals(Executor.Stop.TICKS, run(machine, 1));
      assertEquals(CODE, cpu.pc);
    }
  }

  @Test
  void thumbInstructionsStopAtTheExactTick() throws Exception {
    int addOneToR0 = 0x3001;
    int back = 0xe7fb;
    int[] words = {addOneToR0 << 16 | addOneToR0, back << 16 | addOneToR0};
    try (Machine machine = machine(false, CODE, words)) {
      Cpu cpu = machine.cpu();
      for (int ticks = 1; ticks < 200; ticks++) {
        cpu.pc = CODE | 1;
        cpu.setRegister(0, 0);
        assertEquals(Executor.Stop.TICKS, run(machine, ticks));
        assertEquals(ticks - (ticks / 4), cpu.register(0));
        assertEquals(CODE + 2 * (ticks % 4), cpu.register(15));
      }
    }
  }

  @Test
  void branchOutOfRamIsNoPartOfARegion() throws Exception {
    int compareR0WithItself = 0xe1500000;
    int bneOutOfRam = 0x1a000000 | (0x02000000 - (CODE + 12) >> 2);
    int back = 0xea000000 | (-16 >> 2 & 0xffffff);
    try (Machine machine = machine(true, CODE, NOP, compareR0WithItself, bneOutOfRam, back)) {
      assertEquals(Executor.Stop.TICKS, run(machine, 10_000));
      assertTrue(machine.compilations().compiled() > 0, "the loop is compiled");
    }
  }

  /**
   * B, or MOV of R0 to the PC: what is after is a block, and counted as one, so that a region takes
   * it in.
   */
  @ParameterizedTest
  @ValueSource(ints = {0xeaffffff, 0xe1a0f000})
  void jumpToTheInstructionBehindIsPartOfARegion(int toBehind) throws Exception {
    int back = 0xea000000 | (-20 >> 2 & 0xffffff);
    try (Machine machine = machine(true, CODE, NOP, toBehind, NOP, back)) {
      machine.cpu().setRegister(0, CODE + 8);
      assertEquals(Executor.Stop.TICKS, run(machine, 10_000));
      assertEquals(1, machine.executor().regions());
    }
  }

  /** Where a jump has led is known again after its code was made again. */
  @Test
  void jumpIsPartOfARegionAfterABreakpointWasThere() throws Exception {
    int movR0ToPc = 0xe1a0f000;
    int back = 0xea000000 | (-24 >> 2 & 0xffffff);
    int[] code = {NOP, movR0ToPc, LOOP, NOP, back};
    try (Machine machine = machine(true, CODE, code)) {
      Cpu cpu = machine.cpu();
      cpu.setRegister(0, CODE + 12);
      assertEquals(Executor.Stop.TICKS, run(machine, 100));
      cpu.code.setBreakpoint(CODE + 4, true);
      for (int i = 0; i < 2; i++) {
        assertEquals(Executor.Stop.BREAKPOINT, run(machine, 100));
        machine.executor().passBreakpoint();
      }
      cpu.code.setBreakpoint(CODE + 4, false);
      long before = machine.executor().regions();
      assertEquals(Executor.Stop.TICKS, run(machine, 10_000));
      assertEquals(1, machine.executor().regions() - before);
    }
  }

  private static Machine quicksort(boolean compiled) throws ImageException {
    Machine machine =
        new MachineBuilder()
            .jit(compiled)
            .warms(false)
            .option("engine.BackgroundCompilation", "false")
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build();
    machine.load(Image.parse("quicksort", Images.elf("bench/quicksort")));
    return machine;
  }

  /** A guest with more code than may be kept is right, and continues being compiled. */
  @Test
  void muchCodeIsForgottenAndMadeAnew() throws Exception {
    try (Machine limited = quicksort(true);
        Machine interpreted = quicksort(false)) {
      limited.executor().keepCompiled(60);
      for (Machine machine : new Machine[] {limited, interpreted}) {
        assertEquals(Executor.Stop.TICKS, machine.run(12_000_000));
      }
      for (int i = 0; i < 16; i++) {
        assertEquals(interpreted.cpu().register(i), limited.cpu().register(i), "R" + i);
      }
      long forgotten = limited.executor().forgotten();
      assertTrue(forgotten >= 3, () -> "forgotten " + forgotten + " times");
      long compiled = limited.compilations().compiled();
      assertTrue(compiled > forgotten, () -> "compiled " + compiled + " regions");
    }
  }

  @Test
  void breakpointWhereTwoBlocksOverlapStopsBoth() throws Exception {
    try (Machine machine = machine(false, CODE, NOP, NOP, LOOP)) {
      Ours.byNodes(machine.cpu());
      assertEquals(Executor.Stop.TICKS, run(machine, 10));
      machine.cpu().code.setBreakpoint(CODE + 8, true);
      machine.cpu().setRegister(15, CODE);
      assertEquals(Executor.Stop.BREAKPOINT, run(machine, 10));
      assertEquals(CODE + 8, machine.cpu().register(15));
    }
  }

  @Test
  void watchOverCodeThatRunsLeavesItsSpeed() throws Exception {
    try (Machine machine = machine(false, CODE, NOP, NOP, 0xeafffffc)) {
      machine.cpu().memory.watch(new org.curios.arm.core.Memory.Watch(CODE + 0x100, 4, true, true));
      assertEquals(Executor.Stop.TICKS, run(machine, 1_000_000));
      assertEquals(1_000_000, machine.cpu().now());
    }
  }

  @Test
  void codeAtTwoAddressesIsCompiledForBoth() throws Exception {
    // A table at 16 KiB maps MiB 0 and MiB 1 to physical 0, all domains are managers.
    try (Machine machine = machine(true, CODE, NOP, NOP, 0xeafffffc)) {
      Cpu cpu = machine.cpu();
      for (int mib = 0; mib < 2; mib++) {
        machine.bus().write(0x4000 + 4 * mib, 0xc12, 4);
      }
      cpu.cp15.write(0, 2, 0, 0, 0x4000);
      cpu.cp15.write(0, 3, 0, 0, -1);
      cpu.cp15.write(0, 1, 0, 0, (int) cpu.cp15.read(0, 1, 0, 0) | 1);
      assertEquals(Executor.Stop.TICKS, run(machine, 10_000));
      long first = machine.compilations().compiled();
      assertTrue(first > 0, "the loop is compiled");
      cpu.setRegister(15, CODE + (1 << 20));
      assertEquals(Executor.Stop.TICKS, run(machine, 10_000));
      assertTrue(machine.compilations().compiled() > first, "and for its other address");
    }
  }
}
