package org.curios.campaign.script;

import org.curios.campaign.run.Progress;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptName;

/**
 * The progress of a campaign.
 *
 * @param done trials that are made, of all policies
 * @param trials all trials
 * @param rate trials in a second
 * @param secondsLeft time for the rest
 * @param tally outcomes of the trials of this run
 * @param text the same for people
 */
@ScriptName(value = "Progress", doc = "The progress of a campaign.")
public record ScriptProgress(
    @Property("Trials that are made, of all policies together.") long done,
    @Property("All trials of the campaign.") long trials,
    @Property("Trials per second.") double rate,
    @Property("Seconds that the remaining trials will take; nothing before the first trial.")
        Double secondsLeft,
    @Property("Outcomes of the trials of this run.") ScriptTally tally,
    @Property("The same as a line of text.") String text) {
  static ScriptProgress of(Progress now) {
    double left = now.secondsLeft();
    return new ScriptProgress(
        now.done(),
        now.rows(),
        now.rate(),
        Double.isInfinite(left) ? null : left,
        new ScriptTally(now.tallies().all()),
        now.line());
  }

  @Override
  public String toString() {
    return text;
  }
}
