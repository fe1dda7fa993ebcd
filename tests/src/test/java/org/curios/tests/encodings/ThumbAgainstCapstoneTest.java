package org.curios.tests.encodings;

import java.util.TreeMap;
import org.curios.arm.decode.EncodingTable;
import org.curios.machine.Disassembler;
import org.junit.jupiter.api.Test;

class ThumbAgainstCapstoneTest {
  @Test
  void dump() throws Exception {
    StringBuilder s = new StringBuilder();
    try (Disassembler d = new Disassembler()) {
      for (int w = 0; w < 0x10000; w++) {
        String text = d.disassemble(0, w, true);
        boolean theirs = !text.equals("undefined");
        var e = EncodingTable.thumb(w);
        if (theirs != (e != null)) {
          s.append("%04x ours=%s theirs=%s%n".formatted(w, e, text));
        }
      }
    }
    java.nio.file.Files.writeString(java.nio.file.Path.of("/tmp/enc/diff.txt"), s.toString());
  }
}
