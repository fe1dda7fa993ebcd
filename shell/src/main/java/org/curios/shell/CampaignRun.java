package org.curios.shell;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.curios.campaign.report.Report;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.Maker;
import org.curios.campaign.run.Progress;
import org.curios.campaign.store.Folder;

/** Runs the missing trials of a campaign, with progress on the terminal. */
final class CampaignRun implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  /** Limit for the wait after Ctrl-C for running trials. */
  private static final int PATIENCE_S = 60;

  private static final long BETWEEN_LINES_NS = 250_000_000;

  private final Folder folder;
  private final boolean json;
  private final Maker maker;
  private final Progress progress;
  private long toldAt = System.nanoTime();
  private Supplier<Map<String, Integer>> counts = Map::of;
  private final Interruption interruption =
      new Interruption(PATIENCE_S, "the running trials do not end");

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
    progress = new Progress(folder.plan(), folder.made());
  }

  /** Reports what there is to count besides the trials. */
  CampaignRun counting(Supplier<Map<String, Integer>> others) {
    counts = others;
    return this;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!json) {
      System.out.printf(
          Locale.ROOT,
          "Campaign %s: %s%s, seed %d, into %s%n",
          folder.plan().name(),
          folder.plan().sampling().text(),
          folder.plan().scope(),
          folder.plan().seed(),
          folder.path());
      if (progress.done() > 0) {
        System.out.printf(
            Locale.ROOT, "%,d of %,d rows exist already%n", progress.done(), progress.rows());
      }
      System.out.flush();
    }
    interruption.await(maker::stop);
    try {
      maker.run();
      report();
      return folder.missing().isEmpty() ? 0 : interruption.happened() ? INTERRUPTED : FAILED;
    } finally {
      interruption.end();
    }
  }

  private void report() {
    Report report = Report.of(folder, Campaign.program());
    String file = report.write().toString();
    if (json) {
      JsonObject object = report.json();
      object.addProperty("trials_made_now", progress.made());
      object.addProperty("trials_per_second", Math.round(10 * progress.rate()) / 10.0);
      JsonObject host = new JsonObject();
      progress.cost(maker.storing()).forEach(host::addProperty);
      object.add("host_ms_per_trial", host);
      counts.get().forEach(object::addProperty);
      System.out.println(object);
    } else {
      System.out.print(report.text());
      System.out.print(progress.account(maker.storing()));
      counts
          .get()
          .forEach((what, number) ->
              System.out.printf(Locale.ROOT, "%-12s %d%n", what.replace('_', ' '), number));
      if (interruption.happened()) {
        System.out.println("Interrupted; curios campaign resume " + folder.path() + " continues.");
      }
      System.out.println("Report: " + file);
    }
    System.out.flush();
  }

  private synchronized void note(Row row) {
    progress.note(row);
    long now = System.nanoTime();
    if (Boolean.getBoolean("curios.progress") && now - toldAt > BETWEEN_LINES_NS) {
      toldAt = now;
      System.err.print("\r" + progress.line() + "\033[K");
      if (progress.done() == progress.rows()) {
        System.err.print("\r\033[K");
      }
    }
  }
}
