package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Bookkeeping;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;

/**
 * The undisturbed run of a workload: snapshots placed through it, when which object's code ran, and
 * its outcome. Machines of several threads may use it.
 */
public final class Baseline {
  /** Ticks between two snapshots. */
  private static final long STEP = 50_000;

  private static final long BOOT_STEP = 10_000;
  private static final long LIMIT = 400_000_000;
  private static final int SP = 13;

  /** In the last line of the second machine. */
  private static final String PEER_ENDS = "all as expected\n";

  private final String policy;
  private final Workload workload;
  private final NavigableMap<Long, Bench.Moment> moments = new TreeMap<>();
  private final Map<String, Spans> spans = new TreeMap<>();
  private final Map<String, Spans> methods = new TreeMap<>();
  private final Set<String> threads = new HashSet<>();
  private final Map<String, List<Long>> entries = new TreeMap<>();
  private final Spans kernel = new Spans();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final List<Map<Integer, long[]>> fetched = new ArrayList<>();
  private Liveness liveness;
  private CardUse cardUse;

  /** Places of bookkeeping that makes no difference, and of times; at the end. */
  private List<Extent> noted;

  /** Places of counters and caches, by service; at the end. */
  private final Map<String, List<Extent>> caches = new TreeMap<>();

  private List<Extent> due;
  private byte[] printed;
  private String peerText;
  private Observation end;
  private Map<Long, byte[]> card;
  private long[] raisedAt;
  private final Map<String, BitSet> timely = new TreeMap<>();

  private Baseline(String policy, Workload workload) {
    this.policy = policy;
    this.workload = workload;
  }

  /**
   * Runs a workload undisturbed.
   *
   * @throws LabException when it does not reach its end
   */
  public static Baseline measure(String policy, Workload workload) {
    Baseline baseline = new Baseline(policy, workload);
    try (Bench bench = new Bench(policy, workload, false)) {
      while (!bench.isOver() && bench.view().eventCount() == 0) {
        bench.run(bench.now() + BOOT_STEP);
      }
      View v = bench.view();
      Map<Integer, String> names = new HashMap<>();
      v.objects().forEach(o -> names.put(o.struct().address(), o.name()));
      v.objects().stream().filter(Obj::hasThread).map(Obj::name).forEach(baseline.threads::add);
      while (!bench.isOver() && !bench.isDone()) {
        baseline.add(bench.moment());
        baseline.fetched.add(new HashMap<>());
        baseline.trace(bench, names, bench.now() + STEP);
        if (bench.now() > LIMIT) {
          throw new LabException("the undisturbed run does not come to its end");
        }
      }
      if (!bench.isDone()) {
        throw new LabException("the undisturbed run fails: status " + bench.status());
      }
      baseline.add(bench.moment());
      Bookkeeping bookkeeping = bench.view().bookkeeping();
      baseline.noted = bookkeeping.noted();
      for (Obj o : bench.view().objects()) {
        baseline.caches.put(o.name(), bookkeeping.caches(o));
      }
      baseline.due = bookkeeping.due();
      baseline.printed = bench.printed();
      baseline.end = Observation.of(bench);
      baseline.peerText =
          workload.peer().isEmpty() ? "" : bench.peerText(text -> text.contains(PEER_ENDS));
      if (!workload.peer().isEmpty() && !baseline.peerText.contains(PEER_ENDS)) {
        throw new LabException("the second machine does not come to its end");
      }
      baseline.raisedAt = bench.machine().board().interrupts().raisedAt();
      baseline.card = bench.card() == null ? Map.of() : bench.card().changes();
    }
    baseline.findTimely();
    return baseline;
  }

  private void add(Bench.Moment moment) {
    moment.snapshot().makeIndex();
    numbers.put(moment.tick(), moments.size());
    moments.put(moment.tick(), moment);
  }

  /** Returns what the second machine prints; empty if there is none. */
  String peerText() {
    return peerText;
  }

  /** Returns the number of a moment, from 0. */
  int number(Bench.Moment moment) {
    return numbers.get(moment.tick());
  }

  /** Returns the moment at which all clients had done their work. */
  Bench.Moment last() {
    return moments.lastEntry().getValue();
  }

  /** Returns when each interrupt line was last raised. */
  long[] raisedAt() {
    return raisedAt;
  }

  /** Returns where services keep counters and caches, by name. */
  Map<String, List<Extent>> caches() {
    return caches;
  }

  /** Returns where the kernel keeps its records of faults and calls. */
  List<Extent> noted() {
    return noted;
  }

  /** Returns where the kernel keeps times that it compares with the clock only at its ticks. */
  List<Extent> due() {
    return due;
  }

  /**
   * Returns whether the run first reads or first writes each byte; runs the workload again to find
   * out.
   */
  synchronized Liveness liveness() {
    if (liveness == null) {
      try (Bench bench = new Bench(policy, workload, false)) {
        Liveness traced = new Liveness(bench.machine().bus().ramSize());
        bench.restore(moments.firstEntry().getValue(), printed);
        CardUse blocks = new CardUse();
        bench.machine().cpu().memory.listen(traced::note);
        if (bench.card() != null) {
          bench.card().observe(blocks);
        }
        for (Map<Integer, long[]> words : fetched) {
          Bench.Moment next = higher(bench.now());
          blocks.begin(number(next) - 1);
          bench.run(next.tick());
          words.forEach((granule, set) -> traced.noteFetched(granule, set));
          traced.end(number(next) - 1);
        }
        bench.machine().cpu().memory.listen(null);
        if (bench.now() != ticks()) {
          throw new IllegalStateException("the undisturbed run is another one when it is traced");
        }
        liveness = traced;
        cardUse = blocks;
      }
    }
    return liveness;
  }

  /** Returns whether the run first reads or first writes each block of the card, likewise. */
  CardUse cardUse() {
    liveness();
    return cardUse;
  }

  /** Finds the bytes of states that depend on a client's progress when input arrived. */
  private void findTimely() {
    if (workload.input().isEmpty()) {
      return;
    }
    try (Bench bench = new Bench(policy, workload.hurried(), false)) {
      bench.run(start());
      while (!bench.isOver() && !bench.isDone() && bench.now() < LIMIT) {
        bench.run(bench.now() + STEP);
      }
      Map<String, byte[]> states = bench.isOver() ? Map.of() : Observation.states(bench.view());
      end.states()
          .forEach((name, expected) -> {
            byte[] got = states.getOrDefault(name, expected);
            BitSet different = new BitSet();
            for (int i = 0; i < expected.length; i++) {
              different.set(i, i >= got.length || expected[i] != got[i]);
            }
            timely.put(name, different);
          });
    }
  }

  /** Returns the bytes of a state that depend on the arrival of input, and so are not compared. */
  BitSet timely(String state) {
    return timely.getOrDefault(state, new BitSet());
  }

  /** Runs to a tick, and records whose code runs. */
  private void trace(Bench bench, Map<Integer, String> names, long until) {
    View v = bench.view();
    int object = v.offset("Frame", "object");
    int method = v.offset("Frame", "method");
    Cpu cpu = bench.machine().cpu();
    int entered = v.offset("Method", "entry");
    Map<Integer, long[]> words = fetched.get(fetched.size() - 1);
    int page = 1;
    int physical = 0;
    long[] set = null;
    while (!bench.isOver() && bench.now() < until) {
      if (!cpu.isWaiting()) {
        int at = cpu.pc & -Bus.GRANULE;
        if (at != page) {
          page = at;
          physical = cpu.memory.physical(at) >>> Bus.GRANULE_SHIFT;
          set = words.computeIfAbsent(physical, g -> new long[Bus.GRANULE / 4 / Long.SIZE]);
        }
        int word = (cpu.pc & Bus.GRANULE - 1) / 4;
        set[word / Long.SIZE] |= 1L << word;
      }
      if (cpu.mode() == Psr.USER) {
        int frame = cpu.banked(Psr.SUPERVISOR, SP);
        String name = names.get(bench.machine().bus().read(frame + object, 4));
        spans.computeIfAbsent(name, n -> new Spans()).add(bench.now());
        int which = bench.machine().bus().read(frame + method, 4);
        if (which != 0) {
          methods.computeIfAbsent(name, n -> new Spans()).add(bench.now());
          if (bench.machine().bus().read(which + entered, 4) == cpu.pc) {
            entries.computeIfAbsent(name, n -> new ArrayList<>()).add(bench.now());
          }
        } else if (threads.contains(name)) {
          methods.computeIfAbsent(name, n -> new Spans()).add(bench.now());
        }
      } else if (!cpu.isWaiting()) {
        kernel.add(bench.now());
      }
      bench.single(until);
    }
  }

  /** Selects instructions of the undisturbed run. */
  @FunctionalInterface
  public interface Where {
    /**
     * Returns whether an instruction counts.
     *
     * @param object whose code runs; {@link Fault#KERNEL} for the kernel's own
     * @param client on whose behalf; empty for the kernel
     * @param pc address of the instruction
     */
    boolean counts(String object, String client, int pc);
  }

  /** Runs the workload again, and returns the instructions that count. */
  public Spans where(Where where) {
    Spans found = new Spans();
    try (Bench bench = new Bench(policy, workload, false)) {
      bench.restore(moments.firstEntry().getValue(), printed);
      View v = bench.view();
      Map<Integer, String> names = new HashMap<>();
      v.objects().forEach(o -> names.put(o.struct().address(), o.name()));
      int object = v.offset("Frame", "object");
      int first = v.offset("Thread", "frames") + object;
      int threadOf = -v.size("Thread"); // a power of two
      Cpu cpu = bench.machine().cpu();
      while (!bench.isOver() && bench.now() < ticks()) {
        if (cpu.mode() == Psr.USER) {
          int frame = cpu.banked(Psr.SUPERVISOR, SP);
          String name = names.get(bench.machine().bus().read(frame + object, 4));
          String client = names.get(bench.machine().bus().read((frame & threadOf) + first, 4));
          if (where.counts(name, client, cpu.pc)) {
            found.add(bench.now());
          }
        } else if (!cpu.isWaiting() && where.counts(Fault.KERNEL, "", cpu.pc)) {
          found.add(bench.now());
        }
        bench.single(ticks());
      }
    }
    return found;
  }

  /** Returns the server state regions that services keep at the end: SERVICE/OWNER#N. */
  public Set<String> states() {
    return end.states().keySet();
  }

  /** Returns the recovery policy. */
  public String policy() {
    return policy;
  }

  Workload workload() {
    return workload;
  }

  /** Returns the first tick at which a fault can strike: all objects exist. */
  public long start() {
    return moments.firstKey();
  }

  /** Returns the tick at which all clients had done their work. */
  public long ticks() {
    return moments.lastKey();
  }

  /** Returns the last moment at a tick or before; null before the first one. */
  Bench.Moment floor(long tick) {
    Map.Entry<Long, Bench.Moment> entry = moments.floorEntry(tick);
    return entry == null ? null : entry.getValue();
  }

  /**
   * Returns the last moment at a tick or before.
   *
   * @throws LabException when the workload does not run at the tick
   */
  Bench.Moment before(long tick) {
    Bench.Moment moment = floor(tick);
    if (moment == null || tick >= ticks()) {
      throw new LabException(
          "tick %d: the workload runs from tick %d to %d".formatted(tick, start(), ticks()));
    }
    return moment;
  }

  /** Returns the first moment after a tick; null after the last one. */
  Bench.Moment higher(long tick) {
    Map.Entry<Long, Bench.Moment> entry = moments.higherEntry(tick);
    return entry == null ? null : entry.getValue();
  }

  /** Returns everything that it has printed. */
  byte[] printed() {
    return printed;
  }

  /** Returns the blocks of the card that are not as at first when it ends. */
  Map<Long, byte[]> card() {
    return card;
  }

  /** Returns its outcome. */
  Observation end() {
    return end;
  }

  /** Returns when code ran on behalf of an object. */
  public Spans spans(String object) {
    return spans.getOrDefault(object, new Spans());
  }

  /** Returns when a method of an object ran, or its own thread, as that of {@code netirq}. */
  public Spans methods(String object) {
    return methods.getOrDefault(object, new Spans());
  }

  /**
   * Returns a tick at which a method of a service runs.
   *
   * @param share fraction of its methods' execution before it, 0 to below 1
   */
  public long runsAt(String service, double share) {
    Spans spans = methods(service);
    if (spans.total() == 0) {
      throw new LabException("nothing calls " + service);
    }
    return spans.tick((long) (share * spans.total()));
  }

  /**
   * Returns the ticks before the first instructions of methods of an object; none if nobody calls
   * it.
   */
  public List<Long> entries(String object) {
    return entries.getOrDefault(object, List.of());
  }

  /** Returns when the kernel ran and did not wait. */
  public Spans kernel() {
    return kernel;
  }

  /** Returns the services whose code ran, drivers and forwarders of interrupts among them. */
  public List<String> services() {
    TreeSet<String> names = new TreeSet<>(methods.keySet());
    names.removeIf(n -> methods.get(n).total() == 0);
    return List.copyOf(names);
  }
}
