package org.curios.lab.measure;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Bench;
import org.curios.machine.image.Image;

/**
 * Divides the instructions of operations into what protection adds and the rest: what the same
 * services would execute if a request were still an {@code svc}, but services and clients shared
 * all memory and nobody checked anything. Each instruction belongs to one part, by its function,
 * and by the system call during which the kernel executes it.
 */
final class ProtectionParts {
  /** What an instruction is for. */
  enum Part {
    /**
     * Requests, and the work of services. Data that a request moves are moved once in this part.
     */
    WORK,
    /** Changes of domains and of page tables. */
    DOMAINS,
    /** Access to memory of clients through handles. */
    GRANTS,
    /**
     * States that are copied to and fro, writes that are queued until the commit, second copies.
     */
    COPIES,
    /** Checksums of kept memory and states, limits, arguments that are read again. */
    CHECKSUMS,
    /** Checks of code, private data and stacks. */
    CHECKS
  }

  private static final Set<String> DOMAINS =
      Set.of(
          "gate_update",
          "make_resident",
          "state_revoke",
          "state_grant",
          "flush_entry",
          "flush_all");

  private static final Set<String> COPIES =
      Set.of(
          "with_state",
          "return_state",
          "state_commit",
          "copy_and_sum",
          "state_show",
          "state_hide",
          "kept_write",
          "kept_check",
          "kept_forget",
          "writes_put",
          "writes_resolve",
          "put",
          "put_words",
          "first_copy",
          "second_copy",
          "handles_commit",
          "twice_heap_sound");

  private static final Set<String> CHECKSUMS =
      Set.of("words_sum", "attention", "checksum", "within_limits", "is_unit_sound", "is_sound");

  /** Functions that move data, and whose other instructions belong to their caller's part. */
  private static final Set<String> MOVERS =
      Set.of(
          "copy_words",
          "copy",
          "copy_shifted",
          "units_get",
          "units_put",
          "writes_put",
          "take_unit");

  /**
   * Services' functions with a loop that only adds words (LDM of R3 to R6, and additions of them).
   */
  private static final Set<String> SUMMERS = Set.of("settle", "restore");

  private static final int COPROCESSOR = 0x0f100f10;
  private static final int MOVE_TO_CP15 = 0x0e000f10;
  private static final int SVC = 0xef;
  private static final int FIRST_SUMMED = 3;
  private static final int LAST_SUMMED = 6;
  private static final int SUMMED_LIST = 0x78;

  private final Bench bench;
  private final Cpu cpu;
  private final Map<Integer, String> functions = new HashMap<>();
  private final Map<Integer, Part> calls;
  private final int copyOut;
  private final Map<Integer, long[]> counts = new LinkedHashMap<>();

  /** During a system call of a service: its part, and its number. */
  private Part scope = Part.WORK;

  private int systemCall;
  private int word;
  private boolean isUser;

  ProtectionParts(Bench bench) {
    this.bench = bench;
    cpu = bench.machine().cpu();
    calls =
        Map.of(
            number("SYS_COPY_IN"), Part.GRANTS,
            number("SYS_COPY_OUT"), Part.GRANTS,
            number("SYS_KEEP"), Part.COPIES,
            number("SYS_KEEP_FROM"), Part.COPIES,
            number("SYS_KEEP_ALL"), Part.COPIES,
            number("SYS_COMMIT"), Part.COPIES,
            number("SYS_KEPT_MEND"), Part.CHECKSUMS,
            number("SYS_ASKED"), Part.CHECKSUMS,
            number("SYS_SOUND"), Part.CHECKSUMS);
    copyOut = number("SYS_COPY_OUT");
  }

  private int number(String systemCall) {
    return bench.view().words().constant(systemCall);
  }

  /** Is called before each instruction. */
  void before() {
    isUser = cpu.mode() == Psr.USER;
    int physical = isUser ? cpu.memory.physical(cpu.pc) : cpu.pc;
    word = physical == -1 ? 0 : bench.machine().bus().read(physical, 4);
    if (isUser) {
      systemCall = word >>> 24 == SVC ? cpu.register(12) : 0;
      scope = systemCall < 0 ? calls.getOrDefault(systemCall, Part.WORK) : Part.WORK;
    }
  }

  /**
   * Is called after each instruction.
   *
   * @param operation what it belongs to, with the repetition
   */
  void executed(int operation, int pc, boolean isCheck, long instructions) {
    Part part = isCheck ? Part.CHECKS : part(functions.computeIfAbsent(pc, this::function));
    counts.computeIfAbsent(operation, n -> new long[Part.values().length])[part.ordinal()] +=
        instructions;
  }

  /** Returns the median of each part of each operation. */
  Map<Operation, Map<Part, Long>> medians() {
    Map<Operation, Map<Part, Long>> all = new EnumMap<>(Operation.class);
    for (Part part : Part.values()) {
      Map<Integer, Long> of = new LinkedHashMap<>();
      counts.forEach((operation, n) -> of.put(operation, n[part.ordinal()]));
      ServiceCosts.medians(of)
          .forEach((operation, n) ->
              all.computeIfAbsent(operation, o -> new EnumMap<>(Part.class)).put(part, n));
    }
    return all;
  }

  private String function(int pc) {
    Image.Symbol symbol = bench.symbols().at(pc);
    if (symbol == null) {
      return "";
    }
    String name = Symbols.readable(symbol.name());
    return name.substring(name.lastIndexOf(':') + 1);
  }

  private Part part(String function) {
    if (!isUser && (word & COPROCESSOR) == MOVE_TO_CP15) {
      return Part.DOMAINS;
    }
    if (MOVERS.contains(function)) {
      return ofMover(function);
    }
    if (CHECKSUMS.contains(function) || SUMMERS.contains(function) && isSum()) {
      return Part.CHECKSUMS;
    }
    if (isUser) {
      return Part.WORK;
    }
    if (function.equals("copy_begin") && systemCall == copyOut && movesData()) {
      return Part.WORK;
    }
    return DOMAINS.contains(function)
        ? Part.DOMAINS
        : COPIES.contains(function) ? Part.COPIES : scope;
  }

  /**
   * Data are moved once as work: what a request reads or writes. Copies from the client to private
   * memory of the service, second copies and sums are not.
   */
  private Part ofMover(String function) {
    boolean isCopyIn = scope == Part.GRANTS && systemCall != copyOut;
    if (isSecondCopy(function)) {
      return Part.COPIES;
    }
    if (movesData()) {
      return isCopyIn ? Part.GRANTS : Part.WORK;
    }
    if (function.startsWith("units_") || function.equals("take_unit")) {
      return Part.CHECKSUMS;
    }
    if (function.equals("writes_put")) {
      return isAddition() ? Part.CHECKSUMS : Part.COPIES;
    }
    return isCopyIn ? Part.GRANTS : Part.WORK;
  }

  /** STM to R1, where the loops that write both copies have the second one. */
  private boolean isSecondCopy(String function) {
    boolean isStore = (word & 0x0e100000) == 0x08000000;
    return (function.equals("units_put") || function.equals("writes_put"))
        && isStore
        && (word >>> 16 & 0xf) == 1;
  }

  /** LDM or STM with write-back, or LDR and STR after which the address rises. */
  private boolean movesData() {
    boolean many = (word & 0x0e200000) == 0x08200000 && (word >>> 16 & 0xf) != 13;
    boolean one = (word & 0x0f000000) == 0x04000000;
    return many || one;
  }

  private boolean isAddition() {
    return (word & 0x0de00000) == 0x00800000 && (word & 0x02000000) == 0;
  }

  private boolean isSum() {
    if ((word & 0x0e300000) == 0x08300000) {
      return (word & 0xffff) == SUMMED_LIST;
    }
    int operand = word & 0xf;
    return isAddition()
        && (word & 0xff0) == 0
        && (word >>> 16 & 0xf) == (word >>> 12 & 0xf)
        && operand >= FIRST_SUMMED
        && operand <= LAST_SUMMED;
  }
}
