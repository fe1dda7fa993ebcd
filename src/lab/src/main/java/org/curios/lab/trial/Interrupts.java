package org.curios.lab.trial;

import org.curios.machine.Machine;

/** Faults of interrupts, at the primary controller (PL190 TRM, DDI 0181, 3.3). */
final class Interrupts {
  private static final int CONTROLLER = 0x10140000;
  private static final int SOFT = CONTROLLER + 0x18;
  private static final int SOFT_CLEAR = CONTROLLER + 0x1c;
  private static final int LINES = 32;

  /** Ticks for which a spurious interrupt raises its line: a microsecond. */
  private static final long GLITCH = 200;

  private Interrupts() {}

  static void strike(Machine m, Fault fault, FaultHost host) {
    String[] parts = fault.place().split(":", 2);
    int line =
        parts.length == 2 && parts[1].matches("\\d{1,2}") ? Integer.parseInt(parts[1]) : LINES;
    if (line >= LINES) {
      throw Injector.nowhere(fault);
    }
    switch (parts[0]) {
      case "spurious" -> {
        m.bus().write(SOFT, 1 << line, 4);
        host.later(GLITCH, () -> m.bus().write(SOFT_CLEAR, 1 << line, 4));
      }
      case "lost" -> m.board().interrupts().lose(line);
      default -> throw Injector.nowhere(fault);
    }
  }
}
