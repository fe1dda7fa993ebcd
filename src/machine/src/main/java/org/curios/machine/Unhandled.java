package org.curios.machine;

import java.util.Locale;
import java.util.function.Consumer;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.GuestException;
import org.curios.arm.core.NoHandler;

/**
 * Reports, once, that the guest has raised an exception for which it has no handler: it continues
 * through the zeros at the vector, and will probably reach its own start again.
 */
final class Unhandled implements NoHandler {
  /** Exit status of a strict run. */
  private static final int STATUS = 3;

  private static final int T = 1;
  private static final int ALIGNMENT = 1;
  private static final int DEBUG_EVENT = 2;
  private static final int STATUS_CODE = 15;

  private final Cpu cpu;
  private final Consumer<String> warnings;
  private final boolean strict;
  private boolean said;

  /**
   * Makes a watcher.
   *
   * @param warnings receives the line
   * @param strict whether the run ends there
   */
  Unhandled(Cpu cpu, Consumer<String> warnings, boolean strict) {
    this.cpu = cpu;
    this.warnings = warnings;
    this.strict = strict;
  }

  @Override
  public void report(GuestException exception, int at, int vector) {
    if (!said) {
      said = !strict; // a strict run ends here, and a machine that is restored runs again
      warnings.accept(
          String.format(
              Locale.ROOT,
              "%s: no handler at vector 0x%02x%s",
              what(exception, at),
              vector,
              strict ? "" : "; --strict ends the run there"));
    }
    if (strict) {
      cpu.requestExit(new GuestExit(STATUS));
    }
  }

  private String what(GuestException exception, int at) {
    int pc = at & ~T;
    return switch (exception) {
      case DATA_ABORT -> {
        int address = cpu.cp15.faultAddress();
        boolean misaligned = (cpu.cp15.dataFaultStatus() & STATUS_CODE) == ALIGNMENT;
        yield String.format(
            Locale.ROOT,
            "%s %08x, %s, by the instruction at %08x",
            cpu.memory.lastWasStore() ? "store to" : "load from",
            address,
            misaligned ? "which is not aligned" : "where nothing is",
            pc);
      }
      case PREFETCH_ABORT ->
          cpu.cp15.instructionFaultStatus() == DEBUG_EVENT
              ? String.format(Locale.ROOT, "breakpoint instruction at %08x", pc)
              : String.format(
                  Locale.ROOT, "fetch from %08x, where nothing is, with r14 %08x", pc, link());
      case UNDEFINED_INSTRUCTION -> String.format(Locale.ROOT, "undefined instruction at %08x", pc);
      case SOFTWARE_INTERRUPT -> String.format(Locale.ROOT, "svc instruction at %08x", pc);
      default -> String.format(Locale.ROOT, "%s before %08x", exception, pc);
    };
  }

  /** The link register of the mode before the exception: the origin of the jump. */
  private int link() {
    return cpu.banked(cpu.spsr(), 14);
  }
}
