package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** Warm code that goes from one granule to another: calls, returns, jumps, and what cuts them. */
class WarmLinksTest {
  private static final int CODE = 0x8000;
  private static final int GRANULE = 0x400;
  private static final int STACK = 0x20000;

  /** The instruction B or BL at an address to another. */
  private static int branch(int opcode, int from, int to) {
    return opcode | (to - from - 8) / 4 & 0xffffff;
  }

  private static int bl(int from, int to) {
    return branch(0xeb000000, from, to);
  }

  private static int b(int from, int to) {
    return branch(0xea000000, from, to);
  }

  private static void write(List<Machine> machines, int at, int... words) {
    machines.forEach(m -> Ours.write(m.cpu(), at, words));
  }

  private static void begin(List<Machine> machines) {
    for (Machine m : machines) {
      m.cpu().setRegister(13, STACK);
      m.cpu().pc = CODE;
    }
  }

  /** Runs both to a tick and compares them. */
  private static void runTo(List<Machine> machines, long tick) {
    Machine first = machines.getFirst();
    for (Machine m : machines) {
      assertEquals(Executor.Stop.TICKS, m.run(tick));
      assertEquals(tick, m.cpu().now());
      for (int i = 0; i < 16; i++) {
        assertEquals(first.cpu().register(i), m.cpu().register(i), "R" + i + " at " + tick);
      }
      assertEquals(first.cpu().cpsr(), m.cpu().cpsr());
    }
  }

  /** Returns what warm code is translated to. */
  Ours.Mode mode() {
    return Ours.Mode.BYTE_CODE;
  }

  private List<Machine> machines() throws Exception {
    return List.of(Ours.builder(Ours.Mode.INTERPRETED).build(), Ours.builder(mode()).build());
  }

  private static void assertTranslated(List<Machine> machines) {
    assertTrue(machines.getLast().executor().translations() > 0, "code was translated");
    machines.forEach(Machine::close);
  }

  /** Compares both at ticks in equal distances; the code must have been translated. */
  private static void runThrough(List<Machine> machines, long from, long to, long distance) {
    for (long tick = from; tick < to; tick += distance) {
      runTo(machines, tick);
    }
    assertTranslated(machines);
  }

  /** Recursion deeper than classes may nest, in two granules, stopped at odd ticks. */
  @Test
  void deepRecursionAcrossGranules() throws Exception {
    List<Machine> machines = machines();
    int even = CODE + GRANULE;
    int odd = CODE + 3 * GRANULE;
    write(machines, CODE, 0xe3a00fc8, bl(CODE + 4, even), 0xe2855001, b(CODE + 12, CODE));
    int[] function = {0xe3500000, 0x012fff1e, 0xe92d4010, 0xe2400001, 0, 0xe0844000, 0xe8bd8010};
    function[4] = bl(even + 16, odd);
    write(machines, even, function);
    function[4] = bl(odd + 16, even);
    write(machines, odd, function);
    begin(machines);
    runThrough(machines, 1000, 400_000, 1237);
  }

  /** Computed calls and jumps: BLX, MOV LR, PC, a table, a tail call, and Thumb code. */
  @Test
  void computedJumpsAcrossGranules() throws Exception {
    List<Machine> machines = machines();
    int far = CODE + 2 * GRANULE;
    int thumb = CODE + 5 * GRANULE;
    int table = CODE + 7 * GRANULE;
    write(
        machines,
        CODE,
        0xe2022003, // and r2, r2, #3
        0xe1a0e00f, // mov lr, pc
        0xe793f102, // ldr pc, [r3, r2, lsl #2]
        0xe2822001, // add r2, r2, #1
        0xe12fff36, // blx r6
        0xe12fff37, // blx r7
        0xe1a0e00f, // mov lr, pc
        0xe1a0f006, // mov pc, r6
        0xe2888001, // add r8, r8, #1
        b(CODE + 36, CODE));
    write(machines, far, 0xe2800001, 0xe12fff1e, 0xe2811001, 0xe12fff15); // tail call through r5
    write(machines, thumb, 0x47703101); // adds r1, #1; bx lr
    write(machines, table, far, far + 8, thumb | 1, far + 8);
    for (Machine m : machines) {
      m.cpu().setRegister(3, table);
      m.cpu().setRegister(5, far);
      m.cpu().setRegister(6, far + 8);
      m.cpu().setRegister(7, thumb | 1);
    }
    begin(machines);
    runThrough(machines, 1000, 200_000, 577);
  }

  /** A function changes the code it returns to, while that waits for it. */
  @Test
  void calleeChangesItsCaller() throws Exception {
    List<Machine> machines = machines();
    int far = CODE + GRANULE;
    int changed = CODE + 8;
    write(
        machines, CODE, 0xe2800001, bl(CODE + 4, far), 0xe2811001, 0xe2844001, b(CODE + 16, CODE));
    write(
        machines,
        far,
        0xe310007f, // tst r0, #127
        0x05932000, // ldreq r2, [r3]
        0x02222003, // eoreq r2, r2, #3: the immediate of the addition becomes 2, or 1 again
        0x05832000, // streq r2, [r3]
        0xe2855001, // add r5, r5, #1
        0xe12fff1e); // bx lr
    machines.forEach(m -> m.cpu().setRegister(3, changed));
    begin(machines);
    runThrough(machines, 1000, 300_000, 1009);
  }

  /** A breakpoint in a granule into which warm code already goes from another. */
  @Test
  void breakpointInAnotherGranule() throws Exception {
    List<Machine> machines = machines();
    int far = CODE + GRANULE;
    write(machines, CODE, 0xe2800001, bl(CODE + 4, far), 0xe2811001, b(CODE + 12, CODE));
    write(machines, far, 0xe2822001, 0xe2833001, 0xe12fff1e);
    begin(machines);
    runTo(machines, 100_000);
    for (Machine m : machines) {
      m.cpu().code.setBreakpoint(far + 4, true);
      for (int i = 0; i < 3; i++) {
        m.executor().passBreakpoint();
        assertEquals(Executor.Stop.BREAKPOINT, m.run(200_000));
        assertEquals(far + 4, m.cpu().pc);
      }
      m.cpu().code.setBreakpoint(far + 4, false);
    }
    assertEquals(machines.getFirst().cpu().now(), machines.getLast().cpu().now());
    runTo(machines, 200_000);
    assertTranslated(machines);
  }

  /** Random call graphs over many granules: functions call, jump and return in several ways. */
  @Test
  void randomCallGraphs() throws Exception {
    for (int seed = 1; seed <= 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Machine> machines = machines();
      int functions = 24;
      for (int i = 0; i < functions; i++) {
        write(machines, at(i), function(random, i, functions));
      }
      write(machines, CODE, bl(CODE, at(0)), 0xe2855001, b(CODE + 8, CODE));
      begin(machines);
      runThrough(machines, 500, 200_000, 997);
    }
  }

  private static int at(int function) {
    return CODE + GRANULE + 0x2c0 * function;
  }

  /** A function that calls later ones, conditionally, and returns or jumps to one at its end. */
  private static int[] function(SplittableRandom random, int number, int functions) {
    int[] words = new int[24];
    int length = 0;
    words[length++] = 0xe92d4010; // push {r4, lr}
    words[length++] = 0xe2844000 | random.nextInt(256); // add r4, r4, #
    for (int i = 0; i < 3; i++) {
      words[length++] = 0xe1500004; // cmp r0, r4
      words[length++] = 0xe0200204; // eor r0, r0, r4, lsl #4
      int callee = number + 1 + random.nextInt(Math.max(1, functions - number - 1));
      if (callee < functions) {
        int condition = random.nextInt(15);
        int place = at(number) + 4 * length;
        words[length++] = branch(condition << 28 | 0xb000000, place, at(callee));
      }
      words[length++] = 0xe0911000; // adds r1, r1, r0
    }
    int place = at(number) + 4 * (length + 1);
    if (number + 1 < functions && random.nextInt(3) == 0) {
      words[length++] = 0xe8bd4010; // pop {r4, lr}
      words[length] = b(place, at(number + 1 + random.nextInt(functions - number - 1)));
    } else {
      words[length] = 0xe8bd8010; // pop {r4, pc}
    }
    return words;
  }
}
