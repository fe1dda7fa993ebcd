package org.curios.lab.foreign;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.lab.trial.Liveness;
import org.curios.machine.Machine;

/** The code that a run executes, and the RAM that it reads and writes. */
public final class Usage {
  private static final int WORD = 4;

  private final Machine machine;

  /** Bytes of instructions that were executed, by physical addresses. */
  private final BitSet executed = new BitSet();

  /** Bytes that were read or written, also to decode instructions. */
  private final BitSet accessed = new BitSet();

  /** ARM instructions as they were executed first, by physical addresses. */
  private final Map<Integer, Integer> words = new TreeMap<>();

  /** The virtual address of granules of code at their first execution, by number. */
  private final Map<Integer, Integer> virtual = new HashMap<>();

  /** Words that were executed since the last moment, by granule. */
  private final Map<Integer, long[]> fetched = new HashMap<>();

  /** Whether the machine is being looked at, which is no access of the guest. */
  private boolean looks;

  /** The granule of the last instruction, as the processor sees it; 1 for none. */
  private int page = 1;

  private int physical;
  private long[] set;

  /**
   * Bytes of RAM from one up to another.
   *
   * @param start physical address of the first
   * @param end physical address after the last
   */
  public record Bytes(int start, int end) {}

  Usage(Machine machine) {
    this.machine = machine;
  }

  // ---- while the run is traced

  /** Executes single instructions from now on, and records their accesses. */
  void trace(Liveness liveness) {
    machine
        .cpu()
        .memory
        .listen((address, bytes, store) -> {
          if (!looks) {
            accessed.set(address, address + bytes);
            liveness.note(address, bytes, store);
          }
        });
    machine.executor().instrument(this::run);
  }

  private void run() {
    Executor executor = machine.executor();
    while (executor.mayGoOn() && !executor.stopsHere()) {
      note(machine.cpu());
      executor.single();
    }
  }

  private void note(Cpu cpu) {
    int pc = cpu.pc & ~1;
    boolean isThumb = (cpu.pc & 1) != 0;
    int at = pc & -Bus.GRANULE;
    if (at != page) {
      page = at;
      physical = cpu.memory.physical(at); // the fetch reads the page tables, too
      if (machine.bus().isRam(physical)) {
        int granule = physical >>> Bus.GRANULE_SHIFT;
        virtual.putIfAbsent(granule, at);
        set = fetched.computeIfAbsent(granule, g -> new long[Bus.GRANULE / WORD / Long.SIZE]);
      }
    }
    if (!machine.bus().isRam(physical)) {
      return;
    }
    int here = physical + (pc - at);
    int word = (here & Bus.GRANULE - 1) / WORD;
    set[word / Long.SIZE] |= 1L << word;
    if (!executed.get(here)) {
      executed.set(here, here + (isThumb ? WORD / 2 : WORD));
      if (!isThumb) {
        looks = true;
        words.put(here, machine.bus().read(here, WORD));
        looks = false;
      }
    }
  }

  /** Ends the trace up to a moment, of which the interval in the liveness is still open. */
  void end(Liveness liveness) {
    machine.cpu().memory.listen(null);
    machine.executor().instrument(null);
    fetched.forEach(liveness::noteFetched);
    fetched.clear();
    page = 1;
  }

  // ---- when it was

  /** Returns the instructions that were executed. */
  public List<Bytes> code() {
    return ranges(executed);
  }

  /** Returns what was read or written, and not executed. */
  public List<Bytes> data() {
    BitSet data = (BitSet) accessed.clone();
    data.andNot(executed);
    return ranges(data);
  }

  private static List<Bytes> ranges(BitSet set) {
    List<Bytes> all = new ArrayList<>();
    for (int from = set.nextSetBit(0); from >= 0; ) {
      int to = set.nextClearBit(from);
      all.add(new Bytes(from, to));
      from = set.nextSetBit(to);
    }
    return all;
  }

  /** Returns the ARM instructions as they were executed first, by physical addresses. */
  public Map<Integer, Integer> words() {
    return words;
  }

  /** Returns the address at which code at a physical address runs; the same if it never ran. */
  public int virtual(int address) {
    Integer start = virtual.get(address >>> Bus.GRANULE_SHIFT);
    return start == null ? address : start + (address & Bus.GRANULE - 1);
  }
}
