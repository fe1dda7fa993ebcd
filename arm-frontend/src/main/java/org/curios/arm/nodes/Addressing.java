package org.curios.arm.nodes;

import org.curios.arm.Cpu;

/**
 * The address of a load or store of one value: base, offset, and when the base is written back (ARM
 * DDI 0100, A5.2, A5.3).
 *
 * @param rn number of the base register
 * @param base offset of the base register's field
 * @param operand the offset to add or subtract
 * @param adds whether it is added (the U bit)
 * @param pre whether the offset is applied before the access (the P bit)
 * @param writesBack whether the base is written: the W bit, or post-indexing
 */
record Addressing(
    int rn, long base, Operand operand, boolean adds, boolean pre, boolean writesBack) {
  static Addressing of(int rn, Operand operand, boolean adds, boolean pre, boolean w) {
    return new Addressing(rn, InstructionNode.offset(rn), operand, adds, pre, !pre || w);
  }

  int baseValue(Cpu cpu, int pcOperand) {
    return rn == 15 ? pcOperand : cpu.get(base);
  }

  int indexed(Cpu cpu, int baseValue, int pcOperand) {
    int offset = operand.value(cpu, pcOperand);
    return adds ? baseValue + offset : baseValue - offset;
  }

  void writeBack(Cpu cpu, int indexed) {
    if (writesBack && rn != 15) {
      cpu.set(base, indexed);
    }
  }
}
