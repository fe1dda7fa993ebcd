package org.curios.lab.inspect;

import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;

/** The registers by the names that expressions have for them, and by number. */
public final class RegisterNames {
  /** Number of the CPSR after R0 to R15. */
  public static final int CPSR = 16;

  private RegisterNames() {}

  /** Returns the number of a register by its name, without the $. */
  public static int number(String name) {
    return switch (name) {
      case "pc" -> 15;
      case "lr" -> 14;
      case "sp" -> 13;
      case "ip" -> 12;
      case "fp" -> 11;
      case "cpsr" -> CPSR;
      default -> {
        if (!name.matches("r([0-9]|1[0-5])")) {
          throw new LabException("$" + name + ": no such register; r0 to r15, sp, lr, pc, cpsr");
        }
        yield Integer.parseInt(name.substring(1));
      }
    };
  }

  /** Returns a register as written in an expression. */
  public static String name(int number) {
    return "$" + (number == 13 ? "sp" : number == 14 ? "lr" : number == 15 ? "pc" : "r" + number);
  }

  /** Sets a register by its number. */
  public static void set(Cpu cpu, int number, int value) {
    if (number == CPSR) {
      cpu.setStatus(value);
    } else {
      cpu.setRegister(number, value);
    }
  }
}
