package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: PrimeXsys System Controller (SP810), ARM DDI 0254. */
class Sp810Test {
  private int resets;
  private final Sp810 controller = new Sp810(() -> resets++);

  @Test
  void identifiesItself() {
    Identification.check(controller, 0x810);
  }

  /** 3.3.1: bits 6 to 3 say which mode it is in: it begins in DOZE. */
  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,2", "4,4", "7,4"})
  void modeStatusFollowsModeControl(int control, int status) {
    assertEquals(9, controller.read(0, 4));
    controller.write(0, control | 0x3c0000, 4);
    assertEquals(0x3c0000 | status << 3 | control, controller.read(0, 4));
  }

  /** 3.3.2: any write asks for a reset. */
  @Test
  void softReset() {
    controller.write(4, 0, 4);
    assertEquals(1, resets);
  }

  /** Bits are set and cleared by registers of their own. */
  @Test
  void peripheralClocks() {
    controller.write(0x28, 0xf, 4);
    assertEquals(0xfffffff0, controller.read(0x2c, 4));
    controller.write(0x24, 0x1, 4);
    assertEquals(0xfffffff1, controller.read(0x2c, 4));
    assertEquals(0xfffffff1, controller.read(0x30, 4));
  }
}
