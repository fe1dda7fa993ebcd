package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Expected values: PrimeCell PS2 Keyboard/Mouse Interface (PL050), ARM DDI 0143; IBM PS/2 Hardware
 * Interface Technical Reference, keyboard and auxiliary device.
 */
class Pl050Test {
  private static final int CR = 0x00;
  private static final int STAT = 0x04;
  private static final int DATA = 0x08;
  private static final int IR = 0x10;
  private static final int ENABLE = 1 << 2;
  private static final int RX_INTERRUPT = 1 << 4;
  private static final int RX_FULL = 1 << 4;
  private static final int TX_EMPTY = 1 << 6;

  private final RaisedLine line = new RaisedLine();
  private final Pl050 keyboard = new Pl050(line, new Keyboard());
  private final Pl050 mouse = new Pl050(new RaisedLine(), new Mouse());

  private static List<Integer> answers(Pl050 port, int... sent) {
    port.write(CR, ENABLE, 4);
    for (int value : sent) {
      while ((port.read(STAT, 4) & RX_FULL) != 0) {
        port.read(DATA, 4);
      }
      port.write(DATA, value, 4);
    }
    List<Integer> bytes = new ArrayList<>();
    while ((port.read(STAT, 4) & RX_FULL) != 0) {
      bytes.add(port.read(DATA, 4));
    }
    return bytes;
  }

  @Test
  void identifiesItself() {
    Identification.check(keyboard, 0x050);
  }

  /** 3.3.2 and 3.3.5. */
  @Test
  void interruptsWhileAByteWaits() {
    keyboard.write(CR, ENABLE | RX_INTERRUPT, 4);
    assertFalse(line.raised);
    keyboard.write(DATA, 0xee, 4);
    assertTrue(line.raised);
    assertEquals(1, keyboard.read(IR, 4));
    assertEquals(0xee, keyboard.read(DATA, 4));
    assertFalse(line.raised);
    assertEquals(TX_EMPTY, keyboard.read(STAT, 4) & (RX_FULL | TX_EMPTY));
  }

  @Test
  void nothingPassesWhileItIsDisabled() {
    keyboard.write(DATA, 0xee, 4);
    keyboard.write(CR, ENABLE, 4);
    assertEquals(0, keyboard.read(STAT, 4) & RX_FULL);
  }

  /** 3.3.2: odd parity of the last byte. */
  @Test
  void parityIsOdd() {
    assertEquals(List.of(0xee), answers(keyboard, 0xee));
    assertEquals(4, keyboard.read(STAT, 4) & 4);
    assertEquals(List.of(0xfa, 0xab, 0x83), answers(keyboard, 0xf2));
    assertEquals(0, keyboard.read(STAT, 4) & 4);
  }

  @Test
  void keyboardAnswersCommands() {
    assertEquals(List.of(0xfa, 0xaa), answers(keyboard, 0xff));
    assertEquals(List.of(0xfa), answers(keyboard, 0xed, 0x07));
    assertEquals(List.of(0xfa, 2), answers(keyboard, 0xf0, 0));
    assertEquals(List.of(0xfa), answers(keyboard, 0xf0, 3));
    assertEquals(List.of(0xfa, 3), answers(keyboard, 0xf0, 0));
    assertEquals(List.of(3), answers(keyboard, 0xfe), "it says the last byte again");
    assertEquals(List.of(0xfe), answers(keyboard, 0xe0), "it knows no such command");
  }

  @Test
  void mouseBecomesWhatIsKnockedFor() {
    assertEquals(List.of(0xfa, 0xaa, 0), answers(mouse, 0xff));
    assertEquals(List.of(0xfa, 0), answers(mouse, 0xf2));
    assertEquals(List.of(0xfa, 3), answers(mouse, 0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf2));
    assertEquals(List.of(0xfa, 4), answers(mouse, 0xf3, 200, 0xf3, 200, 0xf3, 80, 0xf2));
    assertEquals(List.of(0xfa, 0x08, 0, 0, 0), answers(mouse, 0xeb));
    assertEquals(List.of(0xfa, 0x20, 3, 80), answers(mouse, 0xe8, 3, 0xf4, 0xe9));
    assertEquals(List.of(0xfa), answers(mouse, 0xee));
    assertEquals(List.of(0xeb), answers(mouse, 0xeb), "in wrap mode it echoes");
    assertEquals(List.of(0xfa), answers(mouse, 0xec));
  }
}
