package org.curios.lab.measure;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
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

/**
 * Instructions of Linux's system calls: a program of the kernel module is the first process, from a
 * second archive after that of the RAM disk, and the machine is stepped from its {@code svc} to the
 * next instruction in user mode. Instructions of interrupts and of other threads of the kernel are
 * counted, the time in which the processor waits is not.
 */
final class LinuxServices {
  private static final String PROGRAM = "linux/services";
  private static final String DONE = "MEASURED";
  private static final String COMMAND_LINE = "console=ttyAMA0 quiet rdinit=/services";
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
    try {
      Image program = Image.parse(PROGRAM, Images.elf(PROGRAM));
      try (Machine machine =
          new MachineBuilder()
              .reboots(false)
              .card(new Disk(new Ext2Formatter(CARD).format()))
              .console(new PrintStream(output, false, StandardCharsets.UTF_8))
              .build()) {
        machine.load(Image.read(linux.kernel()), bootFiles());
        count(machine, new Symbols(program));
      }
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
    return ServiceCosts.medians(counts);
  }

  /** What Linux is started with; the program is in a second archive after its RAM disk. */
  private BootFiles bootFiles() throws ImageException {
    BootFiles own = linux.bootFiles(COMMAND_LINE, LinuxImages.TREE_WITH_CARD);
    byte[] both =
        new Cpio()
            .folder("dev")
            .device("dev/console", 5, 1)
            .folder("mnt")
            .program("services", Images.elf(PROGRAM))
            .after(own.initrd().bytes());
    return new BootFiles(
        own.append(), new BootFiles.Blob(own.initrd().name(), both), own.deviceTree());
  }

  private void count(Machine machine, Symbols symbols) {
    int svc = symbols.require("linux_svc").address();
    int word = symbols.require("measured_operation").address();
    machine.cpu().code.setBreakpoint(svc, true);
    try {
      while (true) {
        Stop stop = machine.run(LIMIT);
        if (stop != Stop.BREAKPOINT) {
          throw failed("it is " + stop);
        }
        machine.executor().passBreakpoint();
        int operation = (int) VirtualMemory.read(machine, word, 4);
        if (Operation.of(operation) != null) { // its page may not be there before it is written
          counts.merge(operation, call(machine), Long::sum);
        }
      }
    } catch (GuestExit e) {
      if (!output.toString(StandardCharsets.UTF_8).contains(DONE)) {
        throw failed("it has ended");
      }
    }
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

  /** Steps through a system call, from its first instruction to the next one in user mode. */
  private long call(Machine machine) {
    Cpu cpu = machine.cpu();
    long instructions = 0;
    long begin = cpu.now();
    do {
      long now = cpu.now();
      boolean waits = cpu.isWaiting();
      machine.run(waits ? Math.max(now + 1, cpu.clock.next()) : now + 1);
      instructions += waits ? 0 : 1;
      if (cpu.now() - begin > LONGEST_CALL) {
        throw failed("a system call does not return");
      }
    } while (cpu.mode() != Psr.USER);
    return instructions;
  }
}
