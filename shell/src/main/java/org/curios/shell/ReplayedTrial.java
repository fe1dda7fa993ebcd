package org.curios.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
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
import org.curios.machine.net.Switch;
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
 * @param makers gives what makes the machine, at its start
 * @param preparation brings a session to the first fault
 */
record ReplayedTrial(
    List<Fault> faults,
    byte[] elf,
    Image image,
    boolean isOfCurios,
    Makers makers,
    Consumer<Session> preparation) {
  private static final int RAM = 64 << 20;

  /** Gives what makes the machine of a trial. */
  private interface Makers {
    Session.Maker with(GuestConsole console, boolean jit);
  }

  /** Takes the embedded image. */
  static ReplayedTrial of(String policy, List<Fault> faults, Workload workload)
      throws ImageException {
    byte[] elf = Images.elf("curios");
    Image image = Image.parse("curios.elf", elf);
    return new ReplayedTrial(
        faults,
        elf,
        image,
        true,
        (console, jit) -> new CuriosMaker(policy, workload, image, console, jit),
        session -> Replay.prepare(session, new Symbols(image), workload, faults));
  }

  /** Makes the machine, and the second one of a workload that has one. */
  private static final class CuriosMaker implements Session.Maker {
    private final String policy;
    private final Workload workload;
    private final Image image;
    private final GuestConsole console;
    private final boolean jit;
    private Machine peer;

    CuriosMaker(String policy, Workload workload, Image image, GuestConsole console, boolean jit) {
      this.policy = policy;
      this.workload = workload;
      this.image = image;
      this.console = console;
      this.jit = jit;
    }

    @Override
    public Machine make() throws ImageException {
      MachineBuilder builder =
          builder(jit, console.output())
              .ram(RAM)
              .card(workload.card() == null ? null : new Disk(workload.card()))
              .input(console.input());
      if (workload.peer().isEmpty()) {
        return booted(builder, workload.run(), workload.ip());
      }
      Switch lan = new Switch();
      Machine machine = booted(builder.net(lan), workload.run(), workload.ip());
      peer =
          booted(
              builder(jit, OutputStream.nullOutputStream()).ram(RAM).net(lan),
              workload.peer(),
              Workload.PEER);
      return machine;
    }

    private Machine booted(MachineBuilder builder, String run, String ip) throws ImageException {
      Machine machine = loaded(builder, image);
      new Boot(Trial.kernelPolicy(policy), run, ip).write(machine, new Symbols(image));
      return machine;
    }

    @Override
    public void release() {
      if (peer != null) {
        peer.close();
      }
    }
  }

  /** Takes another image, whose run ends at an exception that has no handler. */
  static ReplayedTrial of(List<Fault> faults, ForeignImage foreign) {
    return new ReplayedTrial(
        faults,
        foreign.image().raw() ? null : foreign.bytes(),
        foreign.image(),
        false,
        (console, jit) ->
            () -> {
              PrintStream printed = new PrintStream(console.output(), true, StandardCharsets.UTF_8);
              return loaded(
                  builder(jit, console.output())
                      .input(console.input())
                      .warnings(line -> printed.println("curios: " + line), true),
                  foreign.image());
            },
        session -> Replay.prepareForeign(session, faults));
  }

  /** Makes the machine, at its start. */
  Session session(GuestConsole console, boolean jit) throws ImageException {
    return new Session(makers.with(console, jit));
  }

  /** Brings the machine of a session to the first fault, which has just happened then. */
  void prepare(Session session) {
    preparation.accept(session);
  }

  private static MachineBuilder builder(boolean jit, OutputStream output) {
    return new MachineBuilder().jit(jit).console(new PrintStream(output, false));
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
