package org.curios.shell;

import java.nio.file.Path;
import java.util.List;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.replay.Replay;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignImage;
import org.curios.machine.image.ImageException;

/**
 * A trial of a campaign that can be made again in a session.
 *
 * @param row its outcome
 * @param trial what happens in it
 */
record RecordedTrial(Row row, ReplayedTrial trial) {
  /**
   * Finds a trial.
   *
   * @param policy which one's; null if there is but one
   * @throws LabException when it is not there, or another image runs now
   */
  static RecordedTrial of(Path folder, long number, String policy) {
    try (Folder found = Folder.open(folder)) {
      Campaign.mustHaveImage(found);
      Row row = row(found.trial(number), number, policy);
      Plan plan = found.plan();
      return new RecordedTrial(
          row,
          plan.isForeign()
              ? ReplayedTrial.of(Replay.faults(row), ForeignImage.read(plan.foreign().image()))
              : ReplayedTrial.of(row.policy(), Replay.faults(row), Campaign.workload(plan)));
    } catch (ImageException e) {
      throw new LabException(e.getMessage(), e);
    }
  }

  /**
   * Chooses the trial of a policy.
   *
   * @throws LabException when the policy is not given, or has no such trial
   */
  static Row row(List<Row> rows, long number, String policy) {
    if (policy == null && rows.size() == 1) {
      return rows.get(0);
    }
    List<String> there = rows.stream().map(Row::policy).toList();
    if (policy == null) {
      throw new LabException(
          "trial " + number + ": choose the policy with --policy: " + String.join(", ", there));
    }
    return rows.stream()
        .filter(r -> r.policy().equals(policy))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "--policy "
                    + policy
                    + ": trial "
                    + number
                    + " is there of "
                    + String.join(", ", there)));
  }
}
