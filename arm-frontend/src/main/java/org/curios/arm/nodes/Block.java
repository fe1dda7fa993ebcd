package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import org.curios.arm.core.Cpu;

/**
 * A basic block: instructions that run one after the other within one granule, and the way out of
 * it.
 */
public final class Block {
  /** How a block is left. */
  public enum Exit {
    /** To the next instruction: the block was cut. */
    FALL,
    /** To a known target if the test holds, else to the next instruction. */
    BRANCH,
    /** To what {@link #exitNode} writes into the PC if the test holds. */
    INDIRECT,
    /** As {@link #INDIRECT}, but the mode, the tables or the rights may have changed. */
    SYSTEM
  }

  /** Address of the first instruction with the T bit. */
  public final int pc;

  /** Number of instructions, the one at the exit included. */
  public final int count;

  /** Bytes of code. */
  public final int bytes;

  /** The instructions except for the one at the exit. */
  @CompilationFinal(dimensions = 1)
  public final InstructionNode[] body;

  public final Exit exit;
  public final Test test;

  /** Target of a {@link Exit#BRANCH}. */
  public final int target;

  /** Whether the branch is a call, which writes its return address into R14. */
  public final boolean links;

  /** What computes the target of an {@link Exit#INDIRECT} or {@link Exit#SYSTEM}; else null. */
  public final InstructionNode exitNode;

  /** Address of the instruction after the block, with the T bit. */
  public final int next;

  Block(
      int pc,
      int bytes,
      int count,
      InstructionNode[] body,
      Exit exit,
      Test test,
      int target,
      boolean links,
      InstructionNode exitNode) {
    this.pc = pc;
    this.bytes = bytes;
    this.count = count;
    this.body = body;
    this.exit = exit;
    this.test = test;
    this.target = target;
    this.links = links;
    this.exitNode = exitNode;
    this.next = pc + bytes;
  }

  /** Returns whether the block works on any registers, not on those of the processor alone. */
  public boolean isLocal() {
    if (exit == Exit.SYSTEM || exitNode != null && !exitNode.isLocal()) {
      return false;
    }
    for (InstructionNode node : body) {
      if (!node.isLocal()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the registers that the block may write, a bit each; bit 15 is not the PC. */
  public int registersWritten() {
    int written = links ? 1 << 14 : 0;
    for (InstructionNode node : body) {
      written |= node.registersWritten();
    }
    return exitNode == null ? written : written | exitNode.registersWritten();
  }

  /** Returns whether the block may write flags. */
  public boolean writesFlags() {
    for (InstructionNode node : body) {
      InstructionNode inner = node instanceof ConditionalNode c ? c.body() : node;
      if (inner.flagsWritten() != 0) {
        return true;
      }
    }
    return false;
  }

  /** Has the slow path of the instruction at an address compiled, if it is in the block. */
  public void compileSlowPath(int address) {
    for (InstructionNode node : body) {
      if (node.pc == address) {
        node.compileSlowPath();
      }
    }
    if (exitNode != null && exitNode.pc == address) {
      exitNode.compileSlowPath();
    }
  }

  /** Has the slow paths compiled that another block with the same start has compiled. */
  public void compileSlowPathsAsIn(Block other) {
    for (InstructionNode node : other.body) {
      if (node.compilesSlowPath()) {
        compileSlowPath(node.pc);
      }
    }
    if (other.exitNode != null && other.exitNode.compilesSlowPath()) {
      compileSlowPath(other.exitNode.pc);
    }
  }

  /** Has the slow paths of all instructions compiled. */
  public void compileSlowPaths() {
    for (InstructionNode node : body) {
      node.compileSlowPath();
    }
    if (exitNode != null) {
      exitNode.compileSlowPath();
    }
  }

  /** Runs the block: afterwards the PC says where to go on. */
  @ExplodeLoop
  public void interpret(Cpu cpu, Operands operands) {
    cpu.budget -= count;
    for (InstructionNode node : body) {
      node.execute(cpu, cpu, operands);
    }
    switch (exit) {
      case FALL -> cpu.pc = next;
      case BRANCH -> {
        if (test.holds(cpu, operands)) {
          if (links) {
            cpu.r14 = next;
          }
          cpu.pc = target;
        } else {
          cpu.pc = next;
        }
      }
      case INDIRECT, SYSTEM -> {
        if (test.holds(cpu, operands)) {
          exitNode.execute(cpu, cpu, operands);
        } else {
          cpu.pc = next;
        }
      }
    }
  }
}
