package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.arm.core.Psr;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.run.Campaign;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.Baseline;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Spans;
import org.curios.lab.trial.Trial;
import org.junit.jupiter.api.Test;

/**
 * The check of all code, a part at each tick of the kernel's clock, may repair an instruction that
 * a request has just executed wrongly. What the request has done must not count, although its code
 * is sound when it returns.
 */
class RepairedCodeTest {
  /** Instructions from the one that is damaged to the check. */
  private static final long BEFORE = 400;

  /** Bits of the condition, the operation, the registers and the operand. */
  private static final int[] BITS = {0, 2, 4, 12, 13, 16, 20, 21, 22, 23, 28};

  private static final int[] DISTANCES = {0, 25, 50, 75, 100, 125, 150, 175};

  private static final int LEAST = 60;

  @Test
  void whatItRepairsWasNotExecutedForNothing() {
    Baseline baseline = Baseline.measure("ssr-packed", Campaign.workload(PlanReader.quick()));
    Spans checks = Moments.entries(baseline, "code_check", 20);
    int struck = 0;
    int recovered = 0;
    try (Trial trial = new Trial(baseline)) {
      for (long i = 0; i < checks.total() * DISTANCES.length; i++) {
        long tick =
            checks.tick(i / DISTANCES.length) - BEFORE + DISTANCES[(int) i % DISTANCES.length];
        if (tick <= baseline.start() || !trial.look(tick, RepairedCodeTest::isInMethod)) {
          continue;
        }
        for (int bit : BITS) {
          Trial.Result result = trial.run(tick, v -> damage(v, tick, bit));
          Outcome.Word word = result.outcome().word();
          struck++;
          recovered += word == Outcome.Word.RECOVERED ? 1 : 0;
          assertTrue(word.isGood(), result::toString);
        }
      }
    }
    int all = struck;
    assertTrue(struck >= LEAST && recovered > struck / 2, () -> "only " + all + " faults");
  }

  private static boolean isInMethod(View v) {
    Obj owner =
        v.machine().cpu().mode() == Psr.USER
            ? v.memory().owner(v.machine().cpu().register(15))
            : null;
    return owner != null && owner.isService();
  }

  /** Damages the next instruction of a service's method, which is checked at the next tick. */
  private static Fault damage(View v, long tick, int bit) {
    int pc = v.machine().cpu().register(15);
    Obj service = v.memory().owner(pc);
    int start = (int) service.descriptor().get("code_start");
    v.machine().bus().write(v.symbol("checked_object"), (int) service.struct().get("id"), 4);
    v.machine().bus().write(v.symbol("checked_bytes"), pc - start & ~0xff, 4);
    String place = String.format("%08x", pc + bit / 8);
    return new Fault(FaultClass.CODE, service.name(), tick, place, bit % 8);
  }
}
