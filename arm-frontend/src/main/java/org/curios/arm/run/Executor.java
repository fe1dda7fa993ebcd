package org.curios.arm.run;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.TruffleLanguage;
import java.util.function.IntPredicate;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.code.BlockCounts;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.code.CodeSlot;
import org.curios.arm.code.CompiledUnit;
import org.curios.arm.cold.WordInterpreter;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.SideExit;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.Operands;
import org.curios.arm.region.Thresholds;
import org.curios.arm.warm.WarmTier;

/**
 * Runs a processor: cold code in the interpreter, hot code in compiled regions, and stops at the
 * exact instruction where an event is due, an interrupt is to be taken, or a limit is reached.
 */
public final class Executor {
  /** Why {@link #run} returned. */
  public enum Stop {
    /** The tick that was given is reached. */
    TICKS,
    /** {@link #interrupt} was called. */
    INTERRUPTED,
    /** The processor waits, and nothing is due that could wake it. */
    IDLE,
    /** Exceptions form a loop that nothing can end. */
    DEAD,
    /** The next instruction has a breakpoint. */
    BREAKPOINT,
    /**
     * The last instruction has accessed a range of {@link Memory#watch}, or a device has requested
     * {@link #stopAfterThis}.
     */
    WATCHPOINT
  }

  /** Maximum ticks between two checks for requests of other threads. */
  private static final int SLICE = 1 << 20;

  /** Executions of a block in the interpreter after which it is warm. */
  private static final int WARM = 30;

  private final Cpu cpu;
  private final CodeCache code;
  private final Compilation compilation;
  private final Operands operands = new Operands();
  private volatile boolean interrupted;
  private long forgotten;
  private long waited;
  private Stop asked;
  private long passedAt = -1;
  private long until;
  private Runnable instrumented;

  /**
   * Where compiled code was left before an access without a fast path, or {@link
   * WordInterpreter#NOWHERE}: the interpreter executes it, even if compiled code can be entered
   * there.
   */
  private int missedAt = WordInterpreter.NOWHERE;

  /** Runs code that is not compiled, except while breakpoints divide it into blocks. */
  private final WordInterpreter words;

  /** Tick of the last stop by a watch. */
  private long watchedAt = -1;

  /**
   * Makes an executor.
   *
   * @param cpu the processor
   * @param language the language of the entered context, or null to run without compiled code
   */
  public Executor(Cpu cpu, TruffleLanguage<?> language) {
    this.cpu = cpu;
    this.code = new CodeCache(cpu);
    this.compilation = new Compilation(cpu, code, language);
    this.words = new WordInterpreter(cpu, code, compilation);
    if (language != null && WarmTier.isPossible()) {
      compilation.warm(new WarmTier(cpu, code, words, false, false));
      words.countTo(WARM);
    }
  }

  /**
   * Limits the regions that wait for the compiler to what it can process soon.
   *
   * @param threads number of threads of the compiler
   */
  public void compileWith(int threads) {
    compilation.limit(threads);
  }

  /** Compiles every block at its second execution, and nothing else, for tests of regions. */
  public void compileImmediately() {
    withoutWarmCode();
    compilation.setThresholds(Thresholds.IMMEDIATE);
    words.countTo(Thresholds.IMMEDIATE.hot());
  }

  /** Turns the warm tier off, for tests of regions. */
  public void withoutWarmCode() {
    compilation.warm(null);
    code.warm(null);
    words.countTo(BlockCounts.MOST);
  }

  /** Ends background work of the executor. */
  public void close() {
    compilation.close();
  }

  /**
   * Translates every block at its second execution, in the foreground, and builds no regions: for
   * tests of that tier alone.
   *
   * @param byteCode whether to byte code, even if the host runs machine code
   * @throws IllegalStateException when the host cannot run translated code
   */
  public void translateImmediately(boolean byteCode) {
    if (!WarmTier.isPossible()) {
      throw new IllegalStateException(
          "warm code needs the option --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    }
    compilation.warmOnly(new WarmTier(cpu, code, words, true, byteCode));
    words.countTo(Thresholds.IMMEDIATE.hot());
  }

  /**
   * Has warm code translated in the background, and builds no regions: the tier that pays off
   * earliest, without the compiler of regions. Nothing happens if the host cannot run translated
   * code.
   */
  public void translateInBackground() {
    if (WarmTier.isPossible()) {
      compilation.warmOnly(new WarmTier(cpu, code, words, false, false));
      words.countTo(WARM);
    }
  }

  /**
   * Limits the instructions in regions: beyond that all code is dropped, and hot code is compiled
   * again.
   */
  public void keepCompiled(int most) {
    code.limitCompiled(most);
  }

  /** Asks a run in another thread to stop soon. */
  public void interrupt() {
    interrupted = true;
  }

  /** Stops the run after the current instruction; for devices and their observers, within a run. */
  public void stopAfterThis() {
    asked = Stop.WATCHPOINT;
    cpu.attention = true;
  }

  /**
   * Lets the next run start with an instruction that has a breakpoint, or before which a watch has
   * stopped.
   */
  public void passBreakpoint() {
    passedAt = cpu.now();
    if (watchedAt == passedAt) {
      cpu.memory.watches().pass(passedAt);
    }
  }

  /** Undoes {@link #passBreakpoint}, for a run that starts at another tick. */
  public void passNothing() {
    passedAt = -1;
    watchedAt = -1;
    cpu.memory.watches().pass(-1);
  }

  /** Returns the number of regions built so far. */
  public long regions() {
    return compilation.regions();
  }

  /** Returns how often a granule was translated to host byte code so far. */
  public long translations() {
    return compilation.translations();
  }

  /** Returns whether warm code is machine code of the host, not byte code. */
  public boolean runsHostCode() {
    return compilation.runsHostCode();
  }

  /** Returns how often all code was dropped because there was too much. */
  public long forgotten() {
    return forgotten;
  }

  /**
   * Returns for how many ticks the processor has waited for interrupts, in all runs of this
   * executor; the other ticks are instructions.
   */
  public long waited() {
    return waited;
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
    if ((cpu.pc & 1) == 0) {
      cpu.pc &= ~3; // whatever a debugger or a fault has written (DDI 0100, A2.4.3)
    }
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
   * Installs a runner that executes the guest between two checks of events: it runs at least one
   * instruction, and returns when {@link #mayGoOn} says no.
   */
  public void instrument(Runnable runner) {
    instrumented = runner;
  }

  /**
   * Splits blocks at certain addresses, such as those of source lines. They run outside regions,
   * with all of their slow paths. To be called before any code runs.
   */
  public void splitAt(IntPredicate starts) {
    code.splitAt(starts);
  }

  /**
   * Handles due events, as the run itself does between two blocks; that may change the PC.
   *
   * @return false if the run must stop: then the runner must return
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
    CodeSlot slot = code.slot(cpu.pc);
    return slot == null ? null : slot.entry();
  }

  /** Returns whether the run must stop before the code at the PC; if so, it will. */
  public boolean stopsBefore(CodeEntry entry) {
    if (!entry.breakpoint || passedAt == cpu.now()) {
      return false;
    }
    asked = Stop.BREAKPOINT;
    cpu.attention = true;
    return true;
  }

  /** The same for the instruction at the PC, which may be inside a block. */
  public boolean stopsHere() {
    if (!code.hasBreakpoint(cpu.pc & ~1) || passedAt == cpu.now()) {
      return false;
    }
    asked = Stop.BREAKPOINT;
    cpu.attention = true;
    return true;
  }

  /**
   * Executes the one instruction at the PC; its abort may have been taken instead.
   *
   * @return whether it has ended its block
   */
  @TruffleBoundary
  public boolean single() {
    Block one = code.lookupSingle(cpu.pc);
    if (one == null) {
      return true;
    }
    try {
      one.interpret(cpu, operands);
    } catch (SideExit sideExit) {
      return cpu.pc != one.next;
    }
    return one.exit != Block.Exit.FALL;
  }

  /** Executes one instruction (or handles a due event instead). */
  public Stop step() {
    return run(cpu.now() + 1);
  }

  private void dispatch() {
    boolean mayEnter = cpu.pc != missedAt;
    missedAt = WordInterpreter.NOWHERE;
    boolean inWords = WordInterpreter.knows(cpu.pc) && !code.isDividedAt(cpu.pc);
    if (compilation.isProfiling() && compilation.profile(words, inWords)) {
      return;
    }
    if (inWords
        && !(words.run(mayEnter) && WordInterpreter.knows(cpu.pc) && !code.isDividedAt(cpu.pc))) {
      return;
    }
    CodeSlot slot = code.slot(cpu.pc);
    if (slot == null) {
      return;
    }
    CompiledUnit unit = slot.unit();
    if (unit != null
        && (mayEnter || inWords)
        && cpu.budget >= unit.slack()
        && compilation.isReady(unit)) {
      compilation.entered(slot.entry());
      long enteredAt = cpu.now();
      cpu.memory.expect(cpu.pc);
      unit.enter(slot.index(), slot.reach());
      compilation.left(unit, slot.entry(), cpu.now() - enteredAt);
      words.noteRemainder();
      if (cpu.missed) {
        cpu.missed = false;
        missedAt = cpu.pc;
        unit.noteMiss(cpu.pc);
      }
    } else if (inWords) {
      if (slot.entry().unit == null) { // the same code at another address has compiled code
        compilation.executed(slot.entry(), 1);
      }
      words.run(false);
    } else {
      interpret(slot.entry());
    }
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
        Block one = code.lookupSingle(cpu.pc);
        if (one != null) {
          one.interpret(cpu, operands);
        }
        cpu.midway = true;
        words.noteRemainder();
        return;
      }
      if (!words.takeRemainder(entry.pc)) {
        compilation.executed(entry, 1); // before it: it may change the address space
      }
      block.interpret(cpu, operands);
    } catch (SideExit sideExit) {
      words.noteRemainder();
      return;
    }
    if (block.exitNode != null) {
      entry.targets.note(cpu.pc);
    }
  }

  /** Handles everything that is due; returns why to stop, or null to continue. */
  private Stop attend(long untilTick) {
    compilation.attend();
    if (code.isFull() && instrumented == null) {
      code.forgetAll();
      compilation.forgetProfile();
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
          long now = cpu.now();
          cpu.setNow(Math.min(cpu.clock.next(), untilTick));
          waited += cpu.now() - now;
          continue;
        }
      }
      int interrupted = cpu.pc;
      if (cpu.takeInterrupt()) {
        words.noteInterrupted(interrupted);
      } else {
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
