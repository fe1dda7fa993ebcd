package org.curios.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.shell.StandardOutput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios bench}: our machine and qemu-system-arm, side by side on the same images. */
@Command(
    name = "curios bench",
    description = "Time our machine side by side with qemu-system-arm on the same images.",
    footer = {
      "",
      "Sections, each with its own table:",
      "  programs     guest programs, ms for a unit of work",
      "  first10      the same programs, units of work a second in the first 10 s of",
      "               a process",
      "  system       exceptions, devices, CP15, TLB, branches, written code and",
      "               memory, ns for an operation",
      "  os           CuriOS: protected calls, access to granted states, grants",
      "  warmup       a whole process on work that takes QEMU 20 s",
      "  interpreter  million instructions a second without compiled code",
      "  long         ten virtual minutes of CuriOS: host memory, deoptimisations",
      "  growth       speed and start as the code grows from 10 KB to 4 MB",
      "  shell        what the shell with top costs, and how soon it reports a crash",
      "  restore      what it costs to restore a snapshot, as each trial does",
      "",
      "A time is a median: for a separate process, over the second half of its run;",
      "for our machine, over the run after its compiler has finished, or over the",
      "second half if it has not finished at the limit; and over the paired runs. The",
      "ratio is QEMU's time divided by ours (above 1: we are faster), the median of the",
      "pairs. Warm-up: seconds until five units of work in a row take less than 1.2",
      "times their steady time; from the second run on the process itself is warm, and",
      "the section warmup measures cold ones. Programs check their own results, and all",
      "peers must print the same. The column native is the host itself with the same",
      "sources; for growth, with the same mixture of operations.",
      "",
      "All sections with five pairs take about two and a half hours.",
      "",
      "Exit status: 0; 1 a row failed, the others were measured; 2 bad usage or no",
      "QEMU.",
      "",
      "Examples:",
      "  curios bench",
      "  curios bench --only system --pairs 3 --json",
      "  curios bench --only sieve,svc --quick"
    })
public final class Main implements Callable<Integer> {
  private static final int ROW_FAILED = 1;
  private static final int FAILED = 2;

  private static final int MOST_SECONDS = 3600;

  /** Whether standard error is a terminal: the launcher knows. */
  private static final String PROGRESS = "curios.progress";

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
          "Measure programs, system work and calls by wall, or by cpu: the processor time of the thread or process that runs the guest; this also makes runs on a busy host longer; default wall.")
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
      description = "Also run the programs on this peer: unicorn.")
  private List<String> more = new ArrayList<>();

  @Option(names = "--list", description = "List sections and rows, and measure nothing.")
  private boolean list;

  private Main() {}

  /** Runs the benchmarks and ends the process. */
  public static void main(String[] arguments) {
    StandardOutput output = StandardOutput.install(System::exit);
    output.end(execute(arguments));
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
    Peer qemu = new QemuPeer();
    Section programs = PairedSection.programs(qemu, others());
    List<Section> sections =
        List.of(
            programs,
            new FirstSecondsSection(qemu, programs),
            PairedSection.system(qemu),
            new OperatingSystemSection(qemu),
            new WarmUpSection(qemu),
            new InterpreterSection(),
            new LongSection(),
            new GrowthSection(qemu),
            new LinuxSection(),
            new ShellSection(),
            new RestoreSection());
    if (list) {
      for (Section s : sections) {
        System.out.printf("%s: %s%n", s.name(), s.description());
        s.rows().forEach(r -> System.out.println("  " + r));
      }
      return 0;
    }
    Settings settings = settings();
    Selection selection = new Selection(only);
    selection.check(sections);
    if (!more.isEmpty() && selection.rows(sections.getFirst()).isEmpty()) {
      throw new BenchException(
          "--peer %s: it runs only the programs, and --only %s selects none of them"
              .formatted(String.join(",", more), String.join(",", only)));
    }
    BenchReport report =
        new BenchReport(System.out, Boolean.getBoolean(PROGRESS) ? System.err : null);
    describe(settings, report);
    if (sections.stream().anyMatch(s -> s.needsQemu() && !selection.rows(s).isEmpty())) {
      report.setting("qemu", QemuPeer.version());
    }
    for (Section s : sections) {
      List<String> rows = selection.rows(s);
      if (!rows.isEmpty()) {
        report.attempt(s.name(), () -> s.run(rows, settings, report));
      }
    }
    if (json) {
      System.out.println(report.json());
    }
    if (!report.failures().isEmpty()) {
      System.err.println("curios: failed: " + String.join(", ", report.failures().keySet()));
      return ROW_FAILED;
    }
    return 0;
  }

  private Settings settings() throws BenchException {
    Settings settings =
        new Settings(
            pairs != null ? pairs : quick ? 1 : 5,
            seconds != null ? seconds : quick ? 0.1 : 2,
            quick,
            clock);
    if (settings.pairs() < 1 || !(settings.seconds() > 0 && settings.seconds() <= MOST_SECONDS)) {
      throw new BenchException(
          "--pairs and --seconds: give numbers above 0, seconds up to " + MOST_SECONDS);
    }
    if (!clock.isThere()) {
      throw new BenchException(
          "--clock cpu: this host does not report processor times; it must be Linux");
    }
    return settings;
  }

  private void describe(Settings settings, BenchReport report) {
    report.setting("pairs", Integer.toString(settings.pairs()));
    report.setting("seconds", Double.toString(settings.seconds()));
    report.setting("quick", Boolean.toString(quick));
    report.setting("clock", clock.name().toLowerCase(Locale.ROOT));
    report.setting("only", String.join(",", only));
    report.setting("host", HostUse.processor());
    report.setting("java", System.getProperty("java.vm.version"));
  }

  private List<Peer> others() throws BenchException, InterruptedException {
    List<Peer> peers = new ArrayList<>();
    for (String name : more) {
      if (!name.equals("unicorn")) {
        throw new BenchException("--peer " + name + ": no such peer; there is unicorn");
      }
      peers.add(new UnicornPeer());
    }
    String whyNot = list ? "" : NativePeer.whyNot();
    if (whyNot == null) {
      peers.add(new NativePeer());
    } else if (!list) {
      System.err.println("curios: no column native: " + whyNot);
    }
    return peers;
  }
}
