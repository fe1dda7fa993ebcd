package org.curios.campaign.plan;

import java.util.List;

/**
 * What a campaign does.
 *
 * @param name of the campaign
 * @param clients that run, with commas between; {@link #MIXED} types lines as well
 * @param peer clients that run on a second machine, with commas between; empty for none
 * @param policies recovery policies; each gets the same faults
 * @param faults what is drawn from
 * @param sampling how it is drawn
 * @param seed chooses the faults
 * @param text the plan as it was written
 */
public record Plan(
    String name,
    String clients,
    String peer,
    List<String> policies,
    List<FaultSet> faults,
    Sampling sampling,
    long seed,
    String text) {
  /** Four clients that use the services, and one that reads typed input. */
  public static final String MIXED = "trial,typist";

  /** Copies the lists. */
  public Plan {
    policies = List.copyOf(policies);
    faults = List.copyOf(faults);
  }

  /** Returns the same with other sampling. */
  public Plan with(Sampling other) {
    return new Plan(name, clients, peer, policies, faults, other, seed, text);
  }

  /** Returns the rows that the campaign has in the end. */
  public long rows() {
    return sampling.trials() * policies.size();
  }
}
