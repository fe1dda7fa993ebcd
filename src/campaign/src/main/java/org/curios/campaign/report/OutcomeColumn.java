package org.curios.campaign.report;

import java.util.List;
import java.util.function.ToLongFunction;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Tally;
import org.curios.campaign.stat.Share;
import org.curios.lab.trial.Outcome.Word;

/**
 * A column of the tables of outcomes.
 *
 * @param title on the page
 * @param word on the terminal
 * @param width of it there
 * @param number what is in it
 */
record OutcomeColumn(String title, String word, int width, ToLongFunction<Tally> number) {
  private static final OutcomeColumn TRIALS =
      new OutcomeColumn("trials", "trials", 7, Tally::trials);
  private static final OutcomeColumn UNNOTICED =
      new OutcomeColumn("unnoticed", "unnoticed", 9, t -> t.of(Word.UNNOTICED));
  private static final OutcomeColumn SILENT =
      new OutcomeColumn("silent", "silent", 7, t -> t.of(Word.SILENT));
  private static final OutcomeColumn SERVICE =
      new OutcomeColumn("service lost", "service", 7, t -> t.of(Word.SERVICE_LOST));
  private static final OutcomeColumn SYSTEM =
      new OutcomeColumn("system lost", "system", 7, t -> t.of(Word.SYSTEM_LOST));
  private static final List<OutcomeColumn> OF_CURIOS =
      List.of(
          TRIALS,
          UNNOTICED,
          new OutcomeColumn("recovered", "recovered", 9, t -> t.of(Word.RECOVERED)),
          new OutcomeColumn("degraded", "degraded", 8, t -> t.of(Word.DEGRADED)),
          SILENT,
          SERVICE,
          SYSTEM,
          new OutcomeColumn("foreign bytes", "foreign", 7, Tally::foreignSsrBytes));
  private static final List<OutcomeColumn> OF_IMAGES =
      List.of(TRIALS, UNNOTICED, SILENT, SERVICE, SYSTEM);

  /** Returns the columns for the trials of a plan. */
  static List<OutcomeColumn> of(Plan plan) {
    return plan.isForeign() ? OF_IMAGES : OF_CURIOS;
  }

  /** Returns the share that counts in a plan: of lossless trials, or of those without effect. */
  static Share share(Plan plan, Tally tally) {
    return plan.isForeign() ? tally.share(Word.UNNOTICED) : tally.lossless();
  }
}
