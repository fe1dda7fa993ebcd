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
 * @param foreign the image that runs instead of CuriOS; null for CuriOS
 */
public record Plan(
    String name,
    String clients,
    String peer,
    List<String> policies,
    List<FaultSet> faults,
    Sampling sampling,
    long seed,
    String text,
    Foreign foreign) {
  /** Four clients that use the services, and one that reads typed input. */
  public static final String MIXED = "trial,typist";

  /** Copies the lists. */
  public Plan {
    policies = List.copyOf(policies);
    faults = List.copyOf(faults);
  }

  /** Returns the same with other sampling. */
  public Plan with(Sampling other) {
    return new Plan(name, clients, peer, policies, faults, other, seed, text, foreign);
  }

  /** Returns the same with the name of a campaign, and with what was measured of its image. */
  public Plan with(String title, Foreign other) {
    return new Plan(title, clients, peer, policies, faults, sampling, seed, text, other);
  }

  /** Returns whether it runs another image than CuriOS. */
  public boolean isForeign() {
    return foreign != null;
  }

  /** Returns what the trials run on, as text that follows their number. */
  public String scope() {
    return isForeign() ? ", on " + foreign.name() : " for each of " + policies.size() + " policies";
  }

  /** Returns the rows that the campaign has in the end. */
  public long rows() {
    return sampling.trials() * policies.size();
  }
}
