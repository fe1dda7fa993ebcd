package org.curios.machine.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A small device tree, put together word by word. */
final class FlatTree {
  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final StringBuilder strings = new StringBuilder();

  private FlatTree words(int... words) {
    for (int word : words) {
      structure.writeBytes(ByteBuffer.allocate(4).putInt(word).array());
    }
    return this;
  }

  private FlatTree padded(byte[] bytes) {
    structure.writeBytes(bytes);
    structure.writeBytes(new byte[-bytes.length & 3]);
    return this;
  }

  private FlatTree begin(String name) {
    return words(1).padded((name + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  private FlatTree end() {
    return words(2);
  }

  private FlatTree property(String name, byte[] value) {
    int at = (strings + "").indexOf(name + '\0');
    if (at < 0) {
      at = strings.length();
      strings.append(name).append('\0');
    }
    return words(3, value.length, at).padded(value);
  }

  private FlatTree cells(String name, int... cells) {
    ByteBuffer value = ByteBuffer.allocate(4 * cells.length);
    for (int cell : cells) {
      value.putInt(cell);
    }
    return property(name, value.array());
  }

  static byte[] blob() {
    FlatTree tree =
        new FlatTree()
            .begin("")
            .property("model", "a board\0".getBytes(StandardCharsets.US_ASCII))
            .cells("#address-cells", 1)
            .cells("#size-cells", 1)
            .begin("memory")
            .cells("reg", 0, 0x8000000)
            .end()
            .begin("chosen")
            .end()
            .begin("bus")
            .begin("uart@1000")
            .cells("reg", 0x1000, 0x1000)
            .property("ranges", new byte[0])
            .end()
            .end()
            .end()
            .words(9);
    byte[] structure = tree.structure.toByteArray();
    byte[] strings = tree.strings.toString().getBytes(StandardCharsets.US_ASCII);
    int structureAt = 40 + 32;
    int stringsAt = structureAt + structure.length;
    ByteBuffer blob = ByteBuffer.allocate(stringsAt + strings.length);
    for (int word :
        new int[] {
          0xd00dfeed,
          blob.capacity(),
          structureAt,
          stringsAt,
          40,
          17,
          16,
          0,
          strings.length,
          structure.length
        }) {
      blob.putInt(word);
    }
    blob.putLong(0x7000).putLong(0x1000).putLong(0).putLong(0); // a reserved range, and the end
    return blob.put(structure).put(strings).array();
  }
}
