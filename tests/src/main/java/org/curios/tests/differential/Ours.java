package org.curios.tests.differential;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** Runs an image on our machine, in this process. */
public final class Ours {
  /** How instructions are carried out. */
  public enum Mode {
    /** By the interpreter alone: the words of ARM code directly from memory. */
    INTERPRETED,
    /** By the interpreter, all by the nodes that compiled code is made of. */
    NODES,
    /** Every block translated to byte code as soon as it has run twice, and nothing else. */
    BYTE_CODE,
    /** The same to machine code of the host, where it is known. */
    HOST_CODE,
    /** Every block compiled as soon as it has run twice, and waited for. */
    COMPILED
  }

  /**
   * What a run gave.
   *
   * @param output what the guest has sent to UART0 and semihosting
   * @param ticks instructions begun
   * @param status exit status; -1 if the guest did not exit
   * @param deoptimizations how often compiled code was given up
   * @param failures compilations that failed
   */
  public record Result(
      byte[] output, long ticks, int status, long deoptimizations, long failures) {}

  private Ours() {}

  /** Begins a machine that compiles every block as soon as it has run twice, or none. */
  public static MachineBuilder builder(boolean compiles) {
    return new MachineBuilder().jit(compiles).compileImmediately(compiles);
  }

  /**
   * Begins a small quiet machine that builds regions as usual and waits for their code, or none.
   */
  public static MachineBuilder regions(boolean compiles) {
    return new MachineBuilder()
        .jit(compiles)
        .warms(false)
        .option("engine.BackgroundCompilation", "false")
        .ram(16 << 20)
        .console(new PrintStream(OutputStream.nullOutputStream()));
  }

  /** Begins a machine that runs in a mode; {@link #byNodes} is for the caller. */
  public static MachineBuilder builder(Mode mode) {
    return builder(mode == Mode.COMPILED)
        .translateImmediately(
            mode == Mode.BYTE_CODE || mode == Mode.HOST_CODE, mode == Mode.BYTE_CODE);
  }

  /** Begins a quiet machine with words at an address, which it runs. */
  public static Machine program(boolean compiled, int at, int... words) throws ImageException {
    Machine machine =
        builder(compiled)
            .ram(16 << 20)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build();
    write(machine.cpu(), at, words);
    machine.cpu().setRegister(15, at);
    return machine;
  }

  /** Writes words to memory as the privileged modes see it. */
  public static void write(Cpu cpu, int at, int... words) {
    for (int i = 0; i < 4 * words.length; i++) {
      cpu.memory.poke(at + i, words[i / 4] >>> 8 * (i % 4));
    }
  }

  /** Has a machine interpret nodes alone: there is a breakpoint, where nothing ever runs. */
  public static void byNodes(Cpu cpu) {
    cpu.code.setBreakpoint(0xfffffff0, true);
  }

  /** Runs an executable until it exits or a tick is reached. */
  public static Result run(String name, byte[] elf, Mode mode, long maxTicks)
      throws ImageException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine = builder(mode).console(new PrintStream(output, false)).build()) {
      machine.load(Image.parse(name, elf));
      if (mode == Mode.NODES) {
        byNodes(machine.cpu());
      }
      int status = -1;
      try {
        Executor.Stop stop = machine.run(maxTicks);
        output.writeBytes(
            ("[" + stop + "]\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      } catch (GuestExit e) {
        status = e.status();
      }
      return new Result(
          output.toByteArray(),
          machine.cpu().now(),
          status,
          machine.compilations().deoptimizations(),
          machine.compilations().failed());
    }
  }
}
