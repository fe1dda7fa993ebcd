package org.curios.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.debug.SourceFiles;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curios shell}, and {@code curios} alone: boots CuriOS and opens the shell. */
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Boot the embedded CuriOS image and open the shell on it. If standard input is not a terminal,",
      "commands are read from it and echoed with their output."
    },
    footer = {
      "",
      "Exit status: 0; 1 if a command of a script has failed; 2 bad usage or image. With -c or -q, that",
      "of the worst command: 1 if one has failed, 2 for bad usage.",
      "",
      "Examples:",
      "  curios",
      "  printf 'crash store abort\\nservices\\n' | curios",
      "  curios -c 'crash store abort; services --json' | jq .restarts",
      "  curios shell --policy restart --run steady,mixed",
      "  curios shell -S --image kernel.elf",
      "  curios shell --image zImage --dtb board.dtb --append 'console=ttyAMA0' --symbols vmlinux"
    })
final class ShellCommand implements Callable<Integer> {
  @Option(
      names = "--policy",
      defaultValue = "ssr-packed",
      paramLabel = "NAME",
      completionCandidates = Policies.class,
      description = "Recovery policy: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private String policy;

  @Option(
      names = "--run",
      defaultValue = "shell,steady0,steady1,steady2",
      paramLabel = "CLIENTS",
      description = {
        "Clients to start, separated by commas: shell, steady, busy, mixed, timers, stores, scheds, calls,",
        "yields; a whole group, or one of it such as steady0; default ${DEFAULT-VALUE}."
      })
  private String run;

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      description = {
        "Address of the guest: dhcp, or ADDRESS/BITS, with ,gw=ADDRESS and ,dns=ADDRESS if needed.",
        "The default is dhcp with --net."
      })
  private String ip;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Image to use instead of the embedded one.")
  private Path image;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Option(
      names = {"-S", "--stopped"},
      description = "Start with the machine stopped at its first instruction.")
  private boolean stopped;

  @Option(
      names = "--gdb",
      paramLabel = "PORT",
      description = {
        "Serve gdb on this port of the loopback address (0: any), with the machine at its first",
        "instruction."
      })
  private String gdb;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMANDS",
      description = {"Run commands, separated by ;, without echo, and quit. May be repeated."})
  private List<String> commands = new ArrayList<>();

  @Option(
      names = {"-q", "--quiet"},
      description = {
        "No banner and no echo: standard output has only the output of commands, standard error the",
        "errors."
      })
  private boolean quiet;

  @Option(
      names = "--ram",
      paramLabel = "SIZE",
      defaultValue = "128M",
      description = "Size of RAM; default ${DEFAULT-VALUE}.")
  private String ram;

  @Option(
      names = "--load",
      paramLabel = "ADDR:FILE",
      description = "Load a file at a physical address; may be repeated.")
  private List<String> loads = new ArrayList<>();

  @Mixin private CardOption card;

  @Mixin private BootOptions board;

  @Mixin private ToolOptions tools;

  @Override
  public Integer call() throws IOException {
    GuestConsole console = new GuestConsole();
    try (Terminal terminal = openTerminal()) {
      Boot boot =
          image == null ? Boot.checked(policy, run, ip == null ? board.usualIp() : ip) : null;
      if (terminal != null && !quiet) {
        Shell.greet(terminal, boot != null);
      }
      byte[] bytes = image == null ? Images.elf("curios") : Image.readBytes(image);
      byte[] symbols = board.symbols();
      Image loaded =
          board.named(Image.parse(image == null ? "curios.elf" : image.toString(), bytes), symbols);
      byte[] elf = symbols != null ? symbols : loaded.raw() ? null : bytes;
      int ramSize = RunCommand.size("--ram", ram);
      MachineBuilder builder = new MachineBuilder();
      tools.apply(builder, image == null ? SourceFiles.embedded() : SourceFiles.of(image), false);
      String[] failure = new String[1];
      try (Session session =
              open(terminal, failure, () -> machine(builder.ram(ramSize), loaded, boot, console));
          Shell shell = new Shell(session, loaded, elf, console, boot != null, terminal)) {
        shell.endsBy(Main::endAtOnce);
        if (gdb != null) {
          if (!shell.serveGdb(gdb)) {
            return Main.USAGE;
          }
        } else if (!stopped && terminal != null) {
          session.start(boot == null ? 0 : Boot.BOOTED);
        } else if (!stopped) {
          session.runTo(boot == null ? 0 : Boot.BOOTED);
          session.resume();
        }
        int status = run(shell, terminal);
        return failure[0] == null ? status : Main.USAGE;
      }
    } catch (ImageException | IllegalArgumentException | LabException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    } finally {
      tools.close();
    }
  }

  private int run(Shell shell, Terminal terminal) throws IOException {
    if (!commands.isEmpty()) {
      return shell.runQuietly(new BufferedReader(new StringReader(String.join("\n", commands))));
    }
    if (quiet && terminal == null) {
      return shell.runQuietly(
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }
    return shell.run();
  }

  /** A user at a terminal need not wait until there is a machine. */
  private static Session open(Terminal terminal, String[] failure, Session.Maker maker)
      throws ImageException {
    if (terminal == null) {
      return new Session(maker);
    }
    return new Session(
        maker,
        why -> {
          failure[0] = why;
          terminal.writer().println("curios: " + why);
          terminal.flush();
        });
  }

  private Machine machine(MachineBuilder builder, Image loaded, Boot boot, GuestConsole console)
      throws ImageException {
    board.apply(builder);
    Machine machine =
        builder
            .card(card.open(boot == null ? null : EmbeddedCard.base()))
            .jit(!noJit)
            .console(new PrintStream(console.output(), false))
            .input(console.input())
            .build();
    try {
      machine.load(loaded, board.files());
      for (String load : loads) {
        RunCommand.load(machine, load);
      }
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    if (boot != null) {
      boot.write(machine, new Symbols(loaded));
    }
    return machine;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private Terminal openTerminal() throws IOException {
    return commands.isEmpty() && System.console() != null && System.console().isTerminal()
        ? signalled(TerminalBuilder.builder().system(true).build())
        : null;
  }

  /** JLine hands no signals to what it takes for a dumb terminal: Ctrl-C would end the process. */
  private static Terminal signalled(Terminal terminal) {
    if (terminal instanceof DumbTerminal) {
      Signals.register("INT", () -> terminal.raise(Terminal.Signal.INT));
    }
    return terminal;
  }
}
