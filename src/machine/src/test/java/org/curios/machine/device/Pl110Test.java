package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected values: PrimeCell Color LCD Controller (PL110), ARM DDI 0161, chapter 3 and 2.3;
 * Versatile Application Baseboard User Guide, ARM DUI 0224, 4.6 and SYS_CLCD.
 */
class Pl110Test {
  private static final int TIMING0 = 0x00;
  private static final int TIMING1 = 0x04;
  private static final int BASE = 0x10;
  private static final int CONTROL = 0x18;
  private static final int INTERRUPT_ENABLE = 0x1c;
  private static final int STATUS = 0x20;
  private static final int INTERRUPT = 0x24;
  private static final int PALETTE = 0x200;
  private static final int ON = 1 | 1 << 11;
  private static final int SWAPPED = 1 << 8;
  private static final int BIG_ENDIAN = 1 << 9;
  private static final int BIG_PIXELS = 1 << 10;

  private final Ticks ticks = new Ticks();
  private final RaisedLine line = new RaisedLine();
  private final FlatMemory memory = new FlatMemory(0x1000);
  private final Pl110 screen = new Pl110(ticks.clock, line, memory);

  private void write(int offset, int value) {
    screen.write(offset, value, 4);
  }

  /** A screen of 16 by 1 pixels at address 0x100. */
  private int[] show(int control, int... words) {
    write(TIMING0, 0);
    write(TIMING1, 0);
    write(BASE, 0x100);
    for (int i = 0; i < words.length; i++) {
      memory.write(0x100 + 4 * i, words[i], 4);
    }
    write(CONTROL, ON | control);
    return screen.picture().pixels();
  }

  @Test
  void identifiesItself() {
    Identification.check(screen, 0x110);
  }

  /** 3.3.1 and 3.3.2: pixels in units of 16 less one, lines less one. */
  @Test
  void sizeIsThatOfTheTiming() {
    write(TIMING0, 39 << 2);
    write(TIMING1, 479);
    assertEquals(640, screen.picture().width());
    assertEquals(480, screen.picture().height());
    assertEquals(640 * 480, screen.picture().pixels().length);
  }

  @Test
  void isBlackWhileItIsOff() {
    show(5 << 1, 0xffffff);
    write(CONTROL, 5 << 1 | 1);
    assertTrue(Arrays.stream(screen.picture().pixels()).allMatch(p -> p == 0), "without power");
    write(CONTROL, 5 << 1 | 1 << 11);
    assertTrue(Arrays.stream(screen.picture().pixels()).allMatch(p -> p == 0), "not enabled");
  }

  /** Table 2-6: red is lowest, unless BGR swaps red and blue. */
  @Test
  void trueColour() {
    assertEquals(0x112233, show(5 << 1, 0x332211)[0]);
    assertEquals(0x332211, show(5 << 1 | SWAPPED, 0x332211)[0]);
  }

  /** SYS_CLCD: 5:5:5:1 by the controller, 5:6:5 by the multiplexer with red or blue lowest. */
  @ParameterizedTest
  @CsvSource({
    "1, 0x001f, 0xff0000", "1, 0x03e0, 0x00ff00", "1, 0x7c00, 0x0000ff",
    "2, 0x001f, 0xff0000", "2, 0x07e0, 0x00ff00", "2, 0xf800, 0x0000ff",
    "3, 0x001f, 0x0000ff", "3, 0x07e0, 0x00ff00", "3, 0xf800, 0xff0000",
  })
  void highColour(int mode, int value, int colour) {
    screen.multiplex(mode);
    int[] pixels = show(4 << 1, value << 16 | 0xffff);
    assertEquals(0xffffff, pixels[0]);
    assertEquals(colour, pixels[1]);
  }

  /** Tables 2-2 to 2-5: the order of pixels in a word. */
  @Test
  void paletteAndOrder() {
    for (int i = 0; i < 128; i++) {
      write(PALETTE + 4 * i, 2 * i & 31 | (2 * i + 1 & 31) << 16);
    }
    assertArrayEquals(new int[] {1, 2, 3, 4}, reds(show(3 << 1, 0x04030201), 4));
    assertArrayEquals(new int[] {4, 3, 2, 1}, reds(show(3 << 1 | BIG_ENDIAN, 0x04030201), 4));
    assertArrayEquals(new int[] {1, 2, 3, 4}, reds(show(2 << 1, 0x4321), 4));
    assertArrayEquals(new int[] {2, 1, 4, 3}, reds(show(2 << 1 | BIG_PIXELS, 0x4321), 4));
    assertArrayEquals(new int[] {1, 0, 1, 1}, reds(show(0, 0b1101), 4));
    assertArrayEquals(new int[] {1, 2, 3, 0}, reds(show(1 << 1, 0b00111001), 4));
  }

  private static int[] reds(int[] pixels, int count) {
    return Arrays.stream(pixels).limit(count).map(p -> p >>> 19).toArray();
  }

  @Test
  void memoryThatIsNotThereIsBlack() {
    write(BASE, 0x10000);
    write(CONTROL, ON | 5 << 1);
    assertEquals(0, screen.picture().pixels()[0]);
  }

  /** 3.3.7 and 3.3.8: bits 2 and 3 at each frame, cleared by ones. */
  @Test
  void interruptsAtEachFrame() {
    write(CONTROL, ON);
    ticks.passMicroseconds(20_000);
    assertEquals(0xc, screen.read(STATUS, 4));
    assertFalse(line.raised);
    write(INTERRUPT_ENABLE, 4);
    assertTrue(line.raised);
    assertEquals(4, screen.read(INTERRUPT, 4));
    write(STATUS, 0xc);
    assertFalse(line.raised);
    ticks.passMicroseconds(17_000);
    assertTrue(line.raised);
    write(CONTROL, 0);
    write(STATUS, 0xc);
    ticks.passMicroseconds(100_000);
    assertFalse(line.raised, "no frames while it is off");
  }

  @Test
  void pictureFile() throws java.io.IOException {
    int[] pixels = show(5 << 1 | SWAPPED, 0xff0000, 0x00ff00, 0x0000ff);
    byte[] file = Png.encode(screen.picture());
    var image = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(file));
    assertEquals(16, image.getWidth());
    assertEquals(1, image.getHeight());
    for (int x = 0; x < 16; x++) {
      assertEquals(pixels[x], image.getRGB(x, 0) & 0xffffff);
    }
  }
}
