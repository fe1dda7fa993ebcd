package org.curios.lab.foreign;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.LabException;
import org.curios.lab.trial.Aftermath;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.ImageException;
import org.curios.machine.snapshot.Snapshot;

/** A machine with an image other than CuriOS, and its output; for one thread at a time. */
final class ForeignBench implements AutoCloseable {
  /** Bytes of RAM, as {@code curios run} has by default. */
  static final int RAM = 128 << 20;

  private static final int CORE = 16;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Machine machine;
  private final Aftermath aftermath;
  private Integer status;
  private String exception = "";
  private boolean dead;

  /**
   * The machine at one moment of a run.
   *
   * @param snapshot the machine
   * @param printed bytes that it had sent
   * @param core R0 to R15 and the CPSR
   * @param waiting whether it waited for an interrupt
   */
  record Moment(Snapshot snapshot, int printed, List<Integer> core, boolean waiting) {
    long tick() {
      return snapshot.tick();
    }
  }

  /**
   * Loads an image.
   *
   * @param translates whether warm code is translated, for many runs of the same code
   * @throws LabException when it does not fit into RAM
   */
  ForeignBench(ForeignImage image, boolean translates) {
    try {
      machine =
          new MachineBuilder()
              .jit(false)
              .translates(translates)
              .ram(RAM)
              .console(new PrintStream(output, false, StandardCharsets.ISO_8859_1))
              .warnings(line -> exception = line, true)
              .build();
      machine.load(image.image());
    } catch (ImageException e) {
      throw new LabException(e.getMessage(), e);
    }
    aftermath = new Aftermath(machine);
  }

  Machine machine() {
    return machine;
  }

  /** Returns what carries on with faults that last. */
  Aftermath aftermath() {
    return aftermath;
  }

  long now() {
    return machine.cpu().now();
  }

  /** Returns whether the guest has ended, or can never continue. */
  boolean isOver() {
    return status != null || dead;
  }

  /** Returns whether it is in an endless loop of exceptions. */
  boolean isDead() {
    return dead;
  }

  /** Returns the exit status; null while it has not ended. */
  Integer status() {
    return status;
  }

  /** Returns the exception without a handler that has ended it; empty if there was none. */
  String exception() {
    return exception;
  }

  /** Returns what it has sent to UART0 and printed by semihosting. */
  byte[] printed() {
    return output.toByteArray();
  }

  /** Returns how many bytes it has printed. */
  int printedBytes() {
    return output.size();
  }

  /** Runs to a tick, or to the end of the guest. */
  void run(long untilTick) {
    while (!isOver() && now() < untilTick) {
      long due = aftermath.perform();
      try {
        dead = machine.run(Math.min(untilTick, due)) == Stop.DEAD;
      } catch (GuestExit e) {
        status = e.status();
      }
    }
  }

  Moment moment() {
    return new Moment(machine.snapshot(), output.size(), core(), machine.cpu().isWaiting());
  }

  /** Returns R0 to R15 and the CPSR, which differ first. */
  List<Integer> core() {
    Cpu cpu = machine.cpu();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < CORE; i++) {
      all.add(cpu.register(i));
    }
    all.add(cpu.cpsr());
    return all;
  }

  /** Goes to a moment of the undisturbed run, which prints certain bytes. */
  void restore(Moment moment, byte[] undisturbed) {
    aftermath.forget();
    machine.restore(moment.snapshot());
    machine.executor().passNothing();
    output.reset();
    output.write(undisturbed, 0, moment.printed());
    status = null;
    exception = "";
    dead = false;
  }

  /** Returns the content of parts of RAM. */
  List<byte[]> content(List<MemoryRange> ranges) {
    List<byte[]> all = new ArrayList<>();
    for (MemoryRange r : ranges) {
      byte[] bytes = new byte[r.bytes()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) machine.bus().read(r.address() + i, 1);
      }
      all.add(bytes);
    }
    return all;
  }

  /**
   * Returns a range at its physical address, by the translation of this moment.
   *
   * @throws LabException when it is not in RAM
   */
  MemoryRange physical(MemoryRange range) {
    int physical =
        range.isSymbol() ? machine.cpu().memory.physical(range.address()) : range.address();
    if (physical == -1
        || !machine.bus().isRam(physical)
        || !machine.bus().isRam(physical + range.bytes() - 1)) {
      throw new LabException(range.name() + ": not in RAM at the end of the undisturbed run");
    }
    return range.at(physical);
  }

  @Override
  public void close() {
    machine.close();
  }
}
