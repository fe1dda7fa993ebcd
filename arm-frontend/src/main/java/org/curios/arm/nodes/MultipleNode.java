package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;

/** Common parts of LDM and STM: the register list and the addressing modes (ARM DDI 0100, A5.4). */
abstract class MultipleNode extends InstructionNode {
  /** The first register that modes other than FIQ bank. */
  static final int FIRST_BANKED = 13;

  final int rn;
  final short base;
  final int list;

  /** The registers of the list by rising number. */
  @CompilationFinal(dimensions = 1)
  final int[] registers;

  @CompilationFinal(dimensions = 1)
  final short[] offsets;

  final boolean writesBack;

  /** Distance from the base to the lowest address, in bytes. */
  final int start;

  /** Distance from the lowest address to that of the last word, in bytes. */
  final int last;

  /** What write-back adds to the base, in bytes. */
  final int step;

  /**
   * Makes a node.
   *
   * @param list the register list, a bit a register; an empty one transfers nothing and moves the
   *     base by 64 bytes (UNPREDICTABLE)
   * @param pre the P bit
   * @param up the U bit
   */
  MultipleNode(int pc, int rn, int list, boolean pre, boolean up, boolean writesBack) {
    super(pc);
    this.rn = rn;
    this.base = offset(rn);
    this.list = list;
    this.writesBack = writesBack && rn != 15;
    int count = Integer.bitCount(list);
    registers = new int[count];
    offsets = new short[count];
    int next = 0;
    for (int i = 0; i < 16; i++) {
      if ((list >>> i & 1) != 0) {
        registers[next] = i;
        offsets[next++] = offset(i);
      }
    }
    int bytes = 4 * (count == 0 ? 16 : count);
    start = up ? pre ? 4 : 0 : pre ? -bytes : 4 - bytes;
    last = Math.max(4 * count - 4, 0);
    step = up ? bytes : -bytes;
  }

  @Override
  public boolean mayLeave() {
    return true;
  }
}
