package org.curios.machine.semihosting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Semihosting;
import org.curios.machine.device.Pl031;

/**
 * Semihosting (Semihosting for AArch32 and AArch64, release 2.0): console, files, exit, clocks, and
 * the queries of C libraries at their start.
 */
public final class BoardSemihosting implements Semihosting, Stateful {
  private static final int SYS_OPEN = 0x01;
  private static final int SYS_CLOSE = 0x02;
  private static final int SYS_WRITEC = 0x03;
  private static final int SYS_WRITE0 = 0x04;
  private static final int SYS_WRITE = 0x05;
  private static final int SYS_READ = 0x06;
  private static final int SYS_READC = 0x07;
  private static final int SYS_ISERROR = 0x08;
  private static final int SYS_ISTTY = 0x09;
  private static final int SYS_SEEK = 0x0a;
  private static final int SYS_FLEN = 0x0c;
  private static final int SYS_REMOVE = 0x0e;
  private static final int SYS_RENAME = 0x0f;
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

  private static final int CHUNK = 1 << 16;
  private static final int MAX_STRING = 1 << 20;
  private static final int MAX_NAME = 4096;

  /** Maximum bytes of one read: a C library requests the rest. */
  private static final int MAX_READ = 1 << 20;

  private final PrintStream out;
  private final GuestFiles files;
  private final int ramSize;
  private String commandLine = "guest";
  private int errno;

  /**
   * Creates the handler.
   *
   * @param out the console
   * @param files the files that the guest may open
   * @param ramSize bytes of RAM from address 0, for SYS_HEAPINFO
   */
  public BoardSemihosting(PrintStream out, GuestFiles files, int ramSize) {
    this.out = out;
    this.files = files;
    this.ramSize = ramSize;
  }

  /** Sets the result of SYS_GET_CMDLINE. */
  public void commandLine(String text) {
    commandLine = text;
  }

  @Override
  public int call(Cpu cpu, int operation, int parameter) {
    return switch (operation) {
      case SYS_WRITEC -> {
        write(cpu, parameter, 1);
        yield 0;
      }
      case SYS_WRITE0 -> {
        write(cpu, parameter, length(cpu, parameter));
        yield 0;
      }
      case SYS_READC -> files.readCharacter(cpu.now());
      case SYS_ISERROR -> word(cpu, parameter) < 0 ? 1 : 0;
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
      default -> onFiles(cpu, operation, parameter);
    };
  }

  private int onFiles(Cpu cpu, int operation, int block) {
    int first = word(cpu, block);
    try {
      return switch (operation) {
        case SYS_OPEN -> files.open(string(cpu, first, word(cpu, block + 8)), word(cpu, block + 4));
        case SYS_CLOSE -> {
          files.close(first);
          yield 0;
        }
        case SYS_WRITE -> write(cpu, files.file(first), word(cpu, block + 4), word(cpu, block + 8));
        case SYS_READ -> read(cpu, files.file(first), word(cpu, block + 4), word(cpu, block + 8));
        case SYS_ISTTY -> files.file(first).isTerminal() ? 1 : 0;
        case SYS_SEEK -> {
          files.file(first).seek(word(cpu, block + 4));
          yield 0;
        }
        case SYS_FLEN -> (int) Math.min(files.file(first).length(), Integer.MAX_VALUE);
        case SYS_REMOVE -> {
          files.folder().remove(string(cpu, first, word(cpu, block + 4)));
          yield 0;
        }
        case SYS_RENAME -> {
          String from = string(cpu, first, word(cpu, block + 4));
          files.folder().rename(from, string(cpu, word(cpu, block + 8), word(cpu, block + 12)));
          yield 0;
        }
        default -> fail(GuestFile.ENOSYS);
      };
    } catch (GuestFile.Failure e) {
      return fail(e.number());
    } catch (NoSuchFileException e) {
      return fail(GuestFile.ENOENT);
    } catch (AccessDeniedException e) {
      return fail(GuestFile.EACCES);
    } catch (IOException e) {
      return fail(GuestFile.EIO);
    }
  }

  @Override
  public void save(DataOutput state) throws IOException {
    state.writeInt(errno);
    files.save(state);
  }

  @Override
  public void restore(DataInput state) throws IOException {
    errno = state.readInt();
    files.restore(state);
  }

  private int fail(int error) {
    errno = error;
    return -1;
  }

  /** Returns the number of bytes that were not read, all of them at the end of the file. */
  private static int read(Cpu cpu, GuestFile file, int address, int count) throws IOException {
    byte[] bytes = new byte[Math.clamp(count, 0, MAX_READ)];
    int read = file.read(cpu.now(), bytes, bytes.length);
    int stored = 0;
    while (stored < read && cpu.memory.poke(address + stored, bytes[stored])) {
      stored++;
    }
    return count - stored;
  }

  /** Returns the number of bytes that were not written. */
  private static int write(Cpu cpu, GuestFile file, int address, int count) throws IOException {
    int written = 0;
    while (written < count) {
      int most = Math.min(count - written, CHUNK);
      byte[] bytes = bytes(cpu, address + written, most);
      file.write(bytes, bytes.length);
      written += bytes.length;
      if (bytes.length < most) {
        break;
      }
    }
    return count - written;
  }

  private void write(Cpu cpu, int address, int count) {
    byte[] bytes = bytes(cpu, address, count);
    out.write(bytes, 0, bytes.length);
  }

  /** Bytes of memory, as far as it exists. */
  private static byte[] bytes(Cpu cpu, int address, int count) {
    byte[] bytes = new byte[Math.max(count, 0)];
    for (int i = 0; i < bytes.length; i++) {
      int c = cpu.memory.peek(address + i);
      if (c < 0) {
        return Arrays.copyOf(bytes, i);
      }
      bytes[i] = (byte) c;
    }
    return bytes;
  }

  private static int length(Cpu cpu, int address) {
    int length = 0;
    while (length < MAX_STRING && cpu.memory.peek(address + length) > 0) {
      length++;
    }
    return length;
  }

  private static String string(Cpu cpu, int address, int length) throws GuestFile.Failure {
    byte[] bytes = bytes(cpu, address, Math.min(length, MAX_NAME));
    if (length < 0 || bytes.length != length) {
      throw new GuestFile.Failure(GuestFile.EINVAL);
    }
    return new String(bytes, UTF_8);
  }

  private int commandLine(Cpu cpu, int block) {
    byte[] text = (commandLine + "\0").getBytes(UTF_8);
    int buffer = word(cpu, block);
    if (text.length > word(cpu, block + 4)) {
      return fail(GuestFile.EINVAL);
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
