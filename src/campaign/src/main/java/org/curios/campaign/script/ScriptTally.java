package org.curios.campaign.script;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.curios.campaign.result.Tally;
import org.curios.lab.Nearest;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;
import org.curios.lab.trial.Outcome.Word;

/**
 * How many trials have come to which outcome.
 *
 * @param tally the numbers
 */
@ScriptName(value = "Tally", doc = "The number of trials of a campaign with each outcome.")
public record ScriptTally(Tally tally) {
  /** Returns all. */
  @Property("All trials.")
  public long trials() {
    return tally.trials();
  }

  /** Returns those with an effect. */
  @Property("Trials whose fault had any effect.")
  public long manifested() {
    return tally.manifested();
  }

  /** Returns those that were noticed. */
  @Property("Trials whose fault the kernel detected.")
  public long detected() {
    return tally.detected();
  }

  /** Returns the number of bytes. */
  @Property("Bytes that differ in states of clients that were neither hit nor got an error.")
  public long foreignSsrBytes() {
    return tally.foreignSsrBytes();
  }

  /** Returns the share that recovered. */
  @Property("Share of the manifested faults that no client noticed.")
  public ScriptShare lossless() {
    return new ScriptShare(tally.lossless());
  }

  /** Returns the trials with an outcome. */
  @ScriptMethod("Share of the trials that had an outcome, such as recovered or system lost.")
  public ScriptShare share(@Arg("outcome") String outcome) {
    return new ScriptShare(tally.share(word(outcome)));
  }

  static Word word(String outcome) {
    List<String> known = Arrays.stream(Word.values()).map(Word::toString).toList();
    int at = known.indexOf(outcome);
    if (at < 0) {
      throw new ScriptException(
          ScriptException.Kind.NAME,
          outcome
              + ": no such outcome"
              + Nearest.hint(outcome, known)
              + "; there are "
              + String.join(", ", known));
    }
    return Word.values()[at];
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    tally
        .numbers()
        .forEach((name, n) ->
            text.append(
                String.format(Locale.ROOT, "%s%s %,d", text.isEmpty() ? "" : ", ", name, n)));
    return text.toString().replace('_', ' ');
  }
}
