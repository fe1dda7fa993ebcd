package org.curios.arm.nodes;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;

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
  private final short rd;
  private final short rn;
  private final short rm;
  private final short rs;

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
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int m = r.get(rm);
    int s = (short) (r.get(rs) >> shiftS);
    switch (kind) {
      case SMUL -> r.set(rd, (short) (m >> shiftM) * s);
      case SMULW -> r.set(rd, (int) ((long) m * s >> 16));
      case SMLA -> r.set(rd, addSettingQ(r, (short) (m >> shiftM) * s, r.get(rn)));
      case SMLAW -> r.set(rd, addSettingQ(r, (int) ((long) m * s >> 16), r.get(rn)));
      case SMLAL -> {
        long sum = (long) r.get(rd) << 32 | r.get(rn) & 0xffffffffL;
        sum += (short) (m >> shiftM) * s;
        r.set(rn, (int) sum);
        r.set(rd, (int) (sum >>> 32));
      }
    }
  }

  private static int addSettingQ(Registers r, int left, int right) {
    int sum = left + right;
    r.q |= ((left ^ sum) & (right ^ sum)) >>> 31;
    return sum;
  }

  @Override
  public boolean isLocal() {
    return true;
  }
}
