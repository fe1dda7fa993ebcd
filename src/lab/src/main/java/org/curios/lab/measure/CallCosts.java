package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.Bench;

/**
 * Exact instruction counts of CuiK's paths, obtained from outside by stepping the machine. A path
 * starts with the {@code svc} and ends before the first instruction in user mode after it; a call
 * and its return are two such paths, and what the method itself does is not in them.
 */
public final class CallCosts {
  private static final long BOOT_STEP = 10_000;
  private static final long STEPS = 3_000_000;
  private static final long SETTLED = 6_000_000;
  private static final int HANDLE_OWNER = 4;
  private static final long LIMIT = 400_000_000;
  private static final String CURIOS = "curios";
  private static final String PACKED = "ssr-packed";
  private static final String CALLS = "calls0";
  private static final String NOTHING = "meter.nothing";
  private static final String TOUCH = "meter.touch";
  private static final String CHECKS_IMAGE = "measure/checks";
  private static final String CHECKS = "checks0";
  private static final int KIB = 1024;
  private static final int YIELD = -1;
  private static final int[] CLIENTS = {1, 10};

  private CallCosts() {}

  /**
   * Measures everything; keys as in {@code curios evaluate calls --json}, values in instructions or
   * bytes.
   */
  public static Map<String, Long> measure() {
    Map<String, Long> costs = new LinkedHashMap<>();
    costs.put("context_switch", median(switches()));
    Map<String, List<Long>> packed = calls(CURIOS, PACKED, CALLS);
    Map<String, List<Long>> mapped = calls(CURIOS, "ssr", CALLS);
    costs.put("call", median(packed.get(NOTHING)));
    costs.put("call_ssr_mapped", median(mapped.get(TOUCH)));
    costs.put("call_ssr_packed_64", median(packed.get(TOUCH)));
    long one = recovery(CLIENTS[0]);
    long many = recovery(CLIENTS[1]);
    costs.put("recovery_1_client", one);
    costs.put("recovery_per_client", (many - one) / (CLIENTS[1] - CLIENTS[0]));
    costs.putAll(memory());
    costs.putAll(checks());
    Map<String, List<Long>> twice = calls(CURIOS, "ssr-twice", CALLS);
    costs.put("twice_call", median(twice.get(NOTHING)));
    costs.put("twice_call_ssr_packed_64", median(twice.get(TOUCH)));
    return costs;
  }

  /**
   * The cost of each check in a call with a packed state of 64 bytes, and calls with large states.
   */
  private static Map<String, Long> checks() {
    Map<String, List<Long>> found = calls(CHECKS_IMAGE, PACKED, CHECKS);
    long plain = median(found.get("mplain.touch"));
    Map<String, Long> costs = new LinkedHashMap<>();
    costs.put("check_private_64", median(found.get("mdata.touch")) - plain);
    costs.put("check_code_1k", median(found.get("mcode.touch")) - plain);
    costs.put("check_writes_64", median(found.get("mwrites.touch")) - plain);
    costs.put("check_limit", median(found.get("mlimit.touch")) - plain);
    costs.put("call_ssr_shadowed_512", median(found.get("mhalf.touch")));
    costs.put("call_ssr_shadowed_1024", median(found.get("mlarge.touch")));
    return costs;
  }

  private static long median(List<Long> values) {
    if (values == null || values.isEmpty()) {
      throw new LabException("the workload did not perform the operation to be measured");
    }
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  /** The result of a step: the call word at an svc in user mode, or nothing. */
  private static boolean isTrap(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    if (cpu.mode() != Psr.USER || (cpu.pc & 1) != 0) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1 && bench.machine().bus().read(physical, 4) >>> 24 == 0xef;
  }

  /** Executes an svc and what the kernel does, up to the next instruction in user mode. */
  private static long path(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    long start = cpu.now();
    do {
      if (bench.go(cpu.now() + 1) != Stop.TICKS) {
        return -1;
      }
    } while (cpu.mode() != Psr.USER);
    return cpu.now() - start;
  }

  private static int region(Bench bench) {
    return bench.machine().cpu().register(13) >>> 20;
  }

  private static List<Long> switches() {
    List<Long> found = new ArrayList<>();
    try (Bench bench = new Bench(CURIOS, PACKED, "yields")) {
      Cpu cpu = bench.machine().cpu();
      while (bench.status() == null && cpu.now() < STEPS) {
        if (!isTrap(bench) || cpu.register(12) != YIELD) {
          bench.go(cpu.now() + 1);
          continue;
        }
        int from = region(bench);
        long cost = path(bench);
        if (cost > 0 && region(bench) != from) {
          found.add(cost);
        }
      }
    }
    return found;
  }

  /**
   * The cost of each call of a client, by SERVICE.METHOD: the kernel's instructions between the
   * call and the caller's next instruction, without the service's.
   */
  private static Map<String, List<Long>> calls(String image, String policy, String name) {
    Map<String, List<Long>> found = new LinkedHashMap<>();
    try (Bench bench = new Bench(image, policy, name)) {
      Cpu cpu = bench.machine().cpu();
      int client = clientRegion(bench, name);
      checkCode(bench.view());
      long cost = -1;
      String method = "";
      while (bench.status() == null && cpu.now() < STEPS) {
        if (!isTrap(bench)) {
          bench.go(cpu.now() + 1);
          continue;
        }
        int word = cpu.register(12);
        boolean fromClient = region(bench) == client;
        long path = path(bench);
        if (path < 0) {
          break;
        }
        if (fromClient) {
          Guest.Obj server = word > 0 ? bench.view().memory().owner(cpu.pc) : null;
          cost = server == null ? -1 : path;
          method = server == null ? "" : server.name() + "." + methodName(bench, server, word);
        } else if (word == 0 && cost > 0) {
          cost += path;
          if (region(bench) == client) {
            found.computeIfAbsent(method, m -> new ArrayList<>()).add(cost);
            cost = -1;
          }
        }
      }
    }
    return found;
  }

  /** Sizes measured by the KiB must be one KiB. */
  private static void checkCode(Guest.View view) {
    for (Guest.Obj o : view.objects()) {
      long bytes = o.descriptor().get("code_end") - o.descriptor().get("code_start");
      if (o.name().equals("mcode") && bytes != KIB) {
        throw new LabException("mcode has " + bytes + " bytes of code instead of " + KIB);
      }
    }
  }

  private static String methodName(Bench bench, Guest.Obj server, int word) {
    return bench.view().methodName(server, word >>> 24);
  }

  /** The MiB of a client's addresses; its object exists once the kernel has booted. */
  private static int clientRegion(Bench bench, String name) {
    while (bench.status() == null && bench.view().eventCount() == 0) {
      bench.go(bench.machine().cpu().now() + BOOT_STEP);
    }
    Guest.View view = bench.view();
    return view.memory().section(view.object(name));
  }

  /** From the instruction that faults to the first one of the repeated request. */
  private static long recovery(int clients) {
    StringBuilder run = new StringBuilder();
    for (int i = 0; i < clients; i++) {
      run.append(i == 0 ? "" : ",").append("steady").append(i);
    }
    try (Bench bench = new Bench(CURIOS, PACKED, run.toString())) {
      bench.go(SETTLED);
      Guest.View view = bench.view();
      Guest.Obj counter = view.object("counter");
      if (view.states().of(counter).size() != clients) {
        throw new LabException("not all clients have connected");
      }
      view.crashes().arm(counter, view.words().number(Kind.CRASH, "abort"));
      var code = bench.machine().cpu().code;
      code.setBreakpoint(view.symbol("crash_abort"), true);
      bench.go(LIMIT);
      long faulting = bench.machine().cpu().now() + 1;
      for (int entry : view.methods(counter)) {
        code.setBreakpoint(entry, true);
      }
      bench.go(LIMIT);
      return bench.machine().cpu().now() - faulting;
    }
  }

  private static Map<String, Long> memory() {
    try (Bench bench = new Bench(CURIOS, PACKED, "meter1")) {
      bench.go(SETTLED);
      Guest.View view = bench.view();
      Guest.Obj meter = view.object("meter");
      return Map.of(
          "bytes_per_object",
          meter.struct().get("frames") * view.words().constant("PAGE_BYTES"),
          "bytes_per_client",
          view.states().allocated(view.states().of(meter).get(0))
              + view.size("HandleEntry")
              + HANDLE_OWNER);
    }
  }
}
