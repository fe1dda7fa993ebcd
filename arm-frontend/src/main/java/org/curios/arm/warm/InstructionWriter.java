package org.curios.arm.warm;

import org.curios.arm.bus.Bus;

/**
 * The context in which an instruction is written as byte code: the instruction, its block, and the
 * exits.
 */
abstract class InstructionWriter extends InstructionContext {
  final Assembler b;
  final Emitter e;
  final Exits exits;

  InstructionWriter(Emitter emitter, Exits exits) {
    this.e = emitter;
    this.b = emitter.b;
    this.exits = exits;
  }

  /** MOV R14, R15. */
  private static final int MOV_LR_PC = 0xe1a0e00f;

  /** Pushes the first operand. */
  void left() {
    e.register(rn(), now.next());
  }

  /** Computed jumps, by where they lead. */
  enum Jump {
    /** To the instruction after the call that has led here. */
    RETURN,
    /** From there, the code returns to the next instruction. */
    CALL,
    OTHER
  }

  /** Continues at the address on the stack. */
  void jumpComputed(Jump kind) {
    b.istore(Emitter.RESULT);
    exits.sample(now.place());
    b.iload(Emitter.RESULT).iload(Emitter.BASE).ixor().loadConstant(-Bus.GRANULE).iand();
    b.ifeq(exits.computed());
    switch (kind) {
      case RETURN -> b.goto_(exits.left());
      case CALL -> exits.callFar(now.after());
      default -> b.goto_(exits.far());
    }
  }

  /**
   * Returns {@link Jump#CALL} if the last instruction has set the return address, otherwise OTHER.
   */
  Jump callOrOther() {
    Instruction before = at == 0 ? null : block.get(at - 1);
    boolean links = before != null && (before.place() & 1) == 0 && before.word() == MOV_LR_PC;
    return links ? Jump.CALL : Jump.OTHER;
  }

  /** Calls the operation of the interpreter, which continues with the next instruction. */
  void call() {
    compared = false;
    e.operate(now);
    b.if_icmpne(exits.slow(where()));
  }

  /** Always executes the instruction by its node. */
  void slowly() {
    compared = false;
    e.slow(where());
    b.ifeq(exits.out());
  }
}
