package org.curios.lab.trial;

import java.util.List;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Memory;
import org.curios.lab.guest.Guest.View;

/** Follows a part of the undisturbed run access by access. */
public final class AccessTrace {
  private AccessTrace() {}

  /** Observes the run. */
  public interface Observer {
    /** The machine is before the instruction at one of the ticks. */
    void before(View v, long tick);

    /**
     * An access of the processor to RAM, after the last reported tick: by instructions, of walks of
     * page tables, and of fetches.
     *
     * @param physical address of the first byte
     * @param bytes 1, 2 or 4
     */
    void accessed(int physical, int bytes, boolean store);
  }

  /**
   * Follows the run from the first of some ticks to a moment after the last one.
   *
   * @param ticks in their order, all of them within the run
   * @return tells whether the run reads the byte at a physical address after that moment, before it
   *     writes it
   */
  public static IntPredicate follow(Baseline baseline, List<Long> ticks, Observer observer) {
    Liveness liveness = baseline.liveness();
    Bench.Moment end = baseline.higher(ticks.getLast());
    try (Bench bench = new Bench(baseline.policy(), baseline.workload(), false)) {
      bench.restore(baseline.floor(ticks.getFirst()), baseline.printed());
      bench.run(ticks.getFirst());
      Memory memory = bench.machine().cpu().memory;
      boolean[] looks = new boolean[1]; // reads by the observer itself are not accesses of the run
      memory.listen((physical, bytes, store) -> {
        if (!looks[0]) {
          observer.accessed(physical, bytes, store);
        }
      });
      for (long tick : ticks) {
        bench.run(tick);
        looks[0] = true;
        observer.before(bench.view(), tick);
        looks[0] = false;
      }
      bench.run(end.tick());
      memory.listen(null);
    }
    int number = baseline.number(end);
    return physical -> {
      long[] bytes = new long[Liveness.WORDS];
      int inGranule = physical & Bus.GRANULE - 1;
      bytes[inGranule / Long.SIZE] = 1L << inGranule;
      liveness.keepLive(physical >>> Bus.GRANULE_SHIFT, number, bytes);
      return bytes[inGranule / Long.SIZE] != 0;
    };
  }
}
