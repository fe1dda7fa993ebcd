package org.curios.arm.region;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Strongly connected components with an edge inside, by Tarjan's algorithm: the loops of a graph.
 */
final class Components {
  private final List<BitSet> found = new ArrayList<>();
  private final FlowBuilder.Graph graph;
  private final BitSet within;
  private final int[] index;
  private final int[] low;
  private final BitSet onStack = new BitSet();
  private final List<Integer> stack = new ArrayList<>();
  private int next = 1;

  private Components(FlowBuilder.Graph graph, BitSet within) {
    this.graph = graph;
    this.within = within;
    this.index = new int[graph.size()];
    this.low = new int[graph.size()];
  }

  /** Returns the components of the part of a graph that consists of some blocks. */
  static List<BitSet> of(FlowBuilder.Graph graph, BitSet within) {
    Components c = new Components(graph, within);
    within.stream().filter(i -> c.index[i] == 0).forEach(c::visit);
    return c.found;
  }

  private void visit(int block) {
    index[block] = next;
    low[block] = next++;
    stack.add(block);
    onStack.set(block);
    BitSet successors = graph.successors(block);
    for (int to : successors.stream().filter(within::get).toArray()) {
      if (index[to] == 0) {
        visit(to);
        low[block] = Math.min(low[block], low[to]);
      } else if (onStack.get(to)) {
        low[block] = Math.min(low[block], index[to]);
      }
    }
    if (low[block] == index[block]) {
      BitSet component = new BitSet();
      int member;
      do {
        member = stack.remove(stack.size() - 1);
        onStack.clear(member);
        component.set(member);
      } while (member != block);
      if (component.cardinality() > 1 || successors.get(block)) {
        found.add(component);
      }
    }
  }
}
