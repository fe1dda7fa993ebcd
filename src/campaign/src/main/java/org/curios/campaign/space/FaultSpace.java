package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.Sampling;
import org.curios.campaign.plan.When;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;

/**
 * The set from which the faults of a plan are drawn under one policy. A trial's fault depends on
 * the seed, its number and the undisturbed run alone; under another policy the same number gives
 * the same kind, service, place and bit, after the same share of what the service carries out.
 */
public final class FaultSpace {
  /**
   * Number of moments at which a service may have nothing to strike, before another one is chosen.
   */
  private static final int TRIES = 64;

  /** Ticks after a fault is noticed within which a second one strikes in recovery. */
  private static final long RECOVERY = 4000;

  private final Baseline baseline;
  private final List<Stratum> strata = new ArrayList<>();
  private final List<FaultSet> sets;
  private final Map<FaultSet, List<Stratum>> bySet = new HashMap<>();
  private final Sampling.Method method;
  private final double[] sums;
  private final long seed;

  /** The runs of an exhaustive campaign; null for others. */
  private final DefUse window;

  /**
   * A kind of faults in a service.
   *
   * @param set the kind
   * @param service the service to strike
   * @param spans when it can strike; null for any time
   * @param ticks number of instructions in the spans
   */
  private record Stratum(FaultSet set, String service, Spans spans, long ticks) {}

  /**
   * A trial's fault and the set from which it was drawn.
   *
   * @param result the trial
   * @param set the name of the kind
   * @param service what was struck
   * @param pc address of the instruction before which it happened
   * @param bits how many places there were
   * @param ticks at how many instructions it could have happened
   */
  public record Drawn(
      Trial.Result result, String set, String service, int pc, long bits, long ticks) {}

  /**
   * Determines the fault space of a plan in an undisturbed run.
   *
   * @param program where functions and lines are
   * @throws LabException when something that the plan names is not there
   */
  public FaultSpace(Plan plan, Baseline baseline, Program program) {
    this.baseline = baseline;
    sets = plan.faults();
    method = plan.sampling().method();
    seed = plan.seed();
    window = plan.sampling().window() == null ? null : DefUse.of(plan, baseline);
    for (FaultSet set : sets) {
      List<Stratum> own = new ArrayList<>();
      for (String service : services(set)) {
        Spans spans = spans(set, service, program);
        long ticks = spans == null ? baseline.ticks() - baseline.start() : spans.total();
        if (ticks > 0) {
          own.add(new Stratum(set, service, spans, ticks));
        }
      }
      if (own.isEmpty()) {
        throw new LabException(
            set.name() + ": nothing in the undisturbed run is what this asks for");
      }
      bySet.put(set, own);
      strata.addAll(own);
    }
    boolean draws = method == Sampling.Method.UNIFORM || method == Sampling.Method.WEIGHTED;
    sums = draws ? sums() : new double[0];
  }

  private List<String> services(FaultSet set) {
    if (set.kind().object() != null) {
      return List.of(set.kind().object());
    }
    set.services().forEach(this::mustRun);
    List<String> all = set.services().isEmpty() ? baseline.services() : set.services();
    boolean needsState =
        set.kind() == FaultClass.SSR
            || set.kind() == FaultClass.FIELD
                && set.places().stream().noneMatch(p -> p.startsWith("Object."));
    return needsState
        ? all.stream()
            .filter(s -> baseline.states().stream().anyMatch(n -> n.startsWith(s + "/")))
            .toList()
        : all;
  }

  private void mustRun(String service) {
    if (!baseline.services().contains(service)) {
      throw new LabException(
          service
              + ": no such service in the workload; there are "
              + String.join(", ", baseline.services()));
    }
  }

  private Spans spans(FaultSet set, String service, Program program) {
    Spans own =
        switch (set.kind()) {
          case KERNEL_REGISTER -> baseline.kernel();
          default ->
              set.kind().isAnytime()
                  ? null
                  : set.kind().isInMethod() ? baseline.methods(service) : baseline.spans(service);
        };
    return switch (set.when()) {
      case When.Uniform u -> own;
      case When when -> {
        boolean anybody =
            Fault.BOARD.equals(service)
                || Fault.KERNEL.equals(service) && when instanceof When.Request;
        yield spans(when, anybody ? null : service, program);
      }
    };
  }

  /**
   * Returns when something runs.
   *
   * @param whose who runs it; null for anybody
   */
  private Spans spans(When when, String whose, Program program) {
    return switch (when) {
      case When.Call call -> {
        List<Long> entries = baseline.entries(whose);
        if (entries.size() < call.number()) {
          yield new Spans();
        }
        long next = entries.size() > call.number() ? entries.get(call.number()) : baseline.ticks();
        yield baseline.methods(whose).between(entries.get(call.number() - 1), next);
      }
      case When.Function f ->
          baseline.where((object, client, pc) ->
              is(whose, object) && f.name().equals(name(program.symbols().describe(pc))));
      case When.Line line ->
          baseline.where((object, client, pc) -> {
            var at = is(whose, object) ? program.lines().at(pc) : null;
            return at != null
                && at.line() == line.line()
                && (at.file().equals(line.file()) || at.file().endsWith("/" + line.file()));
          });
      case When.Request r ->
          baseline.where((object, client, pc) -> is(whose, object) && r.client().equals(client));
      case When.In in -> {
        mustRun(in.service());
        yield spans(in.what(), in.service(), program);
      }
      case When.Uniform u -> whose == null ? null : baseline.spans(whose);
    };
  }

  private static boolean is(String whose, String object) {
    return whose == null || whose.equals(object);
  }

  private static String name(String described) {
    int plus = described.indexOf('+');
    return plus < 0 ? described : described.substring(0, plus);
  }

  /** Sums of the weights of the strata, for draws in proportion to them. */
  private double[] sums() {
    double[] all = new double[strata.size()];
    double sum = 0;
    try (Trial trial = new Trial(baseline)) {
      for (int i = 0; i < all.length; i++) {
        Stratum s = strata.get(i);
        if (method == Sampling.Method.WEIGHTED) {
          sum += s.set.weight() / bySet.get(s.set).size();
        } else {
          long middle =
              s.spans == null
                  ? (baseline.start() + baseline.ticks()) / 2
                  : s.spans.tick(s.spans.total() / 2);
          sum +=
              (double) s.ticks
                  * trial.look(middle, v -> new StrikePlaces(v, s.set, s.service).count());
        }
        all[i] = sum;
      }
    }
    return all;
  }

  private Stratum stratum(long number, SplittableRandom random) {
    if (method == Sampling.Method.STRATIFIED) {
      FaultSet set = sets.get((int) (number % sets.size()));
      List<Stratum> own = bySet.get(set);
      return own.get((int) (number / sets.size() % own.size()));
    }
    return strata.get(Draws.weighted(sums, random));
  }

  /**
   * Makes the trial with a number.
   *
   * @param number from 0
   * @throws LabException if many moments have nothing to strike
   */
  public Drawn run(Trial trial, long number) {
    if (window != null) {
      return runClass(trial, number);
    }
    SplittableRandom random = Draws.of(seed, number);
    Stratum drawn = stratum(number, random);
    List<Stratum> own = bySet.get(drawn.set);
    for (int i = 0; i < own.size(); i++) {
      // One that has nothing to strike, such as private data, leaves the trial to the next one.
      Drawn found = run(trial, own.get((own.indexOf(drawn) + i) % own.size()), random);
      if (found != null) {
        return found;
      }
    }
    throw new LabException(drawn.set.name() + ": none of the services has anything to strike");
  }

  private Drawn runClass(Trial trial, long number) {
    DefUse.FlipClass flips = window.classes().get((int) (number / window.bits()));
    FaultSet set = sets.get(0);
    String service = set.services().get(0);
    int bit = (int) (number % window.bits());
    Fault fault = new Fault(set.kind(), service, flips.tick(), flips.place(), bit);
    int[] pc = new int[1];
    Trial.Result result =
        trial.run(
            flips.tick(),
            v -> {
              pc[0] = v.machine().cpu().pc;
              return fault;
            });
    return new Drawn(result, set.name(), service, pc[0], 1, flips.weight());
  }

  private Drawn run(Trial trial, Stratum s, SplittableRandom random) {
    for (int i = 0; i < TRIES; i++) {
      long tick = tick(s, random);
      long[] found = new long[2];
      Trial.Strike first =
          new Trial.Strike(
              tick,
              false,
              v -> {
                MachinePlaces.Drawn drawn =
                    new StrikePlaces(v, s.set, s.service).draw(tick, random);
                if (drawn == null) {
                  return null;
                }
                found[0] = drawn.outOf();
                found[1] = v.machine().cpu().pc;
                return drawn.fault();
              });
      Trial.Result result = trial.run(first, second(s.set, tick, random));
      if (result != null) {
        return new Drawn(result, s.set.name(), s.service, (int) found[1], found[0], s.ticks);
      }
    }
    return null;
  }

  private long tick(Stratum s, SplittableRandom random) {
    double share = random.nextDouble();
    return s.spans == null
        ? baseline.start() + (long) (share * (baseline.ticks() - baseline.start()))
        : s.spans.tick((long) (share * s.spans.total()));
  }

  private Trial.Strike second(FaultSet set, long firstTick, SplittableRandom random) {
    FaultSet then = set.then();
    if (then == null) {
      return null;
    }
    List<String> services = services(then);
    String service = services.get((int) (random.nextDouble() * services.size()));
    double share = random.nextDouble();
    SplittableRandom own = random.split();
    if (set.inRecovery()) {
      long after = (long) (share * RECOVERY);
      return new Trial.Strike(
          after,
          true,
          v -> {
            MachinePlaces.Drawn drawn = drawn(v, then, service, after, own);
            return drawn == null ? null : drawn.fault().inRecovery(after);
          });
    }
    Spans spans = spans(then, service, null);
    long begun = firstTick + 1;
    if (spans == null) {
      long tick = begun + (long) (share * (baseline.ticks() - begun));
      return new Trial.Strike(tick, false, v -> fault(v, then, service, own));
    }
    long before = spans.before(begun);
    if (before == spans.total()) {
      return null; // it does not run any more
    }
    // The first fault may have changed when it runs.
    return new Trial.Strike(
        spans.tick(before + (long) (share * (spans.total() - before))),
        false,
        v -> then.kind().isAnytime() || Injector.runs(v, service, then.kind().isInMethod()),
        v -> fault(v, then, service, own));
  }

  private static Fault fault(View v, FaultSet set, String service, SplittableRandom random) {
    MachinePlaces.Drawn drawn = drawn(v, set, service, v.machine().cpu().now(), random);
    return drawn == null ? null : drawn.fault();
  }

  private static MachinePlaces.Drawn drawn(
      View v, FaultSet set, String service, long tick, SplittableRandom random) {
    return new StrikePlaces(v, set, service).draw(tick, random);
  }
}
