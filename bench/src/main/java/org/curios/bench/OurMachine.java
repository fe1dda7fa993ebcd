package org.curios.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * Our machine, in this process: a new one for each run, which has compiled nothing yet. A run ends
 * when its compiler has been idle for some time with no region left to compile, and that time is
 * the steady state. If the compiler never becomes idle, the run ends at its limit, and its second
 * half is the steady state.
 */
final class OurMachine implements Peer {
  /**
   * Rests, at least, after which a run is settled: before a region is compiled, it has to run some
   * hundred million instructions as warm code.
   */
  private static final int BEGINNING = 2;

  private final String name;
  private final double rest;
  private final boolean jit;

  private OurMachine(String name, double rest, boolean jit) {
    this.name = name;
    this.rest = rest;
    this.jit = jit;
  }

  /**
   * Makes the peer.
   *
   * @param rest seconds without a compilation
   */
  OurMachine(double rest) {
    this("curios", rest, true);
  }

  /** The interpreter alone, without compiled code; a run takes its limit. */
  static OurMachine interpreter() {
    return new OurMachine("interpreted", 0, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Run run(Job job) throws BenchException {
    Watch watch = new Watch(rest);
    LineClock clock = new LineClock(job.prefix(), watch::line);
    try (Machine machine =
        new MachineBuilder().jit(jit).console(new PrintStream(clock, false)).build()) {
      watch.machine = machine;
      watch.clock = clock;
      clock.timeBy(job.clock().ofThread());
      machine.load(Image.parse(job.name(), job.elf()));
      try (Deadline _ =
          new Deadline(job, clock, () -> jit && watch.isSettled(), machine.executor()::interrupt)) {
        run(job, machine);
      }
    } catch (ImageException e) {
      throw new BenchException(job.name() + ": " + e.getMessage(), e);
    }
    return jit ? clock.run(job, this, watch.steadyFrom(), watch.work) : clock.run(job, this);
  }

  private static void run(Job job, Machine machine) throws BenchException {
    try {
      Executor.Stop stop = machine.run(VirtualClock.NEVER);
      if (stop != Executor.Stop.INTERRUPTED) {
        throw new BenchException(job.name() + " stopped on our machine (" + stop + ")");
      }
    } catch (GuestExit e) {
      if (e.status() != 0) {
        throw new BenchException(
            job.name() + " found a wrong result on our machine (status " + e.status() + ")");
      }
    }
  }

  /** Records with each line the work of the compiler, and when it was last active. */
  private static final class Watch {
    private final double rest;
    private final List<CompilerWork> work = new ArrayList<>();
    private Machine machine;
    private LineClock clock;
    private int lastLine;
    private volatile double lastTime;
    private volatile boolean pending;

    Watch(double rest) {
      this.rest = rest;
    }

    void line() {
      CompilerWork now = CompilerWork.of(machine);
      if (work.isEmpty() || !now.equals(work.getLast())) {
        lastLine = work.size();
        lastTime = clock.seconds();
        pending = now.isPending();
      }
      work.add(now);
    }

    boolean isSettled() {
      double now = clock.seconds();
      return !pending && now - lastTime > rest && now > BEGINNING * rest;
    }

    int steadyFrom() {
      return isSettled() ? Math.min(lastLine + 1, work.size() - 1) : work.size() / 2;
    }
  }
}
