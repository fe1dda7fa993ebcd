package org.curios.campaign.run;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.curios.campaign.plan.Foreign;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Row;
import org.curios.campaign.space.DefUse;
import org.curios.campaign.store.Folder;
import org.curios.campaign.store.Range;
import org.curios.campaign.store.TrialStore;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignImage;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Workload;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** Runs the missing trials of a campaign, on a machine per thread. */
public final class Campaign {
  private final TrialStore store;
  private final Consumer<Row> each;
  private final Program program;
  private final LongAdder storing = new LongAdder();
  private volatile boolean stopped;

  /**
   * Prepares to run the missing trials.
   *
   * @param each receives each trial, from several threads
   */
  public Campaign(TrialStore store, Consumer<Row> each) {
    this.store = store;
    this.each = each;
    program = program(store.plan());
  }

  /**
   * Returns the digest of the image that a plan runs.
   *
   * @throws LabException when it cannot be read
   */
  public static String image(Plan plan) {
    return plan.isForeign() ? ForeignImage.read(plan.foreign().image()).digest() : image();
  }

  /** Returns the digest of the embedded image of CuriOS. */
  public static String image() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Images.elf("curios")));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Checks that a campaign began with the image that runs now.
   *
   * @throws LabException when it is another one, or there is none
   */
  public static void mustHaveImage(Folder folder) {
    if (!folder.image().equals(image(folder.plan()))) {
      throw new LabException(
          folder.path()
              + (folder.plan().isForeign()
                  ? ": it began with another " + folder.plan().foreign().image()
                  : ": it began with another image of CuriOS")
              + "; begin a new campaign, or build that one");
    }
  }

  /**
   * Returns the symbols and lines of the image that a plan runs.
   *
   * @throws LabException when it cannot be read
   */
  public static Program program(Plan plan) {
    return plan.isForeign()
        ? new Program(ForeignImage.read(plan.foreign().image()).image())
        : program();
  }

  /** Returns the symbols and lines of CuriOS. */
  public static Program program() {
    try {
      return new Program(Image.parse("curios", Images.elf("curios")));
    } catch (ImageException e) {
      throw new LabException(e.getMessage(), e);
    }
  }

  /** Returns the workload of a plan. */
  public static Workload workload(Plan plan) {
    Workload alone =
        plan.clients().equals(Plan.MIXED) ? Workload.trials() : Workload.of(plan.clients());
    return plan.peer().isEmpty() ? alone : alone.withPeer(plan.peer());
  }

  /**
   * Returns a plan that says how many trials there are: an exhaustive one after its window was
   * traced; and how another image than CuriOS runs undisturbed.
   *
   * @throws LabException when the service does not carry out that number of instructions, or the
   *     image does not come to its end
   */
  public static Plan traced(Plan plan) {
    Foreign foreign = plan.foreign();
    if (foreign != null && foreign.undisturbed() == null) {
      ForeignImage image = ForeignImage.read(foreign.image());
      return plan.with(
          plan.name(),
          foreign.measured(ForeignRun.measure(image, foreign.memory(), foreign.ticks())));
    }
    if (plan.sampling().window() == null) {
      return plan;
    }
    Baseline baseline = Baseline.measure(plan.policies().get(0), workload(plan));
    DefUse traced = DefUse.of(plan, baseline);
    return plan.with(plan.sampling().traced(traced.runs(), traced.flips(), traced.overwritten()));
  }

  /** Starts no further trials. */
  public void stop() {
    stopped = true;
  }

  /** Returns the host time spent on storing trials, in nanoseconds. */
  public long storing() {
    return storing.sum();
  }

  /** Returns whether it has to stop. */
  public boolean isStopped() {
    return stopped;
  }

  /**
   * Runs the missing trials, until it has to stop.
   *
   * @param threads machines that work at the same time
   */
  public void run(int threads) throws InterruptedException {
    List<Range> missing = store.missing();
    for (String policy : store.plan().policies()) {
      Queue<Range> own = new ConcurrentLinkedQueue<>(missing);
      own.removeIf(r -> !r.policy().equals(policy));
      if (!own.isEmpty() && !stopped) {
        run(policy, own, threads);
      }
    }
  }

  private void run(String policy, Queue<Range> ranges, int threads) throws InterruptedException {
    PreparedPolicy prepared = PreparedPolicy.of(store.plan(), policy, program);
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(workers.submit(() -> work(policy, prepared, ranges)));
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

  private void work(String policy, PreparedPolicy prepared, Queue<Range> ranges) {
    boolean whole = false;
    try (TrialRunner runner = prepared.runner()) {
      for (Range r = ranges.poll(); r != null && !stopped; r = ranges.poll()) {
        List<Row> done = new ArrayList<>();
        for (long n = r.from(); n < r.to() && !stopped; n++) {
          Row row = runner.run(n);
          done.add(row);
          each.accept(row);
        }
        if (!done.isEmpty()) {
          long start = System.nanoTime();
          store.store(new Range(policy, r.from(), r.from() + done.size()), done);
          storing.add(System.nanoTime() - start);
        }
      }
      whole = true;
    } finally {
      stopped |= !whole; // a failure here ends the others, too
    }
  }
}
