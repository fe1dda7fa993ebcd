package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.curios.arm.core.Cpu;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.session.Points.Point;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.LineTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that let the machine run and stop. */
@Command(name = "run")
final class MotionCommands {
  /** Milliseconds that a script waits for the machine to stop. */
  private static final long PATIENCE_MS = 10_000;

  /** Ticks that a command runs at most before it gives up: 100 virtual seconds. */
  private static final long FARTHEST = 20_000_000_000L;

  private final Shell shell;
  private final Session session;

  MotionCommands(Shell shell) {
    this.shell = shell;
    this.session = shell.session();
  }

  private void where(Session.Status status) {
    shell.say(session.call(m -> StopReport.of(shell, m, status)));
  }

  @Command(
      description = "Stop the machine.",
      footer = {"Examples:", "  stop"})
  void stop() {
    where(session.pause());
  }

  @Command(
      aliases = {"c", "continue"},
      description = {
        "Resume the machine in the background. In a script with breakpoints, wait for a stop."
      },
      footer = {"Examples:", "  cont"})
  void cont() {
    session.resume();
    if (!shell.interactive() && !shell.breakpoints().isEmpty()) {
      Session.Status status = session.await(PATIENCE_MS);
      if (status != null) {
        where(status);
      }
    }
  }

  @Command(
      aliases = {"s", "si", "stepi"},
      description =
          "Execute an instruction, or several; with -l, continue to the next source line.",
      footer = {"Examples:", "  step", "  step 1000", "  step -l"})
  void step(
      @Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") String count,
      @Option(
              names = {"-l", "--line"},
              description = "to another source line")
          boolean line) {
    long times = Count.of("step", count);
    shell.mustStand();
    if (!line) {
      where(session.runTo(session.status().tick() + times));
      return;
    }
    for (long i = 0; i < times; i++) {
      toLine(false);
    }
  }

  /**
   * Goes to another source line; with {@code over}, in this function or its callers, and in the
   * same mode.
   */
  private void toLine(boolean over) {
    int[] start = new int[2];
    LineTable.Line line =
        session.call(m -> {
          start[0] = m.cpu().register(13);
          start[1] = m.cpu().mode();
          return shell.program().lines().at(m.cpu().register(15));
        });
    Predicate<Machine> elsewhere =
        m -> {
          LineTable.Line now = shell.program().lines().at(m.cpu().register(15));
          boolean here = !over || isIn(m.cpu(), start[1], start[0]);
          return here && now != null && !now.equals(line);
        };
    where(runWith(() -> session.history().points().stepping(elsewhere)));
  }

  /** Whether the processor is in a mode and on a stack, no deeper than a place on it. */
  private static boolean isIn(Cpu cpu, int mode, int sp) {
    int now = cpu.register(13);
    return cpu.mode() == mode && now >>> 20 == sp >>> 20 && Integer.compareUnsigned(now, sp) >= 0;
  }

  /** Runs with a point that is there for this run only. */
  private Session.Status runWith(Supplier<Point> maker) {
    Point point = session.call(m -> maker.get());
    try {
      Session.Status status = session.runTo(session.status().tick() + FARTHEST);
      boolean ours = session.call(m -> session.history().points().stoppedBy().contains(point));
      return ours ? new Session.Status(status.state(), status.tick(), "") : status;
    } finally {
      session.call(m -> {
        session.history().points().remove(point);
        return null;
      });
    }
  }

  @Command(
      aliases = {"n", "ni", "nexti"},
      description = {
        "Execute an instruction; calls, including protected ones, run to their return. With -l, continue",
        "to the next source line of this function or its callers."
      },
      footer = {"Examples:", "  next", "  next -l"})
  void next(
      @Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") String count,
      @Option(
              names = {"-l", "--line"},
              description = "to another source line")
          boolean line) {
    long times = Count.of("next", count);
    shell.mustStand();
    for (long i = 0; i < times; i++) {
      if (line) {
        toLine(true);
      } else {
        over();
      }
    }
  }

  private void over() {
    int[] here = session.call(m -> new int[] {m.cpu().pc, m.cpu().register(13), m.cpu().mode()});
    int after = session.call(MotionCommands::afterCall);
    if (after == 0) {
      where(session.runTo(session.status().tick() + 1));
      return;
    }
    where(
        runWith(() ->
            session
                .history()
                .points()
                .before(after, m -> m.cpu().mode() == here[2] && m.cpu().register(13) == here[1])));
  }

  /** The address after the next instruction if that is a call: BL, BLX, SVC; else 0. */
  private static int afterCall(Machine m) {
    int pc = m.cpu().register(15);
    if ((m.cpu().pc & 1) != 0) {
      long first = VirtualMemory.read(m, pc, 2);
      boolean svc = first >>> 8 == 0xdf;
      boolean blx = (first & 0xff87) == 0x4780;
      boolean bl = first >>> 11 == 0x1e;
      return svc || blx ? pc + 2 : bl ? pc + 4 : 0;
    }
    long word = VirtualMemory.read(m, pc, 4);
    boolean conditional = word >>> 28 != 0xf;
    boolean bl = conditional && (word >>> 24 & 0xf) == 0xb;
    boolean svc = conditional && (word >>> 24 & 0xf) == 0xf;
    boolean blx = word >>> 25 == 0x7d || (word & 0x0ffffff0) == 0x012fff30;
    return bl || svc || blx ? pc + 4 : 0;
  }

  @Command(
      aliases = "fin",
      description = "Run until this function returns, also across the return of a protected call.",
      footer = {"Examples:", "  finish"})
  void finish() {
    shell.mustStand();
    List<Backtrace.Entry> calls =
        session.call(m -> Backtrace.here(shell.program(), m, shell.view(m)));
    if (calls.size() < 2) {
      throw new SessionException("finish: the caller is unknown; see bt");
    }
    Backtrace.Entry caller = calls.get(1);
    where(
        runWith(() ->
            session
                .history()
                .points()
                .before(caller.pc(), m -> m.cpu().register(13) == caller.sp())));
    shell.say(session.call(m -> format("r0 is %1$d (0x%1$x)", m.cpu().register(0))));
  }

  @Command(
      aliases = "u",
      customSynopsis = "until PLACE | @TICK",
      description = "Run to a place, to a tick, or to a bookmark.",
      footer = {"Examples:", "  until store.put", "  until @5000000", "  until @before"})
  void until(@Parameters(arity = "1..*", paramLabel = "PLACE") String[] words) {
    shell.mustStand();
    String place = String.join(" ", words);
    if (place.startsWith("@")) {
      long tick = shell.tick(place);
      if (tick < session.status().tick()) {
        throw new SessionException(
            format("tick %,d is in the past; back %s goes there", tick, place));
      }
      where(session.runTo(tick));
      return;
    }
    List<Integer> addresses = session.call(m -> shell.places().find(place, m));
    for (int a : addresses.subList(1, addresses.size())) {
      shell.say(format("%s is also at %08x; this is the first", place, a));
    }
    where(runWith(() -> session.history().points().before(addresses.get(0), m -> true)));
  }
}
