package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.Consumer;
import org.curios.arm.core.Cpu;
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

  /** A comparison under a condition has another constant than the one before. */
  private static final int[] COMPARISONS = {
    0xe2800001, // add r0, r0, #1
    0xe2001007, // and r1, r0, #7
    0xe3510002, // cmp r1, #2
    0x13510005, // cmpne r1, #5
    0xe2855001, // add r5, r5, #1
    0x02822001, // addeq r2, r2, #1
    0x82833001, // addhi r3, r3, #1
    0xeafffff7 // b to the first
  };

  /** Turns the MMU on and accesses two megabytes in turn, all kinds across granules. */
  private static final int[] ACCESSES = {
    0xe3a00901, // mov r0, #0x4000
    0xee020f10, // mcr p15, 0, r0, c2, c0, 0
    0xe3a00001, // mov r0, #1
    0xee030f10, // mcr p15, 0, r0, c3, c0, 0
    0xee110f10, // mrc p15, 0, r0, c1, c0, 0
    0xe3800001, // orr r0, r0, #1
    0xee010f10, // mcr p15, 0, r0, c1, c0, 0
    0xe1a00000, // nop
    0xe2211501, // eor r1, r1, #0x400000
    0xe5912000, // ldr r2, [r1]
    0xe2822001, // add r2, r2, #1
    0xe4812004, // str r2, [r1], #4
    0xe5f13001, // ldrb r3, [r1, #1]!
    0xe4c12003, // strb r2, [r1], #3
    0xe1d140b2, // ldrh r4, [r1, #2]
    0xe1e120b2, // strh r2, [r1, #2]!
    0xe241100a, // sub r1, r1, #10
    0xe8a1121c, // stmia r1!, {r2, r3, r4, r9, r12}
    0xe93112e0, // ldmdb r1!, {r5, r6, r7, r9, r12}
    0xe1c120f8, // strd r2, [r1, #8]
    0xe1e160d8, // ldrd r6, [r1, #8]!
    0xe2411008, // sub r1, r1, #8
    0xe2811008, // add r1, r1, #8
    0xe3c11902, // bic r1, r1, #0x8000
    0xeaffffee // b to the eor
  };

  /** Megabytes of {@link #ACCESSES}; the second is mapped to another place. */
  private static final int HERE = 0x100000;

  private static final int THERE = 0x500000;

  private static final int MAPPED_TO = 0x300000;

  private static final int SECTION = 0xc12;

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
    compareWithNodes(BOTH, cpu -> {});
  }

  @Test
  void comparisonsUnderConditionsAreSeen() throws Exception {
    compareWithNodes(COMPARISONS, cpu -> {});
  }

  /** Accesses are expected to find the entry of the code, if the stack has the same. */
  @Test
  void accessesAreRightWhateverEntryIsExpected() throws Exception {
    for (int stack : new int[] {HERE, THERE}) {
      compareWithNodes(
          ACCESSES,
          cpu -> {
            Ours.write(cpu, 0x4000, SECTION);
            Ours.write(cpu, 0x4000 + (HERE >>> 18), HERE | SECTION);
            Ours.write(cpu, 0x4000 + (THERE >>> 18), MAPPED_TO | SECTION);
            cpu.setRegister(1, HERE + 0xff0);
            cpu.setRegister(13, stack + 0x1100);
          });
    }
  }

  /** Runs code from 0x8000 on by its nodes and as machine code, and compares the registers. */
  private void compareWithNodes(int[] code, Consumer<Cpu> prepare) throws Exception {
    try (Machine hosted = Ours.builder(mode()).build();
        Machine interpreted = Ours.builder(Ours.Mode.NODES).build()) {
      for (Machine m : List.of(hosted, interpreted)) {
        Ours.write(m.cpu(), 0x8000, code);
        prepare.accept(m.cpu());
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
