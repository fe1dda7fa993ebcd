package org.curios.campaign.spark;

import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.internal.io.HadoopMapReduceCommitProtocol;

/**
 * Spark's commit of what tasks write, with the names that parts of campaigns have. The driver lets
 * one attempt of each task commit; only then is its file moved to its place.
 */
public final class PartCommit extends HadoopMapReduceCommitProtocol {
  /** Option of the writer: the names of the parts, with commas between, by number of the task. */
  static final String PARTS = "curios.parts";

  private static final long serialVersionUID = 1;

  /** Made by Spark. */
  public PartCommit(String job, String path, boolean isDynamic) {
    super(job, path, isDynamic);
  }

  @Override
  public String getFilename(TaskAttemptContext task, FileNameSpec spec) {
    return task.getConfiguration().getStrings(PARTS)[task.getTaskAttemptID().getTaskID().getId()];
  }
}
