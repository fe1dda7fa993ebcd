package org.curios.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.PrintStream;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Semihosting;

/**
 * Semihosting (Semihosting for AArch32 and AArch64, release 2.0): console, exit, clocks, and what C
 * libraries ask at their start. The guest gets no access to host files: the only file is the
 * console, {@code :tt}; reading it gives the end of the file, since input belongs to UART0.
 */
final class BoardSemihosting implements Semihosting, Stateful {
  private static final int SYS_OPEN = 0x01;
  private static final int SYS_CLOSE = 0x02;
  private static final int SYS_WRITEC = 0x03;
  private static final int SYS_WRITE0 = 0x04;
  private static final int SYS_WRITE = 0x05;
  private static final int SYS_READ = 0x06;
  private static final int SYS_ISERROR = 0x08;
  private static final int SYS_ISTTY = 0x09;
  private static final int SYS_FLEN = 0x0c;
  private static final int SYS_CLOCK = 0x10;
  private static final int SYS_TIME = 0x11;
  private static final int SYS_ERRNO = 0x13;
  private static final int SYS_GET_CMDLINE = 0x15;
  private static final int SYS_HEAPINFO = 0x16;
  private static final int SYS_EXIT = 0x18;
  private static final int SYS_EXIT_EXTENDED = 0x20;
  private static final int SYS_ELAPSED = 0x30;
  private static final int SYS_TICKFREQ = 0x31;

  /** ADP_Stopped_ApplicationExit: the one reason that means success. */
  private static final int APPLICATION_EXIT = 0x20026;

  private static final int MAX_STRING = 1 << 20;
  private static final int FIRST_HANDLE = 1;
  private static final int HANDLES = 3;
  private static final int ENOENT = 2;
  private static final int EBADF = 9;
  private static final int ENOSYS = 38;

  private final PrintStream out;
  private final String commandLine;
  private final int ramSize;
  private int errno;

  /**
   * Makes the answering side.
   *
   * @param out the console
   * @param ramSize bytes of RAM from address 0, for SYS_HEAPINFO
   * @param commandLine what SYS_GET_CMDLINE gives
   */
  BoardSemihosting(PrintStream out, int ramSize, String commandLine) {
    this.out = out;
    this.ramSize = ramSize;
    this.commandLine = commandLine;
  }

  @Override
  public int call(Cpu cpu, int operation, int parameter) {
    return switch (operation) {
      case SYS_OPEN -> open(cpu, parameter);
      case SYS_CLOSE, SYS_FLEN -> isHandle(word(cpu, parameter)) ? 0 : fail(EBADF);
      case SYS_WRITEC -> write(cpu, parameter, 1);
      case SYS_WRITE0 -> write(cpu, parameter, length(cpu, parameter));
      case SYS_WRITE -> writeFile(cpu, parameter);
      case SYS_READ -> isHandle(word(cpu, parameter)) ? word(cpu, parameter + 8) : fail(EBADF);
      case SYS_ISERROR -> word(cpu, parameter) < 0 ? 1 : 0;
      case SYS_ISTTY -> isHandle(word(cpu, parameter)) ? 1 : fail(EBADF);
      case SYS_CLOCK -> (int) (cpu.now() / (VirtualClock.HZ / 100));
      case SYS_TIME -> Pl031.EPOCH + (int) (cpu.now() / VirtualClock.HZ);
      case SYS_ERRNO -> errno;
      case SYS_GET_CMDLINE -> commandLine(cpu, parameter);
      case SYS_HEAPINFO -> heapInfo(cpu, parameter);
      case SYS_EXIT -> throw new GuestExit(parameter == APPLICATION_EXIT ? 0 : 1);
      case SYS_EXIT_EXTENDED -> {
        int reason = word(cpu, parameter);
        throw new GuestExit(reason == APPLICATION_EXIT ? word(cpu, parameter + 4) & 0xff : 1);
      }
      case SYS_ELAPSED -> {
        poke(cpu, parameter, (int) cpu.now());
        poke(cpu, parameter + 4, (int) (cpu.now() >>> 32));
        yield 0;
      }
      case SYS_TICKFREQ -> (int) VirtualClock.HZ;
      default -> fail(ENOSYS);
    };
  }

  @Override
  public void save(DataOutput state) throws IOException {
    state.writeInt(errno);
  }

  @Override
  public void restore(DataInput state) throws IOException {
    errno = state.readInt();
  }

  private int fail(int error) {
    errno = error;
    return -1;
  }

  private static boolean isHandle(int handle) {
    return handle >= FIRST_HANDLE && handle < FIRST_HANDLE + HANDLES;
  }

  /** Modes 0 to 3 read, 4 to 7 write, 8 to 11 append: standard input, output and error. */
  private int open(Cpu cpu, int block) {
    int name = word(cpu, block);
    int mode = word(cpu, block + 4);
    int length = word(cpu, block + 8);
    if (length != 3 || !string(cpu, name, length).equals(":tt") || mode < 0 || mode > 11) {
      return fail(ENOENT);
    }
    return FIRST_HANDLE + mode / 4;
  }

  private int writeFile(Cpu cpu, int block) {
    if (!isHandle(word(cpu, block))) {
      return fail(EBADF);
    }
    return write(cpu, word(cpu, block + 4), word(cpu, block + 8));
  }

  /** Returns the number of bytes that were not written. */
  private int write(Cpu cpu, int address, int count) {
    for (int i = 0; i < count; i++) {
      int c = cpu.memory.peek(address + i);
      if (c < 0) {
        return count - i;
      }
      out.write(c);
    }
    return 0;
  }

  private static int length(Cpu cpu, int address) {
    int length = 0;
    while (length < MAX_STRING && cpu.memory.peek(address + length) > 0) {
      length++;
    }
    return length;
  }

  private static String string(Cpu cpu, int address, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < length; i++) {
      bytes.write(cpu.memory.peek(address + i));
    }
    return bytes.toString(ISO_8859_1);
  }

  private int commandLine(Cpu cpu, int block) {
    byte[] text = (commandLine + "\0").getBytes(ISO_8859_1);
    int buffer = word(cpu, block);
    if (text.length > word(cpu, block + 4)) {
      return fail(ENOENT);
    }
    for (int i = 0; i < text.length; i++) {
      cpu.memory.poke(buffer + i, text[i]);
    }
    poke(cpu, block + 4, text.length - 1);
    return 0;
  }

  /** Heap base and limit, stack base and limit: the guest's linker script knows better (zeros). */
  private int heapInfo(Cpu cpu, int block) {
    int to = word(cpu, block);
    poke(cpu, to, 0);
    poke(cpu, to + 4, ramSize);
    poke(cpu, to + 8, ramSize);
    poke(cpu, to + 12, 0);
    return 0;
  }

  private static int word(Cpu cpu, int address) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (cpu.memory.peek(address + i) & 0xff) << 8 * i;
    }
    return value;
  }

  private static void poke(Cpu cpu, int address, int value) {
    for (int i = 0; i < 4; i++) {
      cpu.memory.poke(address + i, value >>> 8 * i);
    }
  }
}
