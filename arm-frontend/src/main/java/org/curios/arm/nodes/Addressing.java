package org.curios.arm.nodes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.curios.arm.core.Registers;

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
    byte rn, short base, Operand operand, boolean adds, boolean pre, boolean writesBack) {
  /** All instances: there are few different ones, as of {@link Operand}. */
  private static final Map<Addressing, Addressing> ALL = new ConcurrentHashMap<>();

  static Addressing of(int rn, Operand operand, boolean adds, boolean pre, boolean w) {
    Addressing made =
        new Addressing((byte) rn, InstructionNode.offset(rn), operand, adds, pre, !pre || w);
    Addressing known = ALL.putIfAbsent(made, made);
    return known == null ? made : known;
  }

  int baseValue(Registers r, int pcOperand) {
    return rn == 15 ? pcOperand : r.get(base);
  }

  int indexed(Registers r, int baseValue, int pcOperand) {
    int offset = operand.value(r, pcOperand);
    return adds ? baseValue + offset : baseValue - offset;
  }

  void writeBack(Registers r, int indexed) {
    if (writesBack && rn != 15) {
      r.set(base, indexed);
    }
  }

  /** Returns whether the address depends on the place of the instruction only. */
  boolean isFixed() {
    return rn == 15 && pre && !writesBack && operand.isConstant();
  }

  int registersWritten() {
    return writesBack && rn != 15 ? 1 << rn : 0;
  }
}
