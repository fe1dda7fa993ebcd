package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Observation.Happening;
import org.curios.machine.device.Pl011;

/**
 * Successive crashes of one running system while clients work: every service and every kind of
 * crash in turn, alternately at the entry of a method and at a random instruction within one.
 * Compares resources that could leak, the cost of recovery and the results of the clients from
 * beginning to end.
 */
public final class Endurance implements AutoCloseable {
  /** The services that are crashed. */
  public static final List<String> SERVICES =
      List.of("names", "console", "timer", "sched", "store", "uartirq", "counter", "meter");

  private static final String RUN = "steady,busy0,talker0,typist0";
  private static final String INTERRUPTS = "uartirq";

  private static final long SETTLED = 4 * Boot.BOOTED;
  private static final long PATIENCE =
      400_000_000; // ticks: 2 s, for three runs of a hang with others at work

  /** Ticks in which no client makes as many requests as it has room for records. */
  private static final long BETWEEN_LOOKS = 500_000;

  private static final int WARM_UP = 1000;
  private static final int LOOKS = 100;

  /** Minimum number of cycles of crashes whose median is compared. */
  private static final int FEWEST = 3;

  private static final int ATTEMPTS = 8;
  private static final int SOON = 4_000_000; // ticks: 20 ms
  private static final int NEAR = 8;
  private static final int FAR = 4000;
  private static final int FIRST_REACH = 64;

  /**
   * The results of a run.
   *
   * @param asked how many crashes were to be made
   * @param crashes how many there were
   * @param within those at random instructions within methods
   * @param restarts crashes after which the service restarted
   * @param reruns crashes that another run of the same request repaired, under ssr-twice
   * @param missed how often a crash of a service struck no request, or was not detected
   * @param seconds of real time
   * @param virtualSeconds of the guest's time
   * @param first use of resources in the first crashes after the warm-up; no samples if the run was
   *     cut short before
   * @param last use of resources in the last crashes
   * @param ticksFirst median of instructions per recovery in the first tenth after the warm-up; 0
   *     when there were too few to compare
   * @param ticksLast the same in the last tenth
   * @param requests of each client
   * @param events events by which a client lost something, by kind; {@code system} if all is lost
   * @param complaints number of errors in records and on the console
   * @param said the first of them
   * @param idle clients that have done nothing in the last tenth, or the last cycle
   */
  public record Result(
      int asked,
      int crashes,
      int within,
      int restarts,
      int reruns,
      Map<String, Integer> missed,
      double seconds,
      double virtualSeconds,
      Levels first,
      Levels last,
      long ticksFirst,
      long ticksLast,
      Map<String, Long> requests,
      Map<String, Integer> events,
      long complaints,
      List<String> said,
      List<String> idle) {
    /** Maximum ratio of the cost of recovery at the end to that at the start. */
    public static final double MOST_SLOWDOWN = 1.05;

    /** Returns the resources that grew. */
    public List<String> grown() {
      return first.looks() == 0 || last.looks() == 0 ? List.of() : last.grownSince(first);
    }

    /**
     * Returns the ratio of the cost of recovery at the end to that at the start; 1 while that is
     * not known.
     */
    public double slowdown() {
      return ticksFirst == 0 || ticksLast == 0 ? 1 : (double) ticksLast / ticksFirst;
    }

    /** Returns whether all criteria are met. */
    public boolean good() {
      return grown().isEmpty()
          && slowdown() <= MOST_SLOWDOWN
          && complaints == 0
          && events.isEmpty()
          && idle.isEmpty()
          && missed.isEmpty();
    }
  }

  /** The outcome of a crash. */
  private enum End {
    RESTARTED,
    RUN_AGAIN,
    NOTHING,
    NOT_STRUCK
  }

  private static final List<String> LOSSES =
      List.of("failed", "quarantine", "ended", "error", "tripped");

  private final Bench bench;
  private final SplittableRandom random;
  private final View view;
  private final List<String> kinds;

  /** Crashes that are all different: only whole cycles are compared. */
  private final int cycle;

  private final Witness witness;
  private final Map<String, Obj> services = new LinkedHashMap<>();
  private final Map<String, Integer> reach = new HashMap<>();
  private final Map<String, Integer> losses = new TreeMap<>();
  private final Map<String, Integer> missed = new TreeMap<>();
  private final List<Long> ticks = new ArrayList<>();
  private int within;
  private int restarts;
  private int reruns;
  private long looked;
  private volatile boolean stopped;

  /** Boots the system and waits until the clients work. */
  public Endurance(String policy, long seed) {
    bench = new Bench(policy, Workload.of(RUN), true);
    random = new SplittableRandom(seed);
    bench.run(SETTLED);
    view = bench.view();
    kinds = view.words().names(Kind.CRASH);
    cycle = 2 * SERVICES.size() * kinds.size();
    witness = new Witness(view);
    SERVICES.forEach(s -> services.put(s, view.object(s)));
    bench.watch(true);
  }

  /** Prevents further crashes. */
  public void stop() {
    stopped = true;
  }

  /**
   * Crashes services until the given number have crashed or the system is lost.
   *
   * @param each called with the number of crashes so far
   */
  public Result run(int crashes, IntConsumer each) {
    long began = System.nanoTime();
    long beganTick = bench.now();
    int window = Math.min(WARM_UP, Math.max(1, crashes / 10));
    int tenth = (Math.max(crashes / 10, FEWEST * cycle) + cycle - 1) / cycle * cycle;
    int between = Math.max(1, window / LOOKS);
    Levels first = new Levels();
    Levels last = new Levels();
    Map<String, Long> before = Map.of();
    int done = 0;
    int firstTicks = 0;
    for (; done < crashes && !stopped && isAlive(); done++) {
      if (done == window) {
        firstTicks = ticks.size();
      }
      if (done == crashes - Math.max(cycle, crashes / 10)) {
        before = witness.requests();
      }
      crash(done);
      look();
      if (done % between == 0 && done >= window && done < 2 * window) {
        first.add(view);
      }
      if (done % between == 0 && done >= crashes - window) {
        last.add(view);
      }
      each.accept(done + 1);
    }
    boolean compares = window + 2 * tenth <= done;
    settle(last);
    if (bench.isOver()) {
      losses.put("system", 1);
    }
    witness.finish();
    Map<String, Long> requests = witness.requests();
    Map<String, Long> earlier = before;
    List<String> idle =
        earlier.keySet().stream().filter(c -> requests.get(c) <= earlier.get(c)).toList();
    return new Result(
        crashes,
        done,
        within,
        restarts,
        reruns,
        missed,
        (System.nanoTime() - began) / 1e9,
        (double) (bench.now() - beganTick) / VirtualClock.HZ,
        first,
        last,
        compares ? median(firstTicks, firstTicks + tenth) : 0,
        compares ? median(ticks.size() - tenth, ticks.size()) : 0,
        requests,
        losses,
        witness.complaintCount(),
        witness.complaints(),
        idle);
  }

  /**
   * Lets running requests end, and measures the resources in use after a run that was cut short.
   */
  private void settle(Levels last) {
    for (int i = 0; i < LOOKS && isAlive(); i++) {
      bench.run(bench.now() + Boot.BOOTED / LOOKS);
      look();
      if (last.looks() <= i) {
        last.add(view);
      }
    }
  }

  private long median(int from, int to) {
    long[] sorted =
        ticks.subList(Math.max(0, from), Math.min(to, ticks.size())).stream()
            .mapToLong(Long::longValue)
            .sorted()
            .toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private boolean isAlive() {
    return !bench.isOver() && !losses.containsKey("failed");
  }

  /** Makes the crash with a number, from 0. */
  private void crash(int number) {
    String service = SERVICES.get(number % SERVICES.size());
    int kind = number / SERVICES.size() % kinds.size();
    boolean inside = number / SERVICES.size() / kinds.size() % 2 == 1;
    boolean struck =
        service.equals(INTERRUPTS) ? crashInterrupts(kind) : inside && crashWithin(service, kind);
    boolean armed =
        !struck && !service.equals(INTERRUPTS) && arm(service, view.words().crash(kinds.get(kind)));
    End end = armed || struck ? await(service, armed) : End.NOT_STRUCK;
    switch (end) {
      case RESTARTED -> restarts++;
      case RUN_AGAIN -> reruns++;
      default ->
          missed.merge(
              service
                  + " "
                  + kinds.get(kind)
                  + (end == End.NOT_STRUCK ? ", not called" : ", not detected"),
              1,
              Integer::sum);
    }
  }

  /** Arms a crash and runs until it strikes a request of the service. */
  private boolean arm(String service, int crash) {
    Obj o = services.get(service);
    view.crashes().arm(o, crash);
    if (await("armed", service) != null) {
      return true;
    }
    view.crashes().disarm(o);
    return false;
  }

  /**
   * Crashes a service some instructions after a method was entered. The number adapts to the length
   * of the methods: if it exceeds one, the next number is smaller.
   */
  private boolean crashWithin(String service, int kind) {
    for (int i = 0; i < ATTEMPTS && isAlive(); i++) {
      int far = reach.getOrDefault(service, FIRST_REACH);
      if (!arm(service, view.words().all(Kind.INJECTION).get(0).number())) {
        return false;
      }
      if (runInto(service)) {
        bench.run(bench.now() + random.nextInt(far));
        if (strike(service, kind)) {
          reach.put(service, Math.min(FAR, far + far / 8 + 1));
          within++;
          return true;
        }
      }
      reach.put(service, Math.max(NEAR, far - far / 8));
    }
    return false;
  }

  /** Crashes the service that has no requests, while it forwards an interrupt. */
  private boolean crashInterrupts(int kind) {
    Pl011 uart = bench.machine().board().uart(0);
    for (int i = 0; i < ATTEMPTS && isAlive(); i++) {
      if (uart.canReceive()) {
        uart.receive(witness.nextTyped());
      }
      if (runInto(INTERRUPTS)) {
        bench.run(bench.now() + random.nextInt(NEAR));
        if (strike(INTERRUPTS, kind)) {
          within++;
          return true;
        }
      }
    }
    return false;
  }

  /** Runs in small steps until a service runs; false if that takes too long. */
  private boolean runInto(String service) {
    for (long limit = bench.now() + SOON; bench.now() < limit && !bench.isOver(); ) {
      if (runs(service)) {
        return true;
      }
      bench.run(bench.now() + NEAR);
    }
    return false;
  }

  private boolean runs(String service) {
    if (bench.machine().cpu().mode() != Psr.USER) {
      return false;
    }
    Obj running = Injector.running(view);
    return running != null
        && running.struct().address() == services.get(service).struct().address();
  }

  private boolean strike(String service, int kind) {
    if (!runs(service)) {
      return false;
    }
    Injector.strike(view, new Fault(FaultClass.CRASH, service, bench.now(), kinds.get(kind), 0));
    return true;
  }

  /**
   * Runs until a service has recovered, or has repeated its request with agreeing runs.
   *
   * @param always whether each run of the request crashes, so that none repairs it
   */
  private End await(String service, boolean always) {
    long limit = bench.now() + PATIENCE;
    for (Happening h = next(limit); h != null; h = next(limit)) {
      if (!h.object().equals(service)) {
        continue;
      }
      if (h.kind().equals("disagreed") && !always) {
        return End.RUN_AGAIN;
      }
      if (h.kind().equals("fault")) {
        Happening recovered = await("recovered", service);
        if (recovered != null) {
          ticks.add(recovered.tick() - h.tick());
        }
        return recovered == null ? End.NOTHING : End.RESTARTED;
      }
    }
    return End.NOTHING;
  }

  private Happening await(String kind, String service) {
    long limit = bench.now() + PATIENCE;
    for (Happening h = next(limit); h != null; h = next(limit)) {
      if (h.kind().equals(kind) && h.object().equals(service)) {
        return h;
      }
    }
    return null;
  }

  /** Returns the next event; counts what a client loses through it. */
  private Happening next(long limit) {
    Happening h = null;
    while (h == null && isAlive() && bench.now() < limit) {
      h = bench.next(Math.min(limit, looked + BETWEEN_LOOKS));
      if (bench.now() >= looked + BETWEEN_LOOKS) {
        look();
      }
    }
    if (h != null && LOSSES.contains(h.kind())) {
      losses.merge(h.kind(), 1, Integer::sum);
    }
    return h;
  }

  private void look() {
    witness.look(view, bench.takePrinted());
    looked = bench.now();
  }

  @Override
  public void close() {
    bench.close();
  }
}
