package org.curios.campaign.script;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Callback;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/**
 * A plan.
 *
 * @param campaigns where its results go
 * @param plan what it says
 */
@ScriptName(value = "Plan", doc = "The plan of a campaign: faults, policies and sampling.")
public record ScriptPlan(ScriptCampaigns campaigns, Plan plan) {
  /** Returns its name. */
  @Property("The name of the campaign.")
  public String name() {
    return plan.name();
  }

  /** Returns the clients that run. */
  @Property("The clients that run, separated by commas.")
  public String clients() {
    return plan.clients();
  }

  /** Returns the clients of the second machine. */
  @Property(
      "The clients that run on a second machine, separated by commas; empty if there is none.")
  public String peer() {
    return plan.peer();
  }

  /** Returns the policies. */
  @Property("The recovery policies; each gets the same faults.")
  public List<?> policies() {
    return plan.policies();
  }

  /** Returns the kinds of faults. */
  @Property("The names of its kinds of faults.")
  public List<?> kinds() {
    return plan.faults().stream().map(FaultSet::name).toList();
  }

  /** Returns the trials of a policy. */
  @Property("Trials for each policy; 0 for an exhaustive plan, which counts them when it runs.")
  public long trials() {
    return plan.sampling().trials();
  }

  /** Returns the seed. */
  @Property("The seed, which chooses the faults.")
  public long seed() {
    return plan.seed();
  }

  /** Returns the text. */
  @Property("The text of the plan, for a file.")
  public String text() {
    return plan.text();
  }

  /** Runs it. */
  @ScriptMethod(
      "Runs the trials on a number of threads (default one for each processor), with results in a new"
          + " folder within the folder of results (default campaign-NAME), and returns the Campaign. A"
          + " progress function is called with a Progress several times a second; the campaign ends early"
          + " if it returns false, and resume continues it.")
  public ScriptCampaign run(
      @Arg(value = "folder", optional = true) String folder,
      @Arg(value = "threads", optional = true) Long threads,
      @Arg(value = "progress", optional = true) Callback progress) {
    Path into;
    try {
      into = campaigns.results().place(folder == null ? Folder.nameFor(plan) : folder);
      Folder.mustBeNew(into);
    } catch (LabException e) {
      throw ScriptException.usage(e.getMessage());
    }
    Plan made =
        new ScriptRun(campaigns.workbench(), threads, progress)
            .run(() -> {
              Plan traced = Campaign.traced(plan);
              return Folder.create(into, traced, Campaign.image());
            });
    return new ScriptCampaign(campaigns, into, made);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "<plan %s: %s>", plan.name(), plan.sampling().text());
  }
}
