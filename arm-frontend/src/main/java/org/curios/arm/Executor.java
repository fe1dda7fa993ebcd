package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import org.curios.arm.TranslationTable.CodeSlot;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.Operands;

/**
 * Runs a processor: cold code in the interpreter, hot code in compiled regions, and stops at the
 * exact instruction where an event is due, an interrupt is to be taken, or a limit is reached.
 */
public final class Executor {
  /** Why {@link #run} came back. */
  public enum Stop {
    /** The tick that was given is reached. */
    TICKS,
    /** {@link #interrupt} was called. */
    INTERRUPTED,
    /** The processor waits, and nothing is due that could wake it. */
    IDLE,
    /** Exceptions go round in a loop that nothing can end. */
    DEAD,
    /** The next instruction has a breakpoint. */
    BREAKPOINT,
    /** The last instruction has touched what {@link Memory#watch} was told of. */
    WATCHPOINT
  }

  /** Executions of a block in the interpreter that make it hot. */
  static final int HOT = 500;

  private int hot = HOT;

  /** Whether a block must be hotter for a region that brings little. */
  private boolean sparing = true;

  /**
   * How much hotter a block must be to get a region of its own that is in a region already, but not
   * as a way in, or around which there is little that is not.
   */
  static final int INSIDE = 200;

  /** Ways into compiled code at a block after which it is looked at how near they are. */
  private static final int ENTERED = 1 << 14;

  /**
   * Ticks between two of these ways in, in the mean, below which the guest goes round between
   * several regions: they are joined to one, if that is not too large.
   */
  private static final int NEAR = 1000;

  /** How often regions are joined from one block. */
  private static final int MAX_JOINS = 3;

  /** Counts blocks anew where regions are to be joined, or null. */
  private JoinProfile profile;

  /** Executions that a block needs to become part of a region. */
  private int warm = 5;

  private static final int MAX_REGION = 1000;

  /** Dispatches to a region between two questions whether its code is there. */
  private int probeStride = 16;

  /** Most ticks between two looks at what other threads ask for. */
  private static final int SLICE = 1 << 20;

  private final Cpu cpu;
  private final ArmLanguage language;
  private final Operands operands = new Operands();
  private volatile boolean interrupted;
  private int probes;
  private int attended;
  private long regions;
  private long forgotten;
  private Stop asked;
  private long passedAt = -1;
  private long until;
  private Runnable instrumented;

  private final PendingRegions pending = new PendingRegions();

  /**
   * Where compiled code was left ahead of an access without a fast path, or {@link
   * WordInterpreter#NOWHERE}: the interpreter is to carry it out, even where compiled code has a
   * way in.
   */
  private int missedAt = WordInterpreter.NOWHERE;

  /** What runs code that is not compiled, except while breakpoints divide it into blocks. */
  private final WordInterpreter words;

  /** Tick of the last stop by a watch. */
  private long watchedAt = -1;

  /**
   * Makes an executor.
   *
   * @param cpu the processor
   * @param language the language of the entered context, or null to run without compiled code
   */
  public Executor(Cpu cpu, ArmLanguage language) {
    this.cpu = cpu;
    this.language = language;
    this.words = new WordInterpreter(cpu, this);
  }

  /**
   * Has no more regions wait for the compiler than it can soon take.
   *
   * @param threads of the compiler
   */
  public void compileWith(int threads) {
    pending.limit(threads);
  }

  /** Compiles every block at its second execution, for tests of compiled code. */
  public void compileImmediately() {
    hot = 2;
    sparing = false;
    warm = 1;
    probeStride = 1;
    words.countTo(hot);
  }

  /**
   * Has all code forgotten when so many instructions are in regions: what is hot is compiled again.
   */
  public void keepCompiled(int most) {
    cpu.code.limitCompiled(most);
  }

  /** Asks a run in another thread to stop soon. */
  public void interrupt() {
    interrupted = true;
  }

  /**
   * Lets the next run begin with an instruction that has a breakpoint, and with one that a watch
   * has held.
   */
  public void passBreakpoint() {
    passedAt = cpu.now();
    if (watchedAt == passedAt) {
      cpu.memory.watches().pass(passedAt);
    }
  }

  /** Takes {@link #passBreakpoint} back, for a run that begins at another place in time. */
  public void passNothing() {
    passedAt = -1;
    watchedAt = -1;
    cpu.memory.watches().pass(-1);
  }

  /** Returns the number of regions built so far. */
  public long regions() {
    return regions;
  }

  /** Returns how often all code was forgotten because there was too much. */
  public long forgotten() {
    return forgotten;
  }

  /**
   * Runs until a tick, an interruption, or the end of the guest.
   *
   * @param untilTick tick at which to stop, exactly
   * @throws GuestExit when the guest ends the run
   */
  @TruffleBoundary
  public Stop run(long untilTick) {
    cpu.attention = true;
    until = untilTick;
    while (true) {
      if (cpu.attention || cpu.budget <= 0) {
        Stop stop = attend(untilTick);
        if (stop != null) {
          return stop;
        }
      }
      if (instrumented != null) {
        instrumented.run();
      } else {
        dispatch();
      }
    }
  }

  // ---- for tools, which run the guest in another form

  /**
   * Has something else run the guest between two looks at what is due: it runs at least an
   * instruction, and comes back when {@link #mayGoOn} says no.
   */
  public void instrument(Runnable runner) {
    instrumented = runner;
  }

  /**
   * Looks at what is due, as the run itself does between two blocks; the PC may be another one
   * afterwards.
   *
   * @return false if the run is to stop: then the runner must come back
   */
  public boolean mayGoOn() {
    return !cpu.attention && cpu.budget > 0 || attendWithin();
  }

  @TruffleBoundary
  private boolean attendWithin() {
    try {
      asked = attend(until);
    } catch (GuestExit e) {
      cpu.exit = e;
    }
    boolean stops = asked != null || cpu.exit != null;
    cpu.attention |= stops;
    return !stops;
  }

  /**
   * Returns the code at the PC.
   *
   * @return null if the fetch has aborted, and the abort has been taken
   */
  public CodeEntry code() {
    int pc = cpu.pc;
    CodeSlot slot = cpu.table.code(pc);
    if (slot == null) {
      slot = cpu.code.lookup(pc);
    }
    return slot == null ? null : slot.entry();
  }

  /** Returns whether the run is to stop before the code at the PC, and notes that it does. */
  public boolean stopsBefore(CodeEntry entry) {
    if (!entry.breakpoint || passedAt == cpu.now()) {
      return false;
    }
    asked = Stop.BREAKPOINT;
    cpu.attention = true;
    return true;
  }

  /** The same for the instruction at the PC, which may be in the middle of a block. */
  public boolean stopsHere() {
    if (!cpu.code.hasBreakpoint(cpu.pc & ~1) || passedAt == cpu.now()) {
      return false;
    }
    asked = Stop.BREAKPOINT;
    cpu.attention = true;
    return true;
  }

  /**
   * Carries out the one instruction at the PC; its abort may have been taken instead.
   *
   * @return whether it has ended its block
   */
  @TruffleBoundary
  public boolean single() {
    Block one = cpu.code.lookupSingle(cpu.pc);
    if (one == null) {
      return true;
    }
    try {
      one.interpret(cpu, operands);
    } catch (Trap trap) {
      return cpu.pc != one.next;
    }
    return one.exit != Block.Exit.FALL;
  }

  /** Carries out one instruction (or takes what is due instead). */
  public Stop step() {
    return run(cpu.now() + 1);
  }

  private void dispatch() {
    boolean leads = cpu.pc != missedAt;
    missedAt = WordInterpreter.NOWHERE;
    boolean inWords = WordInterpreter.knows(cpu.pc) && !cpu.code.isDivided();
    if (profile != null && profile(inWords)) {
      return;
    }
    if (inWords && !(words.run(leads) && WordInterpreter.knows(cpu.pc))) {
      return;
    }
    CodeSlot slot = cpu.table.code(cpu.pc);
    if (slot == null) {
      slot = cpu.code.lookup(cpu.pc);
      if (slot == null) {
        return;
      }
    }
    Region region = slot.region();
    if (region != null
        && (leads || inWords)
        && cpu.budget >= region.slack
        && (region.compiled || ++probes % probeStride == 0 && region.probe())) {
      if (++slot.entry().entered == ENTERED) {
        noteEntered(slot.entry());
      }
      region.enter(slot.index());
      words.noteRest();
      if (cpu.missed) {
        cpu.missed = false;
        missedAt = cpu.pc;
        region.noteMiss(cpu.pc);
      }
    } else if (inWords) {
      if (slot.entry().region == null) { // it is code at another address of the same that leads
        noteExecutions(slot.entry(), 1);
      }
      words.run(false);
    } else {
      interpret(slot.entry());
    }
  }

  /** Has regions joined where compiled code is entered all the time. */
  private void noteEntered(CodeEntry entry) {
    long now = cpu.now();
    long ticks = now - entry.enteredSince;
    entry.enteredSince = now;
    entry.entered = 0;
    if (ticks > 0
        && ticks < (long) ENTERED * NEAR
        && profile == null
        && entry.joins < MAX_JOINS
        && entry.memberOf().stream().allMatch(m -> m.region().compiled)
        && !cpu.code.isDivided()
        && pending.hasRoom()) {
      entry.joins++;
      profile = new JoinProfile(entry);
    }
  }

  /**
   * Runs a block and counts it. When enough has been counted, a region is built at the block that
   * asked for it, in its address space.
   *
   * @return false if the profile is over
   */
  private boolean profile(boolean inWords) {
    CodeEntry head = profile.head();
    boolean isBack = profile.isDone() && isAt(head);
    if (inWords && !isBack && !profile.isVain()) {
      profile.count(words.step());
      return true;
    }
    if (isBack && inWords && !profile.isVain() && pending.hasRoom()) {
      profile.note();
      RegionBuilder builder = new RegionBuilder(cpu, head, MAX_REGION, warm, MAX_REGION);
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

  /** Runs a block by its nodes. */
  private void interpret(CodeEntry entry) {
    Block block = entry.block;
    if (entry.breakpoint && passedAt != cpu.now()) {
      asked = Stop.BREAKPOINT;
      cpu.attention = true;
      return;
    }
    try {
      if (block.count > cpu.budget) {
        Block one = cpu.code.lookupSingle(cpu.pc);
        if (one != null) {
          one.interpret(cpu, operands);
        }
        cpu.midway = true;
        words.noteRest();
        return;
      }
      if (!words.takeRest(entry.pc)) {
        noteExecutions(entry, 1); // ahead of it: it may change the address space
      }
      block.interpret(cpu, operands);
    } catch (Trap trap) {
      words.noteRest();
      return;
    }
    if (block.exitNode != null) {
      entry.targets.note(cpu.pc);
    }
  }

  /** Notes that the interpreter has begun a block so many times more. */
  void noteExecutions(int pc, int physical, int count) {
    noteExecutions(cpu.code.entry(pc, physical), count);
  }

  private void noteExecutions(CodeEntry entry, int count) {
    int before = entry.executions;
    entry.executions += count;
    if (entry.region != null) {
      cpu.code.lead(entry, true);
    } else if (before / hot != entry.executions / hot && language != null && !entry.breakpoint) {
      int inside = hot * INSIDE;
      if (!entry.isInRegion() && !entry.poor
          || before / inside != entry.executions / inside
              && entry.memberOf().stream().allMatch(m -> m.region().compiled)) {
        compile(entry);
      }
    }
  }

  private void compile(CodeEntry entry) {
    if (!pending.hasRoom()) {
      return; // it asks again when it has run as often as before: what is hottest asks most often
    }
    RegionBuilder builder =
        new RegionBuilder(cpu, entry, MAX_REGION, warm, RegionBuilder.MAX_SHARED);
    entry.poor = sparing && builder.isPoor();
    if (entry.poor && entry.executions < hot * INSIDE) {
      return;
    }
    build(builder);
  }

  private void build(RegionBuilder builder) {
    Region region = builder.build(language);
    regions++;
    region.install();
    pending.add(region);
  }

  /** Looks at everything that may be due; returns why to stop, or null to go on. */
  private Stop attend(long untilTick) {
    if (!pending.isEmpty() && ++attended % probeStride == 0) {
      pending.probe(); // of those to which no block leads
    }
    if (cpu.code.isFull() && instrumented == null) {
      cpu.code.forgetAll();
      profile = null;
      forgotten++;
    }
    while (true) {
      cpu.attention = false;
      if (cpu.exit != null) {
        GuestExit exit = cpu.exit;
        cpu.exit = null;
        throw exit;
      }
      cpu.clock.fireUntil(cpu.now());
      if (cpu.exit != null) {
        continue;
      }
      if (cpu.memory.watches().takeHit()) {
        asked = Stop.WATCHPOINT;
        watchedAt = cpu.now();
      }
      if (asked != null) {
        Stop stop = asked;
        asked = null;
        return stop;
      }
      if (interrupted) {
        interrupted = false;
        return Stop.INTERRUPTED;
      }
      if (cpu.now() >= untilTick) {
        return Stop.TICKS;
      }
      if (cpu.waiting) {
        if (cpu.interruptRequested()) {
          cpu.waiting = false;
        } else if (cpu.clock.next() == VirtualClock.NEVER && untilTick == VirtualClock.NEVER) {
          return Stop.IDLE;
        } else {
          cpu.runUntil(cpu.now());
          cpu.setNow(Math.min(cpu.clock.next(), untilTick));
          continue;
        }
      }
      if (!cpu.takeInterrupt()) {
        if (cpu.exceptionLoop.isDead()) {
          return Stop.DEAD;
        }
        if (cpu.now() < cpu.callsAgain) {
          cpu.runUntil(cpu.now());
          cpu.setNow(Math.min(Math.min(cpu.clock.next(), untilTick), cpu.callsAgain));
          continue;
        }
      }
      cpu.callsAgain = 0;
      long limit = Math.min(Math.min(untilTick, cpu.clock.next()), cpu.now() + SLICE);
      cpu.runUntil(limit);
      cpu.attention = false;
      return null;
    }
  }
}
