package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.snapshot.Snapshot;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The file service, or the driver of the card, crashes at each write of a block to the card: the
 * client sees nothing of it, and e2fsck finds nothing. And each copy of a file's content in memory
 * has one wrong bit: it is read as it was written.
 */
class CrashAtWritesTest {
  private static final long MAX_TICKS = 2_000_000_000L;
  private static final int REGIONS = 0x400;
  private static final int LENGTH = 6000;

  private static final List<String> SCRIPT =
      List.of(
          "write /a 0 6000 1",
          "open 0 3 /a",
          "fsync 0",
          "seek 0 1000",
          "put 0 700 5",
          "fsync 0",
          "mkdir /d",
          "write /d/b 0 3000 2",
          "rename /a /d/a",
          "sync",
          "remove /d/b",
          "cut 0 1200",
          "sync",
          "read /d/a",
          "list /d");

  @TempDir private Path folder;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private Machine machine(Disk disk) throws Exception {
    Machine machine =
        new MachineBuilder()
            .ram(64 << 20)
            .card(disk)
            .console(new PrintStream(output, true, US_ASCII))
            .build();
    machine.load(HostVolume.image("ssr-packed"));
    return machine;
  }

  private String finish(Machine machine) {
    try {
      machine.run(MAX_TICKS);
    } catch (GuestExit exit) {
      assertEquals(0, exit.status());
    }
    return output.toString(US_ASCII);
  }

  /** Sends an object to an address without code as soon as it runs. */
  private static void crash(Machine machine, int object) {
    Cpu cpu = machine.cpu();
    long limit = cpu.now() + 1_000_000;
    while (cpu.mode() != Psr.USER || cpu.pc >>> 20 != REGIONS + object) {
      assertTrue(cpu.now() < limit, "object " + object + " does not run");
      machine.run(cpu.now() + 1);
    }
    cpu.pc = 0;
  }

  @ParameterizedTest
  @CsvSource({"files, 11", "card, 12"})
  void atEachWrite(String name, int object) throws Exception {
    Peers.needFileSystemTools();
    Path image = folder.resolve("card.img");
    HostVolume volume = HostVolume.make(image, "2M", "-b", "1024");
    volume.put("script", (String.join("\n", SCRIPT) + "\n").getBytes(US_ASCII));
    String wanted;
    long writes;
    try (Disk disk = new Disk(DiskBase.of(image));
        Machine machine = machine(disk)) {
      wanted = finish(machine);
      writes = disk.writes();
    }
    assertTrue(wanted.contains("end 0") && writes > 50, wanted);
    try (Disk disk = new Disk(DiskBase.of(image));
        Machine machine = machine(disk)) {
      output.reset();
      for (long n = 1; n < writes - 1; n++) {
        machine.runToCardWrite(n, MAX_TICKS);
        Snapshot snapshot = machine.snapshot();
        String before = output.toString(US_ASCII);
        output.reset();
        crash(machine, object);
        assertEquals(wanted, before + finish(machine), name + " at write " + n);
        Path left = folder.resolve("left.img");
        Files.deleteIfExists(left);
        disk.copyTo(left);
        HostVolume.of(left).mustBeClean();
        machine.restore(snapshot);
        output.reset();
        output.write(before.getBytes(US_ASCII));
      }
    }
  }

  @Test
  void wrongBitsInTheCache() throws Exception {
    Peers.needFileSystemTools();
    Path image = folder.resolve("bits.img");
    HostVolume volume = HostVolume.make(image, "2M", "-b", "1024");
    List<String> script = List.of("write /a 0 " + LENGTH + " 1", "free", "read /a", "sync");
    volume.put("script", (String.join("\n", script) + "\n").getBytes(US_ASCII));
    byte[] content = Model.pattern(1, 0, LENGTH);
    String wanted = null;
    int copies = 0;
    try (Disk disk = new Disk(DiskBase.of(image));
        Machine machine = machine(disk)) {
      while (!output.toString(US_ASCII).contains("script0: 1 ")) {
        machine.run(machine.cpu().now() + 1000);
      }
      Snapshot snapshot = machine.snapshot();
      String before = output.toString(US_ASCII);
      for (int at = -1; at < 64 << 20; at = next(machine, content, at + 1)) {
        output.reset();
        if (at >= 0) {
          int address = at + 200;
          machine.bus().write(address, 4, machine.bus().read(address, 4) ^ 1 << 9);
          copies++;
        }
        String text = before + finish(machine);
        wanted = wanted == null ? text : wanted;
        assertEquals(wanted, text, "at " + Integer.toHexString(at));
        Path left = folder.resolve("bits-left.img");
        Files.deleteIfExists(left);
        disk.copyTo(left);
        assertTrue(HostVolume.of(left).has("/a", content));
        machine.restore(snapshot);
      }
    }
    assertNotNull(wanted);
    assertTrue(copies >= 2, "only " + copies + " copies in memory");
  }

  /** Where memory has the beginning of some bytes, from an address on; its size if nowhere. */
  private static int next(Machine machine, byte[] content, int from) {
    int size = 64 << 20;
    int first =
        content[0] & 0xff | (content[1] & 0xff) << 8 | (content[2] & 0xff) << 16 | content[3] << 24;
    for (int at = from + 3 & ~3; at < size - LENGTH; at += 4) {
      if (machine.bus().read(at, 4) != first) {
        continue;
      }
      int same = 4;
      while (same < 1024 && (machine.bus().read(at + same, 1) & 0xff) == (content[same] & 0xff)) {
        same++;
      }
      if (same == 1024) {
        return at;
      }
    }
    return size;
  }
}
