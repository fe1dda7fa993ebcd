package org.curios.arm.region;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.nodes.Block;
import org.curios.arm.region.Flow.Way;
import org.curios.arm.region.Flow.Ways;

/**
 * Plans how compiled code goes through the blocks of a region: which of them form nests of loops
 * that run with the registers in locals, where events are examined, and how often small loops are
 * unrolled.
 *
 * <p>Blocks are numbered so that each loop has an edge to a number that is not higher. Edges to a
 * higher number do not poll events; those to the same or a lower one do. Within a nest, back edges
 * lead through {@link Flow#SELECT}, so that the nest can be entered at any of their targets and its
 * innermost loops are still loops with one head for the compiler.
 */
final class FlowBuilder {
  /** Most instructions of a nest. */
  private static final int MAX_NEST = 100;

  /**
   * How much more often the hottest block of a nest may run than the coldest: an outer loop that
   * runs less is better left outside, since larger nests are compiled less well.
   */
  private static final int MAX_SPREAD = 1000;

  /** Instructions up to which an innermost loop is unrolled. */
  private static final int UNROLLED = 40;

  private static final int MOST_COPIES = 4;

  /**
   * The blocks of a region and their successors.
   *
   * @param entries the blocks, by rising address
   * @param taken number of the block at the known target of each, or {@link Flow#OUTSIDE}
   * @param next number of the block after each
   * @param indirect numbers of the blocks to which an indirect exit may lead
   * @param parts the part of the region that each is in
   */
  record Graph(List<CodeEntry> entries, int[] taken, int[] next, int[][] indirect, int[] parts) {
    int size() {
      return entries.size();
    }

    Block block(int number) {
      return entries.get(number).block;
    }

    boolean isInOneGranule(int one, int other) {
      return ((entries.get(one).pc ^ entries.get(other).pc) & -Bus.GRANULE) == 0;
    }

    BitSet successors(int number) {
      BitSet to = new BitSet();
      if (taken[number] >= 0) {
        to.set(taken[number]);
      }
      if (next[number] >= 0) {
        to.set(next[number]);
      }
      for (int n : indirect[number]) {
        to.set(n);
      }
      return to;
    }

    int instructions(BitSet blocks) {
      return blocks.stream().map(i -> block(i).count).sum();
    }
  }

  private final Graph graph;
  private final List<LoopNest> nests = new ArrayList<>();
  private final int[] nestOf;

  /** By block, the head of its innermost loop, or -1. */
  private final int[] loopOf;

  /** By head of an innermost loop, the number of copies in the code. */
  private final int[] copies;

  private final int wayIn;
  private int unrolled;

  /**
   * Plans the ways.
   *
   * @param graph the blocks
   * @param wayIn number of a block that is always an entrance, or {@link Flow#OUTSIDE}
   */
  FlowBuilder(Graph graph, int wayIn) {
    this.graph = graph;
    this.wayIn = wayIn;
    nestOf = new int[graph.size()];
    loopOf = new int[graph.size()];
    copies = new int[graph.size()];
    Arrays.fill(nestOf, -1);
    Arrays.fill(loopOf, -1);
    Arrays.fill(copies, 1);
    BitSet local = new BitSet();
    for (int i = 0; i < graph.size(); i++) {
      local.set(i, graph.block(i).isLocal());
    }
    divide(local);
  }

  /** Returns the nests of the region. */
  LoopNest[] nests() {
    return nests.toArray(new LoopNest[0]);
  }

  /** Instructions that unrolled loops add to the longest path without a check of events. */
  int unrolled() {
    return unrolled;
  }

  private void divide(BitSet within) {
    for (BitSet component : Components.of(graph, within)) {
      int coldest = coldest(component);
      if (graph.instructions(component) <= MAX_NEST
          && hottest(component) / MAX_SPREAD <= graph.entries.get(coldest).executions) {
        component.stream().forEach(i -> nestOf[i] = nests.size());
        findInnermost(component);
        nests.add(nest(component));
      } else {
        component.clear(coldest);
        divide(component);
      }
    }
  }

  /** The block that runs least often: removing it breaks the outermost loop. */
  private int coldest(BitSet component) {
    return component.stream()
        .boxed()
        .min((a, b) ->
            Integer.compare(graph.entries.get(a).executions, graph.entries.get(b).executions))
        .orElseThrow();
  }

  /** Executions of the hottest block. */
  private int hottest(BitSet component) {
    return component.stream().map(i -> graph.entries.get(i).executions).max().orElseThrow();
  }

  /** The blocks that are entered from outside, or by the executor. */
  private BitSet entered(BitSet component) {
    BitSet entered = new BitSet();
    if (wayIn != Flow.OUTSIDE) {
      entered.set(wayIn);
    }
    for (int i = 0; i < graph.size(); i++) {
      if (!component.get(i)) {
        entered.or(graph.successors(i));
      }
    }
    entered.and(component);
    return entered;
  }

  /**
   * Finds the loops that contain no other loop and are entered only at their head: the block with
   * the lowest number.
   */
  private void findInnermost(BitSet component) {
    BitSet inLoops = new BitSet();
    for (int head = component.length() - 1; head >= 0; head = component.previousSetBit(head - 1)) {
      BitSet rest = (BitSet) component.clone();
      rest.clear(0, head);
      int from = head;
      Components.of(graph, rest).stream()
          .filter(loop -> loop.get(from))
          .forEach(loop -> {
            if (!loop.intersects(inLoops)) {
              takeInnermost(from, loop);
            }
            inLoops.or(loop);
          });
    }
  }

  private void takeInnermost(int head, BitSet loop) {
    BitSet entered = entered(loop);
    entered.clear(head);
    if (entered.isEmpty()) {
      loop.stream().forEach(i -> loopOf[i] = head);
      int instructions = graph.instructions(loop);
      copies[head] = Math.clamp(UNROLLED / instructions, 1, MOST_COPIES);
      unrolled += (copies[head] - 1) * instructions;
    }
  }

  /** Returns the flow of the whole region, in which nests are single places. */
  Flow region() {
    int[] blocks = new int[graph.size()];
    Ways[] ways = new Ways[graph.size()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = i;
      ways[i] = ways(i, this::regionWay);
    }
    BitSet all = new BitSet();
    for (int i = 0; i < blocks.length; i++) {
      all.set(i, nestOf[i] < 0 || nests.get(nestOf[i]).flow.isEntrance(i));
    }
    int[] entrances = all.stream().toArray();
    int[] targets = Arrays.stream(entrances).map(this::regionTarget).toArray();
    return new Flow(blocks, ways, entrances, targets);
  }

  private int regionTarget(int block) {
    return nestOf[block] >= 0 ? Flow.beyond(nestOf[block]) : block;
  }

  private Way regionWay(int from, int to) {
    if (to < 0) {
      return Way.NONE;
    }
    int target = regionTarget(to);
    return target >= 0 && to <= from
        ? new Way(Flow.SELECT, to, true)
        : new Way(target, to, to <= from);
  }

  private LoopNest nest(BitSet component) {
    BitSet members = (BitSet) component.clone();
    BitSet entrances = entered(component);
    component.stream().filter(i -> loopOf[i] == i).forEach(entrances::set);
    int size = graph.size();
    BitSet exits = new BitSet();
    for (int from : members.stream().toArray()) {
      for (int to : graph.successors(from).stream().toArray()) {
        if (!members.get(to)) {
          exits.set(to);
        } else if (nestTarget(from, to, 0) == Flow.SELECT) {
          entrances.set(to);
        }
      }
    }
    int[] blocks = new int[MOST_COPIES * size];
    Ways[] ways = new Ways[MOST_COPIES * size];
    for (int from : members.stream().toArray()) {
      int count = loopOf[from] < 0 ? 1 : copies[loopOf[from]];
      for (int copy = 0; copy < count; copy++) {
        int at = copy;
        blocks[copy * size + from] = from;
        ways[copy * size + from] = ways(from, (f, to) -> nestWay(members, f, to, at));
      }
    }
    int[] numbers = entrances.stream().toArray();
    Flow flow = new Flow(blocks, ways, numbers, numbers.clone());
    List<Block> all = members.stream().mapToObj(graph::block).toList();
    int[] exitNumbers = exits.stream().toArray();
    return new LoopNest(
        flow, exitNumbers, Arrays.stream(exitNumbers).map(this::regionTarget).toArray(), all);
  }

  private Way nestWay(BitSet members, int from, int to, int copy) {
    if (to < 0) {
      return Way.NONE;
    }
    if (!members.get(to)) {
      return new Way(Flow.beyond(to), to, to <= from);
    }
    int target = nestTarget(from, to, copy);
    boolean unrolls = target >= 0 && target / graph.size() > copy;
    return new Way(target, to, to <= from && !unrolls);
  }

  private int nestTarget(int from, int to, int copy) {
    int loop = loopOf[from];
    if (loop >= 0 && to == loop) {
      return (copy + 1) % copies[loop] * graph.size() + to;
    }
    if (loop >= 0 && loopOf[to] == loop) {
      return copy * graph.size() + to;
    }
    return to > from ? to : Flow.SELECT;
  }

  /** Makes a transition from one block to another. */
  @FunctionalInterface
  private interface WayMaker {
    Way make(int from, int to);
  }

  private Ways ways(int from, WayMaker maker) {
    return new Ways(
        way(maker, from, graph.taken[from]),
        way(maker, from, graph.next[from]),
        Arrays.stream(graph.indirect[from])
            .mapToObj(to -> way(maker, from, to))
            .toArray(Way[]::new));
  }

  private Way way(WayMaker maker, int from, int to) {
    Way way = maker.make(from, to);
    boolean isNear = to < 0 || graph.isInOneGranule(from, to);
    return isNear ? way : way.to(graph.parts[to]);
  }
}
