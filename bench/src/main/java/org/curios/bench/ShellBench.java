package org.curios.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.kernel.Images;
import org.curios.lab.Boot;
import org.curios.lab.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;
import org.curios.shell.session.Shell;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * What the shell costs the machine behind it. Ten clients work without end, and nothing is typed,
 * so that virtual time runs as fast as the host can. A pair is a stretch of ticks run by the
 * machine alone, without the history that the shell keeps, and one with the shell open and {@code
 * top} drawing; both on the same machine and the same compiled code.
 */
final class ShellBench {
  /** Seconds of both kinds until the code is compiled. */
  private static final double WARM_UP = 15;

  private static final int CRASHES = 21;
  private static final Pattern TOLD = Pattern.compile("\"told_after_ms\":([0-9.]+)");

  private final int pairs;
  private final double seconds;

  /**
   * Prepares the measurement.
   *
   * @param pairs how many pairs
   * @param seconds host seconds of each half of a pair
   */
  ShellBench(int pairs, double seconds) {
    this.pairs = pairs;
    this.seconds = seconds;
  }

  /**
   * What was measured.
   *
   * @param wall part of the speed that is lost with shell and top: the median of the pairs
   * @param cpu the same by the CPU time of the machine's thread
   * @param accountMs host milliseconds from the end of a recovery to its account, the median of 21
   *     crashes
   * @param worstMs the longest of them
   */
  record Result(double wall, double cpu, double accountMs, double worstMs) {}

  /** Measures, prints what was found, and with {@code json} one object at the end. */
  static int run(int pairs, double seconds, boolean json) throws IOException, ImageException {
    Result r = new ShellBench(pairs, seconds).run(System.out);
    System.out.printf(
        Locale.ROOT,
        "median loss %.2f %% by the wall, %.2f %% by CPU time%n"
            + "account of a crash %.1f ms after the recovery, at most %.1f ms%n",
        100 * r.wall,
        100 * r.cpu,
        r.accountMs,
        r.worstMs);
    if (json) {
      System.out.printf(
          Locale.ROOT,
          "{\"shell.loss_percent\":%.3f,\"shell.loss_cpu_percent\":%.3f,"
              + "\"shell.account_ms\":%.3f,\"shell.account_max_ms\":%.3f}%n",
          100 * r.wall,
          100 * r.cpu,
          r.accountMs,
          r.worstMs);
    }
    return 0;
  }

  /** Measures, and prints a line for each pair. */
  Result run(PrintStream out) throws IOException, ImageException {
    Image image = Image.parse("curios", Images.elf("curios"));
    GuestConsole console = new GuestConsole();
    Boot boot = new Boot("ssr-packed", "steady");
    PipedOutputStream keys = new PipedOutputStream();
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    try (Terminal terminal =
            TerminalBuilder.builder()
                .system(false)
                .streams(new PipedInputStream(keys), screen)
                .type("xterm-256color")
                .build();
        Session session = new Session(() -> machine(image, boot, console))) {
      terminal.setSize(Size.of(120, 40));
      Shell shell = new Shell(session, image, console, boot, terminal);
      session.runTo(Boot.BOOTED);
      alone(session, ticks(withTop(session, shell, keys, WARM_UP / 2), WARM_UP / 2));
      double[] wall = new double[pairs];
      double[] cpu = new double[pairs];
      for (int i = 0; i < pairs; i++) {
        Speed with = withTop(session, shell, keys, seconds);
        Speed without = alone(session, ticks(with, seconds));
        screen.reset();
        wall[i] = 1 - with.wall / without.wall;
        cpu[i] = 1 - with.cpu / without.cpu;
        out.printf(
            Locale.ROOT,
            "alone %8.1f   with shell and top %8.1f million ticks a second   "
                + "loss %6.2f %% by the wall, %6.2f %% by CPU time%n",
            without.wall / 1e6,
            with.wall / 1e6,
            100 * wall[i],
            100 * cpu[i]);
      }
      double[] told = accounts(session, shell, screen);
      return new Result(
          Main.median(wall),
          Main.median(cpu),
          Main.median(told),
          Arrays.stream(told).max().orElseThrow());
    }
  }

  private static long ticks(Speed speed, double seconds) {
    return (long) (speed.wall * seconds);
  }

  private static Machine machine(Image image, Boot boot, GuestConsole console)
      throws ImageException {
    Machine machine =
        new Machine.Builder().console(new PrintStream(console.output(), false)).build();
    machine.load(image);
    boot.write(machine, new Symbols(image));
    return machine;
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
  private static Speed alone(Session session, long ticks) {
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
  private static Speed withTop(Session session, Shell shell, OutputStream keys, double seconds)
      throws IOException {
    session.resume();
    CompletableFuture<Boolean> top = CompletableFuture.supplyAsync(() -> shell.execute("top"));
    Clock before = Clock.now(session);
    try {
      Thread.sleep((long) (1000 * seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Speed speed = Clock.now(session).since(before);
    keys.write('q');
    keys.flush();
    if (!top.orTimeout(10, TimeUnit.SECONDS).join()) {
      throw new IllegalStateException("top has failed");
    }
    session.pause();
    return speed;
  }

  /** Milliseconds from the end of each recovery until crash tells of it. */
  private static double[] accounts(Session session, Shell shell, ByteArrayOutputStream screen) {
    session.resume();
    double[] told = new double[CRASHES];
    for (int i = 0; i < told.length; i++) {
      screen.reset();
      shell.execute("crash store abort --json");
      told[i] = told(screen);
    }
    session.pause();
    return told;
  }

  /** What the account says, once the terminal has passed it on. */
  private static double told(ByteArrayOutputStream screen) {
    for (int i = 0; i < 1000; i++) {
      Matcher m = TOLD.matcher(screen.toString(StandardCharsets.UTF_8));
      if (m.find()) {
        return Double.parseDouble(m.group(1));
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    throw new IllegalStateException("no account of a crash: " + screen);
  }
}
