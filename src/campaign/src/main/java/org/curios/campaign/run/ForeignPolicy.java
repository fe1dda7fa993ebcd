package org.curios.campaign.run;

import org.curios.campaign.foreign.ForeignRows;
import org.curios.campaign.foreign.ForeignSpace;
import org.curios.campaign.plan.Foreign;
import org.curios.campaign.plan.Plan;
import org.curios.lab.foreign.ForeignImage;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.foreign.ForeignTrial;
import org.curios.lab.program.Program;

/** The undisturbed run of an image other than CuriOS. */
final class ForeignPolicy implements PreparedPolicy {
  private final Foreign foreign;
  private final ForeignRun run;
  private final ForeignSpace space;
  private final ForeignRows rows;

  ForeignPolicy(Plan plan, Program program) {
    foreign = plan.foreign();
    ForeignImage image = ForeignImage.read(foreign.image());
    run = new ForeignRun(image, foreign.memory(), Campaign.traced(plan).foreign().undisturbed());
    space = new ForeignSpace(plan, run, program);
    rows = new ForeignRows(run, program);
  }

  @Override
  public TrialRunner runner() {
    ForeignTrial trial = new ForeignTrial(run, foreign.patience(), true);
    return TrialRunner.of(
        number -> rows.row(number, space.run(trial, number), trial), trial::close);
  }
}
