package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Mmu;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.snapshot.Snapshot;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the architecture, and of this machine, where the fast way and the slow one part. */
class ArchitectureTest {
  private static final int CODE = 0x8000;
  private static final int TABLE = 0x4000;
  private static final int COARSE = 0x3000;
  private static final int LOOP = 0xeafffffe;
  private static final int ABORT_VECTOR = 0x10;
  private static final int UNDEFINED_VECTOR = 4;
  private static final int SECTION = 0xc12; // read and write for all, domain 0
  private static final int SMALL_PAGE = 0xff2;

  private static Machine machine(boolean compiled, int... words) throws Exception {
    return Ours.program(compiled, CODE, words);
  }

  /** MiB 0 leads to itself, MiB 1 to a table of small pages, the first of which is at 0x9000. */
  private static void startMmu(Machine machine, int moreControl) {
    Cpu cpu = machine.cpu();
    machine.bus().write(TABLE, SECTION, 4);
    machine.bus().write(TABLE + 4, COARSE | 1, 4);
    machine.bus().write(COARSE, 0x9000 | SMALL_PAGE, 4);
    cpu.cp15.write(0, 2, 0, 0, TABLE);
    cpu.cp15.write(0, 3, 0, 0, 1);
    cpu.cp15.write(0, 1, 0, 0, (int) cpu.cp15.read(0, 1, 0, 0) | 1 | moreControl);
  }

  @Test
  void theWalkOfPageTablesKeepsItsSteps() throws Exception {
    try (Machine machine = machine(false, LOOP)) {
      startMmu(machine, 0);
      Mmu mmu = new Mmu(machine.bus(), machine.cpu().cp15);
      assertTrue(mmu.translate(0x100123));
      assertEquals(0x9123, mmu.physical());
      assertEquals(
          List.of(
              new Mmu.Step(1, TABLE + 4, COARSE | 1, "coarse table, domain 0"),
              new Mmu.Step(2, COARSE, 0x9000 | SMALL_PAGE, "small page, subpage 0")),
          mmu.steps());
      assertFalse(mmu.walk(0x101000, true, false));
      assertEquals(7, mmu.status());
      assertEquals("no page is mapped here: page translation fault", mmu.reason());
      assertTrue(mmu.translate(COARSE, 0x00500010), "a table that is not in use");
      assertEquals(0x9010, mmu.physical());
    }
  }

  private static void run(Machine machine, long ticks) {
    assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + ticks));
  }

  /** Whether the table has an entry of the page must not matter (DDI 0100, A2.8). */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doublewordBetweenTwoAbortsWithTheAlignmentBit(boolean touched) throws Exception {
    int ldrd = 0xe1c400d0; // ldrd r0, [r4]
    int ldr = 0xe5946000; // ldr r6, [r4]
    int nop = 0xe1a00000;
    try (Machine machine = machine(false, touched ? ldr : nop, ldrd, LOOP)) {
      startMmu(machine, 2);
      machine.cpu().setRegister(4, 0x9004);
      machine.bus().write(ABORT_VECTOR, LOOP, 4);
      run(machine, 3);
      assertEquals(ABORT_VECTOR, machine.cpu().register(15));
      assertEquals(1, machine.cpu().cp15.dataFaultStatus() & 15);
    }
  }

  /** The status of an external abort names the domain of the page (DDI 0100, B4.6.2). */
  @Test
  void externalAbortsHaveADomain() throws Exception {
    int ldr = 0xe5940000; // ldr r0, [r4]
    int nothing = 0x20000000;
    try (Machine machine = machine(false, ldr, LOOP)) {
      startMmu(machine, 0);
      machine.bus().write(TABLE + 4 * 2, nothing | SECTION | 5 << 5, 4);
      machine.bus().write(TABLE + 4 * 3, COARSE + 0x400 | 1 | 2 << 5, 4);
      machine.bus().write(COARSE + 0x400, nothing | SMALL_PAGE, 4);
      Cpu cpu = machine.cpu();
      cpu.cp15.write(0, 3, 0, 0, -1);
      machine.bus().write(ABORT_VECTOR, LOOP, 4);
      int[][] cases = {{2 << 20, 0x58}, {3 << 20, 0x2a}};
      for (int[] c : cases) {
        cpu.setRegister(4, c[0]);
        cpu.setRegister(15, CODE);
        run(machine, 1);
        assertEquals(c[1], cpu.cp15.dataFaultStatus());
        assertEquals(c[0], cpu.cp15.faultAddress());
        cpu.setRegister(15, c[0]);
        run(machine, 1);
        assertEquals(c[1], cpu.cp15.instructionFaultStatus());
      }
      cpu.cp15.write(0, 1, 0, 0, 0);
      cpu.setRegister(4, nothing);
      cpu.setRegister(15, CODE);
      run(machine, 1);
      assertEquals(8, cpu.cp15.dataFaultStatus(), "with the MMU off there are no domains");
    }
  }

  /** The base is as it was after an abort (DDI 0165, 2.9), also of LDM of user registers. */
  @Test
  void loadOfUserRegistersKeepsItsBaseWhereItAborts() throws Exception {
    int ldm = 0xe8d00007; // ldmia r0, {r0, r1, r2}^
    try (Machine machine = machine(false, ldm, LOOP)) {
      startMmu(machine, 0);
      int lastOfPage = (1 << 20) + 0xffc;
      machine.cpu().setRegister(0, lastOfPage);
      machine.bus().write(ABORT_VECTOR, LOOP, 4);
      run(machine, 2);
      assertEquals(ABORT_VECTOR, machine.cpu().register(15));
      assertEquals(lastOfPage, machine.cpu().register(0));
    }
  }

  @Test
  void loadOfUserRegistersLoadsItsBase() throws Exception {
    int ldm = 0xe8d02001; // ldmia r0, {r0, r13}^
    try (Machine machine = machine(false, ldm, LOOP)) {
      startMmu(machine, 0);
      machine.bus().write(0x9000, 0x1234, 4);
      machine.bus().write(0x9004, 0x5678, 4);
      machine.cpu().setRegister(0, 0x9000); // by the slow path, the first time
      run(machine, 1);
      assertEquals(0x1234, machine.cpu().register(0));
      assertEquals(0x5678, machine.cpu().userRegister(13));
    }
  }

  /** A TLB entry is named by its modified virtual address (DDI 0198, 2.3.8). */
  @Test
  void entryOfAnotherProcessIsFlushedByItsModifiedAddress() throws Exception {
    int[] code = {
      0xe5950000, // ldr r0, [r5]        by process 0
      0xee0d1f10, // mcr p15, 0, r1, c13, c0, 0   process 1
      0xe5872000, // str r2, [r7]        the page is another
      0xee085f37, // mcr p15, 0, r5, c8, c7, 1
      0xee0d3f10, // mcr p15, 0, r3, c13, c0, 0   process 0
      0xe5950000, // ldr r0, [r5]
      LOOP
    };
    try (Machine machine = machine(false, code)) {
      startMmu(machine, 0);
      Cpu cpu = machine.cpu();
      machine.bus().write(TABLE + 4 * 32, SECTION, 4); // where process 1 sees this code
      machine.bus().write(0x9000, 1, 4);
      machine.bus().write(0xa000, 2, 4);
      cpu.setRegister(5, 1 << 20);
      cpu.setRegister(1, 1 << 25);
      cpu.setRegister(2, 0xa000 | SMALL_PAGE);
      cpu.setRegister(7, COARSE);
      cpu.setRegister(3, 0);
      run(machine, code.length);
      assertEquals(2, cpu.register(0));
    }
  }

  /**
   * A loop that clears the entry of its own page and flushes nothing continues, whether and
   * whenever it is compiled.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void codeRunsOnFromAPageThatIsGoneButNotFlushed(boolean compiled) throws Exception {
    int[] loop = {
      0xe5801000, // str r1, [r0]
      0xe2522001, // subs r2, r2, #1
      0x1afffffd, // bne to the second
      LOOP
    };
    try (Machine machine = machine(compiled)) {
      startMmu(machine, 0);
      Cpu cpu = machine.cpu();
      Ours.write(cpu, 0x9000, loop);
      machine.bus().write(0xc, LOOP, 4); // prefetch abort
      cpu.setRegister(0, COARSE);
      cpu.setRegister(2, 10_000);
      cpu.setRegister(15, 1 << 20);
      run(machine, 30_000);
      assertEquals((1 << 20) + 12, cpu.register(15));
      assertEquals(0, cpu.register(2));
    }
  }

  /**
   * A handler of aborts that aborts in a loop, whose progress is in memory only: it comes to its
   * end however the run is cut.
   */
  private static final int[] COUNTS = {
    0xe5901000, // ldr r1, [r0]      aborts, the handler continues after it
    0xe5932000, // ldr r2, [r3]
    0xe2822001, // add r2, r2, #1
    0xe5832000, // str r2, [r3]
    0xe1520004, // cmp r2, r4
    0xe3a02000, // mov r2, #0
    0x1afffff8, // bne to the first
    LOOP
  };

  /** Rounds of it, enough for it to be looked at again and again. */
  private static final int COUNT = 500_000;

  private static Machine inAbortMode(boolean compiled, int... words) throws Exception {
    Machine machine = machine(compiled, words);
    Cpu cpu = machine.cpu();
    cpu.setCpsr(Psr.ABORT | Psr.I | Psr.F);
    machine.bus().write(ABORT_VECTOR, 0xe24ef004, 4); // sub pc, lr, #4: stays in abort mode
    cpu.setRegister(0, 0x7000_0000);
    cpu.setRegister(3, 0x9000);
    cpu.setRegister(4, COUNT);
    return machine;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 1000, 1_000_000})
  void exceptionsThatChangeMemoryAreNoEnd(long slice) throws Exception {
    try (Machine machine = inAbortMode(false, COUNTS)) {
      for (long left = 10L * COUNT; left > 0; left -= slice) {
        run(machine, slice);
      }
      assertEquals(CODE + 28, machine.cpu().register(15));
    }
  }

  /** A guest that comes back to a state once, and then goes round elsewhere forever. */
  @Test
  void exceptionsWithoutEndAreFoundBehindOthers() throws Exception {
    int[] code = COUNTS.clone();
    code[code.length - 1] = 0xe7f000f0; // undefined, and so on forever
    try (Machine machine = inAbortMode(false, code)) {
      machine.bus().write(UNDEFINED_VECTOR, 0xe7f000f0, 4);
      death(machine, 1000);
      assertEquals(UNDEFINED_VECTOR, machine.cpu().register(15));
      assertEquals(COUNT, machine.bus().read(0x9000, 4));
    }
  }

  /** A fast interrupt is not masked by aborts: while one is due, there is a way out. */
  @Test
  void exceptionsThatAFastInterruptWillEndAreNoEnd() throws Exception {
    int vic = 0x10140000;
    int timer = 0x101e2000;
    int line = 1 << 4;
    try (Machine machine = inAbortMode(false, LOOP)) {
      machine.cpu().setCpsr(Psr.ABORT | Psr.I);
      machine.bus().write(UNDEFINED_VECTOR, 0xe7f000f0, 4);
      machine.bus().write(0x1c, LOOP, 4);
      machine.cpu().setRegister(15, UNDEFINED_VECTOR);
      machine.bus().write(vic + 0xc, line, 4); // a fast one,
      machine.bus().write(vic + 0x10, line, 4); // enabled
      machine.bus().write(timer, 1000, 4); // in 1 ms
      machine.bus().write(timer + 8, 0xa3, 4);
      run(machine, 1_000_000);
      assertEquals(0x1c, machine.cpu().register(15));
    }
  }

  /** A guest that a debugger has repaired is no longer dead. */
  @Test
  void exceptionsWithoutEndEndWhereMemoryIsMended() throws Exception {
    try (Machine machine = inAbortMode(false, LOOP)) {
      machine.bus().write(UNDEFINED_VECTOR, 0xe7f000f0, 4);
      machine.cpu().setRegister(15, UNDEFINED_VECTOR);
      death(machine, 1000);
      assertEquals(Executor.Stop.DEAD, machine.run(machine.cpu().now() + 100));
      for (int i = 0; i < 4; i++) {
        machine.cpu().memory.patch(UNDEFINED_VECTOR + i, LOOP >>> 8 * i & 0xff);
      }
      run(machine, 100);
    }
  }

  private static long death(Machine machine, long slice) throws Exception {
    for (int i = 0; i < 10_000_000; i++) {
      long before = machine.cpu().now();
      Executor.Stop stop = machine.run(before + slice);
      if (stop == Executor.Stop.DEAD) {
        assertFalse(machine.cpu().now() == before && i == 0);
        return machine.cpu().now();
      }
    }
    throw new AssertionError("it is not found to be dead");
  }

  /** The tick at which a guest is given up does not hang on how it is run. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exceptionsWithoutEndAreFoundAtTheSameTick(boolean compiled) throws Exception {
    List<Long> ticks = new ArrayList<>();
    for (long slice : new long[] {1, 3, 1000, 1_000_000}) {
      try (Machine machine = inAbortMode(compiled, LOOP)) {
        machine.bus().write(UNDEFINED_VECTOR, 0xe7f000f0, 4);
        machine.cpu().setRegister(15, UNDEFINED_VECTOR);
        ticks.add(death(machine, slice));
      }
    }
    assertEquals(1, ticks.stream().distinct().count(), ticks::toString);
  }

  @Test
  void exceptionsWithoutEndAreFoundAtTheSameTickAfterASnapshot() throws Exception {
    try (Machine machine = inAbortMode(false, LOOP)) {
      machine.bus().write(UNDEFINED_VECTOR, 0xe7f000f0, 4);
      machine.cpu().setRegister(15, UNDEFINED_VECTOR);
      run(machine, 1_500_000); // looked at once
      Snapshot snapshot = machine.snapshot();
      long first = death(machine, 1000);
      machine.restore(snapshot);
      assertEquals(first, death(machine, 1000));
    }
  }
}
