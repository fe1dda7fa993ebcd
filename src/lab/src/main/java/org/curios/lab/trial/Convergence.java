package org.curios.lab.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Guest.Extent;
import org.curios.machine.Machine;
import org.curios.machine.card.CardFaults;
import org.curios.machine.card.Disk;

/**
 * Detects that a trial continues like the undisturbed run: the machine is in the same state, except
 * for bytes that are written before they are read or not accessed again, and except for the
 * kernel's bookkeeping of faults, on which nothing depends unless there are more of them.
 */
final class Convergence {
  private static final int NONE = -1;
  private static final int LINK = 14;
  private static final int SPSR = 16;
  private static final int CORE = 16;

  /**
   * Modes that the kernel uses only for the first instructions of a handler. The next exception
   * overwrites their banks, and the status and address of the last fault, before anything reads
   * them (kernel/cuik/entry.S).
   */
  private static final List<Integer> ENTRIES = List.of(Psr.IRQ, Psr.ABORT, Psr.UNDEFINED);

  /** The registers of FIQ mode. */
  private static final int[] FAST = {8, 9, 10, 11, 12, 13, LINK, SPSR};

  /** Of the system control coprocessor: fault status of data and instructions, fault address. */
  private static final int[][] FAULTS = {{5, 0}, {5, 1}, {6, 0}};

  /** Microseconds from a tick of the kernel's clock to the next. */
  private static final long TICK = 1000;

  /** Microseconds by which the kernel may read the clock after a tick. */
  private static final long LATE = 100;

  private final Baseline baseline;
  private final Bench bench;

  /** The bytes of the kernel's bookkeeping, by granule. */
  private final Map<Integer, long[]> noted = new HashMap<>();

  /** Those of counters and caches, by service. */
  private final Map<String, Map<Integer, long[]>> caches = new HashMap<>();

  /** The services that have recovered in this trial. */
  private Set<String> recovered = Set.of();

  /** A byte that keeps the value that the trial has left in it. */
  private record Left(int physical, int value) {}

  /** Microseconds at which the undisturbed run ends: what is due later does not happen in it. */
  private final long end;

  private final List<Left> left = new ArrayList<>();

  /** Blocks of the card that keep what the trial has left in them. */
  private final Map<Long, byte[]> leftBlocks = new HashMap<>();

  /**
   * The granule that differed last; or {@link #NONE}. It usually differs at the next snapshot as
   * well, so it is compared first.
   */
  private int different = NONE;

  Convergence(Baseline baseline, Bench bench) {
    this.baseline = baseline;
    this.bench = bench;
    end = baseline.ticks() / (VirtualClock.HZ / 1_000_000);
    baseline.noted().forEach(e -> mark(noted, e));
    baseline
        .caches()
        .forEach((service, all) -> {
          Map<Integer, long[]> own = new HashMap<>();
          all.forEach(e -> mark(own, e));
          caches.put(service, own);
        });
  }

  /**
   * The state of a processor that makes no difference outside the first instructions of handlers;
   * also the bank of FIQ mode, which the undisturbed run never enters.
   */
  record Idle(int[] values) {
    static Idle of(Cpu cpu) {
      int[] values = new int[2 * ENTRIES.size() + FAULTS.length + FAST.length];
      int n = 0;
      for (int register : FAST) {
        values[n++] = cpu.banked(Psr.FIQ, register);
      }
      for (int mode : ENTRIES) {
        values[n++] = cpu.banked(mode, LINK);
        values[n++] = cpu.banked(mode, SPSR);
      }
      for (int[] place : FAULTS) {
        values[n++] = (int) cpu.cp15.read(0, place[0], 0, place[1]);
      }
      return new Idle(values);
    }

    void put(Cpu cpu) {
      int n = 0;
      for (int register : FAST) {
        cpu.setBanked(Psr.FIQ, register, values[n++]);
      }
      for (int mode : ENTRIES) {
        cpu.setBanked(mode, LINK, values[n++]);
        cpu.setBanked(mode, SPSR, values[n++]);
      }
      for (int[] place : FAULTS) {
        cpu.cp15.write(0, place[0], 0, place[1], values[n++]);
      }
    }
  }

  /** Returns the current registers, the PC and the CPSR, which differ first. */
  static int[] core(Cpu cpu) {
    int[] core = new int[CORE + 1];
    for (int i = 0; i < CORE; i++) {
      core[i] = cpu.register(i);
    }
    core[CORE] = cpu.cpsr();
    return core;
  }

  /**
   * Returns whether the rest of the run is as in the undisturbed run. The remaining work of a
   * client that has finished there makes a difference, although the undisturbed run does not
   * consider it.
   *
   * @param recoveredSoFar the services that have recovered: their counters and caches were emptied,
   *     so they contain nothing that the fault has left
   */
  boolean isMet(Bench.Moment moment, Set<String> recoveredSoFar) {
    recovered = recoveredSoFar;
    Cpu cpu = bench.machine().cpu();
    if (!bench.hasInputOf(moment)
        || cpu.isWaiting() != moment.waiting()
        || ENTRIES.contains(cpu.mode())
        || !Arrays.equals(core(cpu), moment.core())
        || !bench.clients().allWorking().equals(moment.working())) {
      return false;
    }
    int number = baseline.number(moment);
    if (different != NONE && !isSame(different, number, moment)) {
      return false;
    }
    Idle own = Idle.of(cpu);
    long reads = bench.cardReads();
    long writes = bench.cardWrites();
    Runnable plansAgain = forgetIdlePlans(moment);
    moment.idle().put(cpu);
    bench.setCardCounts(moment.reads(), moment.writes());
    left.clear();
    leftBlocks.clear();
    if (bench
        .machine()
        .isAt(moment.snapshot(), g -> isSame(g, number, moment), b -> isDead(b, number))) {
      return true;
    }
    own.put(cpu);
    bench.setCardCounts(reads, writes);
    plansAgain.run();
    return false;
  }

  /**
   * Removes faults that are planned for an event of which the rest of the undisturbed run has none:
   * a transfer of the card, or an interrupt; returns an action that plans them again.
   */
  private Runnable forgetIdlePlans(Bench.Moment moment) {
    Runnable interrupts = bench.machine().board().interrupts().suspend(baseline.raisedAt());
    Disk card = bench.card();
    CardFaults faults = card == null ? null : bench.machine().card().slot().faults();
    Bench.Moment last = baseline.last();
    if (faults == null
        || faults.isPlanned(false) && moment.reads() != last.reads()
        || faults.isPlanned(true) && moment.writes() != last.writes()) {
      return interrupts;
    }
    Runnable transfers = faults.suspend();
    return () -> {
      transfers.run();
      interrupts.run();
    };
  }

  /** Returns whether the rest of the undisturbed run does not read what a block contains. */
  private boolean isDead(long block, int number) {
    CardUse.Next next = baseline.cardUse().after(block, number);
    if (next == CardUse.Next.NONE) {
      try {
        leftBlocks.put(block, bench.card().block(block));
      } catch (IOException e) {
        throw new UncheckedIOException("the card cannot be read", e);
      }
    }
    return next != CardUse.Next.READ;
  }

  /** Removes from a set times between which there is no tick of the kernel's clock. */
  private void forgetSameTimes(int granule, long[] differs, byte[] now, byte[] then) {
    for (Extent time : baseline.due()) {
      int at = time.address();
      int inGranule = at & Bus.GRANULE - 1;
      if (at >>> Bus.GRANULE_SHIFT == granule
          && isSameTime(number(now, inGranule), number(then, inGranule))) {
        differs[inGranule / Long.SIZE] &= ~(0xffL << inGranule);
      }
    }
  }

  private static long number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  private boolean isSameTime(long one, long other) {
    return one > end && other > end
        || one / TICK == other / TICK && one % TICK >= LATE && other % TICK >= LATE;
  }

  /** Returns whether a granule is equivalent to that of a moment; if not, remembers it. */
  private boolean isSame(int granule, int number, Bench.Moment moment) {
    if (bench.machine().bus().holds(granule, moment.snapshot().granule(granule))
        || isNothing(granule, number, moment)) {
      return true;
    }
    different = granule;
    return false;
  }

  /** Returns whether what differs in a granule makes no difference. */
  private boolean isNothing(int granule, int number, Bench.Moment moment) {
    byte[] then = moment.snapshot().granule(granule);
    byte[] now = bench.machine().bus().granule(granule);
    long[] differs = new long[Liveness.WORDS];
    for (int i = 0; i < now.length; i++) {
      differs[i / Long.SIZE] |= now[i] == then[i] ? 0 : 1L << i;
    }
    long[] untouched = baseline.liveness().keepLive(granule, number, differs);
    forgetSameTimes(granule, differs, now, then);
    long any = 0;
    for (long word : differs) {
      any |= word;
    }
    if (any != 0 && !isBookkeeping(granule, differs)) {
      return false;
    }
    for (int i = 0; i < now.length; i++) {
      if ((untouched[i / Long.SIZE] >>> i & 1) != 0) {
        left.add(new Left(granule * Bus.GRANULE + i, now[i]));
      }
    }
    return true;
  }

  private boolean isBookkeeping(int granule, long[] bytes) {
    long[] unknown = bytes.clone();
    removeFrom(unknown, noted.get(granule));
    for (String service : recovered) {
      removeFrom(unknown, caches.getOrDefault(service, Map.of()).get(granule));
    }
    for (long word : unknown) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  private static void removeFrom(long[] bytes, long[] known) {
    for (int i = 0; known != null && i < Liveness.WORDS; i++) {
      bytes[i] &= ~known[i];
    }
  }

  private static void mark(Map<Integer, long[]> places, Extent extent) {
    int end = extent.address() + extent.bytes();
    for (int at = extent.address(); at < end; at++) {
      int inGranule = at & Bus.GRANULE - 1;
      long[] granule =
          places.computeIfAbsent(at >>> Bus.GRANULE_SHIFT, g -> new long[Liveness.WORDS]);
      granule[inGranule / Long.SIZE] |= 1L << inGranule;
    }
  }

  /** Returns whether bytes or blocks keep the values that the trial has left in them. */
  boolean isAny() {
    return !left.isEmpty() || !leftBlocks.isEmpty();
  }

  /**
   * Sets the state at the end of the trial: that of the undisturbed run, except for what the trial
   * has left.
   */
  void goToEnd() {
    Machine machine = bench.machine();
    bench.goBack(baseline.last());
    left.forEach(l -> machine.cpu().memory.patch(l.physical, l.value));
    leftBlocks.forEach(bench.card()::damage);
  }
}
