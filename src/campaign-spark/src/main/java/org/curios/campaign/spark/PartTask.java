package org.curios.campaign.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.curios.campaign.result.Columns;
import org.curios.campaign.run.TrialRunner;
import org.curios.campaign.store.Range;

/**
 * Makes the trials of a part in an executor, given the name of its file.
 *
 * @param plan text of the plan
 * @param image digest of the image for which the trials are made
 */
record PartTask(String plan, String image) implements FlatMapFunction<String, Row> {
  @Override
  public Iterator<Row> call(String part) {
    return new Rows(Range.of(part), Workplace.of(this, Range.of(part).policy()));
  }

  /** The rows of the part, each made when it is written. */
  private static final class Rows implements Iterator<Row> {
    private final Range range;
    private final Workplace workplace;
    private final TaskContext task = TaskContext.get();
    private final TrialRunner runner;
    private long next;

    Rows(Range range, Workplace workplace) {
      this.range = range;
      this.workplace = workplace;
      runner = workplace.borrow();
      next = range.from();
      TaskCompletionListener atTheEnd = t -> end();
      task.addTaskCompletionListener(atTheEnd);
    }

    /** What a killed or failed task leaves is of no use to another one. */
    private void end() {
      if (next == range.to()) {
        workplace.giveBack(runner);
      } else {
        runner.close();
      }
    }

    @Override
    public boolean hasNext() {
      if (task.isInterrupted()) {
        throw new TaskKilledException("another attempt was faster, or the campaign was stopped");
      }
      return next < range.to();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object[] values = Columns.values(runner.run(next));
      next++;
      return RowFactory.create(values);
    }
  }
}
