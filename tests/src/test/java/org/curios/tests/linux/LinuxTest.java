package org.curios.tests.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor;
import org.curios.lab.measure.LinuxImages;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock Linux on the machine: its boot compared with QEMU's, a card, the shell beside it. */
class LinuxTest {
  private static final long MOST_TICKS = 20_000_000_000L;
  private static final long STEP = 20_000_000;
  private static final long QEMU_SECONDS = 300;

  /** What docs/board.md lists as different, and what the hosts decide. */
  private static final Pattern DIFFERENT =
      Pattern.compile(
          "CPU: ARM926EJ-S .*cr=|deferred probe pending|vpb_sic_write|VFP support|ssp-pl022|Found"
              + " \\d+ x\\d+ device|smc91x|eth0|setting system clock|Calibrating delay loop|Memory:"
              + " |^\\s*$");

  @TempDir Path folder;
  private final LinuxImages images = LinuxImages.find();

  @BeforeEach
  void find() {
    Assumptions.assumeTrue(images.isThere(), images::missing);
  }

  /** Runs until Linux resets the board, and returns what it has printed. */
  private String run(String tree, String commandLine) throws ImageException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine = boot(tree, null, commandLine, output)) {
      Executor.Stop stop = machine.run(MOST_TICKS);
      throw new AssertionError(stop + " instead of a reset, after:\n" + output.toString(UTF_8));
    } catch (GuestExit e) {
      return output.toString(UTF_8);
    }
  }

  private Machine boot(String tree, Path card, String commandLine, ByteArrayOutputStream output)
      throws ImageException {
    Machine machine =
        new MachineBuilder()
            .jit(false)
            .reboots(false)
            .sd(card)
            .console(new PrintStream(output, true))
            .build();
    machine.load(Image.read(images.kernel()), images.bootFiles(commandLine, tree));
    return machine;
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

  /** The lines that must be the same; in their own order, since threads print side by side. */
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
    String here = run(LinuxImages.TREE, commandLine);
    assertTrue(here.contains("READY"), here);
    assertTrue(here.contains("reboot: Restarting system"), here);
    assertEquals(comparable(onQemu(LinuxImages.TREE, commandLine)), comparable(here));
  }

  /** The board cannot switch itself off: it halts with interrupts masked. */
  @Test
  void writesACardAndPowersOff() throws Exception {
    Peers.needFileSystemTools();
    Path card = folder.resolve("card.img");
    try (var file = new java.io.RandomAccessFile(card.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    assertEquals(0, tool("mke2fs", "-q", "-F", "-t", "ext2", card.toString()));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    String commandLine = "console=ttyAMA0 rows=0 card then=poweroff";
    try (Machine machine = boot(LinuxImages.TREE_WITH_CARD, card, commandLine, output)) {
      while (!output.toString(UTF_8).contains("reboot: System halted")) {
        assertTrue(machine.cpu().now() < MOST_TICKS, () -> output.toString(UTF_8));
        machine.run(machine.cpu().now() + STEP);
      }
      assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + STEP));
      assertTrue((machine.cpu().cpsr() & Psr.I) != 0, "interrupts are masked");
    }
    String text = output.toString(UTF_8);
    assertTrue(text.contains("CARD-OK"), text);
    assertEquals(0, tool("e2fsck", "-fn", card.toString()), "what e2fsck finds");
  }

  /** What needs no symbols of CuriOS works on an image that has none. */
  @Test
  void shellLooksAtIt() throws Exception {
    String script =
        """
        until @300000000
        snapshot here
        break 0xffff0018
        cont
        mmu $pc
        disas $pc
        x /2xw $pc
        devices | grep timer01
        delete
        step 1000
        reverse-step
        back 500
        restore here
        regs
        """;
    Curios.Result r =
        Curios.runWith(
            script,
            "shell",
            "--no-jit",
            "-S",
            "--image",
            images.kernel().toString(),
            "--dtb",
            images.tree(LinuxImages.TREE).toString(),
            "--initrd",
            images.ramDisk().toString(),
            "--append",
            "console=ttyAMA0 quiet rows=0");
    assertEquals(0, r.status(), r.out() + r.err());
    assertTrue(r.out().contains("ffff0018"), r.out());
    assertTrue(r.out().matches("(?s).*101e2000.*timer01.*"), r.out());
    assertTrue(r.out().matches("(?s).*\\bc0[0-9a-f]{6}\\b.*"), r.out());
  }

  private int tool(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("tool.txt").toFile())
        .start()
        .waitFor();
  }
}
