package org.curios.tests.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Sockets;
import org.curios.machine.net.Cable;
import org.curios.machine.net.Switch;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network of CuriOS: between machines and with others, while its services crash. */
class NetworkTest {
  private static final String SERVER = "ip=10.0.0.1/24 run=httpd,echo";
  private static final String CLIENT = "ip=10.0.0.2/24,gw=10.0.0.1 run=fetch";
  private static final String FETCHED = "fetch0: sum 000f4240, all as expected";
  private static final Pattern RESTARTS =
      Pattern.compile("net has restarted (\\d+) times, ether (\\d+)");

  /** What two machines said, and when they had said it. */
  private record Told(String server, String client, long tick) {}

  private static Told transfer(String more, String options) throws Exception {
    Switch lan = new Switch();
    Cable cable = Cable.parse("switch:lan" + options);
    try (Side server = new Side(SERVER + more, b -> b.net(lan).impairments(cable.impairments()));
        Side client = new Side(CLIENT + more, b -> b.net(lan).impairments(cable.impairments()))) {
      client.runUntil("fetch0: sum");
      if (!more.isEmpty()) {
        client.runUntil("breaker:");
        server.runUntil("breaker:");
      }
      return new Told(server.text(), client.text(), client.now());
    }
  }

  private static void assertBroken(String text) {
    Matcher m = RESTARTS.matcher(text);
    assertTrue(m.find(), text);
    assertTrue(Integer.parseInt(m.group(1)) >= 12, text);
    assertTrue(Integer.parseInt(m.group(2)) >= 8, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"''", ",loss=2%,reorder=1%,duplicate=1%,corrupt=0.1%,seed=7"})
  void megabyteArrivesWhole(String options) throws Exception {
    Told told = transfer("", options);
    assertTrue(told.client().contains(FETCHED), told::client);
  }

  /** Without limited transmit, and with acknowledgements that nobody counts, it takes 8 seconds. */
  @Test
  void fewLostFramesCostATimeOut() throws Exception {
    Switch lan = new Switch();
    Cable lossy = Cable.parse("switch:lan,loss=5%,seed=1");
    try (Side _ = new Side(SERVER, b -> b.net(lan));
        Side client = new Side(CLIENT, b -> b.net(lan).impairments(lossy.impairments()))) {
      client.runUntil("fetch0: sum");
      assertTrue(client.text().contains(FETCHED), client.text());
      assertTrue(client.now() < 6 * VirtualClock.HZ, client.now() + " ticks");
    }
  }

  @Test
  void crashesCostNoByte() throws Exception {
    Told told = transfer(",breaker", "");
    assertTrue(told.client().contains(FETCHED), told::client);
    assertBroken(told.client());
    assertBroken(told.server());
  }

  @Test
  void lostInterruptsCostNoByte() throws Exception {
    Switch lan = new Switch();
    try (Side server = new Side(SERVER, b -> b.net(lan));
        Side client = new Side(CLIENT, b -> b.net(lan))) {
      client.runUntilWithoutInterrupts("fetch0: sum", server);
      assertTrue(client.text().contains(FETCHED), client.text());
      assertTrue(client.now() > transfer("", "").tick() + 2_000_000, "they were missed");
      for (String service : List.of("net", "ether", "netirq")) {
        assertEquals(0, client.restarts(service), service);
      }
    }
  }

  @Test
  void runsOfTwoMachinesAreAlike() throws Exception {
    String loss = ",loss=1%,seed=3";
    assertEquals(transfer("", loss), transfer("", loss));
  }

  @Test
  void malformedPacketsAndFloodsHarmNobody() throws Exception {
    Switch lan = new Switch();
    Intruder intruder = new Intruder(20);
    lan.add(intruder);
    try (Side server = new Side(SERVER, b -> b.net(lan));
        Side client = new Side(CLIENT, b -> b.net(lan))) {
      client.runUntil("fetch0: sum");
      assertTrue(client.text().contains(FETCHED), client.text());
      assertTrue(intruder.sent() > 1000);
      for (Side side : List.of(server, client)) {
        for (String service : List.of("net", "ether", "netirq", "console", "store")) {
          assertEquals(0, side.restarts(service), service);
        }
      }
      long frames = server.frames("net");
      server.run(200_000_000);
      assertTrue(server.frames("net") <= frames + 16, "memory is bounded");
      assertTrue(Sockets.of(server.view()).size() <= 32);
    }
  }

  @Test
  void clientsOutsideAreServedThroughQemuAsGateway(@TempDir Path folder) throws Exception {
    Peers.needQemu();
    Peers.needCurl();
    Path socket = folder.resolve("hub");
    int port = freePort();
    Process gateway =
        new ProcessBuilder(
                "qemu-system-arm",
                "-M",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-netdev",
                "user,id=u,hostfwd=tcp:127.0.0.1:" + port + "-10.0.2.15:80",
                "-netdev",
                "stream,id=s,server=on,addr.type=unix,addr.path=" + socket,
                "-netdev",
                "hubport,id=h1,hubid=0,netdev=u",
                "-netdev",
                "hubport,id=h2,hubid=0,netdev=s")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("gateway.txt").toFile())
            .start();
    try {
      while (!Files.exists(socket)) {
        assertTrue(gateway.isAlive(), "the gateway has ended");
        Thread.sleep(10);
      }
      Cable cable = Cable.parse("stream:" + socket);
      try (Side server = new Side("ip=dhcp run=httpd,breaker", b -> b.net(cable))) {
        Path got = folder.resolve("got");
        Process curl =
            new ProcessBuilder(
                    "curl",
                    "-s",
                    "-f",
                    "--retry",
                    "20",
                    "--retry-delay",
                    "1",
                    "--retry-all-errors",
                    "-m",
                    "60",
                    "-r",
                    "100-200099",
                    "-o",
                    got.toString(),
                    "http://127.0.0.1:" + port + "/bytes/300000")
                .start();
        while (curl.isAlive()) {
          server.run(2_000_000);
        }
        assertEquals(0, curl.waitFor(), () -> "curl failed; " + server.text());
        assertArrayEquals(bytes(100, 200_100), Files.readAllBytes(got));
        assertTrue(server.restarts("net") > 0);
      }
    } finally {
      gateway.destroy();
      gateway.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static int freePort() throws Exception {
    try (java.net.ServerSocket s = new java.net.ServerSocket(0)) {
      return s.getLocalPort();
    }
  }

  /** What httpd serves at /bytes. */
  private static byte[] bytes(int from, int to) {
    byte[] all = new byte[to - from];
    for (int at = from; at < to; at++) {
      int word = at / 4 * 0x9e3779b9;
      all[at - from] = (byte) ((word ^ word >>> 15) >>> at % 4 * 8);
    }
    return all;
  }
}
