package org.curios.shell.session;

import java.util.Locale;
import org.curios.arm.Bus;
import org.curios.arm.Cpu;
import org.curios.arm.Psr;
import org.curios.lab.Symbols;
import org.curios.machine.Disassembler;
import org.curios.machine.Machine;

/** Texts about a machine that stands: registers, memory, instructions, translations. */
final class Inspector {
  private static final String[] MODES = new String[32];

  static {
    MODES[Psr.USER] = "user";
    MODES[Psr.FIQ] = "FIQ";
    MODES[Psr.IRQ] = "IRQ";
    MODES[Psr.SUPERVISOR] = "supervisor";
    MODES[Psr.ABORT] = "abort";
    MODES[Psr.UNDEFINED] = "undefined";
    MODES[Psr.SYSTEM] = "system";
  }

  private final Symbols symbols;

  Inspector(Symbols symbols) {
    this.symbols = symbols;
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** Reads bytes, whatever the rights; -1 if there is no RAM. */
  static long read(Machine m, int address, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int physical = m.cpu().memory.physical(address + i);
      if (physical == -1 || !m.bus().isRam(physical)) {
        return -1;
      }
      value |= (long) m.bus().read(physical, 1) << 8 * i;
    }
    return value;
  }

  String registers(Machine m) {
    Cpu cpu = m.cpu();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      String name = i == 13 ? "sp" : i == 14 ? "lr" : i == 15 ? "pc" : "r" + i;
      text.append(format("%-4s%08x%s", name, cpu.register(i), i % 4 == 3 ? "\n" : "   "));
    }
    int psr = cpu.cpsr();
    text.append(
        format(
            "cpsr %08x  %s%s%s%s%s %s%s%s  %s mode",
            psr,
            (psr & Psr.N) != 0 ? "N" : "-",
            (psr & Psr.Z) != 0 ? "Z" : "-",
            (psr & Psr.C) != 0 ? "C" : "-",
            (psr & Psr.V) != 0 ? "V" : "-",
            (psr & Psr.Q) != 0 ? "Q" : "-",
            (psr & Psr.I) != 0 ? "I" : "-",
            (psr & Psr.F) != 0 ? "F" : "-",
            (psr & Psr.T) != 0 ? "T" : "-",
            MODES[psr & Psr.MODE]));
    if (cpu.hasSpsr()) {
      text.append(format("   spsr %08x", cpu.spsr()));
    }
    text.append(
        format(
            "%ncontrol %08x  ttb %08x  domains %08x  fsr %03x  ifsr %03x  far %08x",
            cpu.cp15.control(),
            cpu.cp15.translationTableBase(),
            cpu.cp15.domainAccess(),
            cpu.cp15.dataFaultStatus(),
            cpu.cp15.instructionFaultStatus(),
            cpu.cp15.faultAddress()));
    return text.toString();
  }

  /** One line for an instruction, with the symbol that it begins or lies in. */
  String instruction(Machine m, Disassembler disassembler, int address, boolean thumb) {
    int bytes = thumb ? 2 : 4;
    long word = read(m, address, bytes);
    if (word < 0) {
      return format("%08x  no memory", address);
    }
    return format(
        "%s%08x <%s>  %s  %s",
        (m.cpu().pc & ~1) == address ? "=> " : "   ",
        address,
        symbols.describe(address),
        format(thumb ? "%04x" : "%08x", word),
        target(disassembler.disassemble(address, (int) word, thumb)));
  }

  /** Adds the name of where a branch goes to. */
  private String target(String text) {
    int hash = text.indexOf("#0x");
    if (!text.startsWith("b") || hash < 0) {
      return text;
    }
    try {
      String name = symbols.describe(Integer.parseUnsignedInt(text.substring(hash + 3), 16));
      return name.isEmpty() ? text : text + "  <" + name + ">";
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** Memory in gdb's letters: x o d u t c a s i by the caller; sizes b h w. */
  String memory(Machine m, int address, int count, char letter, int size) {
    StringBuilder text = new StringBuilder();
    int perLine = size == 1 ? 8 : size == 2 ? 8 : 4;
    for (int i = 0; i < count; i++) {
      int at = address + i * size;
      if (i % perLine == 0) {
        String name = symbols.describe(at);
        text.append(i == 0 ? "" : "\n").append(format("%08x", at));
        text.append(name.isEmpty() ? ":" : " <" + name + ">:");
      }
      long value = read(m, at, size);
      text.append("  ").append(value < 0 ? "no memory" : value(value, letter, size));
    }
    return text.toString();
  }

  private String value(long value, char letter, int size) {
    long signed = value << 64 - 8 * size >> 64 - 8 * size;
    return switch (letter) {
      case 'd' -> Long.toString(signed);
      case 'u' -> Long.toString(value);
      case 'o' -> "0" + Long.toOctalString(value);
      case 't' -> Long.toBinaryString(value);
      case 'c' -> value >= 32 && value < 127 ? "'" + (char) value + "'" : Long.toString(value);
      case 'a' -> format("%08x <%s>", value, symbols.describe((int) value));
      default -> format("0x%0" + 2 * size + "x", value);
    };
  }

  /** A text that ends with a zero byte. */
  String text(Machine m, int address) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < 200; i++) {
      long c = read(m, address + i, 1);
      if (c <= 0) {
        break;
      }
      text.append(c >= 32 && c < 127 ? String.valueOf((char) c) : format("\\x%02x", c));
    }
    return text.append('"').toString();
  }

  /** Walks the translation tables for an address and says what each kind of access would do. */
  String translation(Machine m, int address) {
    Cpu cpu = m.cpu();
    Bus bus = m.bus();
    if ((cpu.cp15.control() & 1) == 0) {
      return format("%08x: the MMU is off; physical %08x", address, address);
    }
    int first = cpu.cp15.translationTableBase() & 0xffffc000 | address >>> 20 << 2;
    if (!bus.isRam(first)) {
      return format("%08x: the first-level table at %08x is not in RAM", address, first);
    }
    int entry = bus.read(first, 4);
    StringBuilder text = new StringBuilder(format("first level   %08x: %08x  ", first, entry));
    int domain = entry >>> 5 & 15;
    int rights;
    int physical;
    switch (entry & 3) {
      case 2 -> {
        rights = entry >>> 10 & 3;
        physical = entry & 0xfff00000 | address & 0xfffff;
        text.append("section, domain ").append(domain);
      }
      case 1, 3 -> {
        boolean coarse = (entry & 3) == 1;
        text.append(coarse ? "coarse table, domain " : "fine table, domain ").append(domain);
        int second =
            coarse
                ? entry & 0xfffffc00 | (address >>> 12 & 0xff) << 2
                : entry & 0xfffff000 | (address >>> 10 & 0x3ff) << 2;
        int page = bus.read(second, 4);
        text.append(format("%nsecond level  %08x: %08x  ", second, page));
        switch (page & 3) {
          case 1 -> {
            rights = page >>> 4 + 2 * (address >>> 14 & 3) & 3;
            physical = page & 0xffff0000 | address & 0xffff;
            text.append("large page, subpage ").append(address >>> 14 & 3);
          }
          case 2 -> {
            rights = page >>> 4 + 2 * (address >>> 10 & 3) & 3;
            physical = page & 0xfffff000 | address & 0xfff;
            text.append("small page, subpage ").append(address >>> 10 & 3);
          }
          case 3 -> {
            rights = page >>> 4 & 3;
            physical = page & 0xfffffc00 | address & 0x3ff;
            text.append("tiny page");
          }
          default -> {
            return text.append("nothing: page translation fault").toString();
          }
        }
      }
      default -> {
        return text.append("nothing: section translation fault").toString();
      }
    }
    int access = cpu.cp15.domainAccess() >>> 2 * domain & 3;
    String domainText =
        switch (access) {
          case 0 -> "no access: every access is a domain fault";
          case 1 -> "client: the rights are checked";
          case 3 -> "manager: the rights are not checked";
          default -> "reserved";
        };
    String[] kernel = {"none", "read and write", "read and write", "read and write"};
    String[] user = {"none", "none", "read", "read and write"};
    return text.append(
            format(
                "%nrights        %d: privileged %s, user %s", rights, kernel[rights], user[rights]))
        .append(format("%ndomain %-2d     %s", domain, domainText))
        .append(format("%nphysical      %08x", physical))
        .toString();
  }
}
