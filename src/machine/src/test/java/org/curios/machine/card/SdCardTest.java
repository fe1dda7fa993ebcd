package org.curios.machine.card;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Identification. Expected values: SD Specifications, Part 1, Physical Layer Simplified
 * Specification 2.00.
 */
class SdCardTest {
  private static final int HCS = 1 << 30;
  private static final int VOLTAGE = 0x00ff8000;
  private static final int READY = 1 << 31;
  private static final int CCS = 1 << 30;

  @TempDir Path directory;
  private SdCards.Driver card;

  @BeforeEach
  void insert() throws IOException {
    card = SdCards.of(directory, 64L << 20);
  }

  @AfterEach
  void remove() throws IOException {
    card.close();
  }

  private void insert(long bytes) throws IOException {
    card.close();
    card = SdCards.of(directory, bytes);
  }

  /**
   * 4.2.3: CMD0, CMD8, ACMD41, CMD2, CMD3 lead from idle to stand-by; 4.10.1: the state is in
   * CURRENT_STATE.
   */
  @Test
  void identification() {
    assertEquals(0, card.command(0, 0).length);
    assertArrayEquals(new int[] {0x1aa}, card.command(8, 0x1aa));
    assertEquals(READY | VOLTAGE, card.app(41, HCS | VOLTAGE)[0], "ready, standard capacity");
    assertEquals(4, card.command(2, 0).length);
    int r6 = card.command(3, 0)[0];
    assertEquals(2, r6 >>> 9 & 15, "it was in the identification state");
    int rca = r6 & 0xffff0000;
    assertTrue(rca != 0, "4.9.5: the address is not the reserved one");
    assertEquals(3, card.command(13, rca)[0] >>> 9 & 15);
    assertEquals(3, card.command(7, rca)[0] >>> 9 & 15, "R1 tells the state before the command");
    assertEquals(4, card.command(13, rca)[0] >>> 9 & 15);
    assertEquals(0, card.command(7, 0).length, "4.7.4: a card that is deselected does not answer");
    assertEquals(3, card.command(13, rca)[0] >>> 9 & 15);
  }

  /**
   * 4.2.2 and 4.9.6: CMD8 echoes pattern and voltage; a card does not answer to a voltage that it
   * does not have.
   */
  @Test
  void answersToItsVoltageOnly() {
    assertArrayEquals(new int[] {0x155}, card.command(8, 0x155));
    assertEquals(0, card.command(8, 0x2aa).length, "reserved for low voltage");
    assertEquals(0, card.command(8, 0x0aa).length, "not defined");
  }

  /** 4.2.3: ACMD41 without a voltage window only asks; the card stays idle and CMD2 is illegal. */
  @Test
  void inquiryDoesNotStartTheCard() {
    assertEquals(VOLTAGE, card.app(41, 0)[0] & 0xffffff);
    assertEquals(0, card.command(2, 0).length);
  }

  /** 4.2.3: a high capacity card is never ready for a host that does not know such cards. */
  @Test
  void highCapacityNeedsAHostThatKnowsIt() throws IOException {
    insert(4L << 30);
    assertEquals(0, card.app(41, VOLTAGE)[0] & READY);
    assertEquals(0, card.command(2, 0).length, "still idle");
    assertEquals(READY | CCS, card.app(41, HCS | VOLTAGE)[0] & (READY | CCS));
    assertEquals(4, card.command(2, 0).length);
  }

  /** 4.7.4: CMD0 puts a card of any state into idle, 4.9.5: with its default address 0. */
  @Test
  void softwareResetAllowsAnotherIdentification() {
    card.select();
    card.command(0, 0);
    card.rca = 0;
    identification();
  }

  /** 4.7.1, addressed commands: a card does not answer to the address of another. */
  @ParameterizedTest
  @ValueSource(ints = {9, 10, 13, 55})
  void answersToItsAddressOnly(int command) {
    card.identify();
    assertEquals(0, card.command(command, card.rca ^ 0x10000).length);
    assertTrue(card.command(command, card.rca).length > 0);
  }

  /**
   * 4.7.4: commands in a state that does not know them get no answer, and 4.10.1: ILLEGAL_COMMAND
   * in the next R1.
   */
  @Test
  void illegalCommand() {
    card.identify();
    assertEquals(0, card.command(17, 0).length, "not in the transfer state");
    int status = card.command(13, card.rca)[0];
    assertEquals(1 << 22, status & 1 << 22);
    assertEquals(0, card.command(13, card.rca)[0] & 1 << 22, "cleared by the response");
  }

  /**
   * 4.3.9.1: APP_CMD in the responses to CMD55 and to the application command that follows, and in
   * no other.
   */
  @Test
  void applicationCommandsAreMarked() {
    card.select();
    assertEquals(1 << 5, card.command(55, card.rca)[0] & 1 << 5);
    assertEquals(1 << 5, card.command(6, 2)[0] & 1 << 5);
    assertEquals(0, card.command(13, card.rca)[0] & 1 << 5);
  }

  /** 4.7.4: ACMD13 and ACMD51 are for the transfer state; R1 has the state before the command. */
  @ParameterizedTest
  @ValueSource(ints = {13, 51})
  void registersAreReadInTheTransferState(int command) {
    card.identify();
    assertEquals(0, card.app(command, 0).length);
    card.select();
    assertEquals(4, card.app(command, 0)[0] >>> 9 & 15);
    assertEquals(command == 13 ? 64 : 8, card.read(1000).length);
  }

  /** 5.6, SCR: structure 0, version 2.00, both bus widths. */
  @Test
  void configurationRegister() {
    card.select();
    card.app(51, 0);
    byte[] scr = card.read(8);
    assertEquals(0x02, scr[0], "SCR_STRUCTURE and SD_SPEC");
    assertEquals(0x5, scr[1] & 15, "SD_BUS_WIDTHS");
  }

  /**
   * 5.2, CID: OID of two and PNM of five ASCII characters, reserved bits of 0, a month of 1 to 12.
   */
  @Test
  void identificationRegister() {
    card.identify();
    int[] cid = card.command(10, card.rca);
    for (int bit = 112; bit >= 64; bit -= 8) {
      int character = SdCards.bits(cid, bit, 8);
      assertTrue(
          character >= 0x20 && character < 0x7f, "character " + character + " at bit " + bit);
    }
    assertEquals(0, SdCards.bits(cid, 20, 4), "reserved");
    int month = SdCards.bits(cid, 8, 4);
    assertTrue(month >= 1 && month <= 12, "month " + month);
  }

  /** 5.3.2, CSD version 1: (C_SIZE + 1) * 2^(C_SIZE_MULT + 2) * 2^READ_BL_LEN bytes. */
  @ParameterizedTest
  @ValueSource(longs = {2 << 10, 1 << 20, 64 << 20, 1 << 30, (1 << 30) + (512 << 20), 2L << 30})
  void standardCapacity(long bytes) throws IOException {
    insert(bytes);
    card.identify();
    int[] csd = card.command(9, card.rca);
    assertEquals(0, SdCards.bits(csd, 126, 2), "CSD_STRUCTURE");
    int length = SdCards.bits(csd, 80, 4);
    assertTrue(length >= 9 && length <= 11, "READ_BL_LEN " + length);
    assertEquals(length, SdCards.bits(csd, 22, 4), "WRITE_BL_LEN is always the same");
    long blocks = (SdCards.bits(csd, 62, 12) + 1L) << SdCards.bits(csd, 47, 3) + 2;
    assertEquals(bytes, blocks << length);
  }

  /** 5.3.3, CSD version 2: (C_SIZE + 1) * 512 KiB. */
  @ParameterizedTest
  @ValueSource(longs = {3L << 30, 8L << 30, 32L << 30})
  void highCapacity(long bytes) throws IOException {
    insert(bytes);
    card.identify();
    int[] csd = card.command(9, card.rca);
    assertEquals(1, SdCards.bits(csd, 126, 2), "CSD_STRUCTURE");
    assertEquals(bytes, (SdCards.bits(csd, 48, 22) + 1L) * (512 << 10));
  }

  /**
   * 5.3.2, CCC, and table 4-19 ff.: a card carries out the commands of the classes that it
   * announces.
   */
  @Test
  void carriesOutTheClassesThatItAnnounces() {
    card.select();
    card.command(7, 0);
    int classes = SdCards.bits(card.command(9, card.rca), 84, 12);
    card.command(7, card.rca);
    int[][] examples = {{2, 16}, {5, 32}, {6, 28}, {7, 42}, {10, 6}};
    for (int[] example : examples) {
      if ((classes >>> example[0] & 1) != 0) {
        assertTrue(card.command(example[1], 512).length > 0, "class " + example[0]);
      }
    }
    assertEquals(
        0b1_0001_0101, classes & 0b1_0001_0101, "basic, block read, block write, application");
  }

  /**
   * An image that is not made of blocks, or is smaller than a card can be (5.3.2: 2 KiB), is
   * refused.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, 511, 513, 512, 1536})
  void refusesImpossibleImages(long bytes) {
    IOException e = assertThrows(IOException.class, () -> SdCards.of(directory, bytes));
    assertTrue(e.getMessage().contains(bytes + " bytes"), e.getMessage());
  }

  /** A file that is not there is not made. */
  @Test
  void refusesAMissingImage() {
    Path missing = directory.resolve("missing");
    assertThrows(IOException.class, () -> Disk.writeThrough(missing));
    assertTrue(Files.notExists(missing));
  }
}
