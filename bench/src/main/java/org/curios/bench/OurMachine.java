package org.curios.bench;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.curios.arm.GuestExit;
import org.curios.arm.VirtualClock;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;

/** Our machine, in this process: a new one for each run, which has compiled nothing yet. */
final class OurMachine implements Peer {
  @Override
  public String name() {
    return "curios";
  }

  @Override
  public Run run(String program, byte[] elf, double limit) throws BenchException {
    LineClock clock = new LineClock();
    try (ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor();
        Machine machine = new Machine.Builder().console(new PrintStream(clock, false)).build()) {
      machine.load(Image.parse(program, elf));
      var _ =
          alarm.schedule(
              () -> machine.executor().interrupt(), (long) (limit * 1000), TimeUnit.MILLISECONDS);
      try {
        machine.run(VirtualClock.NEVER);
      } catch (GuestExit e) {
        if (e.status() != 0) {
          throw new BenchException(
              program + " found a wrong result on our machine (status " + e.status() + ")");
        }
      }
      alarm.shutdownNow();
    } catch (ImageException e) {
      throw new BenchException(program + ": " + e.getMessage(), e);
    }
    Run run = clock.run();
    if (run.lines().isEmpty()) {
      throw new BenchException(program + " has done no unit of work within " + limit + " s");
    }
    return run;
  }
}
