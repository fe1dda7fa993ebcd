package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HexFormat;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which device is at which input of the interrupt controllers: DUI 0224, 4.10 and 4.11. */
class BoardTest {
  private static final int CODE = 0x8000;
  private static final int VIC_RAW = 0x10140008;
  private static final int SIC_RAW = 0x10003004;
  private static final long A_SECOND = 200_000_000;

  /**
   * Writes registers, {@code OFFSET=VALUE} each, in words as far as the offset is one of a word,
   * and lets a second pass.
   */
  @ParameterizedTest
  @CsvSource({
    "watchdog,       101e1000, VIC, 0,  0=10 8=1",
    "timer 0,        101e2000, VIC, 4,  0=10 8=a3",
    "timer 1,        101e2020, VIC, 4,  0=10 8=a3",
    "timer 2,        101e3000, VIC, 5,  0=10 8=a3",
    "timer 3,        101e3020, VIC, 5,  0=10 8=a3",
    "pins 0,         101e4000, VIC, 6,  404=1 40c=0 410=1",
    "pins 1,         101e5000, VIC, 7,  404=1 40c=0 410=1",
    "pins 2,         101e6000, VIC, 8,  404=1 40c=0 410=1",
    "pins 3,         101e7000, VIC, 9,  404=1 40c=0 410=1",
    "clock,          101e8000, VIC, 10, 8=5 4=6 10=1",
    "serial port,    101f4000, VIC, 11, 4=2 14=8",
    "UART 0,         101f1000, VIC, 12, 2c=70 30=381 38=40 0=78",
    "UART 1,         101f2000, VIC, 13, 2c=70 30=381 38=40 0=78",
    "UART 2,         101f3000, VIC, 14, 2c=70 30=381 38=40 0=78",
    "display,        10120000, VIC, 16, 0=3f1f3f9c 4=90b61df 8=67f1800 10=200000 1c=8 18=82b",
    "DMA,            10130000, VIC, 17, 30=1 100=8000 104=9000 10c=84480001 110=c001",
    "card 0 second,  10005000, SIC, 1,  40=4 c=448",
    "card 1 second,  1000b000, SIC, 2,  40=4 c=448",
    "keyboard,       10006000, SIC, 3,  0=14 8=ff",
    "mouse,          10007000, SIC, 4,  0=14 8=ff",
    "UART 3,         10009000, SIC, 6,  2c=70 30=381 38=40 0=78",
    "card 0,         10005000, SIC, 22, 3c=4 c=448",
    "card 1,         1000b000, SIC, 23, 3c=4 c=448",
    "network,        10010000, SIC, 25, e=2 d=4",
  })
  void interruptsAreWiredAsOnTheBoard(
      String device, String base, String controller, int input, String writes) throws Exception {
    int wait = 0xee070f90; // mcr p15, 0, r0, c7, c0, 4: wait for an interrupt
    int again = 0xeafffffd;
    try (Machine machine =
        Ours.builder(false)
            .ram(16 << 20)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build()) {
      Ours.write(machine.cpu(), CODE, wait, again);
      machine.cpu().setRegister(15, CODE);
      int raw = controller.equals("VIC") ? VIC_RAW : SIC_RAW;
      int before = machine.bus().read(raw, 4);
      for (String write : writes.split(" ", -1)) {
        String[] parts = write.split("=", -1);
        int at = HexFormat.fromHexDigits(base) + HexFormat.fromHexDigits(parts[0]);
        machine
            .bus()
            .write(at, HexFormat.fromHexDigits(parts[1]), at % 4 == 0 ? 4 : at % 2 == 0 ? 2 : 1);
      }
      machine.run(A_SECOND + A_SECOND / 10);
      assertEquals(1 << input, machine.bus().read(raw, 4) & ~before, device);
    }
  }
}
