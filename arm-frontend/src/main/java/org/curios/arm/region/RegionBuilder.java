package org.curios.arm.region;

import com.oracle.truffle.api.TruffleLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.core.Cpu;
import org.curios.arm.nodes.Block;

/**
 * Chooses the blocks of a region: those that ran often and are reached from the hot block, calls
 * included.
 */
public final class RegionBuilder {
  /** Maximum number of instructions that are in another region and are compiled again. */
  public static final int MAX_SHARED = 150;

  /**
   * Fraction of its executions in which a block must lead to another, if both are compiled again.
   */
  private static final int RARE = 8;

  /**
   * Fraction of the executions of the hot block that another block needs, unless it is in a region
   * and so no longer counted: colder blocks would only delay the compilation of the hot one.
   */
  private static final int SELDOM = 100;

  /** Minimum number of instructions of a region that are in no other. */
  private static final int LEAST_NEW = 40;

  /** Number of targets of a jump from which on they are followed one by one. */
  private static final int MANY = 8;

  private final Cpu cpu;
  private final CodeCache code;
  private final CodeEntry head;
  private final int maxInstructions;
  private final int minExecutions;
  private final int maxShared;
  private boolean whole = true;
  private final List<CodeEntry> members = new ArrayList<>();
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private int instructions;
  private int shared;

  /**
   * Makes a builder that has chosen the blocks.
   *
   * @param head the hot block
   * @param maxInstructions budget of the region
   * @param minExecutions how often a block must have run to be worth compiling
   * @param maxShared maximum number of instructions that are in another region
   */
  public RegionBuilder(
      Cpu cpu,
      CodeCache code,
      CodeEntry head,
      int maxInstructions,
      int minExecutions,
      int maxShared) {
    this.cpu = cpu;
    this.code = code;
    this.head = head;
    this.maxInstructions = maxInstructions;
    this.minExecutions = minExecutions;
    this.maxShared = maxShared;
    code.prepare(head);
    collect();
  }

  /**
   * Returns whether the region would gain little: most of it is in other regions. Its compilation
   * costs as much as any, and saves only the transitions between those.
   */
  public boolean isUnprofitable() {
    return shared > 0 && instructions - shared < LEAST_NEW;
  }

  /** Returns how many instructions its blocks have run, without those that are in other regions. */
  public long hasRun() {
    return members.stream()
        .filter(member -> member == head || !member.isInUnit())
        .mapToLong(member -> (long) member.executions * member.block.count)
        .sum();
  }

  /** Builds the region around the hot block. */
  public Region build(TruffleLanguage<?> language) {
    cut();
    order();
    int count = members.size();
    int[] taken = new int[count];
    int[] next = new int[count];
    int[][] indirect = new int[count][];
    int[][] direct = new int[count][];
    for (int i = 0; i < count; i++) {
      CodeEntry entry = members.get(i);
      Block block = entry.block;
      taken[i] = block.exit == Block.Exit.BRANCH ? number(entry, block.target) : Flow.OUTSIDE;
      next[i] =
          block.exit == Block.Exit.FALL || !block.test.always()
              ? number(entry, block.next)
              : Flow.OUTSIDE;
      indirect[i] =
          block.exitNode != null
              ? Arrays.stream(entry.targets.toArray())
                  .map(to -> block.exit == Block.Exit.SYSTEM ? number(to) : number(entry, to))
                  .filter(n -> n != Flow.OUTSIDE)
                  .distinct()
                  .toArray()
              : new int[0];
      direct[i] =
          IntStream.concat(IntStream.of(taken[i], next[i]), IntStream.of(known(block, indirect[i])))
              .filter(n -> n != Flow.OUTSIDE)
              .toArray();
    }
    RegionParts parts = new RegionParts(members);
    FlowBuilder flows =
        new FlowBuilder(
            new FlowBuilder.Graph(members, taken, next, indirect, parts.ofBlocks()), wayIn());
    return new Region(
        language,
        cpu,
        code,
        head,
        members.toArray(new CodeEntry[0]),
        parts,
        flows.region(),
        flows.nests(),
        slack(direct) + flows.unrolled());
  }

  /**
   * The head, if it is hot although it is in a region: it is entered from outside, there and here.
   * Such an entrance slows a loop down, so no other block gets one.
   */
  private int wayIn() {
    return head.isInUnit() ? number(head.pc) : Flow.OUTSIDE;
  }

  /** The indirect targets that are reached without a check of mode and rights. */
  private static int[] known(Block block, int[] indirect) {
    return block.exit == Block.Exit.INDIRECT ? indirect : new int[0];
  }

  private int number(int pc) {
    return numbers.getOrDefault(pc, Flow.OUTSIDE);
  }

  /** The number of a block that another one reaches without a check of mode and rights. */
  private int number(CodeEntry from, int pc) {
    int number = number(pc);
    return number != Flow.OUTSIDE && isAllowed(from, members.get(number)) ? number : Flow.OUTSIDE;
  }

  /**
   * Breadth first from the head over the transitions that were taken. Where a jump has had many
   * targets, each is followed to its end before the next one: otherwise all would be cut off
   * halfway.
   */
  private void collect() {
    Set<Integer> seen = new HashSet<>(Set.of(head.pc));
    Deque<CodeEntry> open = new ArrayDeque<>(List.of(head));
    Deque<CodeEntry> later = new ArrayDeque<>();
    while (!(open.isEmpty() && later.isEmpty()) && instructions < maxInstructions) {
      CodeEntry entry = open.isEmpty() ? later.remove() : open.remove();
      boolean elsewhere = entry != head && entry.isInUnit();
      if (elsewhere && shared + entry.block.count > maxShared) {
        whole = false;
        continue;
      }
      shared += elsewhere ? entry.block.count : 0;
      members.add(entry);
      instructions += entry.block.count;
      for (int to : targets(entry)) {
        CodeEntry found = seen.contains(to) ? null : code.find(to);
        if (found != null && isWanted(entry, found)) {
          code.prepare(found);
          seen.add(to);
          (isOneOfMany(entry) ? later : open).add(found);
        }
      }
    }
    whole &= open.isEmpty() && later.isEmpty();
  }

  /** Returns the blocks that were chosen. */
  public List<CodeEntry> members() {
    return Collections.unmodifiableList(members);
  }

  /** Returns whether one region already has all the blocks. */
  public boolean isKnown() {
    return head.memberOf().stream()
        .map(CodeEntry.Member::unit)
        .anyMatch(region -> members.stream().allMatch(member -> member.isIn(region)));
  }

  /** Returns whether the budget sufficed for all blocks. */
  public boolean isWhole() {
    return whole;
  }

  private static boolean isOneOfMany(CodeEntry entry) {
    return entry.block.exitNode != null && entry.targets.count() > MANY;
  }

  /**
   * Cuts blocks where others begin. Otherwise a block that runs into a loop would hold a copy of
   * the loop's first round, and the loop would have two entrances: the compiler does not recognise
   * that as a loop.
   */
  private void cut() {
    Set<Integer> begins = new HashSet<>();
    members.forEach(m -> begins.add(m.pc));
    for (CodeEntry m : members) {
      code.cut(m, address -> begins.contains(address | m.pc & 1));
    }
  }

  private boolean isWanted(CodeEntry from, CodeEntry to) {
    return to.valid
        && !to.breakpoint
        && to.executions >= minExecutions
        && (to.isInUnit() || to.executions >= head.executions / SELDOM)
        && !(from.isInUnit() && to.isInUnit() && to.executions < from.executions / RARE)
        && (from.block.exit == Block.Exit.SYSTEM || isAllowed(from, to));
  }

  /**
   * Returns whether a transition may be part of the region without a check of mode and rights: any
   * mode that may run the block before it must be allowed to run the block after it.
   */
  private boolean isAllowed(CodeEntry from, CodeEntry to) {
    return (from.pc & -Bus.GRANULE) == (to.pc & -Bus.GRANULE)
        || (cpu.memory.rights(from.pc) & ~cpu.memory.rights(to.pc)) == 0;
  }

  /**
   * Numbers the blocks in reverse postorder: each loop has an edge to a number that is not higher,
   * and few other edges do. Starts with the coldest block, which is outside of loops or in the
   * outermost one, so that a loop starts where it is entered, not where it was found to be hot.
   */
  private void order() {
    Map<Integer, CodeEntry> byPc = new HashMap<>();
    members.forEach(m -> byPc.put(m.pc, m));
    List<CodeEntry> roots = new ArrayList<>(members);
    roots.sort(
        Comparator.comparingInt((CodeEntry m) -> m.executions)
            .thenComparing(m -> m.pc, Integer::compareUnsigned));
    members.clear();
    Set<Integer> seen = new HashSet<>();
    roots.forEach(root -> visit(root, byPc, seen));
    Collections.reverse(members);
    for (int i = 0; i < members.size(); i++) {
      numbers.put(members.get(i).pc, i);
    }
  }

  /** Depth first from a root: adds a block after all its successors. */
  private void visit(CodeEntry root, Map<Integer, CodeEntry> byPc, Set<Integer> seen) {
    if (!seen.add(root.pc)) {
      return;
    }
    Deque<Iterator<Integer>> ways = new ArrayDeque<>();
    Deque<CodeEntry> path = new ArrayDeque<>();
    path.push(root);
    ways.push(targets(root).iterator());
    while (!path.isEmpty()) {
      if (!ways.peek().hasNext()) {
        ways.pop();
        members.add(path.pop());
        continue;
      }
      CodeEntry to = byPc.get(ways.peek().next());
      if (to != null && seen.add(to.pc)) {
        path.push(to);
        ways.push(targets(to).iterator());
      }
    }
  }

  /** The known addresses to which a block leads. */
  private static List<Integer> targets(CodeEntry entry) {
    Block block = entry.block;
    List<Integer> targets = new ArrayList<>();
    if (block.exit == Block.Exit.BRANCH) {
      targets.add(block.target);
    } else if (block.exitNode != null) {
      for (int target : entry.targets.toArray()) {
        targets.add(target);
      }
    }
    if (block.exit == Block.Exit.FALL || !block.test.always()) {
      targets.add(block.next);
    }
    return targets;
  }

  /** The longest path, in instructions, over edges to higher numbers: these are not polled. */
  private int slack(int[][] direct) {
    int[] longest = new int[members.size()];
    int most = 0;
    for (int i = members.size() - 1; i >= 0; i--) {
      int rest = 0;
      for (int n : direct[i]) {
        if (n > i) {
          rest = Math.max(rest, longest[n]);
        }
      }
      longest[i] = rest + members.get(i).block.count;
      most = Math.max(most, longest[i]);
    }
    return most;
  }
}
