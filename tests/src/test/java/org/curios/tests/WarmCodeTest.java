package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.curios.arm.code.CodeCache;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.snapshot.Snapshot;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** Warm code: how it is bounded, and how it gives way to regions. */
class WarmCodeTest {
  private static final long TICKS = 12_000_000;

  /** Ticks of a stretch, after which the test looks again. */
  private static final long STRETCH = 20_000_000;

  /** Adds to R0 and R1 forever. */
  private static final int[] LOOP = {0xe2800001, 0xe0811000, 0xeafffffc};

  /**
   * What an operating system does often, forever, with interrupts masked in between: MRS and MSR,
   * doublewords, PLD, cache maintenance, accesses with the rights of user mode.
   */
  private static final int[] SYSTEM = {
    0xe10f0000, // mrs r0, cpsr
    0xe3c00080, // bic r0, r0, #0x80
    0xe3801080, // orr r1, r0, #0x80
    0xe121f001, // msr cpsr_c, r1
    0xe2822001, // add r2, r2, #1
    0xe3120001, // tst r2, #1
    0xe1c420f0, // strd r2, [r4]
    0x01c420f8, // strdeq r2, [r4, #8]
    0xe1c460d0, // ldrd r6, [r4]
    0xf5d4f000, // pld [r4]
    0xee074f3a, // mcr p15, 0, r4, c7, c10, 1
    0x1e074f35, // mcrne p15, 0, r4, c7, c5, 1
    0xe4a46000, // strt r6, [r4], #0
    0xe4b49000, // ldrt r9, [r4], #0
    0xe321f0d3, // msr cpsr_c, #0xd3
    0xe121f000, // msr cpsr_c, r0
    0xeaffffee // b to the first
  };

  /**
   * A program in user mode that calls the system, also by an instruction that is undefined there.
   */
  private static final int[] USER = {
    0xe2800001, // add r0, r0, #1
    0xef000005, // swi 5
    0xe0211000, // eor r1, r1, r0
    0xe14f9000, // mrs r9, spsr: reads the CPSR
    0xee033f10, // mcr p15, 0, r3, c3, c0, 0: undefined in user mode
    0xe3100003, // tst r0, #3
    0x0f000006, // swieq 6
    0xeafffff7 // b to the first
  };

  /** Its handler: registers and status of the caller, changes of mode, domains, and two returns. */
  private static final int[] SUPERVISOR = {
    0xe94d7fff, // stmdb sp, {r0-r14}^
    0xe14f2000, // mrs r2, spsr
    0xe2833001, // add r3, r3, #1
    0xe321f0df, // msr cpsr_c, #0xdf
    0xe08da00b, // add r10, r13, r11
    0xe321f0d3, // msr cpsr_c, #0xd3
    0xe16ff002, // msr spsr_cxsf, r2
    0xee033f10, // mcr p15, 0, r3, c3, c0, 0
    0xee080f36, // mcr p15, 0, r0, c8, c6, 1
    0xe95d60f0, // ldmdb sp, {r4-r7, r13, r14}^
    0xe28bb001, // add r11, r11, #1
    0xe3130001, // tst r3, #1
    0x11b0f00e, // movsne pc, lr
    0xe92d4001, // push {r0, lr}
    0xe8fd8001 // ldm sp!, {r0, pc}^
  };

  /** Counts interrupts in R8 and returns. */
  private static final int[] HANDLER = {0xe2888001, 0xe25ef004};

  private static final int IRQ_VECTOR = 0x18;

  /** Returns what warm code is translated to. */
  Ours.Mode mode() {
    return Ours.Mode.BYTE_CODE;
  }

  private static Machine quicksort(MachineBuilder builder) throws ImageException {
    Machine machine = builder.console(new PrintStream(OutputStream.nullOutputStream())).build();
    machine.load(Image.parse("quicksort", Images.elf("bench/quicksort")));
    return machine;
  }

  private static void assertSameRegisters(Machine expected, Machine actual) {
    for (int i = 0; i < 16; i++) {
      assertEquals(expected.cpu().register(i), actual.cpu().register(i), "R" + i);
    }
  }

  @Test
  void muchWarmCodeIsForgottenAndMadeAnew() throws Exception {
    try (Machine limited = quicksort(Ours.builder(mode()));
        Machine interpreted = quicksort(Ours.builder(Ours.Mode.INTERPRETED))) {
      limited.executor().keepCompiled(10);
      assertEquals(Executor.Stop.TICKS, limited.run(TICKS));
      assertEquals(Executor.Stop.TICKS, interpreted.run(TICKS));
      assertSameRegisters(interpreted, limited);
      long forgotten = limited.executor().forgotten();
      assertTrue(forgotten >= 3, () -> "forgotten " + forgotten + " times");
      long translations = limited.executor().translations();
      assertTrue(translations > forgotten, () -> "translated " + translations + " times");
    }
  }

  /** Stops at odd ticks, in the middle of blocks, are at the same instruction in each tier. */
  @Test
  void stopsAtTheSameInstruction() throws Exception {
    try (Machine translated = quicksort(Ours.builder(mode()));
        Machine interpreted = quicksort(Ours.builder(Ours.Mode.INTERPRETED))) {
      for (long tick = 400_000; tick < 401_000; tick += 7) {
        assertEquals(Executor.Stop.TICKS, translated.run(tick));
        assertEquals(Executor.Stop.TICKS, interpreted.run(tick));
        assertEquals(tick, translated.cpu().now());
        assertSameRegisters(interpreted, translated);
      }
      assertTrue(translated.executor().translations() > 0, "code was translated");
    }
  }

  /** Interrupts are taken at the same instruction in each tier, whatever unmasks them. */
  @Test
  void interruptsAreTakenAtTheSameInstruction() throws Exception {
    try (Machine translated = Ours.builder(mode()).build();
        Machine interpreted = Ours.builder(Ours.Mode.INTERPRETED).build()) {
      for (Machine m : List.of(translated, interpreted)) {
        Ours.write(m.cpu(), IRQ_VECTOR, HANDLER);
        Ours.write(m.cpu(), 0x8000, SYSTEM);
        m.cpu().setRegister(4, 0x9000);
        m.cpu().pc = 0x8000;
        m.run(1000);
      }
      interrupt(interpreted, translated, 600, 37);
      assertTrue(translated.cpu().register(2) > 500, "work was done");
    }
  }

  /** Runs both in steps, with interrupts before each third, and compares them after each. */
  private static void interrupt(Machine interpreted, Machine translated, int steps, int ticks) {
    for (int i = 0; i < steps; i++) {
      for (Machine m : List.of(translated, interpreted)) {
        m.cpu().setIrq(i % 3 == 0);
        assertEquals(Executor.Stop.TICKS, m.run(m.cpu().now() + ticks));
      }
      assertSameRegisters(interpreted, translated);
      assertEquals(interpreted.cpu().cpsr(), translated.cpu().cpsr());
      assertEquals(interpreted.cpu().spsr(), translated.cpu().spsr());
    }
    assertTrue(translated.executor().translations() > 0, "code was translated");
    assertTrue(translated.cpu().register(8) > 100, "interrupts were taken");
  }

  /** Calls of the system, and all kinds of returns, with interrupts in between. */
  @Test
  void systemCallsAreTheSame() throws Exception {
    try (Machine translated = Ours.builder(mode()).build();
        Machine interpreted = Ours.builder(Ours.Mode.NODES).build()) {
      for (Machine m : List.of(translated, interpreted)) {
        Ours.write(m.cpu(), 0x4, 0xe1b0f00e); // undefined: movs pc, lr
        Ours.write(m.cpu(), 0x8, 0xea0023fc); // to the handler
        Ours.write(m.cpu(), IRQ_VECTOR, HANDLER);
        Ours.write(m.cpu(), 0x8000, USER);
        Ours.write(m.cpu(), 0x9000, SUPERVISOR);
        m.cpu().setRegister(13, 0x20000);
        m.cpu().setCpsr(Psr.USER);
        m.cpu().setRegister(13, 0x30000);
        m.cpu().pc = 0x8000;
        m.run(1000);
      }
      interrupt(interpreted, translated, 1000, 41);
      assertTrue(translated.cpu().register(0) > 1000, "work was done");
    }
  }

  /** Code of both states in one kilobyte: that of the second becomes warm, too. */
  @Test
  void bothStatesOfAGranuleAreTranslated() throws Exception {
    int[] both = {
      0xe2800001, // add r0, r0, #1
      0xe3500c01, // cmp r0, #256
      0x1afffffc, // bne to the first
      0xe3a00000, // mov r0, #0
      0xe28f6001, // add r6, pc, #1
      0xe12fff16, // bx r6: to the next word
      0x1c492205, // movs r2, #5; adds r1, r1, #1
      0xd1fc3a01, // subs r2, #1; bne to the addition
      0x46c04738 // bx r7: to the first word
    };
    int thumbLoop = 0x801a;
    try (Machine machine = Ours.builder(Ours.Mode.INTERPRETED).build()) {
      machine.executor().translateInBackground();
      Ours.write(machine.cpu(), 0x8000, both);
      machine.cpu().setRegister(7, 0x8000);
      machine.cpu().pc = 0x8000;
      machine.run(1200); // the ARM code is warm, and the Thumb code has run a few times
      CodeCache code = (CodeCache) machine.cpu().code;
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!code.hasWarm(thumbLoop | 1, thumbLoop) && System.nanoTime() < limit) {
        assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + 20_000));
      }
      assertTrue(code.hasWarm(0x8000, 0x8000), "the ARM code is warm");
      assertTrue(code.hasWarm(thumbLoop | 1, thumbLoop), "the Thumb code is warm");
    }
  }

  /** Interrupts come in the middle of a long block, which is not cut where they return. */
  @Test
  void interruptsCutNoBlocks() throws Exception {
    int[] block = new int[48];
    Arrays.fill(block, 0xe2800001); // add r0, r0, #1
    block[47] = 0xeaffffcf; // b to the first
    try (Machine machine = Ours.builder(mode()).build()) {
      Ours.write(machine.cpu(), IRQ_VECTOR, HANDLER);
      Ours.write(machine.cpu(), 0x8000, block);
      machine.cpu().pc = 0x8000;
      machine.cpu().setCpsr(Psr.SUPERVISOR);
      machine.run(1000);
      for (int i = 0; i < 400; i++) {
        machine.cpu().setIrq(i % 2 == 0);
        assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + 53));
      }
      assertTrue(machine.cpu().register(8) > 400, "interrupts were taken");
      long translations = machine.executor().translations();
      assertTrue(translations <= 4, () -> "translated " + translations + " times");
    }
  }

  /**
   * Code that is changed and put back has its translation back as well, and stops where it must.
   */
  @Test
  void translationsComeBackWithTheirBytes() throws Exception {
    try (Machine machine = quicksort(Ours.builder(mode()));
        Machine interpreted = quicksort(Ours.builder(Ours.Mode.INTERPRETED))) {
      machine.run(300_000);
      Snapshot before = machine.snapshot();
      machine.run(TICKS);
      machine.restore(before);
      machine.run(TICKS);
      long translations = 0;
      for (int i = 0; i < 5; i++) {
        machine.restore(before);
        int at = machine.cpu().pc & ~3;
        for (int b = 0; b < 4; b++) {
          machine.cpu().memory.patch(at + b, 0);
        }
        machine.restore(before);
        assertEquals(Executor.Stop.TICKS, machine.run(TICKS));
        if (i == 0) {
          translations = machine.executor().translations();
          assertTrue(translations > 0, "code was translated");
        }
        assertEquals(translations, machine.executor().translations());
      }
      interpreted.run(TICKS);
      assertSameRegisters(interpreted, machine);
    }
  }

  /** A breakpoint is met in the middle of code that is translated, and elsewhere that runs on. */
  @Test
  void breakpointsAreMet() throws Exception {
    try (Machine translated = quicksort(Ours.builder(mode()));
        Machine interpreted = quicksort(Ours.builder(Ours.Mode.INTERPRETED))) {
      translated.run(400_000);
      interpreted.run(400_000);
      int place = translated.cpu().pc & ~1;
      for (Machine m : List.of(translated, interpreted)) {
        m.cpu().code.setBreakpoint(place, true);
      }
      for (int i = 0; i < 5; i++) {
        for (Machine m : List.of(translated, interpreted)) {
          m.executor().passBreakpoint();
          assertEquals(Executor.Stop.BREAKPOINT, m.run(TICKS));
          assertEquals(place, m.cpu().pc & ~1);
        }
        assertEquals(interpreted.cpu().now(), translated.cpu().now());
        assertSameRegisters(interpreted, translated);
      }
    }
  }

  /** What stays hot is compiled, and the warm code lets the compiled code have it. */
  @Test
  void hotCodeLeavesTheTier() throws Exception {
    try (Machine machine = new MachineBuilder().build()) {
      Ours.write(machine.cpu(), 0x8000, LOOP);
      machine.cpu().pc = 0x8000;
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (machine.compilations().compiled() == 0 && System.nanoTime() < limit) {
        assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + STRETCH));
      }
      assertTrue(machine.executor().translations() > 0, "code was translated");
      assertTrue(machine.compilations().compiled() > 0, "code was compiled");
    }
  }

  /**
   * A granule may have run in both states, as after a return to an address with a flipped low bit:
   * the last halfword of this one begins an instruction only in Thumb state.
   */
  @Test
  void codeThatRanInBothStatesIsTranslated() throws Exception {
    int thumbLoop = 0xe7fe0000; // b to itself, in the upper halfword
    try (Machine machine = new MachineBuilder().jit(false).translates(true).build()) {
      Ours.write(machine.cpu(), 0x8000, LOOP);
      Ours.write(machine.cpu(), 0x83fc, thumbLoop);
      machine.cpu().pc = 0x83ff;
      assertEquals(Executor.Stop.TICKS, machine.run(10));
      machine.cpu().pc = 0x8000;
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (machine.executor().translations() == 0 && System.nanoTime() < end) {
        assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + STRETCH));
      }
      assertTrue(machine.executor().translations() > 0, "code was translated");
    }
  }
}
