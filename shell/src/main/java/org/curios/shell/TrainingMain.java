package org.curios.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Performs the most frequent tasks, while the JVM records classes and profiles for the archive that
 * later starts use. The launcher runs it once after each build.
 */
public final class TrainingMain {
  /** A guest that never idles, and how long it runs: until Graal has compiled some of it. */
  private static final String PROGRAM = "policy=ssr-packed run=busy,mixed";

  private static final String TICKS = "200000000";

  private static final String[] COMMANDS = {
    "services",
    "crash store abort",
    "events | tail 5",
    "stop",
    "bt",
    "regs",
    "list",
    "disas",
    "x/8xw $sp",
    "print event_count",
    "break store.put",
    "cont",
    "step",
    "back 100",
    "help"
  };

  private TrainingMain() {}

  /** Runs a program, then a shell on an invisible terminal. */
  public static void main(String[] arguments) throws IOException, ImageException {
    Path program = Files.createTempFile("training", ".elf");
    try {
      Files.write(program, Images.curios(PROGRAM));
      int _ = Main.execute("run", program.toString(), "--max-ticks", TICKS, "--stats");
    } finally {
      Files.delete(program);
    }
    shell();
    System.exit(0);
  }

  private static void shell() throws IOException, ImageException {
    Image image = Image.parse("curios.elf", Images.elf("curios"));
    Boot boot = new Boot("ssr-packed", "shell,steady0,steady1,steady2");
    GuestConsole console = new GuestConsole();
    try (Terminal terminal =
            TerminalBuilder.builder()
                .system(false)
                .streams(InputStream.nullInputStream(), System.out)
                .type("xterm-256color")
                .build();
        Session session =
            new Session(() -> {
              Machine machine =
                  new MachineBuilder()
                      .console(new PrintStream(console.output(), false))
                      .input(console.input())
                      .build();
              machine.load(image);
              boot.write(machine, new Symbols(image));
              return machine;
            });
        Shell shell = new Shell(session, image, Images.elf("curios"), console, true, terminal)) {
      session.start(Boot.BOOTED);
      for (String command : COMMANDS) {
        if (!shell.execute(command)) {
          throw new IllegalStateException(command + ": has failed");
        }
      }
      int _ = shell.run();
    }
  }
}
