package org.curios.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.curios.machine.Machine;

/** Notes with each line of a run what the compiler has done so far. */
final class CompilerWatch implements Consumer<Machine> {
  /**
   * What the compiler has done.
   *
   * @param deoptimizations how often compiled code was given up
   * @param regions how many regions were built
   */
  record Count(long deoptimizations, long regions) {}

  private final List<Count> counts = new ArrayList<>();

  @Override
  public void accept(Machine machine) {
    counts.add(new Count(machine.compilations().deoptimizations(), machine.executor().regions()));
  }

  /** Forgets the last run. */
  void restart() {
    counts.clear();
  }

  /** Returns what was done in the second half of the run's lines. */
  Count inSecondHalf() {
    Count middle = counts.get(counts.size() / 2);
    Count end = counts.getLast();
    return new Count(end.deoptimizations - middle.deoptimizations, end.regions - middle.regions);
  }
}
