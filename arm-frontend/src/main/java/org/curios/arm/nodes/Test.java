package org.curios.arm.nodes;

import java.util.stream.IntStream;
import org.curios.arm.core.Registers;

/**
 * A condition at a place in a block: by the flags, or by the operands of the comparison before it.
 */
public final class Test {
  private final int condition;
  private final boolean byOperands;

  private static final Test[] BY_FLAGS = all(false);
  private static final Test[] BY_OPERANDS = all(true);

  /** The test that always holds. */
  public static final Test ALWAYS = BY_FLAGS[Condition.ALWAYS];

  private static Test[] all(boolean byOperands) {
    return IntStream.rangeClosed(0, Condition.ALWAYS)
        .mapToObj(condition -> new Test(condition, byOperands))
        .toArray(Test[]::new);
  }

  private Test(int condition, boolean byOperands) {
    this.condition = condition;
    this.byOperands = byOperands;
  }

  /**
   * Makes a test.
   *
   * @param condition number of the condition
   * @param setter the instruction that last set all flags in the same block, or null
   */
  public static Test of(int condition, InstructionNode setter) {
    if (condition >= Condition.ALWAYS) {
      return ALWAYS;
    }
    boolean fused =
        setter instanceof DataProcessingNode d
            && d.isComparison()
            && Condition.comparable(condition);
    return (fused ? BY_OPERANDS : BY_FLAGS)[condition];
  }

  /** Returns whether the test always holds. */
  public boolean always() {
    return condition == Condition.ALWAYS;
  }

  /** Returns whether the test holds now. */
  public boolean holds(Registers r, Operands operands) {
    return byOperands ? Condition.holds(operands, condition) : Condition.holds(r, condition);
  }

  /** Returns the flags that the test reads. */
  public int flagsRead() {
    return byOperands ? 0 : Condition.flags(condition);
  }
}
