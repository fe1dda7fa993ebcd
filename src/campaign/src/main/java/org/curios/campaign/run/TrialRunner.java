package org.curios.campaign.run;

import org.curios.campaign.result.Row;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Trial;

/** A machine that runs trials of a campaign, one after the other and in any order. */
public final class TrialRunner implements AutoCloseable {
  private final Trial trial;
  private final FaultSpace space;
  private final Rows rows;

  TrialRunner(Baseline baseline, FaultSpace space, Rows rows) {
    trial = Trial.timed(baseline);
    this.space = space;
    this.rows = rows;
  }

  /** Makes the trial with a number. */
  public Row run(long number) {
    return rows.row(number, space.run(trial, number), trial);
  }

  @Override
  public void close() {
    trial.close();
  }
}
