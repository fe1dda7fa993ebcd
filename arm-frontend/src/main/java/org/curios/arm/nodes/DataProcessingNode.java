package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import org.curios.arm.Cpu;
import org.curios.arm.Psr;

/**
 * {@code <op>{cond}{S} <Rd>, <Rn>, <shifter_operand>} for the sixteen operations, with a
 * destination other than R15 (ARM DDI 0100, A3.4). A conditional one that sets no flags computes
 * always and selects, which costs no misprediction.
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

  private final int operation;
  private final boolean setsFlags;
  private final int rn;
  private final long rnOffset;
  private final long rdOffset;
  private final int destination;
  private final Operand operand;
  private final Test select;

  /** Value of R15 as an operand: 4 more where the shift is by a register. */
  private final int pcValue;

  /** Flags that someone may see before they are written again. */
  @CompilationFinal private int live = ALL;

  /**
   * Makes an instruction that is always carried out, or is wrapped in a {@link ConditionalNode}.
   */
  public DataProcessingNode(
      int pc, int operation, boolean setsFlags, int rd, int rn, Operand operand) {
    this(pc, operation, setsFlags, rd, rn, operand, Test.ALWAYS);
  }

  private DataProcessingNode(
      int pc, int operation, boolean setsFlags, int rd, int rn, Operand operand, Test select) {
    super(pc);
    this.operation = operation;
    this.setsFlags = setsFlags;
    this.rn = rn;
    this.rnOffset = offset(rn);
    this.rdOffset = offset(rd);
    this.operand = operand;
    this.select = select;
    this.pcValue = pcOperand() + (operand.isShiftedByRegister() ? 4 : 0);
    this.destination = rd;
  }

  /** Returns the conditional form. */
  public InstructionNode conditional(Test test) {
    if (setsFlags) {
      return new ConditionalNode(test, this);
    }
    return new DataProcessingNode(pc, operation, false, destination, rn, operand, test);
  }

  /**
   * Returns whether the flags are those of a subtraction whose operands a condition may compare.
   */
  boolean isComparison() {
    return setsFlags && (operation == CMP || operation == SUB || operation == RSB);
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

  /** Says which flags may be seen before they are written again. */
  public void setLiveFlags(int flags) {
    live = flags;
  }

  @Override
  public void execute(Cpu cpu, Operands operands) {
    int left = operation == MOV || operation == MVN ? 0 : rn == 15 ? pcValue : cpu.get(rnOffset);
    int right = operand.value(cpu, pcValue);
    if (setsFlags) {
      executeWithFlags(cpu, operands, left, right);
      return;
    }
    int result =
        switch (operation) {
          case AND -> left & right;
          case EOR -> left ^ right;
          case SUB -> left - right;
          case RSB -> right - left;
          case ADD -> left + right;
          case ADC -> left + right + cpu.c;
          case SBC -> left - right - 1 + cpu.c;
          case RSC -> right - left - 1 + cpu.c;
          case ORR -> left | right;
          case MOV -> right;
          case BIC -> left & ~right;
          default -> ~right;
        };
    if (!select.always()) {
      result = select.holds(cpu, operands) ? result : cpu.get(rdOffset);
    }
    cpu.set(rdOffset, result);
  }

  private void executeWithFlags(Cpu cpu, Operands operands, int left, int right) {
    int result =
        switch (operation) {
          case AND, TST -> left & right;
          case EOR, TEQ -> left ^ right;
          case SUB, CMP -> subtract(cpu, operands, left, right);
          case RSB -> subtract(cpu, operands, right, left);
          case ADD, CMN -> add(cpu, left, right, 0);
          case ADC -> add(cpu, left, right, cpu.c);
          case SBC -> add(cpu, left, ~right, cpu.c);
          case RSC -> add(cpu, right, ~left, cpu.c);
          case ORR -> left | right;
          case MOV -> right;
          case BIC -> left & ~right;
          default -> ~right;
        };
    if (isLogical() && operand.setsCarry() && (live & Psr.C) != 0) {
      cpu.c = operand.carry(cpu, pcValue);
    }
    if ((live & Psr.N) != 0) {
      cpu.n = result;
    }
    if ((live & Psr.Z) != 0) {
      cpu.z = result;
    }
    if (writesResult()) {
      cpu.set(rdOffset, result);
    }
  }

  private int subtract(Cpu cpu, Operands operands, int left, int right) {
    int result = left - right;
    operands.left = left;
    operands.right = right;
    if ((live & Psr.C) != 0) {
      cpu.c = Integer.compareUnsigned(left, right) >= 0 ? 1 : 0;
    }
    if ((live & Psr.V) != 0) {
      cpu.v = (left ^ right) & (left ^ result);
    }
    return result;
  }

  private int add(Cpu cpu, int left, int right, int carry) {
    int result = left + right + carry;
    if ((live & Psr.C) != 0) {
      cpu.c = (int) ((left & 0xffffffffL) + (right & 0xffffffffL) + carry >>> 32);
    }
    if ((live & Psr.V) != 0) {
      cpu.v = (left ^ result) & (right ^ result);
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
    boolean carry = operation >= ADC && operation <= RSC || operand.readsCarry();
    return (carry ? Psr.C : 0) | select.flagsRead();
  }
}
