package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the guest and the wire do, the controller continues, and a reset brings it back. */
class ChipFuzzTest {
  private static final int[] SIZES = {1, 2, 4};

  private static byte[] frame(Random random) {
    byte[] frame = new byte[random.nextInt(8) == 0 ? random.nextInt(3000) : random.nextInt(120)];
    random.nextBytes(frame);
    if (frame.length >= 6 && random.nextBoolean()) {
      System.arraycopy(Chip.MAC, 0, frame, 0, 6);
    }
    return frame;
  }

  @Test
  void randomAccessesAndFrames() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Chip chip = Chip.enabled();
      for (int i = 0; i < 1000; i++) {
        int size = SIZES[random.nextInt(3)];
        int offset = random.nextInt(0x14 / size) * size;
        switch (random.nextInt(5)) {
          case 0 -> chip.device.read(offset, size);
          case 1 -> chip.device.receive(frame(random));
          case 2 -> chip.bank(random.nextInt(4));
          case 3 -> chip.ticks.pass(random.nextInt(20_000));
          default -> chip.device.write(offset, random.nextInt(), size);
        }
      }
      worksAfterReset(chip);
    }
  }

  private static void worksAfterReset(Chip chip) {
    chip.set(0, 4, 0x8000);
    chip.set(0, 4, 0);
    chip.set(1, 0, 0x8000);
    for (int i = 0; i < 6; i += 2) {
      chip.set(1, 4 + i, Chip.MAC[i] & 0xff | (Chip.MAC[i + 1] & 0xff) << 8);
    }
    chip.device.unplug(); // and a PHY that has just been made
    Chip fresh = Chip.enabled();
    fresh.device.receive(Chip.frame(61));
    chip.set(0, 0, 0xa081);
    chip.set(0, 4, 0x0300);
    chip.send(Chip.frame(61));
    assertEquals(1, chip.interrupts() & Chip.INT_RX, "what was sent comes back");
    assertArrayEquals(fresh.received(0, 66), chip.received(0, 66));
  }

  @Test
  void randomFramesAreDecoded() {
    Random random = new Random(1);
    int[] types = {0x0800, 0x0806, 0x86dd, 0x1234};
    for (int i = 0; i < 100_000; i++) {
      byte[] frame = frame(random);
      if (frame.length > 23) {
        int type = types[random.nextInt(4)];
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;
        frame[14] = (byte) (0x40 | random.nextInt(16));
        frame[20] &= (byte) (random.nextBoolean() ? 0 : -1);
        frame[21] &= (byte) (random.nextBoolean() ? 0 : -1);
        frame[23] = (byte) new int[] {1, 6, 17, 99}[random.nextInt(4)];
      }
      assertNotNull(Decoded.of(frame).protocol());
    }
  }
}
