package org.curios.shell;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tallies;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.Maker;
import org.curios.campaign.store.Folder;

/** Makes the missing trials of a campaign with progress for the terminal. */
final class CampaignRun implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  /** What the end of the process after Ctrl-C waits for the trials that have begun. */
  private static final int PATIENCE_S = 60;

  private static final long BETWEEN_LINES_NS = 250_000_000;

  private final Folder folder;
  private final boolean json;
  private final Maker maker;
  private final Tallies tallies = new Tallies();
  private final CountDownLatch told = new CountDownLatch(1);
  private final long already;
  private final long began = System.nanoTime();
  private long toldAt = began;
  private long made;
  private long restoring;
  private long simulating;
  private long comparing;
  private Supplier<Map<String, Integer>> counts = Map::of;
  private volatile boolean interrupted;

  /**
   * Locks a folder and prepares to make what is missing in it.
   *
   * @param makers gives who makes the trials, and tells of each
   */
  CampaignRun(Folder folder, Function<Consumer<Row>, Maker> makers, boolean json) {
    folder.lock();
    this.folder = folder;
    this.json = json;
    maker = makers.apply(this::note);
    already = folder.parts().stream().mapToLong(r -> r.to() - r.from()).sum();
  }

  /** Says what there is to count besides the trials. */
  CampaignRun counting(Supplier<Map<String, Integer>> others) {
    counts = others;
    return this;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!json) {
      System.out.printf(
          Locale.ROOT,
          "Campaign %s: %s for each of %d policies, seed %d, into %s%n",
          folder.plan().name(),
          folder.plan().sampling().text(),
          folder.plan().policies().size(),
          folder.plan().seed(),
          folder.path());
      if (already > 0) {
        System.out.printf(
            Locale.ROOT, "%,d of %,d rows are there already%n", already, folder.plan().rows());
      }
      System.out.flush();
    }
    Thread hook = new Thread(this::interrupt, "results so far");
    Runtime.getRuntime().addShutdownHook(hook);
    int status;
    try {
      maker.run();
      double seconds = (System.nanoTime() - began) / 1e9;
      report(seconds);
      status = folder.missing().isEmpty() ? 0 : interrupted ? INTERRUPTED : FAILED;
    } finally {
      told.countDown();
    }
    if (!interrupted) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    return status;
  }

  private void report(double seconds) {
    Report report = Report.of(folder, Campaign.program());
    String file = report.write().toString();
    double rate = made / seconds;
    if (json) {
      JsonObject object = report.json();
      object.addProperty("trials_made_now", made);
      object.addProperty("trials_per_second", Math.round(10 * rate) / 10.0);
      JsonObject host = new JsonObject();
      cost().forEach(host::addProperty);
      object.add("host_ms_per_trial", host);
      counts.get().forEach(object::addProperty);
      System.out.println(object);
    } else {
      System.out.print(report.text());
      System.out.printf(Locale.ROOT, "%,d trials in %.1f s, %.0f a second%n", made, seconds, rate);
      if (made > 0) {
        Map<String, Double> cost = cost();
        double sum = cost.values().stream().mapToDouble(Double::doubleValue).sum();
        StringJoiner shares = new StringJoiner(", ");
        cost.forEach((what, ms) -> shares.add(Math.round(100 * ms / sum) + " % to " + what));
        System.out.printf(Locale.ROOT, "A trial takes a core %.1f ms: %s%n", sum, shares);
      }
      counts
          .get()
          .forEach((what, number) ->
              System.out.printf(Locale.ROOT, "%-12s %d%n", what.replace('_', ' '), number));
      if (interrupted) {
        System.out.println("Interrupted; curios campaign resume " + folder.path() + " continues.");
      }
      System.out.println("Report: " + file);
    }
    System.out.flush();
  }

  /** Milliseconds of host time for each part of a trial. */
  private Map<String, Double> cost() {
    Map<String, Double> all = new LinkedHashMap<>();
    double trials = Math.max(1, made) * 1e6;
    all.put("restore", restoring / trials);
    all.put("simulate", simulating / trials);
    all.put("compare", comparing / trials);
    all.put("store", maker.storing() / trials);
    return all;
  }

  /** Ctrl-C: no more trials begin, and the process stays until the results so far are printed. */
  private void interrupt() {
    interrupted = true;
    maker.stop();
    try {
      if (!told.await(PATIENCE_S, TimeUnit.SECONDS)) {
        System.err.println("curios: the trials that have begun do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void note(Row row) {
    made++;
    restoring += row.restoreNs();
    simulating += row.simulateNs();
    comparing += row.compareNs();
    tallies.add(row);
    long now = System.nanoTime();
    if (Boolean.getBoolean("curios.progress") && now - toldAt > BETWEEN_LINES_NS) {
      toldAt = now;
      double rate = made / ((now - began) / 1e9);
      long left = folder.plan().rows() - already - made;
      System.err.printf(
          Locale.ROOT,
          "\r%,d of %,d, %.0f/s, %s left; lossless %s\033[K",
          already + made,
          folder.plan().rows(),
          rate,
          time(left / rate),
          tallies.all().lossless().text());
      if (left == 0) {
        System.err.print("\r\033[K");
      }
    }
  }

  private static String time(double seconds) {
    if (seconds < 100) {
      return Math.round(seconds) + " s";
    }
    return seconds < 6000
        ? Math.round(seconds / 60) + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
