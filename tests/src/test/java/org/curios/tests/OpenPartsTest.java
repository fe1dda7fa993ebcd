package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.code.CodeCache;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** A function with callers on two pages, all in one region; then one of the pages goes. */
class OpenPartsTest {
  private static final int MAIN = 0x10000;
  private static final int FIRST = 0x11000;
  private static final int FUNCTION = 0x12000;
  private static final int SECOND = 0x13000;

  /** A page of RAM with other code for the second caller. */
  private static final int OTHER = 0x14000;

  private static final int TABLE = 0x4000;
  private static final int PAGES = 0x3c00;
  private static final int SMALL_PAGE = 0xff2;

  /** The first caller, then, unless R7 is odd, the second one, 50 times each. */
  private static final int[] CODE = {
    0xe3a05032, // mov r5, #50
    0xe1a0600f, // mov r6, pc
    0xea0003fc, // b FIRST
    0xe3170001, // tst r7, #1
    0x1afffffa, // bne MAIN
    0xe3a05032, // mov r5, #50
    0xe1a0600f, // mov r6, pc
    0xea000bf7, // b SECOND
    0xeafffff6, // b MAIN
  };

  private static int[] caller(int call) {
    return new int[] {
      call, // bl FUNCTION
      0xe2555001, // subs r5, r5, #1
      0x1afffffc, // bne caller
      0xe1a0f006, // mov pc, r6
    };
  }

  private static Machine machine(boolean compiles) throws Exception {
    Machine machine = Ours.regions(compiles).build();
    Cpu cpu = machine.cpu();
    Ours.write(cpu, MAIN, CODE);
    Ours.write(cpu, FIRST, caller(0xeb0003fe));
    Ours.write(cpu, SECOND, caller(0xebfffbfe));
    Ours.write(cpu, OTHER, caller(0xe2411003)); // sub r1, r1, #3
    // add r0, r0, #1; eor r1, r1, r0, ror #3; mov pc, lr
    Ours.write(cpu, FUNCTION, 0xe2800001, 0xe02111e0, 0xe1a0f00e);
    // prefetch abort: mov r8, lr; mov r7, #1; add r9, r9, #1; mov pc, r10
    Ours.write(cpu, 0xc, 0xe1a0800e, 0xe3a07001, 0xe2899001, 0xe1a0f00a);
    Ours.write(cpu, TABLE, PAGES | 0x11);
    for (int page = 0; page < 256; page++) {
      Ours.write(cpu, PAGES + 4 * page, page << 12 | SMALL_PAGE);
    }
    cpu.cp15.write(0, 2, 0, 0, TABLE);
    cpu.cp15.write(0, 3, 0, 0, 1);
    cpu.cp15.write(0, 1, 0, 0, 1);
    cpu.setRegister(10, MAIN);
    cpu.setRegister(15, MAIN);
    machine.run(60_000);
    return machine;
  }

  /** Has the second caller's page lead elsewhere, while the function runs for that caller. */
  private static void remap(Machine machine, int entry) {
    Cpu cpu = machine.cpu();
    while (cpu.register(15) != FUNCTION + 4 || cpu.register(14) != SECOND + 4) {
      machine.run(cpu.now() + 1);
    }
    Ours.write(cpu, PAGES + 4 * (SECOND >>> 12), entry);
    cpu.cp15.write(0, 8, 7, 0, 0);
    machine.run(cpu.now() + 20_000);
  }

  private static String state(Machine machine) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      all.append("r%d=%x ".formatted(i, machine.cpu().register(i)));
    }
    return all + "cpsr=%x tick=%d".formatted(machine.cpu().cpsr(), machine.cpu().now());
  }

  @Test
  void aPageThatIsGoneAborts() throws Exception {
    try (Machine ours = machine(true);
        Machine interpreted = machine(false)) {
      assertTrue(ours.compilations().compiled() > 0);
      remap(ours, 0);
      remap(interpreted, 0);
      assertEquals(state(interpreted), state(ours));
      assertEquals(1, ours.cpu().register(9));
      assertEquals(SECOND + 8, ours.cpu().register(8), "the address of the abort");
      assertEquals(Psr.ABORT, ours.cpu().mode());
    }
  }

  @Test
  void aPageWithOtherCodeRunsThat() throws Exception {
    try (Machine ours = machine(true);
        Machine interpreted = machine(false)) {
      remap(ours, OTHER | SMALL_PAGE);
      remap(interpreted, OTHER | SMALL_PAGE);
      assertEquals(state(interpreted), state(ours));
      assertEquals(0, ours.cpu().register(9));
    }
  }

  @Test
  void theOthersGoOnInCompiledCode() throws Exception {
    try (Machine ours = machine(true)) {
      long regions = ours.executor().regions();
      remap(ours, 0);
      CodeCache code = (CodeCache) ours.cpu().code;
      assertNotNull(code.slot(FIRST).unit());
      assertNotNull(code.slot(FIRST).reach(code.slot(FIRST).unit()));
      assertEquals(regions, ours.executor().regions());
      Ours.write(ours.cpu(), PAGES + 4 * (SECOND >>> 12), SECOND | SMALL_PAGE);
      ours.cpu().setRegister(7, 0);
      ours.run(ours.cpu().now() + 20_000);
      assertEquals(0, ours.cpu().register(7), "the page is back, without a flush");
      assertEquals(regions, ours.executor().regions());
    }
  }
}
