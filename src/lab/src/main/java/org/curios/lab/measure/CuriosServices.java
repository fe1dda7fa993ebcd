package org.curios.lab.measure;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Switch;

/**
 * Instructions of CuriOS's services, counted as those of Linux are: from a client's {@code svc} to
 * its next instruction. Services and kernel are counted, but not the time in which the processor
 * waits. The instructions with which the kernel checks the code, the private data and the stacks of
 * services are counted separately. The client announces each operation in its records.
 */
final class CuriosServices {
  private static final String CLIENT = "svcmet0";
  private static final String RUN = "svcmet0,httpd";
  private static final String ADDRESS = "10.0.0.2/24,gw=10.0.0.1";
  private static final String PEER = "policy=ssr-packed ip=10.0.0.1/24 run=httpd,echo";
  private static final String GRANULE_CHECK = "code_passes";
  private static final String CHECKING = "kernel (checks)";

  private final String policy;

  /** The operation whose instructions are counted by function; null for none. */
  private final Operation profiled;

  /** Of that operation, instructions of all repetitions by place. */
  private final Map<String, Long> places = new HashMap<>();

  /** By operation and repetition, the instructions of all calls that belong to it. */
  private final Map<Integer, Long> counts = new LinkedHashMap<>();

  /** The same, of checks. */
  private final Map<Integer, Long> checks = new LinkedHashMap<>();

  /** What services have run since the last check of their code, by the MiB of their memory. */
  private final Map<Integer, Set<CodeOrder.Function>> running = new HashMap<>();

  /** The same between two checks; null if nobody asks. */
  private Map<Integer, Map<CodeOrder.Stretch, Long>> stretches;

  /** Divides the instructions of all operations; null if nobody asks. */
  private ProtectionParts protection;

  private boolean isParted;
  private SteppedClient client;
  private int granuleCheck;

  CuriosServices(String policy, Operation profiled) {
    this.policy = policy;
    this.profiled = profiled;
  }

  /** Returns the parts of the profiled operation, the largest first, per operation. */
  List<ServiceCosts.Part> parts() {
    long repetitions =
        counts.keySet().stream().filter(word -> Operation.of(word) == profiled).count();
    return places.entrySet().stream()
        .map(e ->
            new ServiceCosts.Part(
                e.getKey(), e.getValue() * profiled.times() / Math.max(1, repetitions)))
        .filter(part -> part.instructions() > 0)
        .sorted(
            Comparator.comparingLong(ServiceCosts.Part::instructions)
                .reversed()
                .thenComparing(ServiceCosts.Part::place))
        .toList();
  }

  /**
   * Boots CuriOS and measures.
   *
   * @return the median of each operation, and of the checks in it
   * @throws LabException if the client does not complete its work without errors
   */
  ServiceCosts.Counts measure() {
    Switch lan = new Switch();
    try (Bench bench = new Bench("curios", policy, Workload.of(RUN).withAddress(ADDRESS), lan);
        Machine _ = peer(lan)) {
      client = new SteppedClient(bench, CLIENT);
      protection = isParted ? new ProtectionParts(bench) : null;
      granuleCheck = bench.symbols().require(GRANULE_CHECK).address();
      client.run(word -> {
        boolean isMeasured = Operation.of(word) != null;
        if (isMeasured) {
          call(bench, word);
        }
        return isMeasured;
      });
      client.mustEnd();
    }
    return new ServiceCosts.Counts(ServiceCosts.medians(counts), ServiceCosts.medians(checks));
  }

  /**
   * Returns the median of each part of each operation.
   *
   * @throws LabException when the services cannot be measured
   */
  Map<Operation, Map<ProtectionParts.Part, Long>> parted() {
    isParted = true;
    measure();
    return protection.medians();
  }

  /**
   * Returns the names of the functions of large services, in the order in which they should lie.
   *
   * @throws LabException when the services cannot be measured
   */
  List<String> order() {
    stretches = new TreeMap<>();
    measure();
    Map<Operation, Long> instructions = new EnumMap<>(Operation.class);
    counts.forEach((word, n) -> instructions.merge(Operation.of(word), n, Long::sum));
    return stretches.values().stream()
        .flatMap(own -> CodeOrder.of(own, instructions).stream())
        .map(CodeOrder.Function::name)
        .toList();
  }

  /** The other machine on the network: it echoes what it receives, and serves pages. */
  private static Machine peer(Switch lan) {
    try {
      Machine machine =
          new MachineBuilder()
              .jit(false)
              .net(lan)
              .console(
                  new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
              .build();
      machine.load(Image.parse("curios", Images.curios(PEER)));
      return machine;
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
  }

  private void call(Bench bench, int word) {
    boolean isProfiled = Operation.of(word) == profiled;
    long[] sums = new long[2];
    client.call(
        new SteppedClient.Listener() {
          @Override
          public void before() {
            if (stretches != null) {
              follow(bench, Operation.of(word));
            }
            if (protection != null) {
              protection.before();
            }
          }

          @Override
          public void executed(int pc, boolean isCheck, long instructions) {
            sums[isCheck ? 1 : 0] += instructions;
            if (protection != null) {
              protection.executed(word, pc, isCheck, instructions);
            }
            if (isProfiled && instructions > 0) {
              places.merge(isCheck ? CHECKING : client.place(pc), instructions, Long::sum);
            }
          }
        });
    counts.merge(word, sums[0], Long::sum);
    checks.merge(word, sums[1], Long::sum);
  }

  /** Notes the function that runs; at a check of granules, what ran since the last one. */
  private void follow(Bench bench, Operation operation) {
    Cpu cpu = bench.machine().cpu();
    if (cpu.mode() == Psr.USER && SteppedClient.isCode(cpu.pc)) {
      Image.Symbol symbol = bench.symbols().at(cpu.pc);
      if (symbol != null) {
        running
            .computeIfAbsent(cpu.pc >>> 20, section -> new HashSet<>())
            .add(new CodeOrder.Function(symbol.name(), symbol.address(), symbol.size()));
      }
    } else if (cpu.pc == granuleCheck) {
      int section = bench.machine().bus().read(cpu.register(0), 4) >>> 20; // Ran begins with it
      Set<CodeOrder.Function> functions = running.remove(section);
      if (functions != null) {
        stretches
            .computeIfAbsent(section, n -> new LinkedHashMap<>())
            .merge(new CodeOrder.Stretch(operation, functions), 1L, Long::sum);
      }
    }
  }
}
