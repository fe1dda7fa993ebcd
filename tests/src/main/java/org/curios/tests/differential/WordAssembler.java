package org.curios.tests.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Emits ARM and Thumb code and data from address 0 on, and wraps them into an ELF executable. */
final class WordAssembler {
  private static final int HEADERS = 52 + 32;

  private final ByteBuffer memory;

  WordAssembler(int size) {
    memory = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  int here() {
    return memory.position();
  }

  void at(int address) {
    memory.position(address);
  }

  void align() {
    while (here() % 4 != 0) {
      memory.put((byte) 0);
    }
  }

  void word(int value) {
    memory.putInt(value);
  }

  void half(int value) {
    memory.putShort((short) value);
  }

  void patch(int address, int value) {
    memory.putInt(address, value);
  }

  /** {@code LDR Rd, =value} with the literal in the code: loads it and jumps over it. */
  void constant(int rd, int value) {
    word(0xe59f0000 | rd << 12); // ldr rd, [pc, #0]
    word(0xea000000); // b over the literal
    word(value);
  }

  /** {@code B<cond> target} with an optional link. */
  void branch(int condition, boolean link, int target) {
    word(condition << 28 | (link ? 0x0b000000 : 0x0a000000) | target - here() - 8 >> 2 & 0xffffff);
  }

  /** Returns the executable: one segment at address 0. */
  byte[] elf(int entry) {
    int size = memory.position();
    ByteBuffer elf = ByteBuffer.allocate(HEADERS + size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) 40).putInt(1).putInt(entry).putInt(52).putInt(0);
    elf.putInt(0x05000000).putShort((short) 52).putShort((short) 32).putShort((short) 1);
    elf.putShort((short) 40).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(HEADERS).putInt(0).putInt(0).putInt(size).putInt(size).putInt(7).putInt(4);
    elf.put(memory.array(), 0, size);
    return elf.array();
  }
}
