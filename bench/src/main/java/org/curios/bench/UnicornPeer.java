package org.curios.bench;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import unicorn.ArmConst;
import unicorn.CodeHook;
import unicorn.InterruptHook;
import unicorn.Unicorn;
import unicorn.UnicornConst;
import unicorn.UnicornException;

/**
 * Unicorn, a processor emulator made of QEMU's translator, through its Java binding. It has no
 * board: the output of a benchmark program is intercepted at the entry of its print routine, so no
 * hook slows its loads and stores down; the UART is a page of memory.
 */
final class UnicornPeer implements Peer {
  private static final int RAM = 16 << 20;
  private static final long UART = 0x101f1000L;
  private static final int PAGE = 0x1000;
  private static final int SOFTWARE_INTERRUPT = 2;
  private static final int STATUS = 4;

  /** {@code put_hex(u32)} as the compiler names it. */
  private static final String PRINT = "_Z7put_hexj";

  /**
   * Makes the peer.
   *
   * @throws BenchException if it is not available for this platform
   */
  UnicornPeer() throws BenchException {
    PrintStream errors = System.err;
    // The loader of its library prints a warning about its log to standard error.
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    try {
      Unicorn.version();
    } catch (LinkageError e) {
      throw new BenchException(
          "--peer unicorn: it is not available for this platform (" + e.getMessage() + ")", e);
    } finally {
      System.setErr(errors);
    }
  }

  @Override
  public String name() {
    return "unicorn";
  }

  @Override
  public boolean runs(String image) {
    return image.startsWith("bench/");
  }

  @Override
  public Run run(Job job) throws BenchException {
    LineClock clock = new LineClock(job.prefix(), () -> {});
    clock.timeBy(job.clock().ofThread());
    try {
      run(job, clock);
    } catch (ImageException | UnicornException e) {
      throw new BenchException(job.name() + " cannot be run by Unicorn: " + e.getMessage(), e);
    }
    return clock.run(job, this);
  }

  private static void run(Job job, LineClock clock) throws BenchException, ImageException {
    Image image = Image.parse(job.name(), job.elf());
    int print =
        image.symbols().stream()
            .filter(s -> s.name().equals(PRINT))
            .findFirst()
            .orElseThrow(() -> new BenchException(job.name() + " has no " + PRINT))
            .address();
    Unicorn unicorn =
        new Unicorn(
            UnicornConst.UC_ARCH_ARM, UnicornConst.UC_MODE_ARM | UnicornConst.UC_MODE_ARM926);
    long[] status = {-1};
    try {
      unicorn.mem_map(0, RAM, UnicornConst.UC_PROT_ALL);
      unicorn.mem_map(UART, PAGE, UnicornConst.UC_PROT_ALL);
      for (Image.Segment segment : image.segments()) {
        unicorn.mem_write(segment.address(), segment.bytes());
      }
      CodeHook printed =
          (u, address, size, user) -> {
            long value = (Long) u.reg_read(ArmConst.UC_ARM_REG_R0) & 0xffffffffL;
            for (char c : String.format(Locale.ROOT, "%08x\n", value).toCharArray()) {
              clock.write(c);
            }
          };
      unicorn.hook_add(printed, print & ~1, print & ~1, null);
      InterruptHook called =
          (u, number, user) -> {
            if (number == SOFTWARE_INTERRUPT) {
              long block = (Long) u.reg_read(ArmConst.UC_ARM_REG_R1) & 0xffffffffL;
              status[0] = u.mem_read(block + STATUS, 1)[0];
            }
            u.emu_stop();
          };
      unicorn.hook_add(called, null);
      try (Deadline deadline = new Deadline(job, clock, () -> false, unicorn::emu_stop)) {
        unicorn.emu_start(image.entry(), RAM, 0, 0);
        if (deadline.passed()) {
          status[0] = 0;
        }
      }
    } finally {
      unicorn.closeAll();
    }
    if (status[0] != 0) {
      throw new BenchException(
          job.name() + " found a wrong result on Unicorn (status " + status[0] + ")");
    }
  }
}
