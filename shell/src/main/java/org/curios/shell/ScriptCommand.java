package org.curios.shell;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptOptions;
import org.curios.lab.script.ScriptRunner;
import org.curios.lab.script.Starter;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMachine;
import org.curios.lab.script.model.Workbench;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.ScriptWords;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code curios script}: an experiment in JavaScript or Python. */
@Command(
    name = "script",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Boot CuriOS and run a script in JavaScript (.js, .mjs) or Python (.py) on it. The script can use",
      "machine, services, clients, ssrs and faults; boot for further machines; results and chart for",
      "measurements; and args. Options below allow more. docs/scripting.md is the reference;",
      "docs/experiments/scripts contains examples.",
      "Python is downloaded when you run the first Python script; curios script --fetch-python downloads it now."
    },
    footer = {
      "",
      "Exit status: 0, or that of the script; 1 an error in the script; 2 bad usage, script or",
      "image; 124 stopped by --timeout; 130 Ctrl-C.",
      "",
      "Examples:",
      "  curios script sweep.js",
      "  curios script --out results --timeout 60 docs/experiments/scripts/policies.py --short",
      "  curios script --policy restart --run mixed crash.js store abort",
      "  curios script crash.js -- --policy restart"
    })
final class ScriptCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "Script: .js, .mjs or .py.")
  private Path file;

  @Parameters(
      index = "1..*",
      paramLabel = "ARGS",
      description = {
        "Passed to the script as args. Options of this command also work after FILE; others, and",
        "everything after --, are passed to the script."
      })
  private List<String> arguments = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      completionCandidates = Policies.class,
      description = {
        "Recovery policy: ${COMPLETION-CANDIDATES};",
        "default " + Workbench.POLICY + "."
      })
  private String policy;

  @Option(
      names = "--run",
      paramLabel = "CLIENTS",
      description = "Clients to start, separated by commas; default " + Workbench.RUN + ".")
  private String run;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description =
          "Image to use instead of the embedded one; it has not run when the script starts.")
  private Path image;

  @Option(names = "--sd", paramLabel = "FILE", description = CardOption.SHARED)
  private String sd;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Folder for saved tables and charts; default the current folder.")
  private Path out;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Stop the script after this time, with status 124.")
  private Double timeout;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "1024",
      description =
          "Stop the script if it uses more memory than this; default ${DEFAULT-VALUE}; 0 for no limit.")
  private long memory;

  @Option(names = "--allow-io", description = "Allow the script to use files and sockets.")
  private boolean allowIo;

  @Option(
      names = "--allow-host",
      description = "Allow the script to use the classes of the Java virtual machine, and threads.")
  private boolean allowHost;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Override
  public Integer call() {
    if (timeout != null && !(timeout > 0 && timeout < 1e7)) {
      return refuse("--timeout " + timeout + ": give seconds above 0");
    }
    if (memory < 0 || memory > 1 << 20) {
      return refuse("--memory " + memory + ": give MiB, or 0 for no limit");
    }
    List<String> given;
    try {
      List<String> words = new ArrayList<>(List.of(file.toString()));
      words.addAll(arguments);
      given = ScriptWords.of(spec, spec.commandLine().getParseResult().originalArgs(), words);
    } catch (SessionException e) {
      return refuse(e.getMessage());
    }
    Thread hook = tellsOfInterrupts();
    try (Workbench workbench =
        new Workbench(
            image == null ? null : Image.read(image),
            !noJit,
            image != null && sd == null ? null : CardOption.shared(sd))) {
      ScriptMachine machine =
          image != null
              ? workbench.boot(policy, run)
              : new Starter(workbench).boot(policy, run, null, null);
      ScriptOptions options =
          new ScriptOptions(
              allowIo,
              allowHost,
              timeout == null ? null : Duration.ofMillis(Math.round(timeout * 1000)),
              memory << 20,
              out);
      ScriptRunner runner = new ScriptRunner(options, System.in, System.out, System.err);
      runner.whenStuck(ScriptCommand::endAtOnce);
      ScriptEnd end = runner.run(file, given, workbench, machine);
      if (end.message() != null) {
        System.err.println("curios: " + end.message());
      }
      return end.status();
    } catch (ImageException | LabException | ScriptException | IllegalStateException e) {
      return refuse(e.getMessage());
    } finally {
      tellsNoMore(hook);
    }
  }

  /** A script that cannot be stopped takes the process with it. */
  private static void endAtOnce(ScriptEnd end) {
    System.out.flush();
    System.err.println("curios: " + end.message());
    System.err.flush();
    Main.endAtOnce(end.status());
  }

  /** Ctrl-C ends the process with status 130; what was printed is not to be lost. */
  private static Thread tellsOfInterrupts() {
    Thread hook =
        new Thread(() -> {
          System.out.flush();
          System.err.println("curios: " + ScriptEnd.WAS_INTERRUPTED);
        });
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static void tellsNoMore(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      System.out.flush(); // the process is ending already
    }
  }

  private static int refuse(String message) {
    System.err.println("curios: " + message);
    return Main.USAGE;
  }
}
