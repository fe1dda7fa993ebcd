package org.curios.campaign.run;

import org.curios.campaign.result.Row;

/** A machine that runs trials of a campaign, one after the other and in any order. */
public interface TrialRunner extends AutoCloseable {
  /** Makes the trial with a number. */
  Row run(long number);

  @Override
  void close();
}
