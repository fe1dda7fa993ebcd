package org.curios.lab.script;

import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.ScriptMachine;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;
import org.curios.lab.script.model.Workbench;

/**
 * Boots further machines.
 *
 * @param workbench the machines of the script
 */
@ScriptName(value = "Curios", doc = "Boots further machines; boot is a global function as well.")
public record Starter(Workbench workbench) {
  private static final double BOOTED_MS = 10;

  /** Boots a machine. */
  @ScriptMethod(
      "Boots another machine, with a policy (default ssr-packed) and clients to run"
          + " (separated by commas; default the shell and three steady ones), and runs it to a place,"
          + " or for a number of ms (default 10).")
  public ScriptMachine boot(
      @Arg(value = "policy", optional = true) String policy,
      @Arg(value = "run", optional = true) String run,
      @Arg(value = "until", optional = true) Object until,
      @Arg(value = "ms", optional = true) Double ms) {
    ScriptMachine machine = workbench.boot(policy, run);
    if (until != null) {
      machine.until(until, ms == null ? BOOTED_MS : ms);
    } else if (ms == null || ms > 0) {
      machine.run(null, null, ms == null ? BOOTED_MS : ms);
    }
    return machine;
  }

  @Override
  public String toString() {
    return "<curios>";
  }
}
