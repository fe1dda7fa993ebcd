package org.curios.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.curios.campaign.replay.Replay;
import org.curios.kernel.Images;
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
 * @param policy of the trial
 * @param faults in the order of time, with their ticks
 * @param workload what the system did
 * @param elf the image that ran
 * @param image the same, read
 */
record ReplayedTrial(
    String policy, List<Fault> faults, Workload workload, byte[] elf, Image image) {
  private static final int RAM = 64 << 20;

  /** Takes the embedded image. */
  static ReplayedTrial of(String policy, List<Fault> faults, Workload workload)
      throws ImageException {
    byte[] elf = Images.elf("curios");
    return new ReplayedTrial(policy, faults, workload, elf, Image.parse("curios.elf", elf));
  }

  /** Makes the machine, at its start. */
  Session session(GuestConsole console, boolean jit) throws ImageException {
    return new Session(new Maker(console, jit));
  }

  /** Makes the machine, and the second one of a workload that has one. */
  private final class Maker implements Session.Maker {
    private final GuestConsole console;
    private final boolean jit;
    private Machine peer;

    Maker(GuestConsole console, boolean jit) {
      this.console = console;
      this.jit = jit;
    }

    @Override
    public Machine make() throws ImageException {
      MachineBuilder builder =
          builder(jit, console.output())
              .card(workload.card() == null ? null : new Disk(workload.card()))
              .input(console.input());
      if (workload.peer().isEmpty()) {
        return loaded(builder, workload.run(), workload.ip());
      }
      Switch lan = new Switch();
      Machine machine = loaded(builder.net(lan), workload.run(), workload.ip());
      peer =
          loaded(
              builder(jit, OutputStream.nullOutputStream()).net(lan),
              workload.peer(),
              Workload.PEER);
      return machine;
    }

    @Override
    public void release() {
      if (peer != null) {
        peer.close();
      }
    }
  }

  private static MachineBuilder builder(boolean jit, OutputStream output) {
    return new MachineBuilder().ram(RAM).jit(jit).console(new PrintStream(output, false));
  }

  /** Brings the machine of a session to the first fault, which has just happened then. */
  void prepare(Session session) {
    Replay.prepare(session, new Symbols(image), workload, faults);
  }

  private Machine loaded(MachineBuilder builder, String run, String ip) throws ImageException {
    Machine machine = builder.build();
    try {
      machine.load(image);
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    new Boot(Trial.kernelPolicy(policy), run, ip).write(machine, new Symbols(image));
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
        Shell shell = new Shell(session, image, elf, console, true, terminal)) {
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
