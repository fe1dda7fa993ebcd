package org.curios.machine;

import java.io.PrintStream;
import org.curios.arm.Cpu;
import org.curios.arm.GuestExit;
import org.curios.arm.Semihosting;
import org.curios.arm.VirtualClock;

/**
 * Semihosting (ARM DUI 0203, chapter 8): console output, exit, clock. Anything else fails with -1,
 * as the guest sees.
 */
final class BoardSemihosting implements Semihosting {
  private static final int SYS_WRITEC = 0x03;
  private static final int SYS_WRITE0 = 0x04;
  private static final int SYS_CLOCK = 0x10;
  private static final int SYS_TIME = 0x11;
  private static final int SYS_ERRNO = 0x13;
  private static final int SYS_EXIT = 0x18;
  private static final int SYS_EXIT_EXTENDED = 0x20;

  /** ADP_Stopped_ApplicationExit: the one reason that means success. */
  private static final int APPLICATION_EXIT = 0x20026;

  private static final int MAX_STRING = 1 << 20;

  private final PrintStream out;

  BoardSemihosting(PrintStream out) {
    this.out = out;
  }

  @Override
  public int call(Cpu cpu, int operation, int parameter) {
    switch (operation) {
      case SYS_WRITEC -> {
        int c = cpu.memory.peek(parameter);
        if (c >= 0) {
          out.write(c);
        }
        return 0;
      }
      case SYS_WRITE0 -> {
        for (int i = 0; i < MAX_STRING; i++) {
          int c = cpu.memory.peek(parameter + i);
          if (c <= 0) {
            break;
          }
          out.write(c);
        }
        return 0;
      }
      case SYS_CLOCK -> {
        return (int) (cpu.now() / (VirtualClock.HZ / 100));
      }
      case SYS_TIME -> {
        return Pl031.EPOCH + (int) (cpu.now() / VirtualClock.HZ);
      }
      case SYS_ERRNO -> {
        return 0;
      }
      case SYS_EXIT -> throw new GuestExit(parameter == APPLICATION_EXIT ? 0 : 1);
      case SYS_EXIT_EXTENDED -> {
        int reason = word(cpu, parameter);
        throw new GuestExit(reason == APPLICATION_EXIT ? word(cpu, parameter + 4) & 0xff : 1);
      }
      default -> {
        return -1;
      }
    }
  }

  private static int word(Cpu cpu, int address) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (cpu.memory.peek(address + i) & 0xff) << 8 * i;
    }
    return value;
  }
}
