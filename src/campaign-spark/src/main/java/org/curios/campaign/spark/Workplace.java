package org.curios.campaign.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.run.PreparedPolicy;
import org.curios.campaign.run.TrialRunner;
import org.curios.lab.LabException;
import org.curios.machine.engine.Jit;

/**
 * The data shared by the tasks of an executor: the undisturbed run of a policy, which each executor
 * makes for itself, and machines whose compiled code is kept from one task to the next.
 */
final class Workplace {
  /**
   * Number of policies whose undisturbed runs are cached: tasks come by policy, with some overlap.
   */
  private static final int MOST = 2;

  private static final Map<Key, Workplace> KNOWN =
      new LinkedHashMap<>(MOST + 1, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Workplace> eldest) {
          boolean isTooMuch = size() > MOST;
          if (isTooMuch) {
            eldest.getValue().leave();
          }
          return isTooMuch;
        }
      };

  /** The inputs of the undisturbed run. */
  private record Key(PartTask campaign, String policy) {}

  private final PreparedPolicy prepared;
  private final Queue<TrialRunner> idle = new ConcurrentLinkedQueue<>();
  private boolean isLeft;

  private Workplace(PreparedPolicy prepared) {
    this.prepared = prepared;
  }

  /**
   * Returns the workplace of a policy; the first caller performs the undisturbed run.
   *
   * @throws LabException when another image of CuriOS is installed here
   */
  static synchronized Workplace of(PartTask campaign, String policy) {
    return KNOWN.computeIfAbsent(new Key(campaign, policy), k -> made(campaign, policy));
  }

  private static Workplace made(PartTask campaign, String policy) {
    if (!campaign.image().equals(Campaign.image())) {
      throw new LabException(
          "an executor has another image of CuriOS than the driver; install the same build on all"
              + " machines");
    }
    if (!Jit.isThere()) {
      throw new LabException(
          "an executor cannot compile the guest: it has not got the options of"
              + " curios campaign spark --settings");
    }
    Plan plan = PlanReader.parse("plan.yaml", campaign.plan());
    return new Workplace(PreparedPolicy.of(plan, policy, Campaign.program()));
  }

  /** Returns a machine for exclusive use. */
  TrialRunner borrow() {
    TrialRunner known = idle.poll();
    return known != null ? known : prepared.runner();
  }

  synchronized void giveBack(TrialRunner runner) {
    if (isLeft) {
      runner.close();
    } else {
      idle.add(runner);
    }
  }

  private synchronized void leave() {
    isLeft = true;
    idle.forEach(TrialRunner::close);
  }
}
