package org.curios.arm.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Psr;

/** Combines decoded instructions into blocks: conditions, the exit, and which flags are visible. */
public final class BlockBuilder {
  private static final int ALL = Psr.N | Psr.Z | Psr.C | Psr.V;

  private final int pc;
  private final List<InstructionNode> body = new ArrayList<>();
  private int at;

  /** The instruction that last set all flags, if they are unchanged since; otherwise null. */
  private InstructionNode setter;

  private Block.Exit exit = Block.Exit.FALL;
  private Test test = Test.ALWAYS;
  private int target;
  private boolean links;
  private InstructionNode exitNode;
  private boolean ended;

  private final IntUnaryOperator words;
  private final IntPredicate isConstant;

  private final IntStream.Builder literals = IntStream.builder();

  private BlockBuilder(int pc, IntUnaryOperator words, IntPredicate isConstant) {
    this.pc = pc;
    this.words = words;
    this.isConstant = isConstant;
    this.at = pc;
  }

  /**
   * Decodes the block at an address.
   *
   * @param pc address of the first instruction with the T bit
   * @param limit maximum number of instructions
   * @param fetch returns the halfword or word at an address of the block's granule
   * @param endsBefore addresses that must be the start of a block
   * @param isConstant whether the word at an address of the granule, loaded by this code, is a
   *     constant
   */
  public static Block build(
      int pc, int limit, IntUnaryOperator fetch, IntPredicate endsBefore, IntPredicate isConstant) {
    boolean thumb = (pc & 1) != 0;
    BlockBuilder builder = new BlockBuilder(pc, fetch, thumb ? address -> false : isConstant);
    int granule = pc & -Bus.GRANULE;
    for (int i = 0; i < limit && !builder.ended && (builder.at & -Bus.GRANULE) == granule; i++) {
      if (i > 0 && endsBefore.test(builder.at & ~1)) {
        break;
      }
      int word = fetch.applyAsInt(builder.at & ~1);
      if (thumb) {
        ThumbDecoder.decode(builder, builder.at, word);
        builder.at += 2;
      } else {
        ArmDecoder.decode(builder, builder.at, word);
        builder.at += 4;
      }
    }
    return builder.finish();
  }

  /** Adds an instruction that continues to the next one. */
  void add(InstructionNode instruction, int condition) {
    InstructionNode node = resolved(instruction);
    if (node.changesSystem()) {
      leave(condition, node);
      return;
    }
    InstructionNode added = node;
    if (node instanceof DataProcessingNode d
        && setter instanceof DataProcessingNode s
        && s.setsCarry()) {
      d.takeCarryFromBlock();
    }
    if (condition < Condition.ALWAYS) {
      Test when = Test.of(condition, setter);
      added =
          node instanceof DataProcessingNode d
              ? d.conditional(when)
              : new ConditionalNode(when, node);
    }
    body.add(added);
    if (node.flagsWritten() != 0) {
      setter = condition >= Condition.ALWAYS && node.flagsWritten() == ALL ? node : null;
    }
  }

  private InstructionNode resolved(InstructionNode node) {
    int literal = node instanceof LoadNode load ? load.literal() : LoadNode.NO_LITERAL;
    if (literal == LoadNode.NO_LITERAL || !isConstant.test(literal)) {
      return node;
    }
    literals.add(literal);
    return ((LoadNode) node).withLiteral(words.applyAsInt(literal));
  }

  /** Ends the block with a branch to a known target. */
  void branch(int condition, int target, boolean links) {
    exit = Block.Exit.BRANCH;
    test = Test.of(condition, setter);
    this.target = target;
    this.links = links;
    ended = true;
  }

  /** Ends the block with an instruction that writes the PC. */
  void jump(int condition, InstructionNode node) {
    exit = Block.Exit.INDIRECT;
    test = Test.of(condition, setter);
    exitNode = node;
    ended = true;
  }

  /** Ends the block with an instruction that writes the PC and may change the mode. */
  void leave(int condition, InstructionNode node) {
    jump(condition, node);
    exit = Block.Exit.SYSTEM;
  }

  /** Returns the last instruction of the block so far, or null. */
  InstructionNode last() {
    return body.isEmpty() ? null : body.get(body.size() - 1);
  }

  private Block finish() {
    int count = body.size() + (ended ? 1 : 0);
    for (int i = 0; i < body.size(); i++) {
      body.get(i).setRemaining(count - i);
    }
    if (exitNode != null) {
      exitNode.setRemaining(1);
    }
    markLiveFlags();
    return new Block(
        pc,
        at - pc,
        count,
        body.toArray(new InstructionNode[0]),
        exit,
        test,
        target,
        links,
        exitNode,
        literals.build().toArray());
  }

  private void markLiveFlags() {
    int live = ALL;
    for (int i = body.size() - 1; i >= 0; i--) {
      InstructionNode node = body.get(i);
      InstructionNode inner = node instanceof ConditionalNode c ? c.body() : node;
      if (inner instanceof DataProcessingNode d) {
        d.setLiveFlags(live);
      }
      live = live & ~node.flagsWritten() | node.flagsRead();
      if (node.mayLeave()) {
        live = ALL;
      }
    }
  }
}
