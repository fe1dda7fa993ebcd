package org.curios.campaign.run;

import org.curios.campaign.plan.Plan;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;

/**
 * The undisturbed run of a plan under one policy, and its fault space. It is a function of image,
 * plan and policy; machines of several threads share it.
 */
public interface PreparedPolicy {
  /**
   * Makes the undisturbed run.
   *
   * @param program in the image that the plan runs
   * @throws LabException if something that the plan names does not exist
   */
  static PreparedPolicy of(Plan plan, String policy, Program program) {
    return plan.isForeign()
        ? new ForeignPolicy(plan, program)
        : new CuriosPolicy(plan, policy, program);
  }

  /** Makes a machine for trials, for one thread at a time. */
  TrialRunner runner();
}
