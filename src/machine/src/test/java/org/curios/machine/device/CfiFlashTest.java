package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Expected values: Common Flash Interface, JESD68.01; Intel StrataFlash 28F256K3, 290737, chapters
 * 4 and 5. Two chips side by side answer in both halves of a word.
 */
class CfiFlashTest {
  private static final int BLOCK = 0x40000;
  private static final int READY = 0x00800080;

  @TempDir Path directory;
  private CfiFlash flash = new CfiFlash();

  private int read(int offset) {
    return flash.read(offset, 4);
  }

  /** Writes a command to both chips. */
  private void command(int offset, int command) {
    flash.write(offset, command | command << 16, 4);
  }

  private void program(int offset, int value) {
    command(offset, 0x40);
    flash.write(offset, value, 4);
    assertEquals(READY, read(offset), "status");
    command(0, 0xff);
  }

  private void erase(int offset) {
    command(offset, 0x20);
    command(offset, 0xd0);
    assertEquals(READY, read(offset), "status");
    command(0, 0xff);
  }

  @Test
  void isErasedAtFirst() {
    assertEquals(-1, read(0));
    assertEquals(0xff, flash.read(CfiFlash.SIZE - 1, 1));
    assertEquals(0xffff, flash.read(CfiFlash.SIZE - 2, 2));
  }

  @Test
  void query() {
    command(0x55 * 4, 0x98);
    assertEquals(0x00510051, read(0x10 * 4));
    assertEquals(0x00520052, read(0x11 * 4));
    assertEquals(0x00590059, read(0x12 * 4));
    assertEquals(0x00010001, read(0x13 * 4), "Intel's command set");
    assertEquals(25, flash.read(0x27 * 4, 2), "32 MiB a chip");
    assertEquals(255, flash.read(0x2d * 4, 2), "256 blocks");
    assertEquals(0x200, flash.read(0x2f * 4, 2) | flash.read(0x30 * 4, 2) << 8, "of 128 KiB");
    assertEquals('P', flash.read(0x31 * 4, 2));
    command(0, 0xff);
    assertEquals(-1, read(0x10 * 4));
  }

  @Test
  void identifier() {
    command(0, 0x90);
    assertEquals(0x00890089, read(0));
    assertEquals(0x88038803, read(4));
  }

  @Test
  void programmingOnlyClearsBits() {
    program(0x100, 0xff00ff00);
    program(0x100, 0xf0f0f0f0);
    assertEquals(0xf000f000, read(0x100));
    assertEquals(0xf0, flash.read(0x101, 1));
    assertEquals(-1, read(0x104));
  }

  @Test
  void erasesOneBlock() {
    program(BLOCK - 4, 1);
    program(BLOCK, 2);
    program(2 * BLOCK - 4, 3);
    program(2 * BLOCK, 4);
    erase(BLOCK + 0x80);
    assertEquals(1, read(BLOCK - 4));
    assertEquals(-1, read(BLOCK));
    assertEquals(-1, read(2 * BLOCK - 4));
    assertEquals(4, read(2 * BLOCK));
  }

  /** Each chip follows what is written to its half of the bus. */
  @Test
  void chipsAreTwo() {
    flash.write(2, 0x70, 2);
    assertEquals(0x0080ffff, read(0));
    flash.write(2, 0xff, 2);
    flash.write(0x200, 0x40, 2);
    flash.write(0x200, 0x1234, 2);
    flash.write(0, 0xff, 2);
    assertEquals(0xffff1234, read(0x200));
  }

  @Test
  void bufferedProgramming() {
    command(0x400, 0xe8);
    assertEquals(READY, read(0x400));
    command(0x400, 3);
    for (int i = 0; i < 4; i++) {
      flash.write(0x400 + 4 * i, 0x1000 + i, 4);
    }
    command(0x400, 0xd0);
    assertEquals(READY, read(0x400));
    command(0, 0xff);
    for (int i = 0; i < 4; i++) {
      assertEquals(0x1000 + i, read(0x400 + 4 * i));
    }
    assertEquals(-1, read(0x410));
  }

  /** Bits 5 and 4 of the status: wrong sequence; they stay until they are cleared. */
  @Test
  void wrongSequences() {
    command(0, 0x20);
    command(0, 0xff);
    assertEquals(0x00b000b0, read(0));
    command(0, 0x50);
    command(0, 0x70);
    assertEquals(READY, read(0));
    command(0, 0xe8);
    command(0, 32);
    assertEquals(0x00b000b0, read(0), "a buffer has 32 words");
  }

  @Test
  void lockedBlocksStayAsTheyAre() {
    program(BLOCK, 5);
    command(BLOCK, 0x60);
    command(BLOCK, 0x01);
    command(BLOCK, 0x90);
    assertEquals(0x00010001, read(BLOCK + 8));
    command(BLOCK, 0x20);
    command(BLOCK, 0xd0);
    assertEquals(0x00a200a2, read(BLOCK));
    command(BLOCK, 0x50);
    command(BLOCK, 0x40);
    flash.write(BLOCK, 0, 4);
    assertEquals(0x00920092, read(BLOCK));
    command(BLOCK, 0x50);
    command(BLOCK, 0x60);
    command(BLOCK, 0xd0);
    command(BLOCK, 0xff);
    assertEquals(5, read(BLOCK));
    erase(BLOCK);
    assertEquals(-1, read(BLOCK));
  }

  @Test
  void resetReadsTheArrayAgain() {
    program(0, 7);
    command(0, 0x90);
    flash.reset();
    assertEquals(7, read(0));
  }

  @Test
  void fileHoldsWhatIsProgrammed() throws IOException {
    Path file = directory.resolve("flash.bin");
    Files.write(file, new byte[] {1, 2, 3, 4, 5});
    flash = new CfiFlash(file);
    assertEquals(0x04030201, read(0));
    assertEquals(0xffffff05, read(4));
    program(0x400, 0x11223344);
    Map<Long, byte[]> before = flash.takeChanges();
    assertEquals(Set.of(0x400L / CfiFlash.PIECE), before.keySet());
    erase(0);
    assertEquals(-1, read(0));
    assertEquals((byte) 0xff, Files.readAllBytes(file)[0]);
    for (long piece : flash.dirty()) {
      assertFalse(flash.holds(piece, before.get(piece)));
      flash.putBack(piece, before.get(piece));
      assertTrue(flash.holds(piece, before.get(piece)));
    }
    assertEquals(Set.of(), flash.dirty());
    assertEquals(0x04030201, read(0));
    flash.close();
    byte[] bytes = Files.readAllBytes(file);
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, -1}, java.util.Arrays.copyOf(bytes, 6));
    try (CfiFlash again = new CfiFlash(file)) {
      assertEquals(0x11223344, again.read(0x400, 4));
    }
  }

  @Test
  void refusesFilesThatAreTooLarge() throws IOException {
    Path file = directory.resolve("large.bin");
    try (var f = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(CfiFlash.SIZE + 1L);
    }
    IOException e = assertThrows(IOException.class, () -> new CfiFlash(file));
    assertTrue(e.getMessage().contains("64 MiB"), e.getMessage());
  }
}
