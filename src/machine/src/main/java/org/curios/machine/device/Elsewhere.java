package org.curios.machine.device;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.curios.arm.bus.Device;

/**
 * Handles accesses to addresses without a device: reads return 0, writes are lost. Each address and
 * direction is reported once, up to a limit.
 */
public final class Elsewhere {
  private static final int MOST = 1000;

  private final Consumer<String> log;
  private final Set<Long> told = new HashSet<>();

  /** Reports accesses by lines of text. */
  public Elsewhere(Consumer<String> log) {
    this.log = log;
  }

  /** Returns the device. */
  public Device device() {
    return new Device() {
      @Override
      public int read(int address, int size) {
        tell(address, size, false);
        return 0;
      }

      @Override
      public void write(int address, int value, int size) {
        tell(address, size, true);
      }
    };
  }

  private void tell(int address, int size, boolean writes) {
    int word = address & ~3;
    if (told.size() < MOST && told.add((long) word << 1 | (writes ? 1 : 0))) {
      log.accept(
          "no device at %08x: %s of %d byte%s %s"
              .formatted(
                  address,
                  writes ? "write" : "read",
                  size,
                  size == 1 ? "" : "s",
                  writes ? "ignored" : "gives 0"));
      if (told.size() == MOST) {
        log.accept("no device at %d places: the others are not reported".formatted(MOST));
      }
    }
  }
}
