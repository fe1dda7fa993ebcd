package org.curios.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.curios.campaign.replay.Replay;
import org.curios.kernel.Images;
import org.curios.lab.foreign.ForeignImage;
import org.curios.lab.guest.Boot;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * What a session needs to make a trial again.
 *
 * @param faults in the order of time, with their ticks
 * @param elf the image that ran, for symbols; null if it is no ELF file
 * @param image the same, read
 * @param isOfCurios whether it is CuriOS
 * @param maker makes the machine, at its start
 * @param preparation brings a session to the first fault
 */
record ReplayedTrial(
    List<Fault> faults,
    byte[] elf,
    Image image,
    boolean isOfCurios,
    Maker maker,
    Consumer<Session> preparation) {
  private static final int RAM = 64 << 20;

  /** Makes the machine of a trial. */
  private interface Maker {
    Machine make(GuestConsole console, boolean jit) throws ImageException;
  }

  /** Takes the embedded image. */
  static ReplayedTrial of(String policy, List<Fault> faults, Workload workload)
      throws ImageException {
    byte[] elf = Images.elf("curios");
    Image image = Image.parse("curios.elf", elf);
    Symbols symbols = new Symbols(image);
    return new ReplayedTrial(
        faults,
        elf,
        image,
        true,
        (console, jit) -> {
          Machine machine =
              loaded(
                  builder(console, jit)
                      .ram(RAM)
                      .card(workload.card() == null ? null : new Disk(workload.card())),
                  image);
          new Boot(Trial.kernelPolicy(policy), workload.run(), workload.ip())
              .write(machine, symbols);
          return machine;
        },
        session -> Replay.prepare(session, symbols, workload, faults));
  }

  /** Takes another image, whose run ends at an exception that has no handler. */
  static ReplayedTrial of(List<Fault> faults, ForeignImage foreign) {
    return new ReplayedTrial(
        faults,
        foreign.image().raw() ? null : foreign.bytes(),
        foreign.image(),
        false,
        (console, jit) -> {
          PrintStream printed = new PrintStream(console.output(), true, StandardCharsets.UTF_8);
          return loaded(
              builder(console, jit).warnings(line -> printed.println("curios: " + line), true),
              foreign.image());
        },
        session -> Replay.prepareForeign(session, faults));
  }

  /** Makes the machine, at its start. */
  Session session(GuestConsole console, boolean jit) throws ImageException {
    return new Session(() -> maker.make(console, jit));
  }

  /** Brings the machine of a session to the first fault, which has just happened then. */
  void prepare(Session session) {
    preparation.accept(session);
  }

  private static MachineBuilder builder(GuestConsole console, boolean jit) {
    return new MachineBuilder()
        .jit(jit)
        .console(new PrintStream(console.output(), false))
        .input(console.input());
  }

  private static Machine loaded(MachineBuilder builder, Image image) throws ImageException {
    Machine machine = builder.build();
    try {
      machine.load(image);
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    return machine;
  }

  /**
   * Opens the shell at the first fault.
   *
   * @param commands to run quietly; if there are none, they are read from the terminal or from
   *     standard input
   * @return exit status
   */
  int openShell(List<String> commands, boolean jit) throws IOException, ImageException {
    GuestConsole console = new GuestConsole();
    try (Terminal terminal = openTerminal(commands);
        Session session = session(console, jit);
        Shell shell = new Shell(session, image, elf, console, isOfCurios, terminal)) {
      shell.endsBy(Main::endAtOnce);
      prepare(session);
      if (!commands.isEmpty()) {
        return shell.runQuietly(new BufferedReader(new StringReader(String.join("\n", commands))));
      }
      return terminal == null
          ? shell.runQuietly(
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
          : shell.run();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private static Terminal openTerminal(List<String> commands) throws IOException {
    return commands.isEmpty() && System.console() != null && System.console().isTerminal()
        ? TerminalBuilder.builder().system(true).build()
        : null;
  }
}
