package org.curios.lab.trial;

import org.curios.machine.Machine;

/** Faults of interrupts, at the primary controller (PL190 TRM, DDI 0181, 3.3). */
final class Interrupts {
  private static final int CONTROLLER = 0x10140000;
  private static final int RAW = CONTROLLER + 0x08;
  private static final int ENABLE = CONTROLLER + 0x10;
  private static final int ENABLE_CLEAR = CONTROLLER + 0x14;
  private static final int SOFT = CONTROLLER + 0x18;
  private static final int SOFT_CLEAR = CONTROLLER + 0x1c;
  private static final int LINES = 32;

  /** Ticks for which a line is high by mistake: a microsecond. */
  private static final long GLITCH = 200;

  private Interrupts() {}

  static void strike(Machine m, Fault fault, FaultHost host) {
    String[] parts = fault.place().split(":", 2);
    int line =
        parts.length == 2 && parts[1].matches("\\d{1,2}") ? Integer.parseInt(parts[1]) : LINES;
    if (line >= LINES) {
      throw Injector.nowhere(fault);
    }
    int mask = 1 << line;
    switch (parts[0]) {
      case "spurious" -> {
        m.bus().write(SOFT, mask, 4);
        host.later(GLITCH, () -> m.bus().write(SOFT_CLEAR, mask, 4));
      }
      case "lost" -> {
        if ((m.bus().read(ENABLE, 4) & mask) != 0) {
          lose(m, mask, host);
        }
      }
      default -> throw Injector.nowhere(fault);
    }
  }

  /** Holds a line back from its next rise until the device lets it fall, or for a while. */
  private static void lose(Machine m, int mask, FaultHost host) {
    m.bus().write(ENABLE_CLEAR, mask, 4);
    host.later(Window.NEXT, new Window(m, mask, host));
  }

  /** Waits for the rise of a suppressed line, and releases it some time later. */
  private static final class Window implements Runnable {
    /** Ticks from one look to the next. */
    static final long NEXT = 200;

    /** Ticks for which an interrupt is missed: ten milliseconds. */
    private static final long MISSED = 2_000_000;

    private final Machine m;
    private final int mask;
    private final FaultHost host;

    Window(Machine m, int mask, FaultHost host) {
      this.m = m;
      this.mask = mask;
      this.host = host;
    }

    @Override
    public void run() {
      boolean risen = (m.bus().read(RAW, 4) & mask) != 0;
      if (risen) {
        host.later(MISSED, () -> m.bus().write(ENABLE, mask, 4));
      } else {
        host.later(NEXT, this);
      }
    }
  }
}
