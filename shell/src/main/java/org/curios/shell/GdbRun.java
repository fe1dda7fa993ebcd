package org.curios.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import org.curios.lab.gdb.GdbServer;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * {@code curios run --gdb}: the machine is stopped at its first instruction until a debugger lets
 * it run, and the run ends with the guest, or when the debugger kills it.
 */
final class GdbRun implements GdbServer.Listener {
  /** Makes the machine with its console. */
  @FunctionalInterface
  interface Maker {
    Machine make(PrintStream console, InputStream input) throws ImageException;
  }

  private static final String PAUSED = "stopped";

  private final GuestConsole console = new GuestConsole();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private volatile Session session;
  private boolean watches;

  /** Ends the run from outside. */
  void quit() {
    ended.complete(RunCommand.INTERRUPTED);
  }

  /** What is done with the machine at the end. */
  @FunctionalInterface
  interface Report {
    void report(Machine machine);
  }

  /**
   * Serves debuggers until the run ends.
   *
   * @param elf the image as gdb can read it; null if it is no ELF file
   * @return exit status
   * @throws ImageException when the machine cannot be made, or the port cannot be used
   */
  int run(
      Maker maker,
      Image image,
      byte[] elf,
      int port,
      ConsoleFlusher flusher,
      InputStream input,
      Report report)
      throws ImageException {
    PrintStream out = flusher.stream();
    console.attach(out::write);
    console.silentWhen(() -> session != null && session.isReplaying());
    try (Session running =
        new Session(() -> maker.make(new PrintStream(console.output(), false), input))) {
      session = running;
      try (GdbServer server = new GdbServer(running, image, elf, port, this)) {
        say(server.waiting());
        int status = ended.join();
        flusher.flush();
        running.call(m -> {
          report.report(m);
          return null;
        });
        return status;
      } catch (SessionException e) {
        throw new ImageException(e.getMessage());
      }
    }
  }

  @Override
  public void say(String line) {
    System.err.println(line);
  }

  @Override
  public void detached() {
    if (!watches) {
      watches = true;
      session.onStop(this::stopped);
    }
    exited();
  }

  @Override
  public void killed() {
    quit();
  }

  @Override
  public void exited() {
    if (session.lastStatus().state() == Session.State.ENDED) {
      ended.complete(session.exitStatus());
    }
  }

  /** The machine has stopped with no debugger attached. */
  private void stopped(Machine machine, Session.Status status) {
    if (session.isDriven()) {
      return;
    }
    exited();
    if (status.state() == Session.State.STOPPED && !status.why().equals(PAUSED)) {
      System.err.println("curios: " + status.why());
      System.err.print(Statistics.registers(machine.cpu()));
      ended.complete(RunCommand.DEAD);
    }
  }
}
