package org.curios.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios bench}: our machine and qemu-system-arm, side by side on the same images. */
@Command(
    name = "curios bench",
    description = "Time our machine side by side with qemu-system-arm on the same images.",
    footer = {
      "",
      "Sections, each with a table of its own:",
      "  programs     guest programs, ms for a unit of work",
      "  system       exceptions, devices, CP15, TLB, branches, written code and",
      "               memory, ns for an operation",
      "  os           CuriOS: protected calls, access to granted states, grants",
      "  warmup       a whole process on work that takes QEMU 20 s",
      "  interpreter  million instructions a second without compiled code",
      "  long         ten virtual minutes of CuriOS: memory, deoptimisations",
      "  growth       speed and start as the code grows from 10 KB to 4 MB",
      "  shell        what the shell with top costs, and how soon it tells of a crash",
      "",
      "A time is the median of the second half of a run, and of the paired runs.",
      "The ratio is QEMU's time by ours (above 1: we are faster), the median of the",
      "pairs. Warm-up: seconds until a unit of work takes less than 1.2 times its",
      "steady time. Programs check their own results, and all peers must print the",
      "same. The column native is the host itself with the same sources.",
      "",
      "Exit status: 0; 2 bad usage, no QEMU, or a wrong result.",
      "",
      "Examples:",
      "  curios bench",
      "  curios bench --only system --pairs 3 --json",
      "  curios bench --only sieve,svc --quick"
    })
public final class Main implements Callable<Integer> {
  private static final int FAILED = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  @SuppressWarnings("UnusedVariable") // read by picocli
  private boolean help;

  @Option(names = "--pairs", paramLabel = "N", description = "Paired runs of each row; default 5.")
  private Integer pairs;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "About how long a run takes on QEMU; default 2.")
  private Double seconds;

  @Option(names = "--quick", description = "One pair of short runs: a smoke test, no measurement.")
  private boolean quick;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      defaultValue = "wall",
      description =
          "Time programs, system work and calls by wall, or by cpu: the processor time of who runs the guest, which also makes runs on a busy host longer; default wall.")
  private Clock clock;

  @Option(names = "--json", description = "End with one JSON object, on one line.")
  private boolean json;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these sections or rows.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      split = ",",
      description = "Also run the programs on this: unicorn.")
  private List<String> more = new ArrayList<>();

  @Option(names = "--list", description = "List sections and rows, and measure nothing.")
  private boolean list;

  private Main() {}

  /** Runs the benchmarks and ends the process. */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs the command line; returns the exit status. */
  public static int execute(String... arguments) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::complain)
        .setExecutionExceptionHandler(Main::fail)
        .execute(arguments);
  }

  private static int complain(CommandLine.ParameterException e, String[] arguments) {
    e.getCommandLine().getErr().println("curios: " + e.getMessage());
    e.getCommandLine().getErr().println("Try: curios bench --help");
    return FAILED;
  }

  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    // Anything else is a mistake in the benchmarks themselves, or there is no compiler.
    if (!(e instanceof BenchException || e instanceof IllegalStateException)) {
      throw e;
    }
    command.getErr().println("curios: " + e.getMessage());
    return FAILED;
  }

  @Override
  public Integer call() throws BenchException, InterruptedException {
    Peer qemu = new Qemu();
    List<Section> sections =
        List.of(
            PairedSection.programs(qemu, others()),
            PairedSection.system(qemu),
            new OperatingSystemSection(qemu),
            new WarmUpSection(qemu),
            new InterpreterSection(),
            new LongSection(),
            new GrowthSection(qemu),
            new ShellSection());
    if (list) {
      for (Section s : sections) {
        System.out.printf("%s: %s%n", s.name(), s.description());
        s.rows().forEach(r -> System.out.println("  " + r));
      }
      return 0;
    }
    Settings settings =
        new Settings(
            pairs != null ? pairs : quick ? 1 : 5,
            seconds != null ? seconds : quick ? 0.1 : 2,
            quick,
            clock);
    if (settings.pairs() < 1 || !(settings.seconds() > 0)) {
      throw new BenchException("--pairs and --seconds: give numbers above 0");
    }
    if (!clock.isThere()) {
      throw new BenchException("--clock cpu: this host does not tell; it must be Linux");
    }
    Selection selection = new Selection(only);
    selection.check(sections);
    Report report = new Report(System.out, isTerminal() ? System.err : null);
    for (Section s : sections) {
      List<String> rows = selection.rows(s);
      if (!rows.isEmpty()) {
        s.run(rows, settings, report);
      }
    }
    if (json) {
      System.out.println(report.json());
    }
    return 0;
  }

  private List<Peer> others() throws BenchException {
    List<Peer> peers = new ArrayList<>();
    for (String name : more) {
      if (!name.equals("unicorn")) {
        throw new BenchException("--peer " + name + ": no such peer; there is unicorn");
      }
      peers.add(new UnicornPeer());
    }
    if (NativePeer.isThere()) {
      peers.add(new NativePeer());
    } else {
      System.err.println(
          "curios: no programs for this host in this build (only on Linux): no column native");
    }
    return peers;
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again
  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
