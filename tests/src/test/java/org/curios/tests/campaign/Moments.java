package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.campaign.run.Campaign;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Spans;
import org.curios.machine.image.Image;

/** When an undisturbed run executes a function of CuriOS. */
final class Moments {
  private Moments() {}

  /** Returns when a function is entered, at least as often as is wanted. */
  static Spans entries(Baseline baseline, String function, int least) {
    int entry = Campaign.program().symbols().require(function).address();
    Spans entries = baseline.where((object, client, pc) -> pc == entry);
    assertTrue(entries.total() >= least, entries::toString);
    return entries;
  }

  /** Returns when a service executes a function, at least as often as is wanted. */
  static Spans within(Baseline baseline, String service, String function, int least) {
    Symbols symbols = Campaign.program().symbols();
    Spans runs =
        baseline.where((object, client, pc) -> {
          Image.Symbol at = object.equals(service) ? symbols.at(pc) : null;
          return at != null && Symbols.readable(at.name()).equals(function);
        });
    assertTrue(runs.total() >= least, () -> runs.total() + " instructions of " + function);
    return runs;
  }
}
