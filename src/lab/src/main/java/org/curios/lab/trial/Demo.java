package org.curios.lab.trial;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.LabException;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Outcome.Word;
import org.curios.machine.card.DiskBase;

/**
 * The demonstration: a workload of thirteen clients, files and network among them, runs once
 * undisturbed, and then twice for every service and every kind of crash: one at the entry of a
 * method, the other at a random instruction within one. One of the clients works with a second
 * machine on the network. The clients must get and print the same results, and so must the second
 * machine. Thread-safe.
 */
public final class Demo implements AutoCloseable {
  /** The services and drivers of the workload. */
  public static final List<String> SERVICES =
      List.of(
          "names", "console", "uartirq", "timer", "sched", "store", "files", "flush", "card", "net",
          "ether", "netirq");

  private static final double TICKS_PER_US = VirtualClock.HZ / 1e6;

  /**
   * Ten clients of the small services, one of the network, one of the files, and one that calls the
   * second machine.
   */
  private static final String CLIENTS = "mixed,trial4,trial5,caller";

  private static final String PEER_RUNS = "peer";

  /** The client of the second machine. */
  public static final String PEER = PEER_RUNS + "0";

  /** Ticks after boot by which all clients work; names crashes while it is still in use. */
  private static final long AT_WORK = 500_000;

  /**
   * The effects of a crash.
   *
   * @param service what was crashed
   * @param crash how
   * @param within whether it struck at a random instruction rather than at the entry of a method
   * @param detected how the kernel detected it; empty if it did not
   * @param instructions from detection to the end of recovery; -1 if there was none
   * @param microseconds the same in virtual time
   * @param differing clients, {@link #PEER} among them, whose output differs from the undisturbed
   *     run
   * @param ended whether the workload reached its end
   */
  public record Result(
      String service,
      String crash,
      boolean within,
      String detected,
      long instructions,
      double microseconds,
      List<String> differing,
      boolean ended) {
    /** Returns whether no client noticed anything. */
    public boolean good() {
      return ended && differing.isEmpty() && !detected.isEmpty();
    }
  }

  private final Baseline baseline;
  private final ConcurrentLinkedQueue<Trial> idle = new ConcurrentLinkedQueue<>();

  /** Runs the workload undisturbed, with the embedded card. */
  public Demo(String policy) {
    this(policy, EmbeddedCard.base());
  }

  /**
   * Runs the workload undisturbed.
   *
   * @param card content of every machine's card
   */
  public Demo(String policy, DiskBase card) {
    Workload workload = Workload.of(CLIENTS).withCard(card).withPeer(PEER_RUNS);
    baseline = Baseline.measure(policy, workload);
  }

  /** Returns the clients of the workload. */
  public List<String> clients() {
    return List.copyOf(baseline.end().records().keySet());
  }

  /** Crashes a service once at the entry of a method, or when it starts if nobody calls it. */
  public Result crash(String service, String crash) {
    List<Long> entries = baseline.entries(service);
    long tick =
        entries.isEmpty()
            ? baseline.runsAt(service, 0)
            : entries.stream()
                .filter(t -> service.equals("names") || t >= baseline.start() + AT_WORK)
                .findFirst()
                .orElseThrow(() -> new LabException("nothing calls " + service));
    return strike(service, crash, tick, false);
  }

  /** Crashes a service once at a random instruction while it serves, the same one each time. */
  public Result crashWithin(String service, String crash) {
    Spans spans = baseline.methods(service);
    SplittableRandom random = new SplittableRandom((service + "." + crash).hashCode());
    long tick = spans.tick(random.nextLong(spans.total()));
    while (baseline.entries(service).contains(tick)) {
      tick = spans.tick(random.nextLong(spans.total()));
    }
    return strike(service, crash, tick, true);
  }

  private Result strike(String service, String crash, long tick, boolean within) {
    Trial trial = idle.poll();
    if (trial == null) {
      trial = Trial.toTheEnd(baseline);
    }
    Trial.Timed timed = trial.time(new Fault(FaultClass.CRASH, service, tick, crash, 0));
    boolean peerDiffers = !trial.peerIsAsUndisturbed();
    idle.add(trial);
    Outcome outcome = timed.result().outcome();
    long instructions = timed.times().instructions();
    TreeSet<String> differing = new TreeSet<>();
    outcome.differences().stream()
        .map(Difference::client)
        .filter(clients()::contains)
        .forEach(differing::add);
    if (peerDiffers) {
      differing.add(PEER);
    }
    return new Result(
        service,
        crash,
        within,
        timed.times().fault(),
        instructions,
        instructions < 0 ? -1 : instructions / TICKS_PER_US,
        List.copyOf(differing),
        outcome.word() != Word.SYSTEM_LOST);
  }

  @Override
  public void close() {
    idle.forEach(Trial::close);
  }
}
