package org.curios.machine;

import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.machine.text.Disassembler;

/** Runs a machine instruction by instruction and writes a line for each: the same on every run. */
public final class Tracer implements AutoCloseable {
  private final Machine machine;
  private final Writer out;
  private final Disassembler disassembler = new Disassembler();
  private final int[] before = new int[16];

  /** Makes a tracer for an interpreted machine. */
  public Tracer(Machine machine, Writer out) {
    this.machine = machine;
    this.out = out;
  }

  /**
   * Runs until a tick or the end of the guest, which comes as an exception from the machine.
   *
   * @throws IOException when the trace cannot be written
   */
  public Executor.Stop run(long untilTick) throws IOException {
    Cpu cpu = machine.cpu();
    while (cpu.now() < untilTick) {
      remember(cpu);
      int pc = cpu.pc;
      long tick = cpu.now();
      String text = describe(cpu, pc);
      try {
        Executor.Stop stop = machine.run(tick + 1);
        if (stop != Executor.Stop.TICKS) {
          return stop;
        }
      } finally {
        out.write(tick + " " + text + changes(cpu) + "\n");
      }
    }
    return Executor.Stop.TICKS;
  }

  private String describe(Cpu cpu, int pc) {
    boolean thumb = (pc & 1) != 0;
    int address = pc & ~1;
    int word = 0;
    for (int i = 0; i < (thumb ? 2 : 4); i++) {
      int b = cpu.memory.peek(address + i);
      if (b < 0) {
        return String.format(Locale.ROOT, "%08x %-8s %-40s", address, "-", "no memory");
      }
      word |= b << 8 * i;
    }
    return String.format(
        Locale.ROOT,
        thumb ? "%08x %04x     %-40s" : "%08x %08x %-40s",
        address,
        word,
        disassembler.disassemble(address, word, thumb));
  }

  private void remember(Cpu cpu) {
    for (int i = 0; i < 15; i++) {
      before[i] = cpu.register(i);
    }
    before[15] = cpu.cpsr();
  }

  private String changes(Cpu cpu) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 15; i++) {
      if (cpu.register(i) != before[i]) {
        text.append(String.format(Locale.ROOT, " r%d=%08x", i, cpu.register(i)));
      }
    }
    if (cpu.cpsr() != before[15]) {
      text.append(String.format(Locale.ROOT, " cpsr=%08x", cpu.cpsr()));
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    disassembler.close();
    out.close();
  }
}
