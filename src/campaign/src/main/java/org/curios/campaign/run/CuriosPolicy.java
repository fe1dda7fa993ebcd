package org.curios.campaign.run;

import org.curios.campaign.plan.Plan;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Trial;

/** The undisturbed run of CuriOS under one policy. */
final class CuriosPolicy implements PreparedPolicy {
  private final String policy;
  private final Program program;
  private final Baseline baseline;
  private final FaultSpace space;

  CuriosPolicy(Plan plan, String policy, Program program) {
    this.policy = policy;
    this.program = program;
    baseline = Baseline.measure(policy, Campaign.workload(plan));
    space = new FaultSpace(plan, baseline, program);
  }

  @Override
  public TrialRunner runner() {
    Trial trial = Trial.timed(baseline);
    Rows rows = new Rows(policy, program);
    return TrialRunner.of(
        number -> rows.row(number, space.run(trial, number), trial), trial::close);
  }
}
