package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How packets travel, and what happens to those that are not as they should be. */
class PacketsTest {
  private static final int RAM = 0x200000;

  private Served served;

  @BeforeEach
  void serve() {
    served = Served.program(Served.Mode.INTERPRETED, "bench/crc");
  }

  @AfterEach
  void close() {
    served.close();
  }

  private static String hex(int value) {
    return Integer.toHexString(value);
  }

  @Test
  void aPacketIsAcknowledged() throws IOException {
    try (Rsp rsp = new Rsp(served.server.port())) {
      rsp.raw("$?#3f");
      assertEquals('+', rsp.rawByte());
      assertTrue(rsp.receive().startsWith("T05"));
    }
  }

  @Test
  void aDamagedPacketIsAskedForAgain() throws IOException {
    try (Rsp rsp = new Rsp(served.server.port())) {
      for (String damaged : new String[] {"$?#3e", "$?#zz", "$g#3f"}) {
        rsp.raw(damaged);
        assertEquals('-', rsp.rawByte(), damaged);
      }
      rsp.raw("$?#3f");
      assertEquals('+', rsp.rawByte());
    }
  }

  @Test
  void anAnswerIsSentAgain() throws IOException {
    try (Rsp rsp = new Rsp(served.server.port())) {
      String first = rsp.ask("qAttached");
      rsp.raw("-");
      assertEquals(first, rsp.receive());
      rsp.raw("-");
      assertEquals(first, rsp.receive());
    }
  }

  @Test
  void noAcknowledgementsWhenAgreed() throws IOException {
    try (Rsp rsp = served.attach()) {
      rsp.raw("$qAttached#8f");
      assertEquals('$', rsp.rawByte());
    }
  }

  @Test
  void noiseBetweenPacketsIsPassedOver() throws IOException {
    try (Rsp rsp = served.attach()) {
      rsp.raw("+++\0abc#99\u0003");
      assertEquals("1", rsp.ask("qAttached"));
    }
  }

  @Test
  void aPacketWithoutEndGivesWayToTheNext() throws IOException {
    try (Rsp rsp = served.attach()) {
      rsp.raw("$m1000");
      assertEquals("1", rsp.ask("qAttached"));
    }
  }

  @Test
  void aPacketInPiecesIsOne() throws Exception {
    try (Rsp rsp = served.attach()) {
      for (char c : "$qAttached#8f".toCharArray()) {
        rsp.raw(String.valueOf(c));
        Thread.sleep(2);
      }
      assertEquals("1", rsp.receive());
    }
  }

  @Test
  void aPacketThatIsTooLongIsRefused() throws IOException {
    try (Rsp rsp = served.attach()) {
      assertEquals("E01", rsp.ask("M" + hex(RAM) + ",8000:" + "00".repeat(0x8000)));
      assertEquals("1", rsp.ask("qAttached"));
    }
  }

  @Test
  void binaryDataIsEscapedBothWays() throws IOException {
    try (Rsp rsp = served.attach()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 256; i++) {
        all.append((char) i);
      }
      assertEquals("OK", rsp.ask("X" + hex(RAM) + ",100:" + all));
      assertEquals(
          HexFormat.of()
              .formatHex(all.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)),
          rsp.ask("m" + hex(RAM) + ",100"));
      String path = rsp.transfer("exec-file", "");
      String name =
          HexFormat.of().formatHex(path.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertEquals("F3", rsp.ask("vFile:open:" + name + ",0,0"));
      assertEquals("F40", rsp.ask("vFile:fstat:3").substring(0, 3));
      StringBuilder file = new StringBuilder();
      while (true) {
        String part = rsp.ask("vFile:pread:3,1000," + hex(file.length()));
        int semicolon = part.indexOf(';');
        int count = Integer.parseInt(part.substring(1, semicolon), 16);
        if (count == 0) {
          break;
        }
        assertEquals(count, part.length() - semicolon - 1);
        file.append(part, semicolon + 1, part.length());
      }
      assertEquals(
          new String(
              org.curios.kernel.Images.elf("bench/crc"),
              java.nio.charset.StandardCharsets.ISO_8859_1),
          file.toString());
      assertEquals("F0", rsp.ask("vFile:close:3"));
    }
  }

  /** No other file is within reach. */
  @Test
  void filesOfTheHostAreNotServed() throws IOException {
    try (Rsp rsp = served.attach()) {
      for (String path : new String[] {"/etc/passwd", "/crc.elf/../etc/passwd", "", "crc.elf"}) {
        String name =
            HexFormat.of().formatHex(path.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals("F-1,2", rsp.ask("vFile:open:" + name + ",0,0"), path);
      }
      assertEquals("F-1,9", rsp.ask("vFile:pread:7,10,0"));
      assertEquals("F-1,58", rsp.ask("vFile:unlink:2f"));
      assertEquals("F-1,58", rsp.ask("vFile:pwrite:3,0,x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m",
        "m1000",
        "m,4",
        "mzz,4",
        "m1000,",
        "m123456789,4",
        "m1000;4",
        "M1000,4:00",
        "M1000,2:0g00",
        "M1000,2:000",
        "X1000,3:ab",
        "P",
        "P1",
        "P1=",
        "P1=zz",
        "P1=00",
        "P99=00000000",
        "p",
        "p99",
        "G",
        "G00",
        "Gzz",
        "Z",
        "Z0",
        "Z0,",
        "Z0,1000",
        "Z0,1000,0",
        "Z2,1000,ffffffff",
        "z1,x,4",
        "H",
        "Hg",
        "Hg12345",
        "T",
        "T77",
        "vCont;",
        "vCont;x",
        "vCont;r1000",
        "vCont;s:",
        "vCont;c;",
        "qCRC:",
        "qCRC:1000",
        "qXfer:features:read:nothing:0,10",
        "qXfer:features:read:target.xml:0",
        "qRcmd,0",
        "qRcmd,zz",
        "cxyz",
        "vFile:open:2f",
        "vFile:pread:3",
        "S",
        "Cxx"
      })
  void aMalformedPacketIsAnError(String packet) throws IOException {
    try (Rsp rsp = served.attach()) {
      String reply = rsp.ask(packet);
      assertTrue(reply.matches("E[0-9a-f]{2}|F-1,.*"), () -> packet + ": " + reply);
      assertEquals("1", rsp.ask("qAttached"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "!",
        "a",
        "qNothing",
        "QNothing",
        "vMustReplyEmpty",
        "vNothing",
        "bx",
        "Z9,1000,4",
        "R00",
        "i",
        "t",
        "qXfer:auxv:read::0,10",
        "qXfer:features:write:x:0:y",
        "QNonStop:1"
      })
  void anUnknownPacketGetsTheEmptyAnswer(String packet) throws IOException {
    try (Rsp rsp = served.attach()) {
      assertEquals("", rsp.ask(packet));
    }
  }
}
