package org.curios.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.machine.card.Disk;
import org.curios.machine.card.SdCard;
import org.curios.machine.device.Pl011;
import org.curios.machine.device.Pl181;
import org.curios.machine.device.Pl190;
import org.curios.machine.device.RaisedLine;
import org.curios.machine.device.Sp804;
import org.curios.machine.device.Ticks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Public questions about these devices, mostly caused by a different emulator's behaviour. Each
 * test is a question; the manual has the answer.
 */
class PublicThreadsTest {
  @TempDir Path directory;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();

  /**
   * "My receive interrupt comes with the first character although IFLS says half full": DDI 0183,
   * 3.3.9. QEMU 7.2 ignores the level.
   */
  @Test
  void pl011InterruptsAtItsReceiveLevel() {
    Pl011 uart = new Pl011(ticks.clock, line, c -> {});
    uart.write(0x2c, 1 << 4, 4);
    uart.write(0x34, 2 << 3, 4);
    uart.write(0x38, 1 << 4, 4);
    for (int i = 0; i < 7; i++) {
      uart.receive('x');
    }
    assertFalse(line.raised, "seven of sixteen");
    uart.receive('x');
    assertTrue(line.raised, "half full");
  }

  /**
   * "Fewer characters than the level never interrupt": they do, by the receive timeout, 32 bit
   * times after the last one (DDI 0183, 2.8.4).
   */
  @Test
  void pl011TimesOutBelowItsLevel() {
    Pl011 uart = new Pl011(ticks.clock, line, c -> {});
    uart.write(0x2c, 1 << 4, 4);
    uart.write(0x38, 1 << 6, 4);
    uart.receive('x');
    assertFalse(line.raised);
    ticks.passMicroseconds(300);
    assertTrue(line.raised);
    assertEquals('x', uart.read(0, 4));
    assertFalse(line.raised);
  }

  /** "Must a UART be enabled to print?" Early consoles do not, and what they send is seen. */
  @Test
  void pl011PrintsBeforeItIsSetUp() {
    StringBuilder sent = new StringBuilder();
    Pl011 uart = new Pl011(ticks.clock, line, c -> sent.append((char) c));
    uart.write(0, 'a', 1);
    uart.write(0, 'b', 4);
    assertEquals("ab", sent.toString());
  }

  /**
   * "My one-shot timer runs only once": a write of LOAD starts it again, with nothing else written
   * (DDI 0271, 2.2: it halts until a new load or mode).
   */
  @Test
  void sp804OneShotStartsAgainWhenItIsReloaded() {
    Sp804 timer = new Sp804(ticks.clock, line);
    timer.write(0, 100, 4);
    timer.write(8, 0xa3, 4);
    for (int i = 0; i < 3; i++) {
      ticks.passMicroseconds(100);
      assertTrue(line.raised);
      timer.write(12, 1, 4);
      ticks.passMicroseconds(1000);
      assertFalse(line.raised, "it halts at zero");
      timer.write(0, 100, 4);
    }
  }

  /**
   * "What does VALUE read in 16-bit mode?" The upper half is to be ignored; here it stays as it was
   * loaded, and the interrupt comes by the lower half.
   */
  @Test
  void sp804Of16BitsCountsTheLowerHalf() {
    Sp804 timer = new Sp804(ticks.clock, line);
    timer.write(0, 0x50064, 4);
    timer.write(8, 0xa0, 4);
    ticks.passMicroseconds(99);
    assertFalse(line.raised);
    assertEquals(0x50001, timer.read(4, 4));
    ticks.passMicroseconds(1);
    assertTrue(line.raised);
  }

  /** "BGLOAD does not take effect": it does at the next zero, not before (DDI 0271, 3.3.7). */
  @Test
  void sp804BackgroundLoadWaitsForZero() {
    Sp804 timer = new Sp804(ticks.clock, line);
    timer.write(0, 100, 4);
    timer.write(8, 0xe2, 4);
    timer.write(0x18, 1000, 4);
    assertEquals(100, timer.read(4, 4));
    ticks.passMicroseconds(101);
    assertEquals(999, timer.read(4, 4));
  }

  /**
   * "Reading the last blocks of a card by CMD18 ends in an error": the card has read one block
   * ahead and says OUT_OF_RANGE; it is for the host to forget it (SD 2.00, 4.3.3).
   */
  @Test
  void pl181CardSaysOutOfRangeBehindItsLastBlock() throws IOException {
    Path file = directory.resolve("card.img");
    Files.write(file, new byte[8 * 512]);
    try (Disk disk = Disk.writeThrough(file)) {
      SdCard card = new SdCard(disk);
      card.command(55, 0);
      card.command(41, 0x40ff8000);
      card.command(2, 0);
      int rca = card.command(3, 0).words()[0] & 0xffff0000;
      card.command(7, rca);
      card.command(18, 7 * 512);
      for (int i = 0; i < 512; i++) {
        card.read();
      }
      assertEquals(1 << 31, card.command(12, 0).words()[0] & 1 << 31);
      assertEquals(0, card.command(13, rca).words()[0] & 1 << 31, "reported once");
    }
  }

  /** "There is no card, and my driver hangs": each command times out (DDI 0205, 2.2.3). */
  @Test
  void pl181WithoutACardTimesOut() {
    Pl181 controller = new Pl181(null, line);
    controller.write(0x3c, 4, 4);
    controller.write(0x0c, 1 << 10 | 1 << 6 | 8, 4);
    assertTrue(line.raised);
    assertEquals(4, controller.read(0x34, 4));
  }

  /**
   * "My second interrupt never comes": a handler that reads VICVECTADDR has to write it at its end;
   * until then only what is more urgent interrupts (DDI 0181, 3.3.9).
   */
  @Test
  void pl190WaitsForTheEndOfAHandler() {
    Pl190 vic = new Pl190(line, new RaisedLine());
    vic.write(0x10, 1 << 4 | 1 << 5, 4);
    vic.input(4).set(true);
    assertTrue(line.raised);
    vic.read(0x30, 4);
    assertFalse(line.raised);
    vic.input(4).set(false);
    vic.input(5).set(true);
    assertFalse(line.raised, "the handler of 4 has not ended");
    vic.write(0x30, 0, 4);
    assertTrue(line.raised);
  }

  /** "A handler that never reads VICVECTADDR": then nothing is held back, and the source rules. */
  @Test
  void pl190WithoutVectorsIsPlain() {
    Pl190 vic = new Pl190(line, new RaisedLine());
    vic.write(0x10, 1 << 4 | 1 << 5, 4);
    vic.input(4).set(true);
    vic.input(5).set(true);
    assertEquals(0x30, vic.read(0, 4));
    vic.input(4).set(false);
    assertTrue(line.raised);
    vic.input(5).set(false);
    assertFalse(line.raised);
  }
}
