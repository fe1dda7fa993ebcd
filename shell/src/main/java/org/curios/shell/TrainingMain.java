package org.curios.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
  /** A guest that never idles. */
  private static final String PROGRAM = "policy=ssr-packed run=busy,mixed";

  private static final String TICKS = "10000000";

  /** How much of the guest Graal compiles: nearly all of Graal's classes are loaded by then. */
  private static final int COMPILED_REGIONS = 1;

  private static final long SLICE = 20_000_000;

  private static final long PAUSE_MILLIS = 10;

  /** After so long the archive is made without Graal's classes: later starts are slower. */
  private static final long PATIENCE_SECONDS = 120;

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

  /** Runs a program, until Graal has compiled some of it, then a shell on an invisible terminal. */
  public static void main(String[] arguments)
      throws IOException, ImageException, InterruptedException {
    byte[] elf = Images.curios(PROGRAM);
    Path program = Files.createTempFile("training", ".elf");
    try {
      Files.write(program, elf);
      int _ = Main.execute("run", program.toString(), "--max-ticks", TICKS, "--stats");
    } finally {
      Files.delete(program);
    }
    graal(elf);
    shell();
    System.exit(0);
  }

  private static void graal(byte[] elf) throws ImageException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (Machine machine = new MachineBuilder().build()) {
      machine.load(Image.parse("training.elf", elf));
      while (machine.compilations().compiled() < COMPILED_REGIONS && System.nanoTime() < deadline) {
        if (machine.executor().regions() > machine.compilations().compiled()) {
          Thread.sleep(PAUSE_MILLIS); // the guest would take Graal's time
        } else {
          machine.run(machine.cpu().now() + SLICE);
        }
      }
    }
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
