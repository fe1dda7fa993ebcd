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
import java.util.stream.Collectors;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.ClientRecords;
import org.curios.lab.trial.Transcripts;
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
  private static final int SP = 13;
  private static final int LR = 14;

  /** Functions that check the code, the private data and the stacks of services. */
  private static final List<String> CHECKS =
      List.of(
          "code_sound",
          "code_passes",
          "code_opens",
          "code_sum",
          "code_check",
          "private_sum",
          "private_data_sum",
          "seal_stack",
          "stack_sound");

  private static final String GRANULE_CHECK = "code_passes";
  private static final String CHECKING = "kernel (checks)";
  private static final int UNTIL_USER_MODE = 0;
  private static final int SVC = 0xef;
  private static final int CLIENT_REGIONS = 0x400;
  private static final int PREFETCH_VECTOR = 0xc;
  private static final int DATA_VECTOR = 0x10;
  private static final int SECTION = 1 << 20;
  private static final int CODE = 0x80000;
  private static final int CODE_END = 0xa0000;
  private static final long COARSE = 50_000;
  private static final long LIMIT = 2_000_000_000;

  /** Ticks of a wait at a time: fewer than from an interrupt to the client. */
  private static final long WAIT = 64;

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

  private Guest.Obj client;

  /** Added to the number of an operation in place of a method; and the number that ends the run. */
  private int mark;

  private int end;

  private int region;
  private Set<Integer> checkEntries = Set.of();
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
      checkEntries =
          CHECKS.stream()
              .map(name -> bench.symbols().require(name).address())
              .collect(Collectors.toSet());
      while (bench.status() == null && bench.view().eventCount() == 0) {
        bench.go(bench.machine().cpu().now() + COARSE); // until all objects exist
      }
      granuleCheck = bench.symbols().require(GRANULE_CHECK).address();
      client = bench.view().object(CLIENT);
      mark = bench.view().words().constant("OPERATION_MARK");
      end = bench.view().words().constant("MARKED_END");
      region = CLIENT_REGIONS + (int) client.struct().get("id");
      Cpu cpu = bench.machine().cpu();
      while (bench.status() == null && mark(bench) < 0 && cpu.now() < LIMIT) {
        bench.go(cpu.now() + COARSE);
      }
      while (bench.status() == null && cpu.now() < LIMIT) {
        int word = isTrap(bench) ? mark(bench) : 0;
        if ((word & 0xff) == end) {
          break;
        }
        if (Operation.of(word) == null) {
          step(bench);
        } else {
          call(bench, word);
        }
      }
      while (bench.status() == null && cpu.now() < LIMIT && !results(bench).ended()) {
        bench.go(cpu.now() + COARSE); // the server never ends
      }
      ClientRecords results = results(bench);
      if (!results.ended() || results.errors() != 0) {
        List<String> said = Transcripts.byClient(bench.text()).getOrDefault(CLIENT, List.of());
        throw new LabException(
            "its client reports: " + (said.isEmpty() ? "nothing" : String.join("; ", said)));
      }
    }
    return new ServiceCosts.Counts(ServiceCosts.medians(counts), ServiceCosts.medians(checks));
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

  /** The last operation that the client has marked, and the repetition; -1 for none. */
  private int mark(Bench bench) {
    Guest.View view = bench.view();
    long count = results(bench).count();
    List<ClientRecords.Entry> last =
        ClientRecords.read(view, client, Math.max(0, count - 1)).last();
    if (last.isEmpty() || (last.getLast().call() & 0xff) < mark) {
      return -1;
    }
    return (last.getLast().call() & 0xff) - mark | last.getLast().result() << 8;
  }

  /** The client's counts, without its records. */
  private ClientRecords results(Bench bench) {
    return ClientRecords.read(bench.view(), client, Long.MAX_VALUE);
  }

  private boolean isClient(Cpu cpu) {
    return cpu.mode() == Psr.USER && cpu.register(SP) >>> 20 == region;
  }

  private boolean isTrap(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    if (!isClient(cpu) || cpu.isWaiting()) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1 && bench.machine().bus().read(physical, 4) >>> 24 == SVC;
  }

  private void call(Bench bench, int word) {
    Cpu cpu = bench.machine().cpu();
    long instructions = 0;
    long ofChecks = 0;
    boolean checking = false;
    int back = 0;
    boolean isProfiled = Operation.of(word) == profiled;
    do {
      if (checking) {
        checking = back == UNTIL_USER_MODE ? cpu.mode() != Psr.USER : cpu.pc != back;
      } else if (isFirstUse(bench)) {
        checking = true;
        back = UNTIL_USER_MODE;
      } else if (checkEntries.contains(cpu.pc)) {
        checking = true;
        back = cpu.register(LR);
      }
      int pc = cpu.pc;
      if (stretches != null) {
        follow(bench, Operation.of(word));
      }
      long done = step(bench);
      if (isProfiled && done > 0) {
        places.merge(checking ? CHECKING : place(bench, pc), done, Long::sum);
      }
      instructions += checking ? 0 : done;
      ofChecks += checking ? done : 0;
    } while (bench.status() == null && !isClient(cpu) && cpu.now() < LIMIT);
    counts.merge(word, instructions, Long::sum);
    checks.merge(word, ofChecks, Long::sum);
  }

  /** Notes the function that runs; at a check of granules, what ran since the last one. */
  private void follow(Bench bench, Operation operation) {
    Cpu cpu = bench.machine().cpu();
    if (cpu.mode() == Psr.USER && isCode(cpu.pc)) {
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

  /** The object whose code is at an address, or the kernel, and the function. */
  private static String place(Bench bench, int pc) {
    Image.Symbol symbol = bench.symbols().at(pc);
    String function = symbol == null ? "?" : Symbols.readable(symbol.name());
    if (pc >>> 20 == 0) {
      return "kernel " + function;
    }
    Guest.Obj object = bench.view().memory().owner(pc);
    return (object == null ? "library" : object.name()) + " " + function;
  }

  /**
   * Returns whether a trap begins that happens only because code is checked: the first use of one
   * of its granules.
   */
  private boolean isFirstUse(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    return cpu.pc == PREFETCH_VECTOR || cpu.pc == DATA_VECTOR && isCode(cpu.cp15.faultAddress());
  }

  private static boolean isCode(int address) {
    int offset = address & SECTION - 1;
    return address >>> 30 == 1 && offset >= CODE && offset < CODE_END;
  }

  /** Executes an instruction, or waits for a while; returns the number of instructions. */
  private static long step(Bench bench) {
    Machine machine = bench.machine();
    Cpu cpu = machine.cpu();
    long before = cpu.now() - machine.executor().waited();
    bench.go(cpu.now() + (cpu.isWaiting() ? WAIT : 1));
    return cpu.now() - machine.executor().waited() - before;
  }
}
