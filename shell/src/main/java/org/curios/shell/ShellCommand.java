package org.curios.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.curios.kernel.Images;
import org.curios.lab.debug.SourceFiles;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;
import org.curios.shell.session.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curios shell}, and {@code curios} alone: boots CuriOS and opens the shell. */
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Boot the embedded CuriOS image and open the shell on it. With standard input not a terminal,",
      "commands are read from there and echoed with their output."
    },
    footer = {
      "",
      "Exit status: 0; 1 if a command of a script has failed; 2 bad usage or image.",
      "",
      "Examples:",
      "  curios",
      "  printf 'crash store abort\\nservices\\n' | curios",
      "  curios shell --policy restart --run steady,mixed"
    })
final class ShellCommand implements Callable<Integer> {
  static final List<String> POLICIES =
      List.of("none", "restart", "datastore", "hot", "ssr", "ssr-packed");

  /** Ticks by which the clients have connected to their services: 10 virtual milliseconds. */
  private static final long BOOTED = 2_000_000;

  @Option(
      names = "--policy",
      defaultValue = "ssr-packed",
      paramLabel = "NAME",
      description =
          "Recovery policy: none, restart, datastore, hot, ssr, ssr-packed; default ${DEFAULT-VALUE}.")
  private String policy;

  @Option(
      names = "--run",
      defaultValue = "shell,steady0,steady1,steady2",
      paramLabel = "CLIENTS",
      description = {
        "Clients to start, with commas: shell, steady, mixed, timers, stores, scheds, calls, yields;",
        "default ${DEFAULT-VALUE}."
      })
  private String run;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Another image than the embedded one.")
  private Path image;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Option(
      names = "--gdb",
      paramLabel = "PORT",
      description = {
        "Serve gdb on this port of the loopback address (0: any), with the machine at its first",
        "instruction."
      })
  private String gdb;

  @Mixin private ToolOptions tools;

  @Override
  public Integer call() throws IOException {
    if (!POLICIES.contains(policy)) {
      System.err.println(
          "curios: --policy "
              + policy
              + ": no such policy; there are "
              + String.join(", ", POLICIES));
      return Main.USAGE;
    }
    GuestConsole console = new GuestConsole();
    try {
      byte[] bytes =
          image != null
              ? Image.readBytes(image)
              : Images.curios("policy=" + policy + " run=" + run);
      Image loaded = Image.parse(image != null ? image.toString() : "curios.elf", bytes);
      SourceFiles sources = image != null ? SourceFiles.of(image) : SourceFiles.embedded();
      Machine.Builder builder = new Machine.Builder();
      tools.apply(builder, sources, false);
      try (Session session =
              new Session(() -> {
                Machine machine =
                    builder
                        .jit(!noJit)
                        .console(new PrintStream(console.output(), false))
                        .input(console.input())
                        .build();
                machine.load(loaded);
                return machine;
              });
          Shell shell = new Shell(session, loaded, loaded.raw() ? null : bytes, console)) {
        console.silentWhen(session::isReplaying);
        if (gdb == null) {
          session.resume();
          session.awaitTick(BOOTED);
        } else if (!shell.serveGdb(gdb)) {
          return Main.USAGE;
        }
        return shell.run();
      }
    } catch (ImageException | IllegalArgumentException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    } finally {
      tools.close();
    }
  }
}
