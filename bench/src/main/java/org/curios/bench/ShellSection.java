package org.curios.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.bench.BenchReport.Column;
import org.curios.kernel.Images;
import org.curios.lab.guest.Boot;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The cost of the shell for the machine that it controls. Ten clients work without end, and nothing
 * is typed, so that virtual time runs as fast as the host can. A pair is a stretch of ticks run by
 * the machine alone, without the history that the shell keeps, and one with the shell open and
 * {@code top} drawing; both on the same machine and the same compiled code.
 */
final class ShellSection implements Section {
  private static final String TOP = "top";
  private static final String ACCOUNT = "account";
  private static final String ALONE = "alone";
  private static final String WITH = "with";
  private static final String LOSS = "loss";
  private static final String CPU_LOSS = "cpu";
  private static final int CRASHES = 21;

  /** Seconds of warm-up for both kinds, until the code is compiled. */
  private static final double WARM_UP = 60;

  private static final double MILLION = 1e6;
  private static final Pattern TOLD = Pattern.compile("\"told_after_ms\":([0-9.]+)");

  private final PipedOutputStream keys = new PipedOutputStream();
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private Session session;
  private Shell shell;

  @Override
  public String name() {
    return "shell";
  }

  @Override
  public String description() {
    return "the cost of the shell with top to the machine that it controls, and the time until it reports a crash";
  }

  @Override
  public List<String> rows() {
    return List.of(TOP, ACCOUNT);
  }

  @Override
  public boolean needsQemu() {
    return false;
  }

  @Override
  public void run(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    GuestConsole console = new GuestConsole();
    Boot boot = new Boot("ssr-packed", "steady");
    try (Terminal terminal =
        TerminalBuilder.builder()
            .system(false)
            .streams(new PipedInputStream(keys), screen)
            .type("xterm-256color")
            .build()) {
      terminal.setSize(Size.of(120, 40));
      Image image = Image.parse("curios", Images.elf("curios"));
      try (Session opened = new Session(() -> machine(image, boot, console))) {
        session = opened;
        shell = new Shell(session, image, null, console, true, terminal);
        session.runTo(Boot.BOOTED);
        measure(wanted, settings, report);
      }
    } catch (IOException | ImageException e) {
      throw new BenchException("shell: " + e.getMessage(), e);
    }
  }

  private static Machine machine(Image image, Boot boot, GuestConsole console)
      throws ImageException {
    Machine machine =
        new MachineBuilder().console(new PrintStream(console.output(), false)).build();
    machine.load(image);
    boot.write(machine, new Symbols(image));
    return machine;
  }

  private void measure(List<String> wanted, Settings settings, BenchReport report)
      throws BenchException, IOException, InterruptedException {
    double warmUp = settings.quick() ? settings.seconds() : WARM_UP;
    report.measuring("shell, warming up");
    alone(ticks(withTop(warmUp / 2), warmUp / 2));
    if (wanted.contains(TOP)) {
      report.attempt(TOP, () -> top(settings, report));
    }
    if (wanted.contains(ACCOUNT)) {
      report.attempt(
          ACCOUNT,
          () -> {
            if (report.failures().containsKey(TOP)) {
              throw new BenchException("not measured, since top may still be there");
            }
            account(report);
          });
    }
  }

  private void top(Settings settings, BenchReport report)
      throws BenchException, InterruptedException {
    report.table(
        this,
        "million ticks a second, alone and with the shell and top; the loss by the clock, and by the"
            + " CPU time of the machine's thread",
        List.of(
            new Column(ALONE, "alone"),
            new Column(WITH, "with top"),
            new Column(LOSS, "loss %"),
            new Column(CPU_LOSS, "CPU loss %")));
    double[] wall = new double[settings.pairs()];
    double[] cpu = new double[settings.pairs()];
    Speed with = withTop(1);
    for (int i = 0; i < wall.length; i++) {
      report.measuring("shell, pair %d of %d".formatted(i + 1, wall.length));
      // The order alternates, so that neither gets the better half of a change in load.
      Speed without = i % 2 == 0 ? null : alone(ticks(with, settings.seconds()));
      with = withTop(settings.seconds());
      if (without == null) {
        without = alone(ticks(with, settings.seconds()));
      }
      screen.reset();
      wall[i] = 100 * (1 - with.wall / without.wall);
      cpu[i] = 100 * (1 - with.cpu / without.cpu);
      report.line(
          "pair " + (i + 1),
          Map.of(
              ALONE,
              without.wall / MILLION,
              WITH,
              with.wall / MILLION,
              LOSS,
              wall[i],
              CPU_LOSS,
              cpu[i]));
    }
    report.row(
        new BenchRow(name(), TOP, Map.of(LOSS, Run.median(wall), CPU_LOSS, Run.median(cpu))));
    report.figure("shell.loss_percent", Run.median(wall));
    report.figure("shell.loss_cpu_percent", Run.median(cpu));
  }

  private static long ticks(Speed speed, double seconds) {
    return (long) (speed.wall * seconds);
  }

  /** Ticks, and the CPU time of the machine's thread, which other processes do not lengthen. */
  private record Clock(long tick, long nanos, long cpu) {
    static Clock now(Session session) {
      return session.call(m ->
          new Clock(
              m.cpu().now(),
              System.nanoTime(),
              ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()));
    }

    Speed since(Clock before) {
      double ticks = tick - before.tick;
      return new Speed(ticks / (nanos - before.nanos) * 1e9, ticks / (cpu - before.cpu) * 1e9);
    }
  }

  /** Ticks a second by the clock on the wall, and by the CPU time of the machine's thread. */
  private record Speed(double wall, double cpu) {}

  /** Runs a stretch of ticks without history. */
  private Speed alone(long ticks) {
    Clock before = Clock.now(session);
    session.call(m -> {
      long end = m.cpu().now() + ticks;
      while (m.cpu().now() < end) {
        m.executor().passBreakpoint();
        m.run(end);
      }
      return null;
    });
    return Clock.now(session).since(before);
  }

  /** Runs a while with top. */
  private Speed withTop(double seconds) throws BenchException, InterruptedException {
    session.resume();
    CompletableFuture<Boolean> top = CompletableFuture.supplyAsync(() -> shell.execute("top"));
    Clock before = Clock.now(session);
    Thread.sleep((long) (1000 * seconds));
    Speed speed = Clock.now(session).since(before);
    try {
      keys.write('q');
      keys.flush();
      if (!top.get(10, TimeUnit.SECONDS)) {
        throw new BenchException("top has failed");
      }
    } catch (IOException | ExecutionException e) {
      throw new BenchException("top has failed (" + e.getMessage() + ")", e);
    } catch (TimeoutException e) {
      throw new BenchException("top has not ended within 10 s", e);
    }
    session.pause();
    return speed;
  }

  private void account(BenchReport report) throws BenchException, InterruptedException {
    report.table(
        this,
        "host milliseconds from the end of a recovery until crash has reported it, of %d crashes"
            .formatted(CRASHES),
        List.of(new Column("median", "median"), new Column("most", "most")));
    session.resume();
    double[] told = new double[CRASHES];
    for (int i = 0; i < told.length; i++) {
      report.measuring("shell, crash %d of %d".formatted(i + 1, told.length));
      screen.reset();
      shell.execute("crash store abort --json");
      told[i] = told();
    }
    session.pause();
    double most = Arrays.stream(told).max().orElseThrow();
    report.row(new BenchRow(name(), ACCOUNT, Map.of("median", Run.median(told), "most", most)));
    report.figure("shell.account_ms", Run.median(told));
    report.figure("shell.account_max_ms", most);
  }

  /** The account, once the terminal has passed it on. */
  private double told() throws BenchException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      Matcher m = TOLD.matcher(screen.toString(StandardCharsets.UTF_8));
      if (m.find()) {
        return Double.parseDouble(m.group(1));
      }
      Thread.sleep(5);
    }
    throw new BenchException("no report of a crash: " + screen);
  }
}
