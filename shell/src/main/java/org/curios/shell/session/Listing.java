package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.program.Program;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.LineTable;
import org.curios.machine.text.Disassembler;

/** Instructions with their symbols and source lines. */
final class Listing {
  private final Program program;
  private final Symbols symbols;
  private final Disassembler disassembler = new Disassembler();

  Listing(Program program) {
    this.program = program;
    this.symbols = program.symbols();
  }

  /** One line for an instruction, with the symbol that it lies in; an arrow if it is the next. */
  String instruction(Machine m, int address, boolean thumb) {
    long word = VirtualMemory.read(m, address, thumb ? 2 : 4);
    String arrow = (m.cpu().pc & ~1) == address ? "=> " : "   ";
    if (word < 0) {
      return format("%s%08x  no memory", arrow, address);
    }
    String name = symbols.describe(address);
    return format(
        "%s%08x %s %s  %s",
        arrow,
        address,
        name.isEmpty() ? "" : "<" + name + "> ",
        format(thumb ? "%04x" : "%08x", word),
        text(address, word, thumb));
  }

  private String text(int address, long word, boolean thumb) {
    String text = disassembler.disassemble(address, (int) word, thumb);
    int hash = text.indexOf("#0x");
    if (!text.startsWith("b") || hash < 0) {
      return text;
    }
    try {
      int target = Integer.parseUnsignedInt(text.substring(hash + 3), 16);
      String name = symbols.describe(target);
      return name.isEmpty() ? text : text + "  <" + name + ">";
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** The source line that begins at an address, as FILE:LINE and its text; null if none does. */
  String source(int address, boolean evenInside) {
    LineTable.Line line = program.lines().at(address);
    if (line == null || !evenInside && !program.lines().startsAt(address)) {
      return null;
    }
    List<String> text = program.source(line.file());
    boolean known = line.line() <= text.size();
    return line + (known ? "  " + text.get(line.line() - 1).strip() : "");
  }

  /** Instructions with the source lines between them. */
  List<String> lines(Machine m, int address, int count, boolean thumb) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = address + i * (thumb ? 2 : 4);
      String source = source(at, i == 0);
      if (source != null) {
        lines.add(source);
      }
      lines.add(instruction(m, at, thumb));
    }
    return lines;
  }

  /** The same as rows. */
  List<Map<String, Object>> rows(Machine m, int address, int count, boolean thumb) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = address + i * (thumb ? 2 : 4);
      long word = VirtualMemory.read(m, at, thumb ? 2 : 4);
      LineTable.Line line = program.lines().at(at);
      rows.add(
          row(
              "address", Inspector.hex(at),
              "symbol", symbols.describe(at),
              "word", word < 0 ? null : format(thumb ? "%04x" : "%08x", word),
              "text", word < 0 ? null : text(at, word, thumb),
              "file", line == null ? null : line.file(),
              "line", line == null ? null : line.line()));
    }
    return rows;
  }
}
