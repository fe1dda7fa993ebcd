package org.curios.arm.code;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.code.CodeEntry.Member;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.GuestException;
import org.curios.arm.core.Memory;
import org.curios.arm.core.TranslatedCode;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.BlockBuilder;

/**
 * All translated code, known by physical address (and the virtual one, on which PC-relative
 * constants depend), so that it outlives changes of the page tables. Stores into a granule with
 * translated code have no fast path, and drop what was made of the old bytes.
 */
public final class CodeCache implements TranslatedCode {
  /** Most instructions of a block. */
  public static final int MAX_BLOCK = 64;

  /** Number of known entries and jump targets above which everything is dropped. */
  private static final int MANY_ENTRIES = 1 << 20;

  /** Default number of instructions in units above which everything is dropped. */
  private static final int MUCH_CODE = 500_000;

  /** Halfwords of warm code that may be kept for each instruction in units. */
  private static final int MORE_WARM = 3;

  private final Cpu cpu;
  private final GranuleCode[] granules;
  private final Map<Long, CodeEntry> entries = new HashMap<>();
  private final WarmTable warm;

  /** Whether there is a warm tier below compiled code. */
  private boolean warms;

  /** Null without a warm tier. */
  private WarmListener warmListener;

  private int mostCompiled = MUCH_CODE;

  /** Instructions in units. */
  private int compiled;

  /** Entries of one instruction, for the interpreter. */
  private final Map<Long, CodeEntry> single = new HashMap<>();

  /** Targets of computed jumps, by the place of the last instruction of a block. */
  public final KnownJumps jumps = new KnownJumps();

  /** Execution counts of blocks. */
  public final BlockCounts counts;

  /** Words that are no constants of any code. */
  private final WrittenWords written = new WrittenWords();

  private final StopAddresses breakpoints = new StopAddresses();

  private IntPredicate boundaries = address -> false;

  /** Whether everything must be dropped, since it has words of memory as constants. */
  private boolean isWatched;

  private boolean standalone;

  /** Makes an empty cache for the code of a processor, which reports stores to it from now on. */
  public CodeCache(Cpu cpu) {
    this.cpu = cpu;
    cpu.code = this;
    this.granules = new GranuleCode[cpu.bus.ramSize() / Bus.GRANULE];
    this.counts = new BlockCounts(cpu.bus.ramSize());
    this.warm = new WarmTable(cpu.bus.ramSize(), counts);
  }

  /** Links a block to the unit that is to be entered from it now. */
  public void link(CodeEntry entry) {
    Member to = entry.wayIn();
    boolean isCompiled = to != null && (!warms || to.unit().isCompiled());
    if (isCompiled || entry.unit != null) {
      counts.setCompiled(entry.physical, isCompiled);
      if (warms) {
        linkWarm(entry, isCompiled);
      }
    }
    entry.unit = to == null ? null : to.unit();
    forget(entry);
  }

  /**
   * Adds the warm tier: units are then entered only once they are compiled.
   *
   * @param listener notified about warm code; null for none, as without this call
   */
  public void warm(WarmListener listener) {
    warms = listener != null;
    warmListener = listener;
  }

  private void linkWarm(CodeEntry entry, boolean isCompiled) {
    WarmCode code = warm.with(entry.pc, entry.physical);
    if (code != null && isCompiled) {
      warmListener.relinked(code);
    } else if (code != null) {
      markWarm(entry.pc, entry.physical);
    }
  }

  /** Returns the warm code of the granule at an offset in RAM, or null. */
  public WarmCode warmAt(int physical) {
    return warm.at(physical);
  }

  /**
   * Replaces the warm code of a granule.
   *
   * @param made the halfwords of the granule that it was made of
   */
  public void install(WarmCode code, BitSet made) {
    int number = code.granule();
    if (granules[number] != null && granules[number].warm != null) {
      if (granules[number].warm != code) {
        code.continueCounts(granules[number].warm);
      }
      warm.remove(number, granules[number].warmHalfwords.cardinality());
    }
    if (granules[number] == null) {
      granules[number] = new GranuleCode();
      cpu.spaces.protect(number * Bus.GRANULE);
    }
    granules[number].set(code, made);
    warm.put(code, made.cardinality());
  }

  /** Returns whether the block at an address can be entered in warm code. */
  public boolean hasWarm(int pc, int physical) {
    return warm.at(pc, physical) != null;
  }

  /** Marks the place of a block again if warm code there contains it; returns whether it does. */
  public boolean markWarm(int pc, int physical) {
    return warm.mark(pc, physical);
  }

  /** Returns the warm code of the granule at an address; null if that is to be looked up. */
  public WarmCode nextWarm(int pc) {
    int address = pc & ~1;
    return Memory.isFast(cpu.entries, address, 2) && !mayStop(pc)
        ? warm.at((int) (cpu.memory.fastAddress(cpu.entries, address) - cpu.bus.ram))
        : null;
  }

  /** Returns how often warm code was dropped so far. */
  public int warmDrops() {
    return warm.drops();
  }

  /** Marks a block as compiled, although the interpreter has just counted it. */
  public void markCompiled(CodeEntry entry) {
    counts.setCompiled(entry.physical, true);
  }

  private void forget(CodeEntry entry) {
    cpu.spaces.forget(entry.pc, slot -> slot instanceof CodeSlot s && s.entry() == entry);
  }

  @Override
  public boolean contains(int physical) {
    return granules[physical / Bus.GRANULE] != null;
  }

  /**
   * Returns the code slot of an address in the current mode, translated if need be.
   *
   * @return null if the fetch has aborted; the abort has been taken
   */
  public CodeSlot slot(int pc) {
    CodeSlot slot = (CodeSlot) cpu.table.code(pc);
    return slot != null ? slot : lookup(pc);
  }

  /**
   * Fetches the code slot of an address in the current mode.
   *
   * @return null if the fetch has aborted; the abort has been taken
   */
  @TruffleBoundary
  private CodeSlot lookup(int pc) {
    int physical = fetch(pc);
    if (physical < 0) {
      return null;
    }
    CodeEntry entry = known(pc, physical);
    if (entry == null) {
      entry = entry(pc, physical);
      translate(entry);
    }
    CodeSlot slot = new CodeSlot(pc, cpu.table, entry);
    cpu.table.put(slot);
    return slot;
  }

  /** Returns the former code at an address if it is still the code in RAM; otherwise null. */
  private CodeEntry known(int pc, int physical) {
    CodeSlot slot = (CodeSlot) cpu.table.lastFetched(pc);
    return slot != null && slot.entry().physical == physical && slot.entry().valid
        ? slot.entry()
        : null;
  }

  /** Returns the entry at an address, regardless of rights, if a block ever started there. */
  public CodeEntry find(int pc) {
    int physical = cpu.memory.physical(pc & ~1);
    if (physical < 0 || !cpu.bus.isRam(physical)) {
      return null;
    }
    int counted = counts.take(physical) + warm.takeCount(pc, physical);
    if (counted == 0) {
      return entries.get(CodeEntry.key(pc, physical));
    }
    CodeEntry entry = entry(pc, physical);
    entry.executions = (int) Math.min(Integer.MAX_VALUE, (long) entry.executions + counted);
    return entry;
  }

  /** Returns the entry at an address, which need not be translated. */
  public CodeEntry entry(int pc, int physical) {
    return entries.computeIfAbsent(CodeEntry.key(pc, physical), key -> make(pc, physical));
  }

  /** Counts instructions in units; negative for units that are dropped. */
  public void noteCompiled(int instructions) {
    compiled += instructions;
  }

  /** Sets the limit of instructions in units. */
  public void limitCompiled(int instructions) {
    mostCompiled = instructions;
  }

  /**
   * Returns whether all code must be dropped: it exceeds its limit, because the guest has much code
   * or runs the same places in RAM at ever new addresses; or loads are now watched.
   */
  public boolean isFull() {
    return isWatched
        || entries.size() + single.size() + jumps.count() >= MANY_ENTRIES
        || compiled >= mostCompiled
        || warm.halfwords() / MORE_WARM >= mostCompiled;
  }

  /** Drops all code, compiled or not, and its counts; none of it may be running. */
  public void forgetAll() {
    if (warms) {
      warmListener.forgotten(); // before bytes count as replaced, which brings translations back
    }
    for (int number = 0; number < granules.length; number++) {
      replaced(number);
    }
    entries.clear();
    jumps.clear();
    written.clear();
    isWatched = false;
  }

  private CodeEntry make(int pc, int physical) {
    CodeEntry entry = new CodeEntry(pc, physical);
    entry.breakpoint = breakpoints.contains(pc & ~1);
    return entry;
  }

  /** Translates the address of an instruction; takes the abort and returns -1 if that fails. */
  public int fetch(int pc) {
    int physical = cpu.memory.fetchFilling(pc & ~1);
    if (physical < 0) {
      cpu.cp15.prefetchAbort(cpu.memory.fetchStatus());
      cpu.budget--;
      cpu.enter(GuestException.PREFETCH_ABORT, (pc & ~1) + 4);
    }
    return physical;
  }

  /** Makes the block of an entry, if it has none. */
  private void translate(CodeEntry entry) {
    if (entry.block == null) {
      set(entry, build(entry.pc, entry.physical, MAX_BLOCK));
    }
  }

  /** Translates an entry for compilation, including slow paths known to be frequent. */
  public void prepare(CodeEntry entry) {
    translate(entry);
    for (CodeEntry other : granules[entry.physical / Bus.GRANULE].entries) {
      if (other.block.count == 1 && other != entry) {
        entry.block.compileSlowPathsAsIn(other.block);
      }
    }
  }

  /** Gives an entry its first block, and takes the fast path from stores into its code. */
  private void set(CodeEntry entry, Block block) {
    entry.block = block;
    entry.extent = block.bytes;
    entry.literals =
        Arrays.stream(block.literals).map(at -> entry.physical + at - (entry.pc & ~1)).toArray();
    int number = entry.physical / Bus.GRANULE;
    if (granules[number] == null) {
      granules[number] = new GranuleCode();
      cpu.spaces.protect(entry.physical);
    }
    granules[number].entries.add(entry);
    granules[number].mark(entry);
    if (block.exitNode != null) {
      entry.targets = jumps.at(entry.physical + (block.exitNode.pc() & ~1) - (entry.pc & ~1));
    }
  }

  /** Cuts the block of an entry where another begins. */
  public void cut(CodeEntry entry, IntPredicate begins) {
    Block cut = build(entry.pc, entry.physical, MAX_BLOCK, begins);
    if (cut.count < entry.block.count) {
      cut.compileSlowPathsAsIn(entry.block);
      entry.block = cut;
    }
  }

  /**
   * Returns which words of a granule are constants of the code that is made of it now, by their
   * addresses, of which only the part within the granule counts.
   */
  public IntPredicate constants(int granule) {
    if (!cpu.memory.watches().isEmpty()) {
      return address -> false;
    }
    BitSet variables = written.of(granule);
    return address -> !variables.get((address & Bus.GRANULE - 1) / 4);
  }

  private Block build(int pc, int physical, int limit) {
    return build(pc, physical, limit, address -> false);
  }

  private Block build(int pc, int physical, int limit, IntPredicate begins) {
    long host = cpu.bus.ram + physical - (pc & ~1);
    Block block =
        BlockBuilder.build(
            pc,
            limit,
            (pc & 1) != 0
                ? address -> HostMemory.getShort(host + address) & 0xffff
                : address -> HostMemory.getInt(host + address),
            address ->
                breakpoints.contains(address) || boundaries.test(address) || begins.test(address),
            limit > 1 && !standalone ? constants(physical / Bus.GRANULE) : address -> false);
    if (standalone) {
      block.compileSlowPaths();
    }
    return block;
  }

  /**
   * Returns a block of the one instruction at the PC, for steps that must stop after it.
   *
   * @return null if the fetch has aborted; the abort has been taken
   */
  public Block lookupSingle(int pc) {
    int physical = fetch(pc);
    if (physical < 0) {
      return null;
    }
    return single(pc, physical).block;
  }

  /** Returns an entry of the one instruction at an address. */
  public CodeEntry single(int pc, int physical) {
    CodeEntry entry = single.get(CodeEntry.key(pc, physical));
    if (entry == null) {
      entry = new CodeEntry(pc, physical);
      set(entry, build(pc, physical, 1));
      single.put(CodeEntry.key(pc, physical), entry);
    }
    return entry;
  }

  @Override
  public boolean stored(int physical, int bytes) {
    GranuleCode granule = granules[physical / Bus.GRANULE];
    if (granule == null || !granule.holdsCode(physical & Bus.GRANULE - 1, bytes)) {
      return false;
    }
    written.note(physical, bytes);
    drop(physical, bytes);
    return true;
  }

  /**
   * Starts blocks at certain addresses, such as those of source lines, and runs them outside units
   * with all of their slow paths. To be called before any code runs.
   */
  public void splitAt(IntPredicate starts) {
    boundaries = starts;
    standalone = true;
  }

  /** Returns whether there are breakpoints, or addresses at which blocks must start. */
  public boolean isDivided() {
    return standalone || !breakpoints.isEmpty();
  }

  /** Returns whether a breakpoint, there or anywhere, may cut blocks in the granule short. */
  public boolean isDividedAt(int pc) {
    return standalone || mayStop(pc);
  }

  /** Returns whether there may be a breakpoint in the granule of an address. */
  public boolean mayStop(int pc) {
    return breakpoints.mayBeNear(pc);
  }

  @Override
  public void watched() {
    isWatched = true;
    cpu.attention = true;
  }

  @Override
  public boolean hasBreakpoint(int address) {
    return breakpoints.contains(address);
  }

  @Override
  public boolean setBreakpoint(int address, boolean set) {
    if (!breakpoints.set(address, set)) {
      return false;
    }
    warm.cut(); // the ways into the granule
    for (CodeEntry entry : List.copyOf(entries.values())) {
      int start = entry.pc & ~1;
      if (entry.block == null) {
        entry.breakpoint = breakpoints.contains(start);
      } else if (entry.valid
          && Integer.compareUnsigned(address - start, Math.max(entry.extent, 1)) < 0) {
        drop(entry.physical, Math.max(entry.extent, 1));
      }
    }
    return true;
  }

  @Override
  public void replaced(int number) {
    if (granules[number] != null) {
      drop(number * Bus.GRANULE, Bus.GRANULE);
    }
    if (warms) {
      warmListener.replaced(number);
    }
  }

  private void drop(int physical, int bytes) {
    int number = physical / Bus.GRANULE;
    List<CodeEntry> all = List.copyOf(granules[number].entries);
    WarmCode warmed = granules[number].warm;
    BitSet made = granules[number].warmHalfwords;
    granules[number] = null;
    GranuleCode kept = new GranuleCode();
    int first = (physical & Bus.GRANULE - 1) / 2;
    if (warmed != null && !made.get(first, first + (bytes + 1) / 2).isEmpty()) {
      warm.remove(number, made.cardinality());
      warmListener.dropped(warmed);
    } else if (warmed != null) {
      kept.set(warmed, made);
    }
    for (CodeEntry entry : all) {
      if (entry.isMadeOf(physical, bytes)) {
        entry.valid = false;
        entries.remove(CodeEntry.key(entry.pc, entry.physical), entry);
        single.remove(CodeEntry.key(entry.pc, entry.physical), entry);
        forget(entry);
        List.copyOf(entry.memberOf()).forEach(m -> m.unit().drop());
      } else {
        kept.entries.add(entry);
        kept.mark(entry);
      }
    }
    if (!kept.entries.isEmpty() || kept.warm != null) {
      granules[number] = kept;
    }
    jumps.forget(physical, bytes);
  }
}
