package org.curios.tests.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.curios.kernel.Images;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Cable;
import org.curios.machine.net.Packets.Packet;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of frames to peers outside: QEMU's framing, and a past that is the same again. */
class StreamTest {
  @TempDir Path folder;

  private MachineBuilder to(Path socket, String options) throws IOException {
    return new MachineBuilder().net(Cable.parse("stream:" + socket + options));
  }

  /** A peer lives in the time of its host: one that is slow is asked again. */
  @Test
  void peerAnswers() throws Exception {
    Path socket = folder.resolve("s");
    Path capture = folder.resolve("wire.pcapng");
    int passed;
    try (StreamPeer _ = new StreamPeer(socket, StreamPeer::echo);
        Echo asks = new Echo(to(socket, "").capture(capture))) {
      String text = asks.run();
      assertTrue(text.contains("1514 \nsent again: "), text);
      List<Packet> packets = asks.machine.packets().upTo(Long.MAX_VALUE);
      passed = packets.size();
      assertTrue(packets.stream().filter(Packet::sent).count() >= 31);
      assertTrue(packets.stream().filter(p -> !p.sent()).count() >= 31);
    }
    assertEquals(passed, packetsIn(capture));
  }

  /** Counts the packets of a file of the format pcapng, and checks its lengths. */
  private static int packetsIn(Path capture) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
    int packets = 0;
    while (file.hasRemaining()) {
      int start = file.position();
      int type = file.getInt();
      int length = file.getInt();
      packets += type == 6 ? 1 : 0;
      assertEquals(length, file.getInt(start + length - 4));
      file.position(start + length);
    }
    return packets;
  }

  @Test
  void badWireIsOvercome() throws Exception {
    Path socket = folder.resolve("s");
    try (StreamPeer _ = new StreamPeer(socket, StreamPeer::echo);
        Echo asks = new Echo(to(socket, ",loss=20%,corrupt=10%,duplicate=10%,reorder=5%,seed=3"))) {
      String text = asks.run();
      assertTrue(text.contains("1514 \nsent again: "), text);
      assertTrue(!text.contains("again: 0"), text);
    }
  }

  /** What has come is in the past: the way back and forward meets it without the peer. */
  @Test
  void wayBackMeetsTheSameFrames() throws Exception {
    Path socket = folder.resolve("s");
    StreamPeer peer = new StreamPeer(socket, StreamPeer::echo);
    try (Session session =
        new Session(() -> {
          try {
            Machine machine =
                to(socket, "")
                    .jit(false)
                    .console(new PrintStream(OutputStream.nullOutputStream(), false))
                    .build();
            machine.load(Image.parse("echo", Images.elf("ethernet/echo")));
            return machine;
          } catch (IOException e) {
            throw new ImageException(e.getMessage());
          }
        })) {
      session.runTo(Echo.MOST_TICKS);
      long end = session.status().tick();
      int passed = packetsUpTo(session, Long.MAX_VALUE);
      assertTrue(passed >= 62, () -> passed + " packets");
      long half = end / 2;
      byte[] there = state(session, half);
      peer.close();
      session.call(m -> {
        session.history().back(end);
        return null;
      });
      assertEquals(end, session.status().tick());
      assertArrayEquals(there, state(session, half));
      assertEquals(passed, packetsUpTo(session, Long.MAX_VALUE), "nothing passes again");
      int known = packetsUpTo(session, half);
      assertTrue(known > 0 && known < passed, () -> known + " packets up to the middle");
    }
  }

  private static int packetsUpTo(Session session, long tick) {
    return session.call(m -> m.packets().upTo(tick).size());
  }

  /** The state of processor and controller at a tick of the past. */
  private static byte[] state(Session session, long tick) {
    return session.call(m -> {
      session.history().back(tick);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        m.cpu().save(out);
        m.board().ethernet().save(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    });
  }

  /** A peer that goes takes the link with it. */
  @Test
  void linkGoesWithThePeer() throws Exception {
    Path socket = folder.resolve("s");
    try (StreamPeer peer = new StreamPeer(socket, f -> null);
        Echo asks = new Echo(to(socket, ""))) {
      asks.run(1_000_000);
      assertTrue(asks.machine.board().ethernet().link());
      peer.hangUp();
      for (long t = 2_000_000; asks.machine.board().ethernet().link(); t += 1_000_000) {
        asks.run(t);
      }
    }
  }

  @Test
  void missingPeerIsToldInALine() {
    Path socket = folder.resolve("none");
    ImageException e = assertThrows(ImageException.class, () -> to(socket, "").build());
    assertTrue(e.getMessage().contains("nothing is listening there"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void shellDecodesThePackets() throws Exception {
    Path image = folder.resolve("echo.elf");
    Path socket = folder.resolve("s");
    Files.write(image, Images.elf("ethernet/echo"));
    try (StreamPeer _ = new StreamPeer(socket, StreamPeer::echo)) {
      Curios.Result result =
          Curios.run(
              "shell",
              "--no-jit",
              "--image",
              image.toString(),
              "--net",
              "stream:" + socket,
              "-c",
              "until @200000; packets --json | head 2; devices | grep Smc91c111");
      List<String> lines = result.expect(0).out().lines().toList();
      assertTrue(lines.stream().anyMatch(l -> l.contains("\"who\":\"sent\"")), result.out());
      assertTrue(lines.stream().anyMatch(l -> l.contains("type 88b5")), result.out());
      assertTrue(lines.getLast().contains("10010000"), result.out());
    }
    Curios.run("shell", "--no-jit", "--image", image.toString(), "--net", "stream:" + socket)
        .complains("--net stream:" + socket, "nothing is listening there");
    Curios.run("run", "--no-jit", image.toString(), "--net", "tap:x,loss=2")
        .complains("--net option loss=2", "such as 2%");
    Curios.run("run", "--no-jit", image.toString(), "--pcap", "x")
        .complains("--pcap x", "give --net");
  }

  /** QEMU runs the answering side of the same image at the other end. */
  @Test
  void qemuAnswers() throws Exception {
    Peers.needQemu();
    Path image = folder.resolve("echo.elf");
    Path socket = folder.resolve("q");
    Path text = folder.resolve("qemu.txt");
    Files.write(image, Images.elf("ethernet/echo"));
    Process qemu =
        new ProcessBuilder(
                "qemu-system-arm",
                "-M",
                "versatilepb",
                "-nographic",
                "-monitor",
                "none",
                "-audiodev",
                "none,id=none",
                "-semihosting-config",
                "enable=on,target=native",
                "-netdev",
                "stream,id=n,server=on,addr.type=unix,addr.path=" + socket,
                "-net",
                "nic,netdev=n,macaddr=52:54:00:12:34:57",
                "-kernel",
                image.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(text.toFile())
            .start();
    try {
      for (int i = 0; !Files.exists(socket) && i < 600; i++) {
        Thread.sleep(100);
      }
      try (Echo asks = new Echo(to(socket, ""))) {
        String printed = asks.run(5 * Echo.MOST_TICKS);
        assertTrue(printed.contains("1514 \nsent again: "), printed);
        assertTrue(qemu.waitFor(60, TimeUnit.SECONDS), "QEMU has got the last frame");
      }
      assertTrue(Files.readString(text, US_ASCII).startsWith("answered: "), Files.readString(text));
    } finally {
      qemu.destroyForcibly().waitFor();
    }
  }
}
