package org.curios.campaign.plan;

import java.util.List;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;

/**
 * A set of faults in a plan, of which one is drawn for a trial.
 *
 * @param name what reports call them; unique in a plan
 * @param kind what is struck
 * @param services to strike; empty for all, and for the kernel
 * @param places to choose from, as faults have them; empty for all
 * @param bits adjacent bits, from 1 to {@link Fault#MOST_BITS}
 * @param mode how the bits change
 * @param when at which instructions
 * @param weight how often they are drawn, beside others, with weighted sampling
 * @param then the second fault of the trial; null for none
 * @param inRecovery whether the second one strikes while the kernel recovers from the first
 */
public record FaultSet(
    String name,
    FaultClass kind,
    List<String> services,
    List<String> places,
    int bits,
    Fault.Mode mode,
    When when,
    double weight,
    FaultSet then,
    boolean inRecovery) {
  /** Copies the lists. */
  public FaultSet {
    services = List.copyOf(services);
    places = List.copyOf(places);
  }

  /** Returns single transient flips of a kind, in all services. */
  public static FaultSet of(FaultClass kind, List<String> services) {
    return new FaultSet(
        kind.word(), kind, services, List.of(), 1, Fault.Mode.FLIP, When.UNIFORM, 1, null, false);
  }
}
