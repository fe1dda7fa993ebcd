package org.curios.campaign.store;

import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Row;

/** The store of a campaign's trials. */
public interface TrialStore {
  /** Returns the plan. */
  Plan plan();

  /** Returns the missing trials, in pieces that are stored as a whole. */
  List<Range> missing();

  /**
   * Stores trials; to be called by several threads.
   *
   * @param range which
   * @param rows all of them, by number
   */
  void store(Range range, List<Row> rows);

  /** Stores nothing: for callers that count the trials as they arrive. */
  static TrialStore none(Plan plan) {
    return new TrialStore() {
      @Override
      public Plan plan() {
        return plan;
      }

      @Override
      public List<Range> missing() {
        List<Range> all = new ArrayList<>();
        for (String policy : plan.policies()) {
          Range.addPieces(all, policy, 0, plan.sampling().trials(), 1);
        }
        return all;
      }

      @Override
      public void store(Range range, List<Row> rows) {}
    };
  }
}
