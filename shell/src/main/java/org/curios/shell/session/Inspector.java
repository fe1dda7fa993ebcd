package org.curios.shell.session;

import static org.curios.shell.session.TextTable.row;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;

/** Texts about a stopped machine: registers and memory. */
final class Inspector {
  private static final int LONGEST_TEXT = 256;

  private final Symbols symbols;

  Inspector(Symbols symbols) {
    this.symbols = symbols;
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  static String hex(long value) {
    return format("%08x", (int) value);
  }

  private static String registerName(int number) {
    return number == 13 ? "sp" : number == 14 ? "lr" : number == 15 ? "pc" : "r" + number;
  }

  private static String flags(int psr) {
    StringBuilder text = new StringBuilder();
    int[] bits = {Psr.N, Psr.Z, Psr.C, Psr.V, Psr.Q, Psr.I, Psr.F, Psr.T};
    for (int i = 0; i < bits.length; i++) {
      text.append((psr & bits[i]) != 0 ? "NZCVQIFT".charAt(i) : '-');
    }
    return text.toString();
  }

  String registers(Machine m) {
    Cpu cpu = m.cpu();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      text.append(
          format("%-4s %08x%s", registerName(i), cpu.register(i), i % 4 == 3 ? "\n" : "   "));
    }
    int psr = cpu.cpsr();
    text.append(
        format(
            "cpsr %08x   %s %s  %s mode",
            psr, flags(psr).substring(0, 5), flags(psr).substring(5), Psr.name(psr)));
    if (cpu.hasSpsr()) {
      text.append(format("   spsr %08x  %s mode", cpu.spsr(), Psr.name(cpu.spsr())));
    }
    return text.append(
            format(
                "%ncontrol %08x   ttb %08x   domains %08x   fsr %03x   ifsr %03x   far %08x",
                cpu.cp15.control(),
                cpu.cp15.translationTableBase(),
                cpu.cp15.domainAccess(),
                cpu.cp15.dataFaultStatus(),
                cpu.cp15.instructionFaultStatus(),
                cpu.cp15.faultAddress()))
        .toString();
  }

  static Map<String, Object> registerValues(Machine m) {
    Cpu cpu = m.cpu();
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < 16; i++) {
      values.put(registerName(i), hex(cpu.register(i)));
    }
    values.put("cpsr", hex(cpu.cpsr()));
    values.put("flags", flags(cpu.cpsr()));
    values.put("mode", Psr.name(cpu.cpsr()));
    if (cpu.hasSpsr()) {
      values.put("spsr", hex(cpu.spsr()));
    }
    values.putAll(
        row(
            "control", hex(cpu.cp15.control()),
            "ttb", hex(cpu.cp15.translationTableBase()),
            "domains", hex(cpu.cp15.domainAccess()),
            "fsr", hex(cpu.cp15.dataFaultStatus()),
            "ifsr", hex(cpu.cp15.instructionFaultStatus()),
            "far", hex(cpu.cp15.faultAddress()),
            "tick", cpu.now()));
    return values;
  }

  /**
   * Memory in gdb's letters, lines of up to 16 bytes.
   *
   * @param letter x o d u t c a
   * @param size bytes of a value: 1, 2, 4
   */
  String memory(Machine m, int address, int count, char letter, int size) {
    StringBuilder text = new StringBuilder();
    int perLine = letter == 'a' ? 1 : letter == 't' ? 16 / size / 4 + 1 : Math.min(8, 16 / size);
    for (int i = 0; i < count; i++) {
      int at = address + i * size;
      if (i % perLine == 0) {
        String name = symbols.describe(at);
        text.append(i == 0 ? "" : "\n").append(format("%08x", at));
        text.append(name.isEmpty() ? ":" : " <" + name + ">:");
      }
      long value = VirtualMemory.read(m, at, size);
      text.append("  ").append(value < 0 ? "no memory" : value(value, letter, size));
    }
    return text.toString();
  }

  /** A value in one of gdb's letters. */
  String value(long value, char letter, int size) {
    long signed = value << 64 - 8 * size >> 64 - 8 * size;
    return switch (letter) {
      case 'd' -> Long.toString(signed);
      case 'u' -> Long.toString(value);
      case 'o' -> "0" + Long.toOctalString(value);
      case 't' -> Long.toBinaryString(value);
      case 'c' -> signed + " " + character((int) value & 0xff);
      case 'a' -> format("%08x <%s>", value, symbols.describe((int) value));
      default -> format("0x%0" + 2 * size + "x", value);
    };
  }

  private static String character(int c) {
    return c >= 32 && c < 127 ? "'" + (char) c + "'" : format("'\\%03o'", c);
  }

  /** A text that ends with a zero byte. */
  static String text(Machine m, int address) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < LONGEST_TEXT; i++) {
      long c = VirtualMemory.read(m, address + i, 1);
      if (c < 0) {
        return i == 0 ? "no memory" : text + "\" and no memory after it";
      }
      if (c == 0) {
        return text.append('"').toString();
      }
      text.append(c >= 32 && c < 127 ? String.valueOf((char) c) : format("\\x%02x", c));
    }
    return text.append("\"...").toString();
  }
}
