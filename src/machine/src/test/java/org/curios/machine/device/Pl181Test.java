package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.curios.machine.card.SdCards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: PrimeCell Multimedia Card Interface (PL181) Technical Reference Manual, ARM DDI
 * 0205.
 */
class Pl181Test {
  private static final int ARGUMENT = 0x08;
  private static final int COMMAND = 0x0c;
  private static final int RESPCMD = 0x10;
  private static final int RESPONSE0 = 0x14;
  private static final int DATALENGTH = 0x28;
  private static final int DATACTRL = 0x2c;
  private static final int DATACNT = 0x30;
  private static final int STATUS = 0x34;
  private static final int CLEAR = 0x38;
  private static final int MASK0 = 0x3c;
  private static final int MASK1 = 0x40;
  private static final int FIFOCNT = 0x48;
  private static final int FIFO = 0x80;

  private static final int CMD_TIMEOUT = 1 << 2;
  private static final int DATA_TIMEOUT = 1 << 3;
  private static final int CMD_RESP_END = 1 << 6;
  private static final int CMD_SENT = 1 << 7;
  private static final int DATA_END = 1 << 8;
  private static final int DATA_BLOCK_END = 1 << 10;
  private static final int TX_ACTIVE = 1 << 12;
  private static final int RX_ACTIVE = 1 << 13;
  private static final int TX_FIFO_HALF_EMPTY = 1 << 14;
  private static final int RX_FIFO_HALF_FULL = 1 << 15;
  private static final int TX_FIFO_EMPTY = 1 << 18;
  private static final int TX_DATA_AVAILABLE = 1 << 20;
  private static final int RX_DATA_AVAILABLE = 1 << 21;

  private static final int RESPONSE = 1 << 6;
  private static final int LONG_RESPONSE = RESPONSE | 1 << 7;
  private static final int ENABLE = 1 << 10;
  private static final int BLOCK = 512;
  private static final int BLOCKS = 200;
  private static final int READ_BLOCKS = 9 << 4 | 2 | 1;
  private static final int WRITE_BLOCKS = 9 << 4 | 1;

  @TempDir Path directory;
  private final RaisedLine[] lines = {new RaisedLine(), new RaisedLine()};
  private final byte[] content = new byte[BLOCKS * BLOCK];
  private SdCards.Driver card;
  private Pl181 mmci;

  @BeforeEach
  void insert() throws IOException {
    new Random(1).nextBytes(content);
    card = SdCards.of(directory, content.length);
    Files.write(card.file, content);
    card.select();
    mmci = new Pl181(card.card, lines);
  }

  @AfterEach
  void remove() throws IOException {
    card.close();
  }

  private int read(int offset) {
    return mmci.read(offset, 4);
  }

  private void write(int offset, int value) {
    mmci.write(offset, value, 4);
  }

  /** Sends a command and returns the static flags that it has set. */
  private int command(int number, int argument, int response) {
    write(CLEAR, 0x7ff);
    write(ARGUMENT, argument);
    write(COMMAND, number | response | ENABLE);
    return read(STATUS) & 0x7ff;
  }

  private void startData(int bytes, int control) {
    write(DATALENGTH, bytes);
    write(DATACTRL, control);
  }

  private byte[] readFifo(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes / 4; i++) {
      buffer.putInt(read(FIFO + i % 16 * 4));
    }
    return buffer.array();
  }

  private void writeFifo(byte[] data) {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < data.length / 4; i++) {
      write(FIFO + i % 16 * 4, buffer.getInt());
    }
  }

  /** 3.3.17 and 3.3.18, MCIPeriphID0-3 and MCIPCellID0-3. */
  @Test
  void identifiesItself() {
    Identification.check(mmci, 0x181);
  }

  /** 3.2, table 3-1: all registers are 0 after reset; a FIFO that is not enabled has no flags. */
  @Test
  void resets() {
    for (int offset = 0; offset <= FIFOCNT; offset += 4) {
      int at = offset;
      assertEquals(0, read(offset), () -> "register " + Integer.toHexString(at));
    }
  }

  /**
   * 3.3.11, MCIStatus: CmdSent without, CmdRespEnd with a response; 3.3.5: MCIRespCmd has the
   * command.
   */
  @Test
  void commandsAndResponses() {
    assertEquals(CMD_SENT, command(7, 0, 0));
    assertEquals(CMD_RESP_END, command(13, card.rca, RESPONSE));
    assertEquals(13, read(RESPCMD));
    assertEquals(3, read(RESPONSE0) >>> 9 & 15, "stand-by");
  }

  /**
   * 3.3.6: a long response fills four registers, and MCIRespCmd has the ones of its reserved field
   * (3.3.5).
   */
  @Test
  void longResponse() {
    command(7, 0, 0);
    assertEquals(CMD_RESP_END, command(10, card.rca, LONG_RESPONSE));
    int[] expected = card.command(10, card.rca);
    int[] actual = new int[4];
    Arrays.setAll(actual, i -> read(RESPONSE0 + 4 * i));
    assertArrayEquals(expected, actual);
    assertEquals(0, actual[3] & 1, "MCIResponse3[0] is always 0");
    assertEquals(63, read(RESPCMD));
  }

  /** 3.3.4, MCICommand[10]: nothing is sent without Enable. */
  @Test
  void commandNeedsEnable() {
    write(COMMAND, 13 | RESPONSE);
    assertEquals(0, read(STATUS) & 0x7ff);
  }

  /** 3.3.11: CmdTimeOut if the response does not come; 3.3.12: MCIClear clears. */
  @Test
  void noResponse() {
    assertEquals(CMD_TIMEOUT, command(1, 0, RESPONSE));
    write(CLEAR, CMD_TIMEOUT);
    assertEquals(0, read(STATUS) & 0x7ff);
  }

  /** The same with an empty slot; the data path ends in DataTimeOut. */
  @Test
  void missingCard() {
    mmci = new Pl181(null, lines);
    assertEquals(CMD_SENT, command(0, 0, 0));
    assertEquals(CMD_TIMEOUT, command(8, 0x1aa, RESPONSE));
    assertEquals(CMD_TIMEOUT, command(55, 0, RESPONSE));
    startData(BLOCK, READ_BLOCKS);
    assertEquals(DATA_TIMEOUT, read(STATUS) & (DATA_TIMEOUT | DATA_END));
    assertEquals(0, read(FIFO));
  }

  /** 2.2.4: one block; 3.3.10: MCIDataCnt counts down; 3.3.11: DataEnd and DataBlockEnd. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsABlock(boolean commandFirst) {
    if (commandFirst) {
      command(17, 3 * BLOCK, RESPONSE);
      startData(BLOCK, READ_BLOCKS);
    } else {
      startData(BLOCK, READ_BLOCKS);
      command(17, 3 * BLOCK, RESPONSE);
    }
    int flags = RX_ACTIVE | RX_DATA_AVAILABLE | RX_FIFO_HALF_FULL;
    assertEquals(flags, read(STATUS) & (flags | TX_ACTIVE | DATA_END));
    assertArrayEquals(Arrays.copyOfRange(content, 3 * BLOCK, 4 * BLOCK - 4), readFifo(BLOCK - 4));
    assertEquals(4, read(DATACNT));
    assertEquals(0, read(FIFOCNT), "the last word is in the FIFO");
    assertEquals(RX_ACTIVE | RX_DATA_AVAILABLE, read(STATUS) & (flags | DATA_END));
    assertArrayEquals(Arrays.copyOfRange(content, 4 * BLOCK - 4, 4 * BLOCK), readFifo(4));
    assertEquals(
        DATA_END | DATA_BLOCK_END,
        read(STATUS) & (flags | DATA_END | DATA_BLOCK_END | DATA_TIMEOUT));
    assertEquals(0, read(DATACNT));
  }

  /** CMD18 over 100 blocks, and CMD12. */
  @Test
  void readsManyBlocks() {
    startData(100 * BLOCK, READ_BLOCKS);
    command(18, 20 * BLOCK, RESPONSE);
    assertArrayEquals(Arrays.copyOfRange(content, 20 * BLOCK, 120 * BLOCK), readFifo(100 * BLOCK));
    assertEquals(DATA_END, read(STATUS) & (DATA_END | DATA_TIMEOUT));
    assertEquals(CMD_RESP_END, command(12, 0, RESPONSE));
    assertEquals(4, card.command(13, card.rca)[0] >>> 9 & 15);
  }

  /** 3.3.11: the transmit FIFO asks for data, has none itself, and the block arrives. */
  @Test
  void writesABlock() throws IOException {
    byte[] data = Arrays.copyOf(content, BLOCK);
    command(24, 7 * BLOCK, RESPONSE);
    startData(BLOCK, WRITE_BLOCKS);
    int flags = TX_ACTIVE | TX_FIFO_HALF_EMPTY | TX_FIFO_EMPTY;
    assertEquals(flags, read(STATUS) & (flags | RX_ACTIVE | DATA_END | TX_DATA_AVAILABLE));
    writeFifo(data);
    assertEquals(
        DATA_END | DATA_BLOCK_END,
        read(STATUS) & (TX_ACTIVE | DATA_END | DATA_BLOCK_END | DATA_TIMEOUT));
    System.arraycopy(data, 0, content, 7 * BLOCK, BLOCK);
    assertArrayEquals(content, Files.readAllBytes(card.file));
  }

  /** CMD25 up to the last block of the card, and CMD12. */
  @Test
  void writesManyBlocks() throws IOException {
    byte[] data = Arrays.copyOf(content, 10 * BLOCK);
    command(25, (BLOCKS - 10) * BLOCK, RESPONSE);
    startData(data.length, WRITE_BLOCKS);
    writeFifo(data);
    assertEquals(DATA_END, read(STATUS) & (DATA_END | DATA_TIMEOUT));
    assertEquals(CMD_RESP_END, command(12, 0, RESPONSE));
    System.arraycopy(data, 0, content, content.length - data.length, data.length);
    assertArrayEquals(content, Files.readAllBytes(card.file));
  }

  /**
   * 2.2.4 and 3.3.11: the card has refused the block and sends or takes nothing, so that the data
   * time out.
   */
  @ParameterizedTest
  @CsvSource({"17,false", "18,true", "24,false", "24,true", "25,true"})
  void badBlock(int number, boolean commandFirst) throws IOException {
    int control = number <= 18 ? READ_BLOCKS : WRITE_BLOCKS;
    if (!commandFirst) {
      startData(BLOCK, control);
    }
    int status = command(number, BLOCKS * BLOCK, RESPONSE);
    assertEquals(CMD_RESP_END, status & CMD_RESP_END);
    assertEquals(1 << 31, read(RESPONSE0) & 1 << 31, "OUT_OF_RANGE");
    if (commandFirst) {
      startData(BLOCK, control);
    }
    assertEquals(DATA_TIMEOUT, read(STATUS) & (DATA_TIMEOUT | DATA_END | RX_ACTIVE | TX_ACTIVE));
    writeFifo(new byte[BLOCK]);
    assertArrayEquals(content, Files.readAllBytes(card.file));
  }

  /** 2.2.4: a card that has no more data lets the rest time out. */
  @Test
  void readBehindTheEndTimesOut() {
    startData(2 * BLOCK, READ_BLOCKS);
    command(18, (BLOCKS - 1) * BLOCK, RESPONSE);
    readFifo(BLOCK);
    assertEquals(DATA_TIMEOUT, read(STATUS) & (DATA_TIMEOUT | DATA_END | RX_ACTIVE));
    assertEquals(BLOCK, read(DATACNT));
  }

  /** 3.3.13: each mask selects the flags of its own interrupt. */
  @Test
  void masksSelectTheInterrupts() {
    write(MASK0, CMD_TIMEOUT);
    write(MASK1, CMD_RESP_END);
    command(13, card.rca, RESPONSE);
    assertFalse(lines[0].raised);
    assertTrue(lines[1].raised);
    command(1, 0, RESPONSE);
    assertTrue(lines[0].raised);
    assertFalse(lines[1].raised);
    write(CLEAR, CMD_TIMEOUT);
    assertFalse(lines[0].raised);
  }

  /** 3.2.15: Linux takes what is in the FIFO for the length less this count. */
  @Test
  void fifoCountSaysWhatIsStillToCome() {
    startData(BLOCK, READ_BLOCKS);
    assertEquals(BLOCK / 4, read(FIFOCNT), "nothing has come yet");
    command(17, 0, RESPONSE);
    assertEquals(BLOCK / 4 - 16, read(FIFOCNT), "the FIFO is full");
    readFifo(BLOCK - 64);
    assertEquals(0, read(FIFOCNT), "the rest is in the FIFO");
    readFifo(64);
    assertEquals(0, read(FIFOCNT));
  }
}
