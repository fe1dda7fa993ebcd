package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.arm.bus.Device;

/** What every PrimeCell has at 0xFE0 to 0xFFC: a byte of its identification in each word. */
public final class Identification {
  private Identification() {}

  /**
   * Checks the part number, the designer ARM and the PrimeCell id; the revision differs from chip
   * to chip.
   *
   * @param part number of the PrimeCell, such as 0x011
   */
  public static void check(Device device, int part) {
    int peripheral = 0;
    int cell = 0;
    for (int i = 0; i < 4; i++) {
      peripheral |= device.read(0xfe0 + 4 * i, 4) << 8 * i;
      cell |= device.read(0xff0 + 4 * i, 4) << 8 * i;
    }
    assertEquals(part, peripheral & 0xfff, "part number");
    assertEquals(0x41, peripheral >>> 12 & 0xff, "designer");
    assertEquals(0xb105f00d, cell, "PrimeCell id");
  }
}
