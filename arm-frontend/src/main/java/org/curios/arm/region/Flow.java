package org.curios.arm.region;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import java.util.Arrays;
import org.curios.arm.core.Registers;

/**
 * The control flow between the blocks of a region, as compiled code follows it: states, each of
 * which is a block (or a copy of one), and their successors. All of it is constant for partial
 * evaluation.
 *
 * <p>A target is a state, or {@link #OUTSIDE}, or {@link #SELECT}, or {@link #beyond} of a number.
 */
final class Flow {
  /** Outside the region, which is left. */
  static final int OUTSIDE = -1;

  /** To the block in {@link Registers#startBlock}. */
  static final int SELECT = -2;

  private static final int BEYOND = -3;

  /**
   * The successors of a state: the known target of its branch, and the next block.
   *
   * @param taken target of the branch
   * @param next target after the block
   * @param indirect targets of an indirect exit, in the order of {@code candidates}
   * @param candidates numbers of the blocks to which an indirect exit may lead
   * @param takenBlock number of the block of {@code taken}
   * @param nextBlock number of the block of {@code next}
   * @param polls for taken, next and each indirect one, whether events are examined on the way
   * @param parts for taken, next and each indirect one, the part of the region that it leads to if
   *     that is another one, see {@link Registers#open}; otherwise -1
   */
  static final class Ways {
    final int taken;
    final int next;

    @CompilationFinal(dimensions = 1)
    final int[] indirect;

    @CompilationFinal(dimensions = 1)
    final int[] candidates;

    final int takenBlock;
    final int nextBlock;
    final boolean takenPolls;
    final boolean nextPolls;
    final int takenPart;
    final int nextPart;

    @CompilationFinal(dimensions = 1)
    final int[] indirectParts;

    @CompilationFinal(dimensions = 1)
    final boolean[] indirectPolls;

    Ways(Way taken, Way next, Way[] indirect) {
      this.taken = taken.target;
      this.takenBlock = taken.block;
      this.takenPolls = taken.polls;
      this.takenPart = taken.part;
      this.next = next.target;
      this.nextBlock = next.block;
      this.nextPolls = next.polls;
      this.nextPart = next.part;
      this.indirect = new int[indirect.length];
      this.candidates = new int[indirect.length];
      this.indirectPolls = new boolean[indirect.length];
      this.indirectParts = new int[indirect.length];
      for (int i = 0; i < indirect.length; i++) {
        this.indirect[i] = indirect[i].target;
        this.candidates[i] = indirect[i].block;
        this.indirectPolls[i] = indirect[i].polls;
        this.indirectParts[i] = indirect[i].part;
      }
    }
  }

  /**
   * One transition out of a state.
   *
   * @param target target state
   * @param block number of the block there, or {@link #OUTSIDE}
   * @param polls whether events are examined on the way
   * @param part the part of the region that it leads to if that is another one; otherwise -1
   */
  record Way(int target, int block, boolean polls, int part) {
    static final Way NONE = new Way(OUTSIDE, OUTSIDE, false);

    Way(int target, int block, boolean polls) {
      this(target, block, polls, -1);
    }

    Way to(int anotherPart) {
      return new Way(target, block, polls, anotherPart);
    }
  }

  /** Number of the block of each state. */
  @CompilationFinal(dimensions = 1)
  final int[] blocks;

  @CompilationFinal(dimensions = 1)
  final Ways[] ways;

  /** Numbers of the blocks at which the flow is entered. */
  @CompilationFinal(dimensions = 1)
  final int[] entrances;

  /**
   * The search for the target of {@link #SELECT} goes from place to place among the entrances: by
   * place, where it continues for those before it. A place is a target too, see {@link #isChoice}.
   */
  @CompilationFinal(dimensions = 1)
  final int[] below;

  /** By place, where it continues for that block and those after it. */
  @CompilationFinal(dimensions = 1)
  final int[] above;

  /** Where the search starts. */
  final int selection;

  /**
   * Makes a flow.
   *
   * @param blocks number of the block of each state
   * @param ways where each state leads
   * @param entrances numbers of the blocks at which the flow is entered, rising
   * @param entranceTargets targets for these
   */
  Flow(int[] blocks, Ways[] ways, int[] entrances, int[] entranceTargets) {
    this.blocks = blocks;
    this.ways = ways;
    this.entrances = entrances;
    below = new int[entrances.length];
    above = new int[entrances.length];
    selection = search(entranceTargets, 0, entrances.length);
  }

  /** Builds the search among a range of entrances; returns where it starts. */
  private int search(int[] targets, int from, int to) {
    if (to - from == 1) {
      return targets[from];
    }
    int middle = (from + to) / 2;
    below[middle] = search(targets, from, middle);
    above[middle] = search(targets, middle, to);
    return blocks.length + middle;
  }

  /**
   * Returns whether a target is a place of the search, whose numbers follow those of the states.
   */
  boolean isChoice(int target) {
    return target >= blocks.length;
  }

  /** Returns whether the flow is entered at a block. */
  boolean isEntrance(int block) {
    return Arrays.binarySearch(entrances, block) >= 0;
  }

  /**
   * Makes the target that leaves the flow with a number: of a nest in the flow of the region, of a
   * block in that of a nest.
   */
  static int beyond(int number) {
    return BEYOND - number;
  }

  /** Returns whether a target is one of {@link #beyond}. */
  static boolean isBeyond(int target) {
    return target <= BEYOND;
  }

  /** Returns the number in a target of {@link #beyond}. */
  static int number(int target) {
    return BEYOND - target;
  }
}
