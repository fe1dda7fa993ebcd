package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.core.Registers;

/**
 * {@code <op>{cond}{S} <Rd>, <Rn>, <shifter_operand>} for the sixteen operations, with a
 * destination other than R15 (ARM DDI 0100, A3.4). A conditional instruction that sets no flags
 * always computes its result and selects it, which avoids mispredictions.
 */
public final class DataProcessingNode extends InstructionNode {
  public static final int AND = 0;
  public static final int EOR = 1;
  public static final int SUB = 2;
  public static final int RSB = 3;
  public static final int ADD = 4;
  public static final int ADC = 5;
  public static final int SBC = 6;
  public static final int RSC = 7;
  public static final int TST = 8;
  public static final int TEQ = 9;
  public static final int CMP = 10;
  public static final int CMN = 11;
  public static final int ORR = 12;
  public static final int MOV = 13;
  public static final int BIC = 14;
  public static final int MVN = 15;

  private static final int ALL = Psr.N | Psr.Z | Psr.C | Psr.V;
  private static final int FLAGS_SHIFT = 28;

  private final byte operation;
  private final boolean setsFlags;
  private final byte rn;
  private final short rnOffset;
  private final short rdOffset;
  private final byte destination;
  private final Operand operand;
  private final Test select;

  /** From the PC to the value of R15 as an operand: 4 more where the shift is by a register. */
  private final byte pcAhead;

  /** Whether the C flag is that of an instruction of the same block. */
  @CompilationFinal private boolean carryInBlock;

  /** Flags that may be seen before they are written again, from bit 0 on. */
  @CompilationFinal private byte live = (byte) (ALL >>> FLAGS_SHIFT);

  /** Makes an instruction that is always executed, or is wrapped in a {@link ConditionalNode}. */
  public DataProcessingNode(
      int pc, int operation, boolean setsFlags, int rd, int rn, Operand operand) {
    this(pc, operation, setsFlags, rd, rn, operand, Test.ALWAYS);
  }

  private DataProcessingNode(
      int pc, int operation, boolean setsFlags, int rd, int rn, Operand operand, Test select) {
    super(pc);
    this.operation = (byte) operation;
    this.setsFlags = setsFlags;
    this.rn = (byte) rn;
    this.rnOffset = offset(rn);
    this.rdOffset = offset(rd);
    this.operand = operand;
    this.select = select;
    this.pcAhead = (byte) (pcOperand() - pc + (operand.isShiftedByRegister() ? 4 : 0));
    this.destination = (byte) rd;
  }

  /** Returns the conditional form. */
  public InstructionNode conditional(Test test) {
    if (setsFlags) {
      return new ConditionalNode(test, this);
    }
    DataProcessingNode selecting =
        new DataProcessingNode(pc, operation, false, destination, rn, operand, test);
    selecting.carryInBlock = carryInBlock;
    return selecting;
  }

  /**
   * Returns whether the flags are those of a subtraction whose operands a condition may compare.
   */
  boolean isComparison() {
    return setsFlags && (operation == CMP || operation == SUB || operation == RSB);
  }

  /** Returns whether the C flag is set by an addition or subtraction. */
  boolean setsCarry() {
    return setsFlags && !isLogical();
  }

  /** Returns whether the instruction moves a constant into a register. */
  boolean isConstantTo(int register) {
    return operation == MOV && destination == register && select.always() && operand.isConstant();
  }

  /** Returns the constant that the instruction moves. */
  int constant() {
    return operand.constant();
  }

  private boolean isLogical() {
    return operation <= EOR || operation == TST || operation == TEQ || operation >= ORR;
  }

  private boolean writesResult() {
    return operation < TST || operation > CMN;
  }

  private int carryIn(Registers r, Operands operands) {
    return carryInBlock ? operands.carry : r.carry();
  }

  /** Reports that the C flag has been set by an instruction of the same block. */
  void takeCarryFromBlock() {
    carryInBlock = readsCarryFlag();
  }

  private boolean readsCarryFlag() {
    return operation >= ADC && operation <= RSC;
  }

  private boolean isLive(int flags) {
    return (live & flags >>> FLAGS_SHIFT) != 0;
  }

  private int pcValue() {
    return pc + pcAhead;
  }

  /** Reports which flags may be seen before they are written again. */
  public void setLiveFlags(int flags) {
    live = (byte) (flags >>> FLAGS_SHIFT);
  }

  @Override
  public void execute(Registers r, Cpu cpu, Operands operands) {
    int left = operation == MOV || operation == MVN ? 0 : rn == 15 ? pcValue() : r.get(rnOffset);
    int right = operand.value(r, pcValue());
    if (setsFlags) {
      executeWithFlags(r, operands, left, right);
      return;
    }
    int result =
        switch (operation) {
          case AND -> left & right;
          case EOR -> left ^ right;
          case SUB -> left - right;
          case RSB -> right - left;
          case ADD -> left + right;
          case ADC -> left + right + carryIn(r, operands);
          case SBC -> left - right - 1 + carryIn(r, operands);
          case RSC -> right - left - 1 + carryIn(r, operands);
          case ORR -> left | right;
          case MOV -> right;
          case BIC -> left & ~right;
          default -> ~right;
        };
    if (!select.always()) { // without a branch, whose misprediction is expensive
      int old = r.get(rdOffset);
      int mask = select.holds(r, operands) ? -1 : 0;
      result = old ^ (old ^ result) & mask;
    }
    r.set(rdOffset, result);
  }

  private void executeWithFlags(Registers r, Operands operands, int left, int right) {
    int result =
        switch (operation) {
          case AND, TST -> left & right;
          case EOR, TEQ -> left ^ right;
          case SUB, CMP -> subtract(r, operands, left, right);
          case RSB -> subtract(r, operands, right, left);
          case ADD, CMN -> add(r, operands, left, right, 0);
          case ADC -> add(r, operands, left, right, carryIn(r, operands));
          case SBC -> add(r, operands, left, ~right, carryIn(r, operands));
          case RSC -> add(r, operands, right, ~left, carryIn(r, operands));
          case ORR -> left | right;
          case MOV -> right;
          case BIC -> left & ~right;
          default -> ~right;
        };
    if (isLogical() && operand.setsCarry() && isLive(Psr.C)) {
      int overflow = isLive(Psr.V) ? r.overflow() : 0;
      r.setCarryOverflow(operand.carry(r, pcValue()), overflow);
    }
    if (isLive(Psr.N)) {
      r.n = result;
    }
    if (isLive(Psr.Z)) {
      r.z = result;
    }
    if (writesResult()) {
      r.set(rdOffset, result);
    }
  }

  private int subtract(Registers r, Operands operands, int left, int right) {
    int result = left - right;
    operands.left = left;
    operands.right = right;
    operands.carry = Integer.compareUnsigned(left, right) >= 0 ? 1 : 0;
    if (isLive(Psr.C | Psr.V)) {
      r.left = left;
      r.right = right;
    }
    return result;
  }

  private int add(Registers r, Operands operands, int left, int right, int carry) {
    int result = left + right + carry;
    int carryOut = (int) ((left & 0xffffffffL) + (right & 0xffffffffL) + carry >>> 32);
    operands.carry = carryOut;
    if (isLive(Psr.C | Psr.V)) {
      r.setCarryOverflow(carryOut, (left ^ result) & (right ^ result));
    }
    return result;
  }

  @Override
  public int flagsWritten() {
    if (!setsFlags) {
      return 0;
    }
    return isLogical() ? Psr.N | Psr.Z | (operand.setsCarry() ? Psr.C : 0) : ALL;
  }

  @Override
  public int flagsRead() {
    boolean carry = readsCarryFlag() && !carryInBlock || operand.readsCarry();
    return (carry ? Psr.C : 0) | select.flagsRead();
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public int registersWritten() {
    return writesResult() ? 1 << destination : 0;
  }
}
