package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.curios.machine.card.CardFault;
import org.curios.machine.card.CardFaults;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.card.SdCard;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Transfers that fail, a card that is pulled out, and one that is write-protected: what the PL181
 * shows of them (ARM DDI 0205, 3.3.11) and the card (SD 2.00, 4.3 and 4.10.1).
 */
class CardFaultTest {
  private static final int STATUS = 0x34;
  private static final int CRC_FAIL = 1 << 1;
  private static final int COMMAND_TIMEOUT = 1 << 2;
  private static final int DATA_TIMEOUT = 1 << 3;
  private static final int DATA_END = 1 << 8;
  private static final int ENDED = CRC_FAIL | DATA_TIMEOUT | DATA_END;
  private static final int WRITE_PROTECT_VIOLATION = 1 << 26;
  private static final int READS = 9 << 4 | 3;
  private static final int WRITES = 9 << 4 | 1;
  private static final int BLOCKS = 16;

  private final RaisedLine line = new RaisedLine();
  private Disk disk;
  private SdCard card;
  private Pl181 mmci;
  private int rca;

  @BeforeEach
  void insert() {
    use(new Disk(DiskBase.of(BLOCKS, Map.of(5L, filled(5), 6L, filled(6)))));
  }

  private void use(Disk content) {
    disk = content;
    card = new SdCard(disk);
    mmci = new Pl181(card, line, line);
    identify();
  }

  private void identify() {
    card.command(0, 0);
    card.command(55, 0);
    card.command(41, 0x40ff8000);
    card.command(2, 0);
    rca = card.command(3, 0).words()[0] & 0xffff0000;
    card.command(7, rca);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[Disk.BLOCK];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private int command(int number, int argument) {
    mmci.write(0x38, 0x7ff, 4);
    mmci.write(0x08, argument, 4);
    mmci.write(0x0c, number | 1 << 6 | 1 << 10, 4);
    return mmci.read(0x14, 4);
  }

  /** Transfers blocks, and returns how that ended. */
  private int transfer(int number, int block, int count) {
    boolean reads = number <= 18;
    mmci.write(0x28, count * Disk.BLOCK, 4);
    command(number, block * Disk.BLOCK);
    mmci.write(0x2c, reads ? READS : WRITES, 4);
    for (int i = 0; i < count * Disk.BLOCK / 4 && (mmci.read(STATUS, 4) & ENDED) == 0; i++) {
      if (reads) {
        mmci.read(0x80, 4);
      } else {
        mmci.write(0x80, 0x01010101 * (block + i / 128 + 100), 4);
      }
    }
    int ended = mmci.read(STATUS, 4) & ENDED;
    if (number == 18 || number == 25) {
      command(12, 0);
    }
    assertEquals(4, command(13, rca) >>> 9 & 15, "back in the transfer state");
    return ended;
  }

  @ParameterizedTest
  @CsvSource({"17,CRC", "17,TIMEOUT", "18,CRC", "18,TIMEOUT"})
  void aReadFailsOnceAndWorksTheNextTime(int number, CardFault fault) {
    int count = number == 18 ? 4 : 1;
    card.slot().faults().plan(fault, false, 6);
    int first = 7 - count;
    int expected = fault == CardFault.CRC ? CRC_FAIL : DATA_TIMEOUT;
    assertEquals(DATA_END, transfer(17, 5, 1), "another block");
    assertEquals(DATA_END, transfer(24, 6, 1), "a write is no read");
    assertEquals(expected, transfer(number, first, count));
    assertEquals(DATA_END, transfer(number, first, count));
  }

  @ParameterizedTest
  @CsvSource({"24,CRC", "24,TIMEOUT", "25,CRC", "25,TIMEOUT"})
  void aWriteThatFailsDoesNotReachTheDisk(int number, CardFault fault) throws IOException {
    int count = number == 25 ? 4 : 1;
    card.slot().faults().plan(fault, true, CardFaults.ANY_BLOCK);
    int expected = fault == CardFault.CRC ? CRC_FAIL : DATA_TIMEOUT;
    assertEquals(DATA_END, transfer(17, 5, 1));
    assertEquals(expected, transfer(number, 5, count));
    assertArrayEquals(filled(5), disk.block(5));
    assertEquals(0, disk.writes());
    assertEquals(DATA_END, transfer(number, 5, count));
    assertArrayEquals(filled(105), disk.block(5));
    assertEquals(count, disk.writes());
  }

  @Test
  void aFaultInTheMiddleLeavesTheBlocksBefore() throws IOException {
    card.slot().faults().plan(CardFault.CRC, true, 3);
    assertEquals(CRC_FAIL, transfer(25, 1, 5));
    assertEquals(2, disk.writes());
    assertArrayEquals(filled(102), disk.block(2));
    assertArrayEquals(filled(0), disk.block(3));
  }

  @Test
  void whatIsToFailIsPartOfTheState() throws IOException {
    card.slot().faults().plan(CardFault.TIMEOUT, false, 5);
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    card.slot().save(new DataOutputStream(state));
    assertEquals(DATA_TIMEOUT, transfer(17, 5, 1));
    assertEquals(DATA_END, transfer(17, 5, 1));
    long reads = disk.reads();
    card.slot().restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    assertTrue(disk.reads() < reads);
    assertEquals(DATA_TIMEOUT, transfer(17, 5, 1));
  }

  @Test
  void anEmptySlotDoesNotAnswer() {
    mmci.setInserted(false);
    command(13, rca);
    assertEquals(COMMAND_TIMEOUT, mmci.read(STATUS, 4) & COMMAND_TIMEOUT);
    mmci.setInserted(true);
    command(13, rca);
    assertEquals(
        COMMAND_TIMEOUT, mmci.read(STATUS, 4) & COMMAND_TIMEOUT, "it has lost its address");
    identify();
    assertEquals(DATA_END, transfer(17, 5, 1));
  }

  @Test
  void aTransferEndsWhenTheCardIsPulledOut() {
    mmci.write(0x28, Disk.BLOCK, 4);
    command(17, 5 * Disk.BLOCK);
    mmci.write(0x2c, READS, 4);
    mmci.read(0x80, 4);
    mmci.setInserted(false);
    assertEquals(DATA_TIMEOUT, mmci.read(STATUS, 4) & ENDED);
    assertEquals(0, mmci.read(0x80, 4));
  }

  /** 4.10.1, WP_VIOLATION: what a card with its switch at protection says to a write. */
  @ParameterizedTest
  @CsvSource({"24", "25"})
  void aProtectedCardTakesNoWrites(int number) throws IOException {
    use(Disk.writeProtected(DiskBase.zeros(BLOCKS * Disk.BLOCK)));
    assertEquals(
        WRITE_PROTECT_VIOLATION,
        command(number, 5 * Disk.BLOCK) & WRITE_PROTECT_VIOLATION,
        "status of the card");
    mmci.write(0x28, Disk.BLOCK, 4);
    mmci.write(0x2c, WRITES, 4);
    assertEquals(DATA_TIMEOUT, mmci.read(STATUS, 4) & ENDED);
    assertEquals(0, disk.writes());
    assertEquals(DATA_END, transfer(17, 5, 1));
  }
}
