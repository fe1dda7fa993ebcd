package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** The same as machine code, and what is particular to it. */
class HostCodeTest extends WarmCodeTest {
  /** N and Z are both set, which no result does, and are then seen by conditions and by MRS. */
  private static final int[] BOTH = {
    0xe2800001, // add r0, r0, #1
    0xe200100f, // and r1, r0, #15
    0xe1a01e01, // lsl r1, r1, #28
    0xe128f001, // msr cpsr_f, r1
    0x42822001, // addmi r2, r2, #1
    0x02833001, // addeq r3, r3, #1
    0xc2844001, // addgt r4, r4, #1
    0xe10f5000, // mrs r5, cpsr
    0xe0866005, // add r6, r6, r5
    0xe3100003, // tst r0, #3
    0x12877001, // addne r7, r7, #1
    0xeafffff3 // b to the first
  };

  /** The number of a loop through 1500 granules, each with a block that jumps to the next. */
  private static final int GRANULES = 1500;

  /** Flushes the TLB, and jumps to address 0 by a register. */
  private static final int[] TO_ZERO = {
    0xe2822001, // add r2, r2, #1
    0xee080f17, // mcr p15, 0, r0, c8, c7, 0
    0xe3a01000, // mov r1, #0
    0xe12fff11 // bx r1
  };

  /** Flushes it again, and jumps back. */
  private static final int[] FROM_ZERO = {
    0xe2833001, // add r3, r3, #1
    0xee080f17, // mcr p15, 0, r0, c8, c7, 0
    0xea001ffc // b 0x8000
  };

  /** The first access to a page is not aligned; the next ones are to other kilobytes. */
  private static final int[] UNALIGNED = {
    0xee080f17, // mcr p15, 0, r0, c8, c7, 0
    0xe5910001, // ldr r0, [r1, #1]
    0xe5912400, // ldr r2, [r1, #0x400]
    0xe5913800, // ldr r3, [r1, #0x800]
    0xe5813804, // str r3, [r1, #0x804]
    0xe2844001, // add r4, r4, #1
    0xeafffff8 // b to the first
  };

  @Override
  Ours.Mode mode() {
    return Ours.Mode.HOST_CODE;
  }

  /** On a host that is known, warm code is machine code, unless byte code is asked for. */
  @Test
  void theHostsCodeIsUsed() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "x86-64");
    assumeTrue(System.getProperty("os.name").equals("Linux"), "Linux");
    try (Machine hosted = Ours.builder(mode()).build();
        Machine other = Ours.builder(Ours.Mode.BYTE_CODE).build();
        Machine usual = new MachineBuilder().build()) {
      assertTrue(hosted.executor().runsHostCode());
      assertFalse(other.executor().runsHostCode());
      assertTrue(usual.executor().runsHostCode());
    }
  }

  @Test
  void allSettingsOfTheFlagsAreSeen() throws Exception {
    try (Machine hosted = Ours.builder(mode()).build();
        Machine interpreted = Ours.builder(Ours.Mode.NODES).build()) {
      for (Machine m : List.of(hosted, interpreted)) {
        Ours.write(m.cpu(), 0x8000, BOTH);
        m.cpu().pc = 0x8000;
      }
      for (long tick = 1000; tick < 9000; tick += 13) {
        for (Machine m : List.of(hosted, interpreted)) {
          assertEquals(Executor.Stop.TICKS, m.run(tick));
        }
        for (int i = 0; i < 16; i++) {
          assertEquals(interpreted.cpu().register(i), hosted.cpu().register(i), "R" + i);
        }
        assertEquals(interpreted.cpu().cpsr(), hosted.cpu().cpsr());
      }
      assertTrue(hosted.executor().translations() > 0, "code was translated");
    }
  }

  /** Code that is changed again and again: memory of old code is used for new code. */
  @Test
  void changedCodeIsTranslatedAnew() throws Exception {
    try (Machine hosted = Ours.builder(mode()).build()) {
      for (int round = 1; round <= 20; round++) {
        for (int i = 0; i < GRANULES; i++) {
          Ours.write(hosted.cpu(), 0x8000 + 0x400 * i, 0xe2800000 | round, 0xea0000fd);
        }
        int back = 0x8000 + 0x400 * GRANULES;
        Ours.write(hosted.cpu(), back, 0xea000000 | -(back + 8 - 0x8000) >> 2 & 0xffffff);
        hosted.cpu().setRegister(0, 0);
        hosted.cpu().pc = 0x8000;
        long turns = 5;
        long ticks = turns * (2L * GRANULES + 1);
        assertEquals(Executor.Stop.TICKS, hosted.run(hosted.cpu().now() + ticks));
        assertEquals(turns * GRANULES * round, hosted.cpu().register(0), "round " + round);
      }
      assertTrue(hosted.executor().translations() > 10 * GRANULES, "code was translated");
    }
  }

  /** Places that are not mapped at the moment are not taken for those that are known. */
  @Test
  void jumpsToFlushedPagesAreLookedUp() throws Exception {
    try (Machine hosted = Ours.builder(mode()).build()) {
      Ours.write(hosted.cpu(), 0, FROM_ZERO);
      Ours.write(hosted.cpu(), 0x8000, TO_ZERO);
      hosted.cpu().pc = 0x8000;
      assertEquals(Executor.Stop.TICKS, hosted.run(70_000));
      assertEquals(10_000, hosted.cpu().register(2));
      assertEquals(10_000, hosted.cpu().register(3));
      assertTrue(hosted.executor().translations() > 0, "code was translated");
    }
  }

  /** The entries of a page are right in each tier, whatever access fills them. */
  @Test
  void aPageIsFilledByAnUnalignedAccess() throws Exception {
    for (Ours.Mode any : Ours.Mode.values()) {
      try (Machine machine = Ours.builder(any).build()) {
        for (int i = 0; i < 4; i++) {
          Ours.write(machine.cpu(), 0x10000 + 0x400 * i, i + 1);
        }
        Ours.write(machine.cpu(), 0x8000, UNALIGNED);
        machine.cpu().setRegister(1, 0x10000);
        machine.cpu().pc = 0x8000;
        assertEquals(Executor.Stop.TICKS, machine.run(7_000));
        assertEquals(1000, machine.cpu().register(4), any::toString);
        assertEquals(2, machine.cpu().register(2), any::toString);
        assertEquals(3, machine.cpu().register(3), any::toString);
        assertEquals(3, machine.cpu().memory.inspect(0x10804, false), any::toString);
      }
    }
  }
}
