package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.curios.arm.core.Cpu;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** A loop that has come to lie in two regions. */
class JoinTest {
  private static final int CODE = 0x8000;

  /** Instructions of the second block after its MRS: it is worth its own region. */
  private static final int SECOND = 45;

  /**
   * A loop in which bit 0 of R6 lets a first block run, and bit 1 a second one after it; MRS keeps
   * the registers where they are.
   */
  private static int[] loop() {
    int mrs = 0xe10f4000; // r4, cpsr
    int[] beginning = {mrs, 0xe2822001}; // add r2, r2, #1
    int testFirst = 0xe3160001; // tst r6, #1
    int[] first = {mrs, 0xe0233002}; // eor r3, r3, r2
    int testSecond = 0xe3160002; // tst r6, #2
    int mix = 0xe08333e3; // add r3, r3, r3, ror #7
    int[] end = {mrs, 0xe2500001}; // subs r0, r0, #1
    int length = SECOND + 12;
    int endAt = length - 3;
    IntStream.Builder code = IntStream.builder();
    Arrays.stream(beginning).forEach(code);
    code.add(testFirst).add(branch(0, 3, endAt));
    Arrays.stream(first).forEach(code);
    code.add(testSecond).add(branch(0, 7, endAt));
    code.add(mrs);
    IntStream.range(0, SECOND).forEach(k -> code.add(mix));
    Arrays.stream(end).forEach(code);
    code.add(branch(1, length - 1, 0));
    return code.build().toArray();
  }

  private static int branch(int condition, int from, int to) {
    return condition << 28 | 0x0a000000 | to - from - 2 & 0xffffff;
  }

  private static Machine machine(boolean compiled) throws Exception {
    Machine machine = Ours.regions(compiled).build();
    Ours.write(machine.cpu(), CODE, loop());
    machine.cpu().setRegister(15, CODE);
    machine.cpu().setRegister(0, Integer.MAX_VALUE);
    return machine;
  }

  private static void run(Machine machine, int blocks, long ticks) {
    machine.cpu().setRegister(6, blocks);
    machine.run(machine.cpu().now() + ticks);
  }

  @Test
  void aLoopOfTwoRegionsGetsOneOfItsOwn() throws Exception {
    try (Machine ours = machine(true);
        Machine interpreted = machine(false)) {
      for (Machine machine : new Machine[] {ours, interpreted}) {
        run(machine, 1, 13 * 11); // a few rounds with the first block,
        run(machine, 0, 600 * 7); // many with neither: a region, of what has run
      }
      assertEquals(1, ours.executor().regions());
      for (Machine machine : new Machine[] {ours, interpreted}) {
        run(machine, 3, 1000 * 57); // with both: a region of the second, without the first
      }
      assertEquals(2, ours.executor().regions());
      for (Machine machine : new Machine[] {ours, interpreted}) {
        run(machine, 3, 3_000_003);
      }
      assertEquals(3, ours.executor().regions());
      Cpu one = ours.cpu();
      Cpu other = interpreted.cpu();
      assertEquals(other.now(), one.now());
      for (int i = 0; i < 16; i++) {
        assertEquals(other.register(i), one.register(i), "R" + i);
      }
    }
  }
}
