package org.curios.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor.Stop;

/**
 * Exact instruction counts of CuiK's paths, taken from outside by stepping the machine. A path
 * begins with the {@code svc} and ends before the first instruction in user mode behind it; a call
 * and its return are two such paths, and what the method itself does is not in them.
 */
public final class CallCosts {
  private static final long STEPS = 3_000_000;
  private static final long SETTLED = 6_000_000;
  private static final long LIMIT = 400_000_000;
  private static final int NOTHING = 0;
  private static final int TOUCH = 3;
  private static final int YIELD = -1;
  private static final int ABORT = 1;
  private static final int[] CLIENTS = {1, 10};

  private CallCosts() {}

  /**
   * Measures everything; keys as in {@code curios evaluate calls --json}, values in instructions or
   * bytes.
   */
  public static Map<String, Long> measure() {
    Map<String, Long> costs = new LinkedHashMap<>();
    costs.put("context_switch", median(switches()));
    Map<Integer, List<Long>> packed = calls("ssr-packed");
    Map<Integer, List<Long>> mapped = calls("ssr");
    costs.put("call", median(packed.get(NOTHING)));
    costs.put("call_ssr_mapped", median(mapped.get(TOUCH)));
    costs.put("call_ssr_packed_64", median(packed.get(TOUCH)));
    long one = recovery(CLIENTS[0]);
    long many = recovery(CLIENTS[1]);
    costs.put("recovery_1_client", one);
    costs.put("recovery_per_client", (many - one) / (CLIENTS[1] - CLIENTS[0]));
    costs.putAll(memory());
    return costs;
  }

  private static long median(List<Long> values) {
    if (values == null || values.isEmpty()) {
      throw new LabException("the workload did not do what is to be measured");
    }
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  /** What a step has led to: the call word at an svc in user mode, or nothing. */
  private static boolean isTrap(Trial trial) {
    Cpu cpu = trial.machine().cpu();
    if (cpu.mode() != Psr.USER || (cpu.pc & 1) != 0) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1 && trial.machine().bus().read(physical, 4) >>> 24 == 0xef;
  }

  /** Carries out an svc and what the kernel does, up to the next instruction in user mode. */
  private static long path(Trial trial) {
    Cpu cpu = trial.machine().cpu();
    long start = cpu.now();
    do {
      if (trial.run(cpu.now() + 1) != Stop.TICKS) {
        return -1;
      }
    } while (cpu.mode() != Psr.USER);
    return cpu.now() - start;
  }

  private static int region(Trial trial) {
    return trial.machine().cpu().register(13) >>> 20;
  }

  private static List<Long> switches() {
    List<Long> found = new ArrayList<>();
    try (Trial trial = new Trial("policy=ssr-packed run=yields")) {
      Cpu cpu = trial.machine().cpu();
      while (trial.status() == null && cpu.now() < STEPS) {
        if (!isTrap(trial) || cpu.register(12) != YIELD) {
          trial.run(cpu.now() + 1);
          continue;
        }
        int from = region(trial);
        long cost = path(trial);
        if (cost > 0 && region(trial) != from) {
          found.add(cost);
        }
      }
    }
    return found;
  }

  private static Map<Integer, List<Long>> calls(String policy) {
    Map<Integer, List<Long>> found = new LinkedHashMap<>();
    try (Trial trial = new Trial("policy=" + policy + " run=calls0")) {
      Cpu cpu = trial.machine().cpu();
      int client = clientRegion(trial, "calls0");
      long entry = -1;
      int method = -1;
      while (trial.status() == null && cpu.now() < STEPS) {
        if (!isTrap(trial)) {
          trial.run(cpu.now() + 1);
          continue;
        }
        int word = cpu.register(12);
        boolean fromClient = region(trial) == client;
        long cost = path(trial);
        if (fromClient && word > 0) {
          entry = cost;
          method = word >>> 24;
        } else if (word == 0 && region(trial) == client && entry > 0 && cost > 0) {
          found.computeIfAbsent(method, m -> new ArrayList<>()).add(entry + cost);
          entry = -1;
        }
      }
    }
    return found;
  }

  /** The MiB of a client's addresses; its object exists once the kernel has booted. */
  private static int clientRegion(Trial trial, String name) {
    trial.boot();
    return 0x400 + (int) trial.view().object(name).struct().get("id");
  }

  /** From the instruction that faults to the first one of the request that is done again. */
  private static long recovery(int clients) {
    StringBuilder run = new StringBuilder("policy=ssr-packed run=");
    for (int i = 0; i < clients; i++) {
      run.append(i == 0 ? "" : ",").append("steady").append(i);
    }
    try (Trial trial = new Trial(run.toString())) {
      trial.run(SETTLED);
      Guest.View view = trial.view();
      Guest.Obj counter = view.object("counter");
      if (view.states(counter).size() != clients) {
        throw new LabException("not all clients have connected");
      }
      view.arm(counter, ABORT);
      var code = trial.machine().cpu().code;
      code.setBreakpoint(trial.symbol("crash_abort"), true);
      trial.run(LIMIT);
      long faulting = trial.machine().cpu().now() + 1;
      for (int entry : view.methods(counter)) {
        code.setBreakpoint(entry, true);
      }
      trial.run(LIMIT);
      return trial.machine().cpu().now() - faulting;
    }
  }

  private static Map<String, Long> memory() {
    try (Trial trial = new Trial("policy=ssr-packed run=steady0")) {
      trial.run(SETTLED);
      Guest.View view = trial.view();
      Guest.Obj counter = view.object("counter");
      long state = view.states(counter).get(0).get("bytes");
      return Map.of(
          "bytes_per_object",
          counter.struct().get("frames") * 4096,
          "bytes_per_client",
          view.size("Ssr") + state + view.size("HandleEntry"));
    }
  }
}
