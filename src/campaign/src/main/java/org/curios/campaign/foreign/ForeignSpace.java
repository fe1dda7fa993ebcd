package org.curios.campaign.foreign;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.Sampling;
import org.curios.campaign.plan.When;
import org.curios.campaign.space.Draws;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.foreign.ForeignTrial;
import org.curios.lab.foreign.ForeignTrial.Strike;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Spans;

/**
 * The set from which the faults of a plan with another image are drawn. A trial's fault depends on
 * the seed, its number and the undisturbed run alone.
 */
public final class ForeignSpace {
  /** Number of moments at which there may be nothing to strike. */
  private static final int TRIES = 64;

  private final ForeignRun run;
  private final List<Stratum> strata = new ArrayList<>();
  private final Sampling.Method method;
  private final double[] sums;
  private final long seed;

  /**
   * A kind of faults.
   *
   * @param places where it strikes
   * @param spans when it can strike; null for any time
   * @param ticks number of instructions in the spans
   * @param then the second fault; null for none
   */
  private record Stratum(ForeignPlaces places, Spans spans, long ticks, ForeignPlaces then) {}

  /**
   * A trial and the set from which its fault was drawn.
   *
   * @param result the trial
   * @param set the set
   * @param pc address of the instruction before which the fault happened
   * @param bits how many places there were
   * @param ticks at how many instructions it could have happened
   */
  public record Drawn(ForeignTrial.Result result, FaultSet set, int pc, long bits, long ticks) {}

  /**
   * Determines the fault space of a plan in an undisturbed run.
   *
   * @param program where functions and lines are
   * @throws LabException when something that the plan names is not there
   */
  public ForeignSpace(Plan plan, ForeignRun run, Program program) {
    this.run = run;
    method = plan.sampling().method();
    seed = plan.seed();
    for (FaultSet set : plan.faults()) {
      Spans spans = spans(set.when(), program);
      long ticks = spans == null ? run.ticks() : spans.total();
      ForeignPlaces places = new ForeignPlaces(set, run);
      if (ticks == 0 || places.count() == 0) {
        throw new LabException(
            set.name() + ": nothing in the undisturbed run is what this asks for");
      }
      strata.add(
          new Stratum(
              places,
              spans,
              ticks,
              set.then() == null ? null : new ForeignPlaces(set.then(), run)));
    }
    sums = new double[strata.size()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      Stratum s = strata.get(i);
      sum +=
          method == Sampling.Method.WEIGHTED
              ? s.places.set().weight()
              : (double) s.ticks * s.places.count();
      sums[i] = sum;
    }
  }

  private Spans spans(When when, Program program) {
    return switch (when) {
      case When.Function f -> run.where(pc -> f.name().equals(function(program, pc)));
      case When.Line line ->
          run.where(pc -> {
            var at = program.lines().at(pc);
            return at != null
                && at.line() == line.line()
                && (at.file().equals(line.file()) || at.file().endsWith("/" + line.file()));
          });
      default -> null;
    };
  }

  private static String function(Program program, int pc) {
    String described = program.symbols().describe(pc);
    int plus = described.indexOf('+');
    return plus < 0 ? described : described.substring(0, plus);
  }

  private Stratum stratum(long number, SplittableRandom random) {
    if (method == Sampling.Method.STRATIFIED) {
      return strata.get((int) (number % strata.size()));
    }
    return strata.get(Draws.weighted(sums, random));
  }

  /**
   * Makes the trial with a number.
   *
   * @param number from 0
   * @throws LabException if many moments have nothing to strike
   */
  public Drawn run(ForeignTrial trial, long number) {
    SplittableRandom random = Draws.of(seed, number);
    Stratum s = stratum(number, random);
    for (int i = 0; i < TRIES; i++) {
      long tick = tick(s, random);
      double share = random.nextDouble();
      long[] found = new long[2];
      Strike first =
          new Strike(
              tick,
              m -> {
                var drawn = s.places.draw(m, tick, share);
                if (drawn == null) {
                  return null;
                }
                found[0] = drawn.outOf();
                found[1] = m.cpu().pc & ~1;
                return drawn.fault();
              });
      ForeignTrial.Result result = trial.run(first, second(s.then, tick, random));
      if (result != null) {
        return new Drawn(result, s.places.set(), (int) found[1], found[0], s.ticks);
      }
    }
    throw new LabException(
        s.places.set().name() + ": there is hardly a moment at which it can strike");
  }

  private static long tick(Stratum s, SplittableRandom random) {
    long n = (long) (random.nextDouble() * s.ticks);
    return s.spans == null ? n : s.spans.tick(n);
  }

  private Strike second(ForeignPlaces then, long firstTick, SplittableRandom random) {
    if (then == null) {
      return null;
    }
    long rest = run.ticks() - firstTick - 1;
    long tick = firstTick + 1 + (long) (random.nextDouble() * rest);
    double share = random.nextDouble();
    return new Strike(
        tick,
        m -> {
          var drawn = then.draw(m, tick, share);
          return drawn == null ? null : drawn.fault();
        });
  }
}
