package org.curios.machine.card;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Transfer of data. Expected values: SD Specifications, Part 1, Physical Layer Simplified
 * Specification 2.00.
 */
class SdCardDataTest {
  private static final int BLOCKS = 8;
  private static final int BLOCK = 512;
  private static final int OUT_OF_RANGE = 1 << 31;
  private static final int ADDRESS_ERROR = 1 << 30;
  private static final int BLOCK_LEN_ERROR = 1 << 29;

  @TempDir Path directory;
  private final byte[] content = new byte[BLOCKS * BLOCK];
  private SdCards.Driver card;

  @BeforeEach
  void insert() throws IOException {
    new Random(1).nextBytes(content);
    card = SdCards.of(directory, content.length);
    Files.write(card.file, content);
    card.select();
  }

  @AfterEach
  void remove() throws IOException {
    card.close();
  }

  private byte[] block(int first, int count) {
    return Arrays.copyOfRange(content, first * BLOCK, (first + count) * BLOCK);
  }

  private int state() {
    return card.command(13, card.rca)[0] >>> 9 & 15;
  }

  private void assertImage(int block, byte[] expected) throws IOException {
    byte[] image = Files.readAllBytes(card.file);
    assertEquals(content.length, image.length, "the image does not grow");
    int at = block * BLOCK;
    assertArrayEquals(expected, Arrays.copyOfRange(image, at, at + expected.length));
    assertArrayEquals(Arrays.copyOf(content, at), Arrays.copyOf(image, at), "in front");
    int end = at + expected.length;
    assertArrayEquals(
        Arrays.copyOfRange(content, end, content.length),
        Arrays.copyOfRange(image, end, content.length),
        "after");
  }

  private static byte[] fill(int bytes, int seed) {
    byte[] result = new byte[bytes];
    new Random(seed).nextBytes(result);
    return result;
  }

  /** 4.3.3, CMD17: one block, then back to the transfer state. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, BLOCKS - 1})
  void readsABlock(int block) {
    assertEquals(
        4 << 9 | 1 << 8, card.command(17, block * BLOCK)[0], "transfer state, ready, no error");
    assertEquals(5, state(), "sending-data state");
    assertArrayEquals(block(block, 1), card.read(10 * BLOCK));
    assertEquals(4, state());
  }

  /** 4.3.3, CMD18: blocks until CMD12. */
  @Test
  void readsBlocksUntilStopped() {
    card.command(18, 2 * BLOCK);
    assertArrayEquals(block(2, 3), card.read(3 * BLOCK));
    assertEquals(5, card.command(12, 0)[0] >>> 9 & 15);
    assertEquals(4, state());
    assertFalse(card.card.hasData());
  }

  /** 4.3.3: the last block can be read by CMD18, and the card answers the CMD12 that follows. */
  @Test
  void readsUpToTheLastBlock() {
    card.command(18, 6 * BLOCK);
    assertArrayEquals(block(6, 2), card.read(10 * BLOCK), "and nothing after it");
    assertEquals(1, card.command(12, 0).length);
    assertEquals(4, state());
  }

  /** 4.3.4, CMD24: one block, then back to the transfer state. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, BLOCKS - 1})
  void writesABlock(int block) throws IOException {
    assertEquals(4 << 9 | 1 << 8, card.command(24, block * BLOCK)[0]);
    assertEquals(6, state(), "receive-data state");
    byte[] data = fill(BLOCK, 2);
    card.write(data);
    assertEquals(4, state());
    assertImage(block, data);
  }

  /** 4.3.4, CMD25: blocks until CMD12; a block that is not complete is not written. */
  @Test
  void writesBlocksUntilStopped() throws IOException {
    card.command(25, BLOCK);
    byte[] data = fill(3 * BLOCK, 3);
    card.write(data);
    card.write(new byte[100]);
    assertEquals(6, card.command(12, 0)[0] >>> 9 & 15);
    assertEquals(4, state());
    assertImage(1, data);
  }

  /**
   * 4.3.4: after the last block has been written by CMD25, the card waits for CMD12 in the
   * receive-data state.
   */
  @Test
  void writesUpToTheLastBlock() throws IOException {
    card.command(25, 6 * BLOCK);
    byte[] data = fill(2 * BLOCK, 4);
    card.write(data);
    assertFalse(card.card.wantsData());
    card.write(new byte[BLOCK]);
    assertEquals(1, card.command(12, 0).length);
    assertEquals(4, state());
    assertImage(6, data);
  }

  /**
   * 4.3.3, 4.3.4: an address beyond the end is rejected with OUT_OF_RANGE; the card stays in the
   * transfer state.
   */
  @ParameterizedTest
  @CsvSource({"17,0x1000", "18,0x1000", "24,0x1000", "25,0x1000", "17,0x7fff0000", "24,0xfffffe00"})
  void rejectsABlockBehindTheEnd(int command, long address) {
    assertEquals(
        OUT_OF_RANGE, card.command(command, (int) address)[0] & (OUT_OF_RANGE | ADDRESS_ERROR));
    assertEquals(4, state());
    assertFalse(card.card.hasData() || card.card.wantsData());
  }

  /** 4.10.1: ADDRESS_ERROR for an address that is no block's. */
  @ParameterizedTest
  @ValueSource(ints = {17, 18, 24, 25})
  void rejectsAnAddressInsideABlock(int command) {
    assertEquals(ADDRESS_ERROR, card.command(command, BLOCK + 1)[0] & ADDRESS_ERROR);
    assertEquals(4, state());
    assertFalse(card.card.hasData() || card.card.wantsData());
  }

  /** 4.10.1, clear condition C: an error is reported once. */
  @Test
  void errorIsClearedByTheResponse() {
    card.command(17, BLOCKS * BLOCK);
    assertEquals(0, card.command(13, card.rca)[0] & OUT_OF_RANGE);
    assertEquals(0, card.command(17, 0)[0] & OUT_OF_RANGE);
    assertArrayEquals(block(0, 1), card.read(BLOCK));
  }

  /** 4.3.2 and 4.10.1: CMD16 takes up to 512 bytes; another length is BLOCK_LEN_ERROR. */
  @ParameterizedTest
  @CsvSource({"512,0", "513,1", "2048,1", "-1,1"})
  void blockLength(int length, int errors) {
    assertEquals(errors * BLOCK_LEN_ERROR, card.command(16, length)[0] & BLOCK_LEN_ERROR);
  }

  /** 4.3.3, high capacity: the address counts blocks. */
  @Test
  void highCapacityIsAddressedByBlock() throws IOException {
    card.close();
    card = SdCards.of(directory, 3L << 30);
    card.select();
    byte[] data = fill(BLOCK, 5);
    int last = (3 << 21) - 1;
    card.command(24, last);
    card.write(data);
    card.command(17, last);
    assertArrayEquals(data, card.read(BLOCK));
    assertEquals(OUT_OF_RANGE, card.command(17, last + 1)[0] & OUT_OF_RANGE);
    assertEquals(0, card.command(17, 1)[0] & ADDRESS_ERROR);
  }

  /**
   * The project's promise of Stateful: a card continues in the middle of a block after it has been
   * restored.
   */
  @Test
  void restoresInTheMiddleOfABlock() throws IOException {
    card.command(18, BLOCK);
    byte[] start = card.read(700);
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    card.card.save(new DataOutputStream(state));
    card.command(0, 0);
    card.card.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    byte[] rest = card.read(2 * BLOCK - 700);
    assertArrayEquals(block(1, 2), join(start, rest));
    assertTrue(card.card.hasData());
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
