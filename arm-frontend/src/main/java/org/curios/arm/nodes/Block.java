package org.curios.arm.nodes;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.nodes.ExplodeLoop;
import java.util.Arrays;
import org.curios.arm.core.Cpu;

/** A basic block: instructions that run one after the other within one granule, and its exit. */
public final class Block {
  /** How a block is left. */
  public enum Exit {
    /** To the next instruction: the block was cut. */
    FALL,
    /** To a known target if the test holds, otherwise to the next instruction. */
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

  /**
   * Minimum number of results that are overwritten unseen for which a copy of the registers pays.
   */
  private static final int LEAST_SAVED = 4;

  /**
   * Instructions of the body that access only registers, so that translated code cannot be left
   * between them.
   *
   * @param count their number
   * @param written the registers that they may write, one bit each
   * @param flags whether they may write flags
   */
  public record Run(int count, int written, boolean flags) {}

  /** By index in the body, the run of instructions that starts there, or null. */
  @CompilationFinal(dimensions = 1)
  private Run[] runs;

  public final Exit exit;
  public final Test test;

  /** Target of a {@link Exit#BRANCH}. */
  public final int target;

  /** Whether the branch is a call, which writes its return address into R14. */
  public final boolean links;

  /** Computes the target of an {@link Exit#INDIRECT} or {@link Exit#SYSTEM}; otherwise null. */
  public final InstructionNode exitNode;

  /** Address of the instruction after the block, with the T bit. */
  public final int next;

  /** Addresses of words that are constants of the block. */
  public final int[] literals;

  Block(
      int pc,
      int bytes,
      int count,
      InstructionNode[] body,
      Exit exit,
      Test test,
      int target,
      boolean links,
      InstructionNode exitNode,
      int[] literals) {
    this.pc = pc;
    this.bytes = bytes;
    this.count = count;
    this.body = body;
    this.exit = exit;
    this.test = test;
    this.target = target;
    this.links = links;
    this.exitNode = exitNode;
    this.literals = literals;
    this.next = pc + bytes;
  }

  /** Returns whether the block can work on a copy of the registers instead of the processor's. */
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

  /** Determines what {@link #run} returns, before compilation. */
  public void findRuns() {
    Run[] found = new Run[body.length];
    int next;
    for (int i = 0; i < body.length; i = next) {
      int end = i;
      int results = 0;
      int written = 0;
      while (end < body.length && isOfRegisters(inner(body[end]))) {
        results += Integer.bitCount(body[end].registersWritten());
        written |= body[end].registersWritten();
        end++;
      }
      if (results - Integer.bitCount(written) >= LEAST_SAVED) {
        found[i] = new Run(end - i, written, writesFlags(i, end));
      }
      next = Math.max(i + 1, end);
    }
    runs = found;
  }

  private static boolean isOfRegisters(InstructionNode node) {
    return node instanceof DataProcessingNode
        || node instanceof MultiplyNode
        || node instanceof LongMultiplyNode
        || node instanceof CountLeadingZerosNode;
  }

  private static InstructionNode inner(InstructionNode node) {
    return node instanceof ConditionalNode c ? c.body() : node;
  }

  /**
   * Returns the run of instructions from an index on that should work on a copy of the registers,
   * since they overwrite many of their results; or null.
   */
  public Run run(int index) {
    return runs[index];
  }

  /** Returns the registers that the block may write, one bit each; bit 15 is not the PC. */
  public int registersWritten() {
    int written = links ? 1 << 14 : 0;
    for (InstructionNode node : body) {
      written |= node.registersWritten();
    }
    return exitNode == null ? written : written | exitNode.registersWritten();
  }

  /** Returns whether the block may write flags. */
  public boolean writesFlags() {
    return writesFlags(0, body.length);
  }

  private boolean writesFlags(int from, int end) {
    return Arrays.stream(body, from, end).anyMatch(node -> inner(node).flagsWritten() != 0);
  }

  /**
   * Requests the compilation of the slow path of the instruction at an address, if it is in the
   * block.
   */
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

  /**
   * Requests the compilation of the slow paths that another block with the same start has compiled.
   */
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

  /** Requests the compilation of the slow paths of all instructions. */
  public void compileSlowPaths() {
    for (InstructionNode node : body) {
      node.compileSlowPath();
    }
    if (exitNode != null) {
      exitNode.compileSlowPath();
    }
  }

  /** Runs the block; afterwards the PC is where to continue. */
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
