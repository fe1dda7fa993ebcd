package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever comes over the connection: the next debugger is served. */
class PacketFuzzTest {
  private static Served served;

  @BeforeContainer
  static void serve() {
    served = Served.curios(Served.Mode.INTERPRETED, "run=steady0");
  }

  @AfterContainer
  static void close() {
    served.close();
  }

  /** Attaches, and goes through what a debugger asks first. */
  private static void isServed() throws Exception {
    try (Rsp rsp = attachWhenFree()) {
      String stop = rsp.ask("?");
      assertTrue(stop.matches("T0[259].*"), stop); // it may have been made to end the guest
      assertTrue(rsp.ask("g").length() > 17 * 8);
      assertEquals("OK", rsp.ask("D"));
    }
  }

  private static Rsp attachWhenFree() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Rsp rsp = served.attach();
      if (rsp.ask("qSupported").contains("ReverseStep+")) {
        return rsp;
      }
      rsp.close();
      assertTrue(System.nanoTime() < end, () -> "still refused; " + served.said);
    }
  }

  @Property(tries = 100)
  void anyBytes(@ForAll byte[] bytes) throws Exception {
    try (Rsp rsp = new Rsp(served.server.port())) {
      rsp.raw(bytes);
    }
    isServed();
  }

  @Provide
  Arbitrary<String> packets() {
    Arbitrary<String> head =
        Arbitraries.of(
            "g",
            "G",
            "p",
            "P",
            "m",
            "M",
            "X",
            "Z0",
            "Z2",
            "z0",
            "z3",
            "c",
            "s",
            "bs",
            "bc",
            "H",
            "T",
            "q",
            "Q",
            "vCont;",
            "vCont;s",
            "vFile:",
            "qXfer:",
            "qRcmd,",
            "C",
            "S",
            "?",
            "vFile:open:",
            "vFile:pread:");
    Arbitrary<String> tail =
        Arbitraries.strings()
            .withChars("0123456789abcdef,;:=-+lg")
            .withCharRange('\0', '\u00ff')
            .ofMaxLength(30);
    return Combinators.combine(head, tail).as((h, t) -> h + t);
  }

  /** Packets that are nearly right, some of which move the machine or change it. */
  @Property(tries = 200)
  void nearlyPackets(@ForAll("packetLists") List<String> packets) throws Exception {
    try (Rsp rsp = attachWhenFree()) {
      for (String packet : packets) {
        rsp.send(packet);
      }
      rsp.raw("\u0003");
    } catch (SocketException e) {
      // the guest has ended, and the debugger was notified
    }
    isServed();
  }

  @Provide
  Arbitrary<List<String>> packetLists() {
    return packets().list().ofMinSize(1).ofMaxSize(8);
  }
}
