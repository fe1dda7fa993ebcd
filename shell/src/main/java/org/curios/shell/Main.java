package org.curios.shell;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of CuriOS. */
@Command(
    name = "curios",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "CuriOS, an operating system that survives crashes of its own services, on an ARM926EJ-S",
      "VersatilePB on GraalVM Truffle. Without a command, boots it and opens the shell."
    },
    footer = {
      "",
      "Further commands of the launcher:",
      "  curios test          runs every test of the project",
      "  curios bench         times the machine against QEMU",
      "  curios differential  compares it with QEMU"
    },
    subcommands = {
      RunCommand.class,
      ShellCommand.class,
      DemoCommand.class,
      EvaluateCommand.class,
      CampaignCommand.class,
      ProfileCommand.class,
      ScriptCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  static final String VERSION = "CuriOS 0.1.0";

  /** Exit status for bad usage and unusable files. */
  public static final int USAGE = 2;

  /**
   * The format of {@code --stats=FORMAT}: its own option, so that {@code --stats} takes no separate
   * value.
   */
  static final String STATS_FORMAT = "--stats-format";

  /** Options of the command line itself; all others in the place of a command are the shell's. */
  private static final Set<String> OWN = Set.of("-h", "--help", "-V", "--version");

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs the command line and ends the process with its status. */
  public static void main(String[] arguments) {
    StandardOutput output = StandardOutput.install(System::exit);
    output.end(execute(arguments));
  }

  /** Ends the process while a thread of it does not let itself be stopped. */
  static void endAtOnce(int status) {
    Runtime.getRuntime().halt(status);
  }

  /** Runs the command line; returns the exit status. */
  public static int execute(String... arguments) {
    if (arguments.length == 0 || arguments[0].startsWith("-") && !OWN.contains(arguments[0])) {
      return execute(
          Stream.concat(Stream.of("shell"), Stream.of(arguments)).toArray(String[]::new));
    }
    CommandLine all =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setHelpFactory(FittedHelp::new)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler(Main::complain)
            .setExecutionExceptionHandler(Main::fail);
    // What the command does not know is the script's.
    all.getSubcommands().get("script").setUnmatchedOptionsArePositionalParams(true);
    if (arguments[0].equals("script")) {
      return all.execute(arguments);
    }
    int own = List.of(arguments).indexOf("--");
    for (int i = 0; i < (own < 0 ? arguments.length : own); i++) {
      arguments[i] = withOwnOption(arguments[i]);
    }
    return all.execute(arguments);
  }

  private static String withOwnOption(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      return argument;
    }
    String option = argument.substring(0, equals);
    String own = option.equals("--stats") ? STATS_FORMAT : ToolOptions.WITH_VALUE.get(option);
    return own == null ? argument : own + argument.substring(equals);
  }

  private static int complain(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("curios: " + e.getMessage());
    command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult result) {
    command.getErr().println("curios: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    return USAGE;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
