package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.card.WriteLog;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails after each write to the card. e2fsck finds nothing or can repair it, and what a
 * sync has acknowledged is there; after the guest has mounted the card again, e2fsck finds nothing.
 */
class PowerCutTest {
  private static final long MAX_TICKS = 20_000_000_000L;
  private static final int REMOUNTS = 5;
  private static final int ACKNOWLEDGED = 5000;

  private static final List<String> SCRIPT =
      List.of(
          "write /acknowledged 0 " + ACKNOWLEDGED + " 1",
          "sync",
          "mkdir /d",
          "write /d/one 0 20000 2",
          "write /d/two 0 3000 3",
          "sync",
          "rename /d/one /three",
          "remove /d/two",
          "symlink /three /d/link",
          "sync",
          "truncate /three 100",
          "mkdir /d/e",
          "write /d/e/four 0 9000 4",
          "rename /d/e /e",
          "sync");

  @TempDir private Path folder;

  private WriteLog workload(Path image) throws Exception {
    Disk disk = new Disk(DiskBase.of(image));
    WriteLog log = new WriteLog(disk);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .ram(64 << 20)
            .card(disk)
            .console(new PrintStream(output, true, US_ASCII))
            .build()) {
      machine.load(HostVolume.image("ssr-packed"));
      machine.run(MAX_TICKS);
    } catch (GuestExit exit) {
      assertEquals(0, exit.status(), () -> output.toString(US_ASCII));
    }
    return log;
  }

  @Test
  void afterEachWrite() throws Exception {
    Peers.needFileSystemTools();
    Path original = folder.resolve("card.img");
    HostVolume volume = HostVolume.make(original, "2M", "-b", "1024");
    volume.put("script", (String.join("\n", SCRIPT) + "\n").getBytes(US_ASCII));
    WriteLog log = workload(original);
    int count = log.writes().size();
    assertTrue(count > 100, "writes: " + count);
    Path cut = folder.resolve("cut.img");
    log.copyTo(cut, 0);
    byte[] wanted = Model.pattern(1, 0, ACKNOWLEDGED);
    boolean acknowledged = false;
    int unclean = 0;
    for (int n = 1; n <= count; n++) {
      log.apply(cut, n - 1, n);
      HostVolume now = HostVolume.of(cut);
      boolean clean = now.isClean();
      unclean += clean ? 0 : 1;
      Path copy = folder.resolve("copy.img");
      if (!clean) {
        Files.copy(cut, copy, StandardCopyOption.REPLACE_EXISTING);
        now = HostVolume.of(copy);
        now.mustBeRepairable();
      }
      acknowledged = acknowledged || clean && now.has("/acknowledged", wanted);
      if (acknowledged) {
        assertArrayEquals(wanted, now.content("/acknowledged"), "after write " + n);
      }
      if (n % Math.max(1, count / REMOUNTS) == 0) {
        Files.copy(cut, copy, StandardCopyOption.REPLACE_EXISTING);
        HostVolume again = HostVolume.of(copy);
        again.transcript("ssr-packed");
        again.mustBeClean();
      }
    }
    assertTrue(acknowledged);
    assertTrue(unclean < count / 2, unclean + " of " + count + " need a repair");
  }
}
