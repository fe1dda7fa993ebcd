package org.curios.tests.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Little ARM programs as raw images, which are loaded and started at 0x10000. */
public final class RawProgram {
  public static final int UNDEFINED = 0xe7f000f0;
  public static final int BRANCH_TO_SELF = 0xeafffffe;
  public static final int WAIT_FOR_INTERRUPT = 0xee070f90;

  private static final int UART0 = 0x101f1000;
  private static final int SEMIHOSTING = 0xef123456;
  private static final int APPLICATION_EXIT = 0x20026;

  private final ByteBuffer code = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

  /** Appends words. */
  public RawProgram words(int... words) {
    for (int word : words) {
      code.putInt(word);
    }
    return this;
  }

  /**
   * {@code mov rd, #value & 0xff}, then an {@code orr} for each other byte: always four
   * instructions.
   */
  public RawProgram constant(int rd, int value) {
    words(0xe3a00000 | rd << 12 | value & 0xff);
    for (int i = 1; i < 4; i++) {
      words(0xe3800000 | rd << 16 | rd << 12 | 16 - 4 * i << 8 | value >>> 8 * i & 0xff);
    }
    return this;
  }

  /** Sends a text to UART0. */
  public RawProgram print(String text) {
    constant(4, UART0);
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      words(0xe3a00000 | b & 0xff, 0xe5840000); // mov r0, #b; str r0, [r4]
    }
    return this;
  }

  /** Sends what UART0 receives back to it until a character comes. */
  public RawProgram echoUntil(char last) {
    constant(4, UART0);
    return words(
        0xe5940018, // ldr r0, [r4, #0x18]
        0xe3100010, // tst r0, #0x10: the receive FIFO is empty
        0x1afffffc, // bne
        0xe5940000, // ldr r0, [r4]
        0xe5840000, // str r0, [r4]
        0xe3500000 | last, // cmp r0, #last
        0x1afffff8); // bne
  }

  /** Semihosting SYS_EXIT for a reason. */
  public RawProgram exitFor(int reason) {
    return constant(1, reason).words(0xe3a00018, SEMIHOSTING);
  }

  /** Semihosting SYS_EXIT: success. */
  public RawProgram exit() {
    return exitFor(APPLICATION_EXIT);
  }

  /** Semihosting SYS_EXIT_EXTENDED with a status. */
  public RawProgram exit(int status) {
    constant(2, APPLICATION_EXIT).constant(3, status);
    return words(
        0xe3a01a01, // mov r1, #0x1000
        0xe881000c, // stmia r1, {r2, r3}
        0xe3a00020, // mov r0, #0x20
        SEMIHOSTING);
  }

  public byte[] bytes() {
    byte[] bytes = new byte[code.position()];
    code.get(0, bytes);
    return bytes;
  }

  /** Writes the image to a file. */
  public String in(Path folder) throws IOException {
    return write(folder.resolve("guest.bin"), bytes());
  }

  static String write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return file.toString();
  }

  /** Returns an ELF executable with one segment at 0x10000, for a machine number. */
  byte[] elf(int machine) {
    int headers = 52 + 32;
    byte[] bytes = bytes();
    ByteBuffer elf = ByteBuffer.allocate(headers + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2)
        .putShort((short) machine)
        .putInt(1)
        .putInt(0x10000)
        .putInt(52)
        .putInt(0);
    elf.putInt(0x05000000).putShort((short) 52).putShort((short) 32).putShort((short) 1);
    elf.putShort((short) 40).putShort((short) 0).putShort((short) 0);
    elf.putInt(1)
        .putInt(headers)
        .putInt(0x10000)
        .putInt(0x10000)
        .putInt(bytes.length)
        .putInt(bytes.length);
    elf.putInt(7).putInt(4);
    elf.put(bytes);
    return elf.array();
  }
}
