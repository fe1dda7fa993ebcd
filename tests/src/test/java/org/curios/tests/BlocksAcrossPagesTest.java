package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** LDM and STM across the border of two pages that are not adjacent in RAM, in all tiers. */
class BlocksAcrossPagesTest {
  private static final int TABLE = 0x100000;
  private static final int COARSE = 0x104000;
  private static final int CODE = 0x8000;

  /** Virtual address of the first of two small pages. */
  private static final int PAGES = 0x500000;

  private static final int FIRST = 0x320000;
  private static final int SECOND = 0x300000;

  private static final int[] PROGRAM = {
    0xee020f10, // mcr p15, 0, r0, c2, c0, 0: tables
    0xee031f10, // mcr p15, 0, r1, c3, c0, 0: domains
    0xee112f10, // mrc p15, 0, r2, c1, c0, 0
    0xe3822001, // orr r2, r2, #1
    0xee012f10, // mcr p15, 0, r2, c1, c0, 0: MMU on
    0xe2844001, // add r4, r4, #1
    0xe0255204, // eor r5, r5, r4, lsl #4
    0xe0866005, // add r6, r6, r5
    0xe92d00f0, // push {r4-r7}
    0xe49d7004, // pop {r7}
    0xe8bd0700, // pop {r8-r10}
    0xe2099004, // and r9, r9, #4
    0xe04dd009, // sub sp, sp, r9
    0xe88d2070, // stmia sp, {r4-r6, sp}
    0xe89d5c00, // ldmia sp, {r10-r12, lr}
    0xe08dd009, // add sp, sp, r9
    0xe98d0050, // stmib sp, {r4, r6}
    0xe81d0300, // ldmda sp, {r8, r9}
    0xeafffff1 // b to the addition
  };

  private static Machine machine(Ours.Mode mode, int stack) throws Exception {
    Machine machine = Ours.builder(mode).build();
    for (int mib = 0; mib < 16; mib++) {
      Ours.write(machine.cpu(), TABLE + 4 * mib, mib << 20 | 0xc12);
    }
    Ours.write(machine.cpu(), TABLE + 4 * (PAGES >>> 20), COARSE | 0x11);
    Ours.write(machine.cpu(), COARSE, FIRST | 0xff2, SECOND | 0xff2);
    Ours.write(machine.cpu(), CODE, PROGRAM);
    machine.cpu().setRegister(0, TABLE);
    machine.cpu().setRegister(1, 1);
    machine.cpu().setRegister(13, stack);
    machine.cpu().pc = CODE;
    if (mode == Ours.Mode.NODES) {
      Ours.byNodes(machine.cpu());
    }
    return machine;
  }

  @Test
  void agreeInAllTiers() throws Exception {
    for (int stack = PAGES + 0xff8; stack <= PAGES + 0x1014; stack += 4) {
      try (Machine nodes = machine(Ours.Mode.NODES, stack);
          Machine interpreted = machine(Ours.Mode.INTERPRETED, stack);
          Machine translated = machine(Ours.Mode.BYTE_CODE, stack);
          Machine hosted = machine(Ours.Mode.HOST_CODE, stack)) {
        for (long tick = 500; tick < 6000; tick += 501) {
          for (Machine m : new Machine[] {nodes, interpreted, translated, hosted}) {
            assertEquals(Executor.Stop.TICKS, m.run(tick));
            for (int i = 0; i < 16; i++) {
              assertEquals(nodes.cpu().register(i), m.cpu().register(i), "R" + i + " at " + tick);
            }
            for (int at : new int[] {FIRST + 0xfe0, SECOND}) {
              for (int i = 0; i < 0x20; i++) {
                assertEquals(
                    nodes.cpu().memory.inspect(at + i, false),
                    m.cpu().memory.inspect(at + i, false));
              }
            }
          }
        }
        assertTrue(nodes.cpu().register(4) > 300, "work was done");
        assertTrue(translated.executor().translations() > 0, "code was translated");
      }
    }
  }
}
