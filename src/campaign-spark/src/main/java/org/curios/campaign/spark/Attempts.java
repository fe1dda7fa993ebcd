package org.curios.campaign.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Counts Spark's work on a campaign. */
final class Attempts extends SparkListener {
  private int executors;
  private int lost;
  private int started;
  private int speculative;
  private int failed;

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded event) {
    executors++;
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    lost++;
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    started++;
    if (event.taskInfo().speculative()) {
      speculative++;
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    if (!event.taskInfo().successful()) {
      failed++;
    }
  }

  /**
   * Returns the counts: executors that joined in and those of them that were lost; attempts at
   * parts, those that began because another one was slow, and failed ones.
   */
  synchronized Map<String, Integer> counts() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("executors", executors);
    all.put("executors_lost", lost);
    all.put("attempts", started);
    all.put("attempts_speculative", speculative);
    all.put("attempts_in_vain", failed);
    return all;
  }
}
