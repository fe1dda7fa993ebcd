package org.curios.lab.profile;

import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/**
 * Samples a guest at exact ticks: the machine runs at full speed in between, and the same run gives
 * the same profile.
 */
public final class Profiler {
  /** Ticks between two samples by default: a prime, so that no loop synchronises with it. */
  public static final long EVERY = 9973;

  private Profiler() {}

  /**
   * How a run has ended.
   *
   * @param profile the samples
   * @param ticks instructions that have run
   * @param status exit status of the guest; null if it has not ended
   * @param stop why the run has stopped; null if the guest has ended it
   */
  public record Result(Profile profile, long ticks, Integer status, Stop stop) {}

  /**
   * Runs a machine to its end, or to a tick.
   *
   * @param image what the machine has loaded
   * @param every ticks between two samples, at least 1
   * @param withIdle whether samples in which the processor waits are part of the profile
   */
  public static Result run(
      Machine machine, Image image, long every, long untilTick, boolean withIdle) {
    Profile profile = new Profile(every, withIdle);
    GuestStacks stacks = new GuestStacks(image);
    long next = machine.cpu().now();
    try {
      while (true) {
        next = Math.min(next + every, untilTick);
        Stop stop = machine.run(next);
        long now = machine.cpu().now();
        if (stop != Stop.TICKS) {
          return new Result(profile, now, null, stop);
        }
        profile.add(stacks.at(machine), stacks.line(machine));
        if (now >= untilTick) {
          return new Result(profile, now, null, stop);
        }
      }
    } catch (GuestExit e) {
      return new Result(profile, machine.cpu().now(), e.status(), null);
    }
  }
}
