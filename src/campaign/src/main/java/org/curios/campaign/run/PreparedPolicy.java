package org.curios.campaign.run;

import org.curios.campaign.plan.Plan;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;

/**
 * The undisturbed run of a plan under one policy, and its fault space. It is a function of image,
 * plan and policy; machines of several threads share it.
 */
public final class PreparedPolicy {
  private final String policy;
  private final Program program;
  private final Baseline baseline;
  private final FaultSpace space;

  private PreparedPolicy(Plan plan, String policy, Program program) {
    this.policy = policy;
    this.program = program;
    baseline = Baseline.measure(policy, Campaign.workload(plan));
    space = new FaultSpace(plan, baseline, program);
  }

  /**
   * Makes the undisturbed run.
   *
   * @throws LabException if something that the plan names does not exist
   */
  public static PreparedPolicy of(Plan plan, String policy, Program program) {
    return new PreparedPolicy(plan, policy, program);
  }

  /** Makes a machine for trials, for one thread at a time. */
  public TrialRunner runner() {
    return new TrialRunner(baseline, space, new Rows(policy, program));
  }
}
