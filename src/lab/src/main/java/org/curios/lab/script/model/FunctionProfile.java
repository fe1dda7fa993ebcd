package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;

/** Instructions by function, counted exactly: the machine is run an instruction at a time. */
final class FunctionProfile {
  private final ScriptMachine machine;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private long waited;

  FunctionProfile(ScriptMachine machine) {
    this.machine = machine;
  }

  List<Map<String, Object>> run(long length) {
    Cpu cpu = machine.cpu();
    long end = cpu.now() + length;
    String stop = "ticks";
    while (cpu.now() < end && stop.equals("ticks")) {
      long before = cpu.now();
      if (cpu.isWaiting() && !cpu.interruptRequested()) {
        stop = machine.runTo(Math.min(end, Math.max(cpu.clock.next(), before + 1)));
        waited += cpu.now() - before;
        continue;
      }
      String name = names.computeIfAbsent(cpu.register(15), this::function);
      stop = machine.runTo(before + 1);
      counts.merge(name, cpu.now() - before, Long::sum);
    }
    return rows();
  }

  private String function(int pc) {
    Image.Symbol s = machine.symbolTable().at(pc);
    return s == null ? "?" : Symbols.readable(s.name());
  }

  private List<Map<String, Object>> rows() {
    long all = counts.values().stream().mapToLong(Long::longValue).sum() + waited;
    if (waited > 0) {
      counts.put("(waiting)", waited);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey))
        .forEach(e -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("function", e.getKey());
          row.put("instructions", e.getValue());
          row.put("share_percent", Math.round(e.getValue() * 1e4 / all) / 1e2);
          rows.add(row);
        });
    return rows;
  }
}
