package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.machine.text.Disassembler;

/** Lines of assembler. */
final class AssemblerLines {
  private static final int LONGEST = 10_000;

  private AssemblerLines() {}

  static List<String> of(ScriptMachine machine, int at, long count, boolean thumb) {
    if (count < 1 || count > LONGEST) {
      throw ScriptException.usage("a count from 1 to " + LONGEST + ", not " + count);
    }
    ScriptMemory memory = machine.memory();
    List<String> lines = new ArrayList<>();
    long size = thumb ? 2 : 4;
    try (Disassembler disassembler = new Disassembler()) {
      for (long i = 0; i < count; i++) {
        long address = (at & 0xffffffffL) + i * size;
        int word = (int) memory.read(address, size);
        lines.add(
            String.format(
                Locale.ROOT,
                thumb ? "%08x %-24s %04x  %s" : "%08x %-24s %08x  %s",
                address,
                machine.symbolTable().describe((int) address),
                word,
                disassembler.disassemble((int) address, word, thumb)));
      }
    }
    return lines;
  }
}
