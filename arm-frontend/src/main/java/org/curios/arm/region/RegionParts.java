package org.curios.arm.region;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.code.Reach;
import org.curios.arm.core.Cpu;

/**
 * The granules that a region is in, which are fetched with one right each. A process may lack some
 * of them, so that a way from one part to another is taken only if that is open. All granules from
 * the last number on are one part.
 */
final class RegionParts {
  private static final int MOST = Long.SIZE;

  /** Address spaces whose reach is kept. */
  private static final int KEPT = 8;

  /** The first block of each granule, by part. */
  private final List<List<CodeEntry>> parts = new ArrayList<>();

  private final int[] ofBlocks;

  /** What was found out last, in turn. */
  private final Reach[] reaches = new Reach[KEPT];

  private int next;

  /** Finds the parts of a region with certain blocks. */
  RegionParts(List<CodeEntry> blocks) {
    Map<Integer, Integer> byGranule = new LinkedHashMap<>();
    ofBlocks = new int[blocks.size()];
    for (int i = 0; i < ofBlocks.length; i++) {
      CodeEntry block = blocks.get(i);
      ofBlocks[i] = byGranule.computeIfAbsent(block.pc & -Bus.GRANULE, at -> add(block));
    }
  }

  private int add(CodeEntry first) {
    if (parts.size() < MOST) {
      parts.add(new ArrayList<>());
    }
    parts.getLast().add(first);
    return parts.size() - 1;
  }

  /** Returns the part that each block is in. */
  int[] ofBlocks() {
    return ofBlocks;
  }

  /** Returns what may be fetched in the current mode; a certain block has just been. */
  Reach reach(Cpu cpu, int block) {
    long own = 1L << ofBlocks[block];
    for (Reach reach : reaches) {
      if (reach != null && reach.isOf(cpu.table)) {
        if ((reach.open() & own) == 0) { // its page has been mapped since
          reach.add(open(cpu));
        }
        return reach;
      }
    }
    Reach reach = new Reach(cpu.table, open(cpu));
    reaches[next] = reach;
    next = (next + 1) % KEPT;
    return reach;
  }

  private long open(Cpu cpu) {
    long open = 0;
    for (int part = 0; part < parts.size(); part++) {
      if (parts.get(part).stream().allMatch(first -> isOpen(cpu, first))) {
        open |= 1L << part;
      }
    }
    return open;
  }

  private static boolean isOpen(Cpu cpu, CodeEntry first) {
    int physical = cpu.memory.fetch(first.pc & -Bus.GRANULE);
    return physical >= 0 && (physical & -Bus.GRANULE) == (first.physical & -Bus.GRANULE);
  }
}
