package org.curios.campaign.run;

import java.util.function.LongFunction;
import org.curios.campaign.result.Row;

/** A machine that runs trials of a campaign, one after the other and in any order. */
public interface TrialRunner extends AutoCloseable {
  /** Makes the trial with a number. */
  Row run(long number);

  @Override
  void close();

  /**
   * Makes one.
   *
   * @param trials makes the trial with a number
   * @param end closes the machine
   */
  static TrialRunner of(LongFunction<Row> trials, Runnable end) {
    return new TrialRunner() {
      @Override
      public Row run(long number) {
        return trials.apply(number);
      }

      @Override
      public void close() {
        end.run();
      }
    };
  }
}
