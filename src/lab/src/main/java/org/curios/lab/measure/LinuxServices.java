package org.curios.lab.measure;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.ext2.Ext2Formatter;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Switch;

/**
 * Instructions of Linux's system calls: a program of the kernel module is the first process, from a
 * second archive after that of the RAM disk, and the machine runs from its {@code svc} to the next
 * instruction in user mode. Instructions of interrupts and of other threads of the kernel are
 * counted, the time in which the processor waits is not. A second machine on a switch, where Linux
 * runs another program, is the peer for traffic over the wire.
 */
final class LinuxServices {
  private static final String PROGRAM = "linux/services";
  private static final String PEER = "linux/peer";
  private static final String DONE = "MEASURED";
  private static final String COMMAND_LINE = "console=ttyAMA0 quiet rdinit=/program";
  private static final long LIMIT = 20_000_000_000L;
  private static final long LONGEST_CALL = 400_000_000;
  private static final long CARD = 16 << 20;

  private final LinuxImages linux;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** By operation and repetition, the instructions of all calls that belong to it. */
  private final Map<Integer, Long> counts = new LinkedHashMap<>();

  LinuxServices(LinuxImages linux) {
    this.linux = linux;
  }

  /**
   * Boots Linux and measures.
   *
   * @return the median of each operation
   * @throws LabException when there is no Linux, or it does not run the program to its end
   */
  Map<Operation, Long> measure() {
    if (!linux.isThere()) {
      throw new LabException(linux.missing());
    }
    Switch lan = new Switch();
    Disk card = new Disk(new Ext2Formatter(CARD).format());
    try (Machine machine = build(lan, PROGRAM, b -> b.card(card), output);
        Machine _ = build(lan, PEER, b -> b, OutputStream.nullOutputStream())) {
      count(machine, new Symbols(Image.parse(PROGRAM, Images.elf(PROGRAM))));
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
    return ServiceCosts.medians(counts);
  }

  private Machine build(
      Switch lan, String program, UnaryOperator<MachineBuilder> more, OutputStream console)
      throws ImageException {
    Machine machine =
        more.apply(new MachineBuilder().jit(false).reboots(false).net(lan))
            .console(new PrintStream(console, false, StandardCharsets.UTF_8))
            .build();
    machine.load(Image.read(linux.kernel()), bootFiles(program));
    return machine;
  }

  /** What Linux is started with; the program is in a second archive after its RAM disk. */
  private BootFiles bootFiles(String program) throws ImageException {
    BootFiles own = linux.bootFiles(COMMAND_LINE, LinuxImages.TREE_WITH_CARD);
    byte[] both =
        new Cpio()
            .folder("dev")
            .device("dev/console", 5, 1)
            .folder("mnt")
            .program("program", Images.elf(program))
            .after(own.initrd().bytes());
    return new BootFiles(
        own.append(), new BootFiles.Blob(own.initrd().name(), both), own.deviceTree());
  }

  private void count(Machine machine, Symbols symbols) {
    int svc = symbols.require("linux_svc").address();
    int back = symbols.require("linux_return").address();
    int word = symbols.require("measured_operation").address();
    machine.cpu().code.setBreakpoint(svc, true);
    machine.cpu().code.setBreakpoint(back, true);
    try {
      while (true) {
        stop(machine, LIMIT);
        int operation = (int) VirtualMemory.read(machine, word, 4);
        boolean enters = machine.cpu().pc == svc;
        if (enters && Operation.of(operation) != null) { // otherwise its page may not be mapped yet
          counts.merge(operation, call(machine), Long::sum);
        }
      }
    } catch (GuestExit e) {
      if (!output.toString(StandardCharsets.UTF_8).contains(DONE)) {
        throw failed("it has ended");
      }
    }
  }

  /** Runs up to a breakpoint, and passes it with the next run. */
  private void stop(Machine machine, long until) {
    Stop stop = machine.run(until);
    if (stop != Stop.BREAKPOINT) {
      throw failed("it is " + stop);
    }
    machine.executor().passBreakpoint();
  }

  private LabException failed(String how) {
    List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
    String said =
        lines.stream()
            .filter(l -> l.startsWith("FAILED"))
            .findFirst()
            .orElse(lines.isEmpty() ? "nothing" : lines.getLast());
    return new LabException("Linux does not run the program: %s, after: %s".formatted(how, said));
  }

  /** Runs a system call, from its instruction to the next one in user mode. */
  private long call(Machine machine) {
    long begin = instructions(machine);
    stop(machine, machine.cpu().now() + LONGEST_CALL);
    return instructions(machine) - begin;
  }

  private static long instructions(Machine machine) {
    return machine.cpu().now() - machine.executor().waited();
  }
}
