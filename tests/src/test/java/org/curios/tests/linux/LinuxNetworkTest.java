package org.curios.tests.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.curios.arm.bus.GuestExit;
import org.curios.lab.measure.Cpio;
import org.curios.lab.measure.LinuxImages;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.net.Cable;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.curios.tests.net.Namespace;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stock Linux and its peers by each kind of cable: each pings the other, gets a file from it, and
 * waits until the other one has got its own.
 */
class LinuxNetworkTest {
  private static final String SCRIPT =
      """
      #!/bin/sh
      mount -t proc none /proc
      for word in $(cat /proc/cmdline); do
        case $word in
          me=*) me=${word#me=} ;;
          peer=*) peer=${word#peer=} ;;
          then=*) then=${word#then=} ;;
        esac
      done
      mkdir /www
      seq 20000 >/www/file
      ip link set lo up
      ip addr add "$me/24" dev eth0
      ip link set eth0 up
      busybox httpd -h /www
      until ping -c 1 -W 1 "$peer" >/dev/null; do sleep 1; done
      echo PING-OK
      until wget -q -O /got "http://$peer/file"; do sleep 1; done
      md5sum </got
      touch /www/done
      until wget -q -O /dev/null "http://$peer/done"; do sleep 1; done
      echo READY
      [ "$then" = reboot ] && reboot -f
      while true; do sleep 1000; done
      """;

  private static final byte[] FILE =
      IntStream.rangeClosed(1, 20000)
          .mapToObj(i -> i + "\n")
          .collect(Collectors.joining())
          .getBytes(US_ASCII);
  private static final long MOST_TICKS = 120_000_000_000L;
  private static final long SECONDS = 300;

  /** Status of a script whose peer does not run here. */
  private static final int NOT_HERE = 77;

  @TempDir private Path folder;
  private final LinuxImages images = LinuxImages.find();
  private Path ramDisk;

  @BeforeEach
  void find() throws Exception {
    Assumptions.assumeTrue(images.isThere(), images::missing);
    ramDisk = folder.resolve("initrd.gz");
    byte[] own = Image.readBytes(images.ramDisk());
    Files.write(ramDisk, new Cpio().program("pair", SCRIPT.getBytes(US_ASCII)).after(own));
  }

  private static String commandLine(String me, String peer) {
    return "console=ttyAMA0 quiet rdinit=/pair me=" + me + " peer=" + peer;
  }

  private static void assertComplete(String text) throws Exception {
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(FILE));
    assertTrue(text.contains("PING-OK"), text);
    assertTrue(text.contains(sum + "  -"), text);
  }

  @Test
  void host() throws Exception {
    Peers.needTap();
    Peers.needCurl();
    meetHost(
        "10.0.2.2",
        "10.0.2.15",
        "until ping -c 1 -W 1 10.0.2.15 >/dev/null; do sleep 0.1; done; ",
        "tap:tap9",
        "");
  }

  /** What passt does on behalf of the guest it does to its own host, for the address 10.0.2.2. */
  @Test
  void hostByPasst() throws Exception {
    Peers.needTap();
    Peers.needCurl();
    Peers.needPasst();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path socket = folder.resolve("passt");
    meetHost(
        "127.0.0.1",
        "127.0.0.1:8081",
        "",
        "stream:" + socket,
        ("ip route add default via 10.0.2.1 dev tap9; echo 0 2147483647"
                + " >/proc/sys/net/ipv4/ping_group_range; passt -f -4 -a 10.0.2.15 -n 24 -g 10.0.2.2"
                + " -m 1500 -t 8081:80 -s %s 2>&1 & q=$!; while [ ! -S %s ]; do kill -0 $q || exit %d;"
                + " sleep 0.1; done; ")
            .formatted(socket, socket, NOT_HERE));
  }

  /**
   * Runs Linux in a network namespace, with a web server and its client beside it.
   *
   * @param server where the host serves its file
   * @param guest where it finds that of the guest
   * @param first what the host does before
   * @param far end of the cable
   * @param peer starts what is between them, as process {@code q} of the shell
   */
  private void meetHost(String server, String guest, String first, String far, String peer)
      throws Exception {
    Path www = Files.createDirectory(folder.resolve("www"));
    Path got = folder.resolve("got");
    Files.write(www.resolve("file"), FILE);
    String pages =
        String.join(" ", Curios.commandOf(Pages.class.getName(), server, "80", www.toString()));
    String fetch =
        "(%suntil curl -sf -m 60 -o %s http://%s/file; do sleep 0.2; done; touch %s/done)"
            .formatted(first, got, guest, www);
    Path output = folder.resolve("output.txt");
    int status =
        Namespace.run(
            "q=; %s%s & s=$!; %s & c=$!; \"$@\"; r=$?; kill $s $c $q 2>/dev/null; exit $r"
                .formatted(peer, pages, fetch),
            output,
            SECONDS,
            Curios.command(
                "run",
                "--no-jit",
                "--no-reboot",
                "--net",
                far,
                images.kernel().toString(),
                "--dtb",
                images.tree(LinuxImages.TREE).toString(),
                "--initrd",
                ramDisk.toString(),
                "--append",
                commandLine("10.0.2.15", "10.0.2.2") + " then=reboot"));
    String text = Files.readString(output);
    Assumptions.assumeTrue(status != NOT_HERE, () -> "passt does not run here: " + text);
    assertEquals(0, status, text);
    assertComplete(text);
    assertArrayEquals(FILE, Files.readAllBytes(got));
  }

  @Test
  void linuxOnQemu() throws Exception {
    Peers.needQemu();
    Path socket = folder.resolve("q");
    Path theirs = folder.resolve("qemu.txt");
    List<String> command =
        new ArrayList<>(
            images.onQemu(images.kernel(), commandLine("10.0.0.2", "10.0.0.1"), LinuxImages.TREE));
    command.set(command.indexOf(images.ramDisk().toString()), ramDisk.toString());
    command.addAll(List.of("-netdev", "stream,id=n,server=on,addr.type=unix,addr.path=" + socket));
    command.addAll(List.of("-net", "nic,netdev=n,macaddr=52:54:00:12:34:57"));
    Process qemu =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(theirs.toFile())
            .start();
    try {
      while (!Files.exists(socket)) {
        assertTrue(qemu.isAlive(), "QEMU has ended");
        Thread.sleep(10);
      }
      assertComplete(beside(socket));
      assertComplete(Files.readString(theirs));
    } finally {
      qemu.destroyForcibly().waitFor();
    }
  }

  /** Runs Linux until it resets the board, and returns what it has printed. */
  private String beside(Path socket) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .jit(false)
            .reboots(false)
            .net(Cable.parse("stream:" + socket))
            .console(new PrintStream(output, false))
            .build()) {
      BootFiles own =
          images.bootFiles(commandLine("10.0.0.1", "10.0.0.2") + " then=reboot", LinuxImages.TREE);
      BootFiles.Blob disk = new BootFiles.Blob("initrd.gz", Files.readAllBytes(ramDisk));
      machine.load(
          Image.read(images.kernel()), new BootFiles(own.append(), disk, own.deviceTree()));
      throw new AssertionError(machine.run(MOST_TICKS) + " after:\n" + output.toString(UTF_8));
    } catch (GuestExit e) {
      return output.toString(UTF_8);
    }
  }
}
