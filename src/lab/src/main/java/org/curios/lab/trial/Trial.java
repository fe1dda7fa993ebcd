package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Observation.Happening;

/** Runs trials on its own machine: one fault each, compared with the undisturbed run. */
public final class Trial implements AutoCloseable {
  /** Ticks after the end of the undisturbed run by which every client must have finished. */
  private static final long PATIENCE = 400_000_000;

  /** The same with stuck bits, for which the machine runs one instruction at a time. */
  private static final long PATIENCE_WHEN_STUCK = 100_000_000;

  /**
   * Ticks without a tick of the kernel's own clock after which the system is lost: 20 milliseconds.
   */
  private static final long CLOCK_STOPPED = 4_000_000;

  private static final long STEP = 50_000;

  /** Ticks for which a second fault waits until what it strikes runs. */
  private static final long AWAITED = 1_000_000;

  /**
   * The longer a trial has not met the undisturbed run, the less often it is compared: after a
   * sixteenth of the time since the fault, at most {@link #LONGEST_GAP} ticks.
   */
  private static final int GAPS = 16;

  private static final long LONGEST_GAP = 1_000_000;

  private final Baseline baseline;
  private final Bench bench;
  private final Convergence convergence;
  private final boolean endsEarly;
  private final Judge judge;

  private Hit hit = Hit.NOBODY;
  private long struckAt;
  private long began;
  private long restoring;
  private long comparing;

  /** Returns the policies that trials know: those of the kernel, and {@code snapshot}. */
  public static List<String> policies() {
    return Generations.policies();
  }

  /** Returns the policy that the kernel runs with under a policy of trials. */
  public static String kernelPolicy(String policy) {
    return Generations.ofKernel(policy);
  }

  /**
   * Checks the name of a policy.
   *
   * @param what start of the error message, such as {@code --policy}
   * @throws LabException when there is none of this name
   */
  public static void mustBePolicy(String what, String policy) {
    if (!policy.equals(Generations.POLICY)) {
      Boot.mustBePolicy(what, policy);
    }
  }

  /** Makes a machine for trials against an undisturbed run. */
  public Trial(Baseline baseline) {
    this(baseline, true);
  }

  private Trial(Baseline baseline, boolean endsEarly) {
    this.baseline = baseline;
    this.endsEarly = endsEarly;
    if (endsEarly) {
      baseline.liveness(); // not within the time of the first trial
    }
    bench = new Bench(baseline.policy(), baseline.workload(), true);
    convergence = new Convergence(baseline, bench);
    judge = new Judge(baseline, bench);
  }

  /** Creates a runner whose trials record when the kernel detects faults. */
  public static Trial timed(Baseline baseline) {
    Trial trial = new Trial(baseline);
    trial.bench.mark();
    return trial;
  }

  /**
   * Creates a runner whose trials record when the kernel detects faults, and run to the end of the
   * workload even if the outcome is known earlier. It suits few trials, because it does not need a
   * trace of the undisturbed run.
   */
  public static Trial toTheEnd(Baseline baseline) {
    Trial trial = new Trial(baseline, false);
    trial.bench.mark();
    return trial;
  }

  /**
   * Faults and their outcome.
   *
   * @param faults the faults, in the order of time
   * @param outcome its outcome
   */
  public record Result(List<Fault> faults, Outcome outcome) {
    /** Copies the list. */
    public Result {
      faults = List.copyOf(faults);
    }

    /** Returns the first fault. */
    public Fault fault() {
      return faults.get(0);
    }
  }

  /**
   * A fault that is chosen when the machine has reached its tick.
   *
   * @param tick when; or how long after the kernel has noticed the one before
   * @param inRecovery whether the tick counts from there
   * @param awaited whether the moment has come from the tick on, for at most {@link #AWAITED} ticks
   * @param choice chooses the fault; null if there is nothing to strike
   */
  public record Strike(
      long tick, boolean inRecovery, Predicate<View> awaited, Function<View, Fault> choice) {
    /** Creates a choice at the tick itself. */
    public Strike(long tick, boolean inRecovery, Function<View, Fault> choice) {
      this(tick, inRecovery, v -> true, choice);
    }

    /** Creates a choice of a given fault. */
    public static Strike of(Fault fault) {
      return new Strike(fault.tick(), fault.inRecovery(), v -> fault);
    }
  }

  /**
   * Host time of a trial, in nanoseconds.
   *
   * @param restore to go back to the snapshot
   * @param simulate to run the guest
   * @param compare to compare it with the undisturbed run
   */
  public record Cost(long restore, long simulate, long compare) {}

  /** Returns the host time of the last trial. */
  public Cost cost() {
    return new Cost(restoring, System.nanoTime() - began - restoring - comparing, comparing);
  }

  /** Returns when the last trial was detected and recovered from; only of one that is timed. */
  public Times times() {
    long detected = -1;
    long recovered = -1;
    String what = "";
    for (Bench.Mark m : bench.marks()) {
      if (!isDetection(m)) {
        continue;
      }
      String kind = judge.words().name(Kind.EVENT, m.kind());
      if (detected < 0) {
        detected = m.tick();
        what = kind.equals("fault") ? judge.fault(m.detail()) : kind;
      }
      if (kind.equals("recovered")) {
        recovered = m.tick();
        break;
      }
    }
    return new Times(what, detected, recovered);
  }

  /**
   * The times from a fault to the end of the first recovery.
   *
   * @param fault what the kernel noticed first, a name of {@link Kind#FAULT}; empty for nothing
   * @param detected tick at which the kernel noticed it; -1 if it did not
   * @param recovered tick at which the service was back; -1 if it did not come back
   */
  public record Times(String fault, long detected, long recovered) {
    /** Returns the instructions from the one to the other; -1 if there was no recovery. */
    public long instructions() {
      return recovered < 0 ? -1 : recovered - detected;
    }
  }

  /** Runs a timed trial with a given fault. */
  public Timed time(Fault fault) {
    Result result = run(fault);
    return new Timed(result, times());
  }

  /**
   * A trial and its times.
   *
   * @param result its outcome
   * @param times of the first detection
   */
  public record Timed(Result result, Times times) {}

  /**
   * Runs a trial with a given fault.
   *
   * @throws LabException when the fault strikes where nothing is
   */
  public Result run(Fault fault) {
    return run(List.of(fault));
  }

  /**
   * Runs a trial with given faults, in the order of time.
   *
   * @throws LabException when the place of one of them does not exist
   */
  public Result run(List<Fault> faults) {
    return run(Strike.of(faults.get(0)), faults.size() < 2 ? null : Strike.of(faults.get(1)), true);
  }

  /**
   * Makes a trial.
   *
   * @param tick of the fault
   * @param choice chooses the fault when the machine is at the tick
   * @return null if there is nothing to strike at the tick
   */
  public Result run(long tick, Function<View, Fault> choice) {
    return run(new Strike(tick, false, choice), null);
  }

  /**
   * Runs a trial with one fault or two.
   *
   * @param first the first one
   * @param second the second one, which is left out when there is nothing to strike; null for none
   * @return null if there is nothing to strike for the first one
   */
  public Result run(Strike first, Strike second) {
    return run(first, second, false);
  }

  /** Looks at the undisturbed machine at a tick. */
  public <T> T look(long tick, Function<View, T> looks) {
    goTo(tick);
    return looks.apply(bench.view());
  }

  private void goTo(long tick) {
    Bench.Moment from = baseline.before(tick);
    began = System.nanoTime();
    comparing = 0;
    bench.restore(from, baseline.printed());
    restoring = System.nanoTime() - began;
    bench.run(tick);
  }

  private Result run(Strike first, Strike second, boolean must) {
    long tick = first.tick;
    if (first.inRecovery) {
      throw new LabException("the first fault cannot strike in the recovery of another one");
    }
    goTo(tick);
    View v = bench.view();
    Fault fault = first.choice.apply(v);
    if (fault == null) {
      return null;
    }
    hit = Hit.of(v, fault);
    struckAt = tick;
    Watch watch = new Watch(v);
    List<Fault> faults = new ArrayList<>();
    faults.add(fault);
    Injector.strike(v, fault, bench);
    try {
      Outcome early = second == null ? null : strikeAgain(watch, second, faults, must);
      boolean isTransient = faults.stream().allMatch(Fault::isTransient);
      return new Result(faults, early != null ? early : watch.toTheEnd(isTransient));
    } catch (LabException e) { // a fault in the kernel has destroyed what the laboratory reads
      return new Result(
          faults, judge.lost(hit, "the kernel's structures (" + e.getMessage() + ")"));
    } catch (IndexOutOfBoundsException e) { // likewise
      if (faults.stream().noneMatch(f -> f.kind().isOfKernel())) {
        throw e;
      }
      return new Result(faults, judge.lost(hit, "the kernel's structures"));
    }
  }

  /**
   * Injects a second fault if there is something to strike; returns the outcome if it is known
   * before.
   */
  private Outcome strikeAgain(Watch watch, Strike second, List<Fault> faults, boolean must) {
    if (second.inRecovery) {
      if (!bench.runTo(this::isDetection, baseline.ticks())) {
        return null;
      }
      bench.run(bench.now() + second.tick);
    } else {
      boolean isTransient = faults.get(0).isTransient();
      Outcome early = watch.go(second.tick, isTransient, false);
      if (early != null) {
        return early;
      }
      long until = Math.min(second.tick + AWAITED, baseline.ticks());
      while (!bench.isOver() && !second.awaited.test(watch.view) && bench.now() < until) {
        bench.single(until);
      }
    }
    Fault fault =
        bench.isOver() || !second.awaited.test(watch.view) ? null : second.choice.apply(watch.view);
    if (fault == null) {
      return null;
    }
    try {
      Injector.strike(watch.view, fault, bench);
      faults.add(fault);
    } catch (LabException e) {
      if (must) {
        throw e;
      }
    }
    return null;
  }

  /** Looks at the machine from the first fault on. */
  private final class Watch {
    final View view;
    private final List<Happening> events = new ArrayList<>();
    private long seen;
    private int clock;
    private long clockAt;

    /** Of the policy that returns to them; otherwise null. */
    private final Generations generations;

    Watch(View view) {
      this.view = view;
      begin();
      generations =
          baseline.policy().equals(Generations.POLICY) ? new Generations(bench, baseline) : null;
    }

    /** What happens from now on counts. */
    private void begin() {
      seen = view.eventCount();
      clock = bench.word("now_ms");
      clockAt = bench.now();
    }

    /** Continues until the outcome is known. */
    Outcome toTheEnd(boolean isTransient) {
      return go(Long.MAX_VALUE, isTransient, isTransient && endsEarly);
    }

    /** Continues until the outcome is known, or to a tick; then it is null. */
    Outcome go(long until, boolean isTransient, boolean mayMeet) {
      long last = baseline.ticks() + (isTransient ? PATIENCE : PATIENCE_WHEN_STUCK);
      while (bench.isOver() || bench.now() < until) {
        Bench.Moment next = generations == null ? nextMoment() : baseline.higher(bench.now());
        bench.run(Math.min(next == null ? bench.now() + STEP : next.tick(), until));
        look();
        if (generations != null) {
          if ((bench.isOver() && !bench.isDone() || isStopped() || Judge.hasFailed(events))
              && generations.goBack()) {
            events.removeIf(e -> e.kind().equals("failed"));
            begin();
            continue;
          }
          generations.save();
        }
        if (bench.isOver() && !bench.isDone() || bench.now() > last || isStopped()) {
          return judge.lost(hit, events, isStopped());
        }
        if (mayMeet
            && !wentBack()
            && next != null
            && !bench.isOver()
            && !bench.isPending()
            && meets(next, events)) {
          return met(next, events);
        }
        if (bench.isDone()) {
          long start = System.nanoTime();
          Outcome outcome = judge.judge(hit, Observation.of(bench), events, wentBack());
          comparing += System.nanoTime() - start;
          return outcome;
        }
      }
      return null;
    }

    private void look() {
      long count = view.eventCount();
      if (count != seen) {
        events.addAll(Observation.happenings(view, seen));
        seen = count;
      }
      if (bench.word("now_ms") != clock) {
        clock = bench.word("now_ms");
        clockAt = bench.now();
      }
    }

    private boolean isStopped() {
      return bench.now() - clockAt > CLOCK_STOPPED;
    }

    private boolean wentBack() {
      return generations != null && generations.returns() != 0;
    }
  }

  /** Returns the moment at which to look next; null after the last one. */
  private Bench.Moment nextMoment() {
    long gap = Math.min((bench.now() - struckAt) / GAPS, LONGEST_GAP);
    Bench.Moment far = baseline.higher(bench.now() + gap);
    return far == null ? baseline.higher(bench.now()) : far;
  }

  private boolean meets(Bench.Moment moment, List<Happening> events) {
    long start = System.nanoTime();
    try {
      Set<String> recovered = new HashSet<>();
      for (Happening e : events) {
        if (e.kind().equals("recovered")) {
          recovered.add(e.object());
        }
      }
      return convergence.isMet(moment, recovered);
    } finally {
      comparing += System.nanoTime() - start;
    }
  }

  private Outcome met(Bench.Moment moment, List<Happening> events) {
    long start = System.nanoTime();
    try {
      return judge.met(hit, moment, events, convergence);
    } finally {
      comparing += System.nanoTime() - start;
    }
  }

  /** Returns whether the second machine prints the same as in the undisturbed run. */
  boolean peerIsAsUndisturbed() {
    String text = baseline.peerText();
    return bench.peerText(text::equals).equals(text);
  }

  private boolean isDetection(Bench.Mark m) {
    return m.tick() >= struckAt
        && !judge.isUsual(judge.words().name(Kind.EVENT, m.kind()), m.detail());
  }

  @Override
  public void close() {
    bench.close();
  }
}
