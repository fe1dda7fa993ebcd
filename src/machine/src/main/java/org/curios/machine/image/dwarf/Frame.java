package org.curios.machine.image.dwarf;

import java.util.function.IntUnaryOperator;

/**
 * An active function.
 *
 * @param registers R0 to R15
 * @param pc an address within the instruction that is executed: in callers, within the call
 * @param memory returns the byte at a virtual address, or -1 where there is none
 */
public record Frame(int[] registers, int pc, IntUnaryOperator memory) {
  /** Returns the word at an address; where there is no memory, zero bytes. */
  int word(int address) {
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | Math.max(0, memory.applyAsInt(address + i));
    }
    return value;
  }

  /** Returns the registers with R15 set for table lookups. */
  int[] registersWithin() {
    int[] within = registers.clone();
    within[15] = pc;
    return within;
  }
}
