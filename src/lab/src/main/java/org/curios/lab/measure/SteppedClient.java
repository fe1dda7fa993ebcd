package org.curios.lab.measure;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.ClientRecords;
import org.curios.lab.trial.Transcripts;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/**
 * A client of CuriOS that announces in its records what its next calls belong to. Its calls are
 * executed instruction by instruction, from the {@code svc} to the client's next instruction.
 */
final class SteppedClient {
  /** Functions that check the code, the private data and the stacks of services. */
  private static final List<String> CHECKS =
      List.of(
          "code_sound",
          "code_passes",
          "code_opens",
          "code_sum",
          "code_check",
          "code_mend",
          "private_sum",
          "private_data_sum",
          "seal_stack",
          "stack_sound");

  private static final int UNTIL_USER_MODE = 0;
  private static final int SVC = 0xef;
  private static final int CLIENT_REGIONS = 0x400;
  private static final int PREFETCH_VECTOR = 0xc;
  private static final int DATA_VECTOR = 0x10;
  private static final int SECTION = 1 << 20;
  private static final int CODE = 0x80000;
  private static final int CODE_END = 0xa0000;
  private static final int SP = 13;
  private static final int LR = 14;
  private static final long COARSE = 50_000;
  private static final long LIMIT = 2_000_000_000;

  /** Ticks of a wait at a time: fewer than from an interrupt to the client. */
  private static final long WAIT = 64;

  /** Hears of each instruction of a call. */
  interface Listener {
    /** Is called before an instruction. */
    default void before() {}

    /**
     * Is called after an instruction.
     *
     * @param pc its address
     * @param isCheck whether it belongs to a check of code, private data or stacks
     * @param instructions 1, or 0 for a wait
     */
    void executed(int pc, boolean isCheck, long instructions);
  }

  private final Bench bench;
  private final Cpu cpu;
  private final Guest.Obj client;

  /** Added to the number of an operation in place of a method; and the number that ends the run. */
  private final int mark;

  private final int end;
  private final int region;
  private final Set<Integer> checkEntries;

  /**
   * Boots until all objects exist.
   *
   * @param name the client's
   */
  SteppedClient(Bench bench, String name) {
    this.bench = bench;
    cpu = bench.machine().cpu();
    checkEntries =
        CHECKS.stream()
            .map(function -> bench.symbols().require(function).address())
            .collect(Collectors.toSet());
    while (bench.status() == null && bench.view().eventCount() == 0) {
      bench.go(cpu.now() + COARSE);
    }
    client = bench.view().object(name);
    mark = bench.view().words().constant("OPERATION_MARK");
    end = bench.view().words().constant("MARKED_END");
    region = CLIENT_REGIONS + (int) client.struct().get("id");
  }

  /**
   * Runs until the client announces the end.
   *
   * @param measure gets what the client has last announced, as {@link #mark} returns it, before
   *     each of its calls; returns whether it has executed the call
   */
  void run(IntPredicate measure) {
    while (isRunning() && mark() < 0) {
      bench.go(cpu.now() + COARSE);
    }
    int word = 0;
    while (isRunning() && (word & 0xff) != end) {
      word = isTrap() ? mark() : 0;
      if ((word & 0xff) != end && !measure.test(word)) {
        step();
      }
    }
  }

  private boolean isRunning() {
    return bench.status() == null && cpu.now() < LIMIT;
  }

  /**
   * Runs until the client has ended.
   *
   * @throws LabException if it does not end without errors
   */
  void mustEnd() {
    while (isRunning() && !results().ended()) {
      bench.go(cpu.now() + COARSE); // a server never ends
    }
    ClientRecords results = results();
    if (!results.ended() || results.errors() != 0) {
      String name = client.name();
      List<String> said = Transcripts.byClient(bench.text()).getOrDefault(name, List.of());
      throw new LabException(
          name + " reports: " + (said.isEmpty() ? "nothing" : String.join("; ", said)));
    }
  }

  /** The last number that the client has announced, and the repetition; -1 for none. */
  private int mark() {
    long count = results().count();
    List<ClientRecords.Entry> last =
        ClientRecords.read(bench.view(), client, Math.max(0, count - 1)).last();
    if (last.isEmpty() || (last.getLast().call() & 0xff) < mark) {
      return -1;
    }
    return (last.getLast().call() & 0xff) - mark | last.getLast().result() << 8;
  }

  /** The client's counts, without its records. */
  private ClientRecords results() {
    return ClientRecords.read(bench.view(), client, Long.MAX_VALUE);
  }

  private boolean isClient() {
    return cpu.mode() == Psr.USER && cpu.register(SP) >>> 20 == region;
  }

  /** Whether the client's next instruction is a call. */
  private boolean isTrap() {
    if (!isClient() || cpu.isWaiting()) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1 && bench.machine().bus().read(physical, 4) >>> 24 == SVC;
  }

  /** Executes a call. */
  void call(Listener listener) {
    boolean checking = false;
    int back = 0;
    do {
      if (checking) {
        checking = back == UNTIL_USER_MODE ? cpu.mode() != Psr.USER : cpu.pc != back;
      } else if (isFirstUse()) {
        checking = true;
        back = UNTIL_USER_MODE;
      } else if (checkEntries.contains(cpu.pc)) {
        checking = true;
        back = cpu.register(LR);
      }
      int pc = cpu.pc;
      listener.before();
      listener.executed(pc, checking, step());
    } while (isRunning() && !isClient());
  }

  /** The object whose code is at an address, or the kernel, and the function. */
  String place(int pc) {
    Image.Symbol symbol = bench.symbols().at(pc);
    String function = symbol == null ? "?" : Symbols.readable(symbol.name());
    return owner(pc) + " " + function;
  }

  /** The object whose code is at an address, {@code kernel}, or {@code library}. */
  String owner(int pc) {
    if (pc >>> 20 == 0) {
      return "kernel";
    }
    Guest.Obj object = bench.view().memory().owner(pc);
    return object == null ? "library" : object.name();
  }

  /**
   * Returns whether a trap begins that happens only because code is checked: the first use of one
   * of its granules.
   */
  private boolean isFirstUse() {
    return cpu.pc == PREFETCH_VECTOR || cpu.pc == DATA_VECTOR && isCode(cpu.cp15.faultAddress());
  }

  /** Whether an address is one of the code of a service. */
  static boolean isCode(int address) {
    int offset = address & SECTION - 1;
    return address >>> 30 == 1 && offset >= CODE && offset < CODE_END;
  }

  /** Executes an instruction, or waits for a while; returns the number of instructions. */
  private long step() {
    Machine machine = bench.machine();
    long before = cpu.now() - machine.executor().waited();
    bench.go(cpu.now() + (cpu.isWaiting() ? WAIT : 1));
    return cpu.now() - machine.executor().waited() - before;
  }
}
