package org.curios.campaign.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.curios.campaign.result.Row;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Propagation.Step;

/**
 * How the fault of a trial has spread.
 *
 * @param row the trial
 * @param steps of the difference to the undisturbed run; empty if it cannot be followed
 * @param whyNot why it cannot be followed; empty if it can
 */
public record Explanation(Row row, List<Step> steps, String whyNot) {
  /** Copies the list. */
  public Explanation {
    steps = List.copyOf(steps);
  }

  /** Returns it as an object with the steps as an array. */
  public JsonObject json(Program program) {
    JsonObject all = new JsonObject();
    all.addProperty("trial", row.trial());
    all.addProperty("policy", row.policy());
    all.addProperty("kind", row.kind());
    all.addProperty("service", row.service());
    all.addProperty("fault", row.fault());
    all.addProperty("function", row.function());
    all.addProperty("outcome", row.outcome());
    all.addProperty("difference", row.difference());
    if (!whyNot.isEmpty()) {
      all.addProperty("why_not", whyNot);
    }
    JsonArray array = new JsonArray();
    for (Step s : steps) {
      JsonObject step = new JsonObject();
      step.addProperty("ticks", s.ticks());
      step.addProperty("pc", Integer.toUnsignedLong(s.pc()));
      step.addProperty("place", program.describe(s.pc()));
      step.addProperty("what", s.what().toString().toLowerCase(Locale.ROOT));
      step.addProperty("text", s.text());
      array.add(step);
    }
    all.add("steps", array);
    return all;
  }
}
