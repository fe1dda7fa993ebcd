package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.trial.Transcripts;

/**
 * The guest's serial console.
 *
 * @param machine whose
 */
@ScriptName(value = "Console", doc = "The guest's serial console.")
public record Console(ScriptMachine machine) implements OfMachine {
  /** Returns what was printed. */
  @Property("All that the guest has printed.")
  public String text() {
    return machine.port().text();
  }

  /** Returns what was printed, by line. */
  @Property("The lines that the guest has printed.")
  public List<?> lines() {
    return new ArrayList<>(text().lines().toList());
  }

  /** Returns what each client has printed. */
  @Property("The lines of each client, by its name.")
  public Map<String, ?> transcripts() {
    return Transcripts.byClient(text());
  }

  /** Types. */
  @ScriptMethod("Types characters, at 115200 baud while the machine runs; \\n ends a line.")
  public void type(@Arg("text") String text) {
    machine.port().type(text);
  }

  @Override
  public String toString() {
    return "<console, " + text().lines().count() + " lines>";
  }
}
