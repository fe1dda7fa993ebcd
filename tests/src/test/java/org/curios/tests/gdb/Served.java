package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.curios.arm.core.Cpu;
import org.curios.kernel.Images;
import org.curios.lab.gdb.GdbServer;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** A machine in this process that gdb can attach to, stopped at its first instruction. */
final class Served implements AutoCloseable, GdbServer.Listener {
  /** How instructions are carried out. */
  enum Mode {
    INTERPRETED,
    /** As users have it: what is hot is compiled in the background. */
    JIT,
    /** Every block compiled as soon as it has run twice, and waited for. */
    COMPILED
  }

  final List<String> said = new CopyOnWriteArrayList<>();
  final GuestConsole console = new GuestConsole();
  final Symbols symbols;
  final Session session;
  final GdbServer server;
  volatile boolean killed;
  private final Mode mode;
  private final Image image;

  private Served(Mode mode, String name, byte[] elf) {
    this.mode = mode;
    try {
      image = Image.parse(name, elf);
      session = new Session(this::machine);
    } catch (ImageException e) {
      throw new AssertionError(e);
    }
    symbols = new Symbols(image);
    console.silentWhen(session::isReplaying);
    server = new GdbServer(session, image, elf, 0, this);
  }

  /** Serves CuriOS with boot arguments. */
  static Served curios(Mode mode, String arguments) {
    return new Served(mode, "curios.elf", Images.curios("policy=ssr-packed " + arguments));
  }

  /** Serves another guest program. */
  static Served program(Mode mode, String name) {
    return new Served(mode, name + ".elf", Images.elf(name));
  }

  /** Makes another machine of the same kind, at the same start. */
  Machine machine() throws ImageException {
    Machine machine =
        new MachineBuilder()
            .ram(64 << 20)
            .jit(mode != Mode.INTERPRETED)
            .compileImmediately(mode == Mode.COMPILED)
            .console(new PrintStream(console.output(), false))
            .build();
    machine.load(image);
    return machine;
  }

  /** Runs to a tick, whatever interrupts the run. */
  void runTo(long tick) {
    session.call(m -> {
      while (m.cpu().now() < tick) {
        m.executor().passBreakpoint();
        session.history().run(tick);
      }
      session.moved("by the test");
      return null;
    });
  }

  /** Waits until the debugger has let the machine run past a tick. */
  void awaitTick(long tick) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (session.status().tick() < tick) {
      assertTrue(System.nanoTime() < end, () -> "never came to tick " + tick);
      Thread.sleep(1);
    }
  }

  /** Returns the processor, to look at while it is stopped. */
  Cpu cpu() {
    return session.call(Machine::cpu);
  }

  int address(String symbol) {
    return symbols.find(symbol).address();
  }

  String hex(String symbol) {
    return Integer.toHexString(address(symbol));
  }

  Rsp attach() throws IOException {
    return Rsp.attach(server.port());
  }

  /** Waits until a line was said that contains a text. */
  void awaitSaid(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (said.stream().noneMatch(l -> l.contains(text))) {
      assertTrue(System.nanoTime() < end, () -> "never said: " + text + "; but " + said);
      Thread.sleep(5);
    }
  }

  @Override
  public void say(String line) {
    said.add(line);
  }

  @Override
  public void killed() {
    killed = true;
  }

  @Override
  public void close() {
    server.close();
    session.close();
  }

  /** Runs to a symbol and takes the breakpoint away. */
  String runTo(Rsp rsp, String symbol) throws IOException {
    assertEquals("OK", rsp.ask("Z0," + hex(symbol) + ",4"));
    String reply = rsp.go("vCont;c");
    assertEquals("OK", rsp.ask("z0," + hex(symbol) + ",4"));
    return reply;
  }
}
