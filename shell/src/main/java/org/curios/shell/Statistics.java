package org.curios.shell;

import java.io.PrintStream;
import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;

/** What {@code --stats} reports. */
final class Statistics {
  private Statistics() {}

  static void print(PrintStream out, Machine machine, double seconds, boolean json) {
    Executor executor = machine.executor();
    long ticks = machine.cpu().now();
    double mips = ticks / seconds / 1e6;
    var compilations = machine.compilations();
    Object[] values = {
      ticks,
      seconds,
      mips,
      executor.regions(),
      compilations.compiled(),
      compilations.seconds(),
      compilations.codeBytes(),
      compilations.deoptimizations()
    };
    out.print(
        String.format(
            Locale.ROOT,
            json
                ? "{\"ticks\":%d,\"host_seconds\":%.3f,\"mips\":%.1f,\"regions\":%d,\"compiled_regions\":%d,"
                    + "\"compile_seconds\":%.3f,\"code_bytes\":%d,\"deoptimizations\":%d}%n"
                : "ticks             %d%nhost seconds      %.3f%nMIPS              %.1f%nregions           %d%n"
                    + "compiled regions  %d%ncompile seconds   %.3f%ncode bytes        %d%ndeoptimizations   %d%n",
            values));
  }

  static String registers(Cpu cpu) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      text.append(
          String.format(Locale.ROOT, "r%-2d %08x%s", i, cpu.register(i), i % 4 == 3 ? "\n" : "  "));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "cpsr %08x  spsr %08x  fsr %08x  ifsr %08x  far %08x%n",
                cpu.cpsr(),
                cpu.spsr(),
                cpu.cp15.dataFaultStatus(),
                cpu.cp15.instructionFaultStatus(),
                cpu.cp15.faultAddress()))
        .toString();
  }
}
