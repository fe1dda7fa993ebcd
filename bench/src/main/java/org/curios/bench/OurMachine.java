package org.curios.bench;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.curios.arm.Executor;
import org.curios.arm.GuestExit;
import org.curios.arm.VirtualClock;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;

/** Our machine, in this process: a new one for each run, which has compiled nothing yet. */
final class OurMachine implements Peer {
  private final Consumer<Machine> atLine;

  OurMachine() {
    this(machine -> {});
  }

  /** Makes the peer with an observer that sees the machine at the end of each line that counts. */
  OurMachine(Consumer<Machine> atLine) {
    this.atLine = atLine;
  }

  @Override
  public String name() {
    return "curios";
  }

  @Override
  public Run run(Job job) throws BenchException {
    AtomicReference<Machine> running = new AtomicReference<>();
    LineClock clock = new LineClock(job.prefix(), () -> atLine.accept(running.get()));
    try (Machine machine = new Machine.Builder().console(new PrintStream(clock, false)).build()) {
      running.set(machine);
      machine.load(Image.parse(job.name(), job.elf()));
      try (Deadline _ = new Deadline(job, clock, machine.executor()::interrupt)) {
        run(job, machine);
      }
    } catch (ImageException e) {
      throw new BenchException(job.name() + ": " + e.getMessage(), e);
    }
    return clock.run(job, this);
  }

  private static void run(Job job, Machine machine) throws BenchException {
    try {
      Executor.Stop stop = machine.run(VirtualClock.NEVER);
      if (stop != Executor.Stop.INTERRUPTED) {
        throw new BenchException(job.name() + " came to a stand on our machine (" + stop + ")");
      }
    } catch (GuestExit e) {
      if (e.status() != 0) {
        throw new BenchException(
            job.name() + " found a wrong result on our machine (status " + e.status() + ")");
      }
    }
  }
}
