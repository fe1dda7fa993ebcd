package org.curios.arm.run;

import com.oracle.truffle.api.TruffleLanguage;
import java.util.function.Predicate;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.code.CompiledUnit;
import org.curios.arm.cold.ExecutionListener;
import org.curios.arm.cold.WordInterpreter;
import org.curios.arm.core.Cpu;
import org.curios.arm.region.Region;
import org.curios.arm.region.RegionBuilder;
import org.curios.arm.region.Thresholds;
import org.curios.arm.warm.WarmTier;

/**
 * Decides what is compiled, and when: counts executions of blocks, requests regions around hot
 * blocks, and joins regions if the guest keeps alternating between several.
 */
final class Compilation implements ExecutionListener {
  /** Number of entries into compiled code at a block after which their distance is checked. */
  private static final int ENTERED = 1 << 14;

  /**
   * Mean ticks between two of these entries, below which the guest cycles through several regions:
   * they are joined into one, if that is not too large.
   */
  private static final int NEAR = 1000;

  /** Maximum number of joins from one block. */
  private static final int MAX_JOINS = 3;

  /** Maximum number of instructions of a region. */
  private static final int MAX_REGION = 1000;

  private final Cpu cpu;
  private final CodeCache code;
  private final TruffleLanguage<?> language;
  private final PendingRegions pending = new PendingRegions();
  private Thresholds thresholds = Thresholds.USUAL;

  /** Counts blocks again before regions are joined, or null. */
  private JoinProfile profile;

  private int probes;
  private int attended;
  private long regions;

  /**
   * Starts with nothing compiled.
   *
   * @param language the language of the entered context, or null to compile nothing
   */
  Compilation(Cpu cpu, CodeCache code, TruffleLanguage<?> language) {
    this.cpu = cpu;
    this.code = code;
    this.language = language;
    this.compiles = language != null;
  }

  /** Instructions that a region must have run as warm code before it is compiled. */
  private static final long LONG_HOT = 300_000_000;

  /** The same if it is less than a third of all that has run: a cold compiler takes seconds. */
  private static final long VERY_LONG_HOT = 1_000_000_000;

  /** Looks for which a block is left out whose region would run too little: others have a turn. */
  private static final int OTHERS = 4;

  /** Ticks between two checks of some of the warm code. */
  private static final long LOOK = 8_000_000;

  /**
   * Instructions that take as long as the way from machine code to an instruction without a fast
   * path, and back: regions have one, so that they gain more where such instructions are frequent.
   */
  private static final int EXIT = 200;

  /** How much exits must slow code down to count. */
  private static final int SLOW = 4;

  /**
   * Ticks after which evenly warm code is compiled too; earlier, a cold compiler takes more time
   * for it than it saves.
   */
  private static final long LATE = 4_000_000_000L;

  /** The same after {@link #LATE}. */
  private static final long LATE_HOT = 100_000_000;

  /**
   * A region is compiled if it would run at least one of this many instructions: while the compiler
   * works, the guest runs more slowly, since the host's processors share their execution units.
   */
  private static final int SHARE = 2;

  /** The same after {@link #LATE}. */
  private static final int SMALL_SHARE = 8;

  /** Warm code is compiled only if it runs at least one of this many instructions. */
  private static final int WORTHWHILE = 10;

  private WarmTier warm;
  private final HotBlocks hotBlocks = new HotBlocks();
  private boolean compiles;
  private long lookedAt;
  private long exitsAt;

  /** How much longer the last instructions took than they would have without exits. */
  private double slowness = 1;

  private long steppedAt;
  private long begunAt;

  /** Adds the warm tier below compiled code; null for none. */
  void warm(WarmTier tier) {
    close();
    warm = tier;
    begunAt = cpu.now();
  }

  /** Uses the warm tier alone: nothing is compiled. */
  void warmOnly(WarmTier tier) {
    warm(tier);
    compiles = false;
  }

  /** Ends background work. */
  void close() {
    if (warm != null) {
      warm.close();
    }
  }

  /**
   * Limits the number of regions that wait for the compiler to what its threads can process soon.
   */
  void limit(int threads) {
    pending.limit(threads);
  }

  void setThresholds(Thresholds next) {
    thresholds = next;
  }

  /** Returns the number of regions built so far. */
  long regions() {
    return regions;
  }

  /** Returns how often a granule was translated to host byte code so far. */
  long translations() {
    return warm == null ? 0 : warm.translations();
  }

  /** Returns whether warm code is machine code of the host. */
  boolean runsHostCode() {
    return warm != null && warm.isHostCode();
  }

  /** Checks from time to time for the code of awaited regions, since no block may lead to them. */
  void attend() {
    if (warm != null) {
      warm.install(!pending.isEmpty());
      attendWarm();
    }
    if (!pending.isEmpty() && ++attended % thresholds.probeStride() == 0) {
      pending.probe();
    }
  }

  /**
   * Requests the compilation of the hottest block of the warm code, if it has been hot for long.
   */
  private void attendWarm() {
    long now = cpu.now();
    if (!compiles || Math.abs(now - steppedAt) < LOOK) {
      return;
    }
    steppedAt = now;
    if (!hotBlocks.look(warm.all())) {
      return;
    }
    long ticks = now - lookedAt;
    lookedAt = now;
    long exits = warm.exits() - exitsAt;
    exitsAt += exits;
    double factor = 1 + (double) EXIT * exits / ticks;
    slowness = ticks <= 0 || factor < SLOW ? 1 : factor; // time goes back with a snapshot
    if (!hotBlocks.isFound()
        || cpu.memory.physical(hotBlocks.pc() & ~1) != hotBlocks.physical() // of another process
        || !warm.isSettled()
        || now - begunAt < LATE && !isConcentrated(ticks)
        || !pending.hasRoom()) {
      return;
    }
    CodeEntry entry = code.entry(hotBlocks.pc(), hotBlocks.physical());
    boolean isCovered = entry.isInUnit() || entry.unprofitable;
    if (entry.isFleeting) {
      hotBlocks.leaveOut(Integer.MAX_VALUE);
      return;
    }
    hotBlocks.leaveOut(thresholds.hotIfCovered());
    if (!isCovered
        || entry.isCompiledWhereverItIs() && hotBlocks.total() >= thresholds.hotIfCovered()) {
      code.find(entry.pc);
      compile(entry, builder -> isWorthCompiling(entry, builder.hasRun(), now - begunAt, ticks));
    }
  }

  /**
   * Returns whether a region has run long enough to be compiled, and still runs.
   *
   * @param ran instructions of its blocks so far
   * @param all instructions so far
   * @param ticks instructions since the last look
   */
  private boolean isWorthCompiling(CodeEntry head, long ran, long all, long ticks) {
    double share = (double) ran * hotBlocks.sinceLook() / Math.max(1, head.executions) / ticks;
    if (share * (all < LATE ? SHARE : SMALL_SHARE) < 1) {
      hotBlocks.leaveOut((long) OTHERS * hotBlocks.sinceLook());
      return false;
    }
    double cost = ran * slowness;
    return all < LATE
        ? cost >= LONG_HOT && (3 * ran >= all || cost >= VERY_LONG_HOT)
        : cost >= LATE_HOT;
  }

  /**
   * Returns whether warm code still runs a good part of all, and little of it runs most of that.
   *
   * @param ticks the instructions since the last look
   */
  private boolean isConcentrated(long ticks) {
    long all = hotBlocks.ranIn(Integer.MAX_VALUE);
    return 2 * hotBlocks.ranIn(MAX_REGION) >= all && WORTHWHILE * all >= ticks;
  }

  /** Returns whether a unit has compiled code; requests it from time to time. */
  boolean isReady(CompiledUnit unit) {
    return unit.isCompiled() || ++probes % thresholds.probeStride() == 0 && unit.probe();
  }

  // ---- hot blocks

  @Override
  public void executed(int pc, int physical, int count) {
    executed(code.entry(pc, physical), count);
  }

  /** Counts executions of a block in the interpreter. */
  void executed(CodeEntry entry, int count) {
    int before = entry.executions;
    entry.executions += count;
    if (warm != null) {
      if (entry.unit != null && entry.unit.isCompiled()) {
        code.markCompiled(entry);
      } else {
        warm.request(entry.pc, entry.physical);
      }
      return;
    }
    if (entry.unit != null) {
      code.markCompiled(entry);
    } else if (compiles
        && !entry.breakpoint
        && Thresholds.passes(thresholds.hot(), before, entry.executions)) {
      if (!entry.isInUnit() && !entry.unprofitable
          || Thresholds.passes(thresholds.hotIfCovered(), before, entry.executions)
              && entry.isCompiledWhereverItIs()) {
        compile(entry, builder -> true);
      }
    }
  }

  /** Compiles a region around a hot block, if it is worth that. */
  private void compile(CodeEntry entry, Predicate<RegionBuilder> isWorth) {
    if (!pending.hasRoom()) {
      return; // repeated after the same number of executions: the hottest blocks request most often
    }
    RegionBuilder builder = builder(entry, RegionBuilder.MAX_SHARED);
    if (!isWorth.test(builder)) {
      return;
    }
    entry.unprofitable = thresholds.selective() && builder.isUnprofitable();
    if (!entry.unprofitable || entry.executions >= thresholds.hotIfCovered()) {
      build(builder);
    }
  }

  private RegionBuilder builder(CodeEntry head, int maxShared) {
    return new RegionBuilder(cpu, code, head, MAX_REGION, thresholds.warm(), maxShared);
  }

  private void build(RegionBuilder builder) {
    Region region = builder.build(language);
    region.replaces(EXIT / (slowness - 1));
    regions++;
    region.install();
    pending.add(region);
  }

  // ---- regions to join

  /** Counts an entry into compiled code: regions are joined if such entries are frequent. */
  void entered(CodeEntry entry) {
    if (++entry.entered == ENTERED) {
      long now = cpu.now();
      long ticks = now - entry.enteredSince;
      entry.enteredSince = now;
      entry.entered = 0;
      if (ticks > 0 && ticks < (long) ENTERED * NEAR && mayJoin(entry)) {
        entry.joins++;
        profile = new JoinProfile(entry);
      }
    }
  }

  /**
   * Notes that compiled code was left. If the guest keeps leaving it at once, its blocks are left
   * to warm code.
   *
   * @param from the block at which it was entered
   * @param ticks instructions that it ran
   */
  void left(CompiledUnit unit, CodeEntry from, long ticks) {
    if (warm != null && !unit.isWorthVisiting(ticks)) {
      from.isFleeting = true;
      unit.giveUp();
    }
  }

  private boolean mayJoin(CodeEntry entry) {
    return compiles
        && profile == null
        && entry.joins < MAX_JOINS
        && entry.isCompiledWhereverItIs()
        && !code.isDivided()
        && pending.hasRoom();
  }

  /** Returns whether blocks are counted again, so that {@link #profile} is to run them. */
  boolean isProfiling() {
    return profile != null;
  }

  /**
   * Runs a block and counts it. When enough has been counted, a region is built at the block that
   * requested it, in its address space.
   *
   * @param words the interpreter
   * @param knowsPc whether that can run the code at the PC
   * @return false if the profile is over
   */
  boolean profile(WordInterpreter words, boolean knowsPc) {
    CodeEntry head = profile.head();
    boolean isBack = profile.isDone() && isAt(head);
    if (knowsPc && !isBack && !profile.isAbandoned()) {
      profile.count(words.step());
      return true;
    }
    if (isBack && knowsPc && !profile.isAbandoned() && pending.hasRoom()) {
      profile.note();
      RegionBuilder builder = builder(head, MAX_REGION);
      if (builder.isWhole() && !builder.isKnown() && profile.isCoveredBy(builder.members())) {
        build(builder);
      }
    }
    profile = null;
    return false;
  }

  private boolean isAt(CodeEntry entry) {
    return cpu.pc == entry.pc && cpu.memory.physical(cpu.pc & ~1) == entry.physical;
  }

  /** Abandons the profile, since all code is dropped. */
  void forgetProfile() {
    profile = null;
  }
}
