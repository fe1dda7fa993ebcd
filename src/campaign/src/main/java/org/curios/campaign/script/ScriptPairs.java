package org.curios.campaign.script;

import org.curios.campaign.report.Comparison;
import org.curios.campaign.stat.Paired;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptName;

/**
 * The same faults under two policies.
 *
 * @param pairs the numbers
 */
@ScriptName(
    value = "Pairs",
    doc = "The same faults under two policies; a trial is good if no client noticed its fault.")
public record ScriptPairs(Paired pairs) {
  /** Returns those that are good under both. */
  @Property("Faults that are good under both.")
  public long both() {
    return pairs.both();
  }

  /** Returns those that are good under the first one. */
  @Property("Faults that are good under the first only.")
  public long first() {
    return pairs.first();
  }

  /** Returns those that are good under the second one. */
  @Property("Faults that are good under the second only.")
  public long second() {
    return pairs.second();
  }

  /** Returns those that are good under none. */
  @Property("Faults that are good under neither.")
  public long neither() {
    return pairs.neither();
  }

  /** Returns the difference. */
  @Property(
      "Share of faults that are good under the first only, minus that under the second only; -1 to 1.")
  public double difference() {
    return pairs.difference();
  }

  /** Returns how probable that is by chance. */
  @Property(
      "Probability of a difference at least this large by chance, 0 to 1 (McNemar's exact test).")
  public double probability() {
    return pairs.probability();
  }

  @Override
  public String toString() {
    return Comparison.verdict(pairs);
  }
}
