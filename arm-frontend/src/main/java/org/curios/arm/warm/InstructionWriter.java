package org.curios.arm.warm;

import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.warm.Assembler.Label;

/**
 * The context in which an instruction is written as byte code: the instruction, its block, and the
 * exits.
 */
abstract class InstructionWriter {
  /** About one in this number of computed jumps leaves the code. */
  private static final int SAMPLE = 16;

  final Assembler b;
  final Emitter e;
  final Exits exits;
  List<Instruction> block;
  int at;
  Instruction now;

  /** Whether the operands of the subtraction that last set the flags are in locals. */
  boolean compared;

  InstructionWriter(Emitter emitter, Exits exits) {
    this.e = emitter;
    this.b = emitter.b;
    this.exits = exits;
  }

  int word() {
    return now.word();
  }

  int rn() {
    return word() >>> 16 & 15;
  }

  int rd() {
    return word() >>> 12 & 15;
  }

  boolean has(int bit) {
    return (word() & bit) != 0;
  }

  /** Pushes the first operand. */
  void left() {
    e.register(rn(), now.next());
  }

  /** The place of the instruction, and above it the instructions to the end of the block. */
  int where() {
    return now.place() | block.size() - at << 10;
  }

  /**
   * Continues at the address on the stack. Within the granule this does not leave the code, except
   * from time to time, so that the executor learns the targets of jumps.
   */
  void jumpComputed() {
    b.istore(Emitter.RESULT);
    e.cpu();
    b.iload(Emitter.RESULT);
    e.put("pc");
    Label leaves = b.newLabel();
    e.cpu();
    e.get("budget");
    b.loadConstant(SAMPLE - 1).iand().ifeq(leaves);
    b.iload(Emitter.RESULT).iload(Emitter.BASE).ixor().loadConstant(-Bus.GRANULE).iand();
    b.ifeq(exits.computed());
    b.labelBinding(leaves);
    b.loadConstant(now.place() + 1).ireturn();
  }

  /** Calls the operation of the interpreter, which continues with the next instruction. */
  void call() {
    compared = false;
    b.loadConstant(now.operation().ordinal());
    e.cpu();
    b.loadConstant(word());
    e.baseAnd(now.next());
    e.operate();
    e.baseAnd(now.next());
    b.if_icmpne(exits.slow(where()));
  }

  /** Always executes the instruction by its node. */
  void slowly() {
    compared = false;
    e.slow(where());
    b.ifeq(exits.left());
  }
}
