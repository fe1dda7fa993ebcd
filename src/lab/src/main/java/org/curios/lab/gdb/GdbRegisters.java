package org.curios.lab.gdb;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Guest.Struct;
import org.curios.machine.Machine;

/**
 * The registers that gdb sees, by its numbers: those of the feature {@code org.gnu.gdb.arm.core},
 * which each thread has, and as {@code org.curios.arm.system} the banked registers, those of CP15,
 * and the tick, which are the processor's.
 */
final class GdbRegisters {
  static final int SP = 13;
  static final int LR = 14;
  static final int PC = 15;

  /** gdb's number of the CPSR; between it and the PC were registers that no longer exist. */
  static final int CPSR = 25;

  /** Reads a register of the processor. */
  @FunctionalInterface
  interface Reader {
    long read(Machine m);
  }

  /** Writes a register of the processor. */
  @FunctionalInterface
  interface Writer {
    void write(Machine m, int value);
  }

  /**
   * A register.
   *
   * @param name gdb's name for it
   * @param number gdb's number for it
   * @param bits 32 or 64
   * @param type gdb's type for it
   * @param reader how the processor's is read
   * @param writer how the processor's is written; null if it cannot be
   */
  record Register(String name, int number, int bits, String type, Reader reader, Writer writer) {
    boolean isCore() {
      return number <= CPSR;
    }
  }

  /** All of them by rising number. */
  static final List<Register> ALL = List.copyOf(all());

  private GdbRegisters() {}

  private static List<Register> all() {
    List<Register> all = new ArrayList<>();
    for (int i = 0; i <= PC; i++) {
      int number = i;
      String name = i == SP ? "sp" : i == LR ? "lr" : i == PC ? "pc" : "r" + i;
      String type = i == SP ? "data_ptr" : i == PC ? "code_ptr" : "int";
      Writer writer = (m, value) -> m.cpu().setRegister(number, value);
      all.add(new Register(name, i, 32, type, m -> m.cpu().register(number), writer));
    }
    all.add(
        new Register(
            "cpsr", CPSR, 32, "cpsr_flags", m -> m.cpu().cpsr(), (m, v) -> m.cpu().setStatus(v)));
    addBank(all, "usr", Psr.USER, 13, 14);
    addBank(all, "fiq", Psr.FIQ, 8, 9, 10, 11, 12, 13, 14, 16);
    addBank(all, "irq", Psr.IRQ, 13, 14, 16);
    addBank(all, "svc", Psr.SUPERVISOR, 13, 14, 16);
    addBank(all, "abt", Psr.ABORT, 13, 14, 16);
    addBank(all, "und", Psr.UNDEFINED, 13, 14, 16);
    addCp15(all, "control", 1, 0);
    addCp15(all, "ttbr", 2, 0);
    addCp15(all, "dacr", 3, 0);
    addCp15(all, "dfsr", 5, 0);
    addCp15(all, "ifsr", 5, 1);
    addCp15(all, "far", 6, 0);
    addCp15(all, "fcse_pid", 13, 0);
    addCp15(all, "context_id", 13, 1);
    all.add(new Register("tick", next(all), 64, "uint64", m -> m.cpu().now(), null));
    return all;
  }

  /** The number of the next register. */
  private static int next(List<Register> all) {
    return all.get(all.size() - 1).number + 1;
  }

  private static void addBank(List<Register> all, String mode, int psrMode, int... registers) {
    for (int r : registers) {
      String name = r == 16 ? "spsr_" : r == SP ? "sp_" : r == LR ? "lr_" : "r" + r + "_";
      all.add(
          new Register(
              name + mode,
              next(all),
              32,
              r == 16 ? "cpsr_flags" : r == SP ? "data_ptr" : "int",
              m -> m.cpu().banked(psrMode, r),
              (m, value) -> m.cpu().setBanked(psrMode, r, value)));
    }
  }

  private static void addCp15(List<Register> all, String name, int crn, int opcode2) {
    all.add(
        new Register(
            "cp15_" + name,
            next(all),
            32,
            "int",
            m -> m.cpu().cp15.read(0, crn, 0, opcode2),
            (m, value) -> m.cpu().cp15.write(0, crn, 0, opcode2, value)));
  }

  /** Returns the register with a number; null if there is none. */
  static Register find(int number) {
    return ALL.stream().filter(r -> r.number == number).findFirst().orElse(null);
  }

  /**
   * Reads a register of a thread.
   *
   * @param saved the activation that its registers are saved in; null if the processor has them
   */
  static long read(Machine m, Struct saved, Register register) {
    return saved == null || !register.isCore()
        ? register.reader.read(m)
        : m.bus().read(place(saved, register.number), 4);
  }

  /** Writes a register of a thread, one that has a writer. */
  static void write(Machine m, Struct saved, Register register, int value) {
    if (saved == null || !register.isCore()) {
      register.writer.write(m, value);
    } else {
      m.bus().write(place(saved, register.number), value, 4);
    }
  }

  /** Returns the physical address at which an activation keeps a register. */
  private static int place(Struct saved, int number) {
    return switch (number) {
      case SP -> saved.addressOf("sp");
      case LR -> saved.addressOf("lr");
      case PC -> saved.addressOf("pc");
      case CPSR -> saved.addressOf("psr");
      default -> saved.addressOf("r") + 4 * number;
    };
  }

  /** Writes a value in gdb's format: bytes in the order of memory, two digits each. */
  static String hex(long value, int bits) {
    StringBuilder text = new StringBuilder(bits / 4);
    for (int i = 0; i < bits; i += 8) {
      text.append(Character.forDigit((int) (value >>> i + 4) & 15, 16));
      text.append(Character.forDigit((int) (value >>> i) & 15, 16));
    }
    return text.toString();
  }
}
