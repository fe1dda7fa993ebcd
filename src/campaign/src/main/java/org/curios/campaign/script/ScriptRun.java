package org.curios.campaign.script;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.Progress;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.script.model.Callback;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.Workbench;

/**
 * Runs the missing trials of a campaign on separate threads. The script's thread, which alone may
 * call its functions, waits, reports progress, and ends the campaign when the script has to end.
 */
final class ScriptRun {
  private static final int MOST_THREADS = 256;
  private static final long BETWEEN_LOOKS_MS = 50;
  private static final int LOOKS_BETWEEN_REPORTS = 5;

  /** Limit for the wait of a stopped script for running trials. */
  private static final long PATIENCE_S = 2;

  private final Workbench workbench;
  private final int threads;
  private final Callback report;
  private volatile Campaign campaign;
  private volatile Progress progress;
  private volatile boolean stopped;

  /**
   * Prepares a run.
   *
   * @param threads machines that work at the same time; null for one for each processor
   * @param report what is called with the progress; null for nothing
   */
  ScriptRun(Workbench workbench, Long threads, Callback report) {
    long wanted = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (wanted < 1 || wanted > MOST_THREADS) {
      throw ScriptException.usage(
          "threads " + wanted + ": give a number from 1 to " + MOST_THREADS);
    }
    this.workbench = workbench;
    this.threads = (int) wanted;
    this.report = report;
  }

  /**
   * Runs what is missing, and returns the plan with what tracing has found.
   *
   * @param folders opens the folder of the campaign
   */
  Plan run(Callable<Folder> folders) {
    FutureTask<Plan> task = new FutureTask<>(() -> work(folders));
    Thread worker = new Thread(task, "campaign");
    worker.setDaemon(true);
    worker.start();
    boolean ended = false;
    try {
      Plan plan = await(task);
      ended = true;
      return plan;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScriptException(ScriptException.Kind.CANCELLED, "the script was stopped");
    } finally {
      if (!ended) {
        end(task);
      }
    }
  }

  private Plan work(Callable<Folder> folders) throws Exception {
    try (Folder folder = folders.call()) {
      folder.lock();
      Progress counted = new Progress(folder.plan(), folder.made());
      Campaign made = new Campaign(folder, counted::note);
      progress = counted;
      campaign = made;
      if (stopped) {
        made.stop();
      }
      made.run(threads);
      return folder.plan();
    }
  }

  private Plan await(FutureTask<Plan> task) throws InterruptedException {
    long told = -1;
    for (int look = 1; ; look++) {
      workbench.check();
      try {
        Plan plan = task.get(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
        tell(-1);
        return plan;
      } catch (TimeoutException e) {
        if (look % LOOKS_BETWEEN_REPORTS == 0) {
          told = tell(told);
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof LabException l
            ? new ScriptException(ScriptException.Kind.GUEST, l.getMessage())
            : new IllegalStateException(e.getCause());
      }
    }
  }

  /** Reports progress if there is any since the last time. */
  private long tell(long before) {
    Progress now = progress;
    if (report == null || now == null || now.done() == before) {
      return before;
    }
    ScriptProgress seen = ScriptProgress.of(now);
    if (Boolean.FALSE.equals(report.call(seen))) {
      stop();
    }
    return seen.done();
  }

  private void stop() {
    stopped = true;
    if (campaign != null) {
      campaign.stop();
    }
  }

  /** Ends the running campaign, whose results so far are kept. */
  private void end(FutureTask<Plan> task) {
    stop();
    try {
      task.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return; // the reason is reported already
    }
  }
}
