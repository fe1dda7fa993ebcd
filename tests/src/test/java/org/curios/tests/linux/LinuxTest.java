package org.curios.tests.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor;
import org.curios.lab.measure.LinuxImages;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.curios.tests.net.Namespace;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock Linux on the machine: its boot compared with QEMU's, a card, the network. */
class LinuxTest {
  private static final long MOST_TICKS = 20_000_000_000L;
  private static final long QEMU_SECONDS = 300;
  private static final long LINUX_SECONDS = 300;

  /** What docs/board.md lists as different, and what the hosts decide. */
  private static final Pattern DIFFERENT =
      Pattern.compile(
          "CPU: ARM926EJ-S .*cr=|deferred probe pending|vpb_sic_write|VFP support|ssp-pl022|Found \\d+ x\\d+ device|smc91x|eth0"
              + "|setting system clock|Calibrating delay loop|Memory: |^\\s*$");

  @TempDir Path folder;
  private final LinuxImages images = LinuxImages.find();

  @BeforeEach
  void find() {
    Assumptions.assumeTrue(images.isThere(), images::missing);
  }

  /** Runs until Linux resets the board, and returns what it has printed. */
  private String run(String tree, Path card, String commandLine) throws ImageException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .jit(false)
            .reboots(false)
            .sd(card)
            .console(new PrintStream(output, false))
            .build()) {
      machine.load(Image.read(images.kernel()), images.bootFiles(commandLine, tree));
      Executor.Stop stop = machine.run(MOST_TICKS);
      throw new AssertionError(stop + " instead of a reset, after:\n" + output.toString(UTF_8));
    } catch (GuestExit e) {
      return output.toString(UTF_8);
    }
  }

  private String onQemu(String tree, String commandLine) throws Exception {
    Process qemu =
        new ProcessBuilder(images.onQemu(images.kernel(), commandLine, tree))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(folder.resolve("qemu.txt").toFile())
            .start();
    if (!qemu.waitFor(QEMU_SECONDS, TimeUnit.SECONDS)) {
      qemu.destroyForcibly().waitFor();
    }
    return Files.readString(folder.resolve("qemu.txt"));
  }

  /**
   * The lines that must be the same; in an order of their own, since threads print side by side.
   */
  private static String comparable(String transcript) {
    return String.join(
        "\n",
        transcript
            .lines()
            .map(String::strip)
            .filter(l -> !DIFFERENT.matcher(l).find())
            .sorted()
            .toList());
  }

  @Test
  void printsWhatItPrintsOnQemu() throws Exception {
    Peers.needQemu();
    String commandLine = "console=ttyAMA0 rows=1 then=reboot";
    String here = run(LinuxImages.TREE, null, commandLine);
    assertTrue(here.contains("READY"), here);
    assertTrue(here.contains("reboot: Restarting system"), here);
    assertEquals(comparable(onQemu(LinuxImages.TREE, commandLine)), comparable(here));
  }

  @Test
  void mountsAndWritesACard() throws Exception {
    Peers.needFileSystemTools();
    Path card = folder.resolve("card.img");
    try (var file = new java.io.RandomAccessFile(card.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    assertEquals(0, tool("mke2fs", "-q", "-F", "-t", "ext2", card.toString()));
    String text =
        run(LinuxImages.TREE_WITH_CARD, card, "console=ttyAMA0 rows=0 card then=reboot quiet");
    assertTrue(text.contains("CARD-OK"), text);
    assertEquals(0, tool("e2fsck", "-fn", card.toString()), "what e2fsck finds");
  }

  /** The host, in a network namespace of its own, pings it; it gets a file from there. */
  @Test
  void talksToItsHost() throws Exception {
    Peers.needTap();
    Path file = folder.resolve("file");
    byte[] bytes = new byte[100_001];
    new Random(1).nextBytes(bytes);
    Files.write(file, bytes);
    Path output = folder.resolve("linux.txt");
    String pages =
        String.join(
            " ", Curios.commandOf(Pages.class.getName(), "10.0.2.2", "8080", file.toString()));
    int status =
        Namespace.run(
            pages
                + " & s=$!; (until ping -c 1 -W 1 10.0.2.15 >/dev/null; do sleep 0.1; done;"
                + " echo PING-OK) & p=$!; \"$@\"; r=$?; kill $s $p; exit $r",
            output,
            LINUX_SECONDS,
            Curios.command(
                "run",
                "--no-jit",
                "--no-reboot",
                "--net",
                "tap:tap9",
                images.kernel().toString(),
                "--dtb",
                images.tree(LinuxImages.TREE).toString(),
                "--initrd",
                images.ramDisk().toString(),
                "--append",
                "console=ttyAMA0 rows=0 net=10.0.2.15/24 get=http://10.0.2.2:8080/ then=reboot"));
    String text = Files.readString(output);
    assertEquals(0, status, text);
    assertTrue(text.contains("PING-OK"), text);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    assertTrue(text.contains(sum + "  -"), text);
  }

  private int tool(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("tool.txt").toFile())
        .start()
        .waitFor();
  }
}
