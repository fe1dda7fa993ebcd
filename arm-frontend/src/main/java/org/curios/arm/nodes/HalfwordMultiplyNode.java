package org.curios.arm.nodes;

import org.curios.arm.Cpu;

/**
 * The signed halfword multiplies of the DSP extension: {@code SMLA<x><y>, SMLAW<y>, SMULW<y>,
 * SMLAL<x><y>, SMUL<x><y>} (ARM DDI 0100, A4.1). An accumulation that overflows sets Q and wraps.
 */
public final class HalfwordMultiplyNode extends InstructionNode {
  /** What is multiplied and added. */
  public enum Kind {
    SMLA,
    SMLAW,
    SMULW,
    SMLAL,
    SMUL
  }

  private final Kind kind;
  private final int shiftM;
  private final int shiftS;
  private final long rd;
  private final long rn;
  private final long rm;
  private final long rs;

  /**
   * Makes a node.
   *
   * @param x 1 for the top half of Rm
   * @param y 1 for the top half of Rs
   * @param rd destination, or the high half of it
   * @param rn what is added, or the low half of the destination
   */
  public HalfwordMultiplyNode(int pc, Kind kind, int x, int y, int rd, int rn, int rm, int rs) {
    super(pc);
    this.kind = kind;
    this.shiftM = x * 16;
    this.shiftS = y * 16;
    this.rd = offset(rd);
    this.rn = offset(rn);
    this.rm = offset(rm);
    this.rs = offset(rs);
  }

  @Override
  public void execute(Cpu cpu, Operands operands) {
    int m = cpu.get(rm);
    int s = (short) (cpu.get(rs) >> shiftS);
    switch (kind) {
      case SMUL -> cpu.set(rd, (short) (m >> shiftM) * s);
      case SMULW -> cpu.set(rd, (int) ((long) m * s >> 16));
      case SMLA -> cpu.set(rd, addSettingQ(cpu, (short) (m >> shiftM) * s, cpu.get(rn)));
      case SMLAW -> cpu.set(rd, addSettingQ(cpu, (int) ((long) m * s >> 16), cpu.get(rn)));
      case SMLAL -> {
        long sum = (long) cpu.get(rd) << 32 | cpu.get(rn) & 0xffffffffL;
        sum += (short) (m >> shiftM) * s;
        cpu.set(rn, (int) sum);
        cpu.set(rd, (int) (sum >>> 32));
      }
    }
  }

  private static int addSettingQ(Cpu cpu, int left, int right) {
    int sum = left + right;
    cpu.q |= ((left ^ sum) & (right ^ sum)) >>> 31;
    return sum;
  }
}
