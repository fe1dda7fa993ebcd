package org.curios.machine.card;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Content in memory: the blocks that are not in the map are zero. */
record MemoryBase(long blocks, Map<Long, byte[]> content) implements DiskBase {
  private static final byte[] ZERO = new byte[BLOCK];

  MemoryBase {
    if (blocks < FileBase.FEWEST) {
      throw new IllegalArgumentException(blocks + " blocks: a card has at least 4");
    }
  }

  @Override
  public byte[] block(long number) {
    return content.getOrDefault(number, ZERO);
  }

  @Override
  public String identity() {
    CRC32C sum = new CRC32C();
    new TreeMap<>(content)
        .forEach((number, bytes) -> {
          sum.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
          sum.update(bytes);
        });
    return "%d bytes, CRC-32C %08x".formatted(blocks * BLOCK, sum.getValue());
  }
}
