package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.curios.lab.LabException;

/** Random single faults against one recovery policy, on a machine per core. */
public final class RecoveryEvaluation {
  private final Baseline baseline;
  private final Sampler sampler;
  private final Map<FaultClass, Tally> tallies = new EnumMap<>(FaultClass.class);
  private volatile boolean stopped;

  /**
   * Runs the workload undisturbed.
   *
   * @param services to strike; all that run in the workload if it is empty
   * @throws LabException when one of them is not there
   */
  public RecoveryEvaluation(
      String policy, List<FaultClass> classes, List<String> services, long seed) {
    baseline = Baseline.measure(policy, Workload.trials());
    sampler =
        new Sampler(baseline, classes, services.isEmpty() ? baseline.services() : services, seed);
    classes.forEach(c -> tallies.put(c, new Tally()));
  }

  /** Returns the undisturbed run. */
  public Baseline baseline() {
    return baseline;
  }

  /** Returns the results so far. */
  public Map<FaultClass, Tally> tallies() {
    return tallies;
  }

  /** Lets no more trials begin. */
  public void stop() {
    stopped = true;
  }

  /**
   * Makes trials.
   *
   * @param trials how many
   * @param threads machines that work at the same time
   * @param each is told of each trial, with its number, from several threads
   */
  public void run(int trials, int threads, BiConsumer<Integer, Trial.Result> each)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(workers.submit(() -> work(next, trials, each)));
      }
      for (Future<?> f : all) {
        f.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LabException l) {
        throw l;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void work(AtomicInteger next, int trials, BiConsumer<Integer, Trial.Result> each) {
    try (Trial trial = new Trial(baseline)) {
      for (int n = next.getAndIncrement(); n < trials && !stopped; n = next.getAndIncrement()) {
        Trial.Result result = sampler.run(trial, n);
        tallies.get(sampler.kind(n)).add(result.outcome());
        each.accept(n, result);
      }
    } finally {
      if (next.get() < trials) {
        stopped = true; // a failure here ends the others too
      }
    }
  }
}
