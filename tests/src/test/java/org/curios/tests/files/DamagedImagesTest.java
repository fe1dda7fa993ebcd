package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.curios.arm.bus.GuestExit;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images with wrong values in their metadata: the service refuses them or lives with them without a
 * fault, the client always gets an answer, and no other service notices. {@code
 * -Dcurios.damaged=2000} tries 2000 images, and {@code -Dcurios.damaged.first=N} begins with
 * another one.
 */
class DamagedImagesTest {
  private static final int IMAGES = Integer.getInteger("curios.damaged", 12);
  private static final int FIRST = Integer.getInteger("curios.damaged.first", 0);

  /** Ticks by which a client has had all its answers: ten virtual seconds. */
  private static final long MOST_TICKS = 2_000_000_000L;

  /** Uses the file system in every way; whatever the results, it must reach the end. */
  private static final List<String> SCRIPT =
      List.of(
          "list /",
          "stat /one",
          "read /one",
          "read /two",
          "read /d/deep",
          "list /d",
          "stat /d/deep",
          "write /one 100 5000 1",
          "truncate /two 100",
          "mkdir /new",
          "write /new/file 0 30000 2",
          "rename /d /new/d",
          "remove /one",
          "list /new",
          "rmdir /new",
          "read /three",
          "free",
          "sync");

  @TempDir private Path folder;

  private byte[] good(String blockBytes, String inodeBytes) throws Exception {
    HostVolume volume =
        HostVolume.make(
            folder.resolve("good" + blockBytes + ".img"), "4M", "-b", blockBytes, "-I", inodeBytes);
    volume.put("one", Model.pattern(1, 0, 3000));
    volume.put("two", Model.pattern(2, 0, 40_000));
    volume.put("three", Model.pattern(3, 0, 300_000));
    volume.script(
        "ssr-packed",
        List.of("mkdir /d", "write /d/deep 0 20000 4", "symlink /d/deep /link", "sync"));
    volume.put("script", (String.join("\n", SCRIPT) + "\n").getBytes(US_ASCII));
    return Files.readAllBytes(volume.image);
  }

  /** Boots the guest with an image as its card: its client ends, and no object fails. */
  private static void survive(Path card, Image script, int seed) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .ram(64 << 20)
            .jit(false)
            .sd(card)
            .console(new PrintStream(output, true, US_ASCII))
            .build()) {
      machine.load(script);
      Supplier<String> all = () -> "image " + seed + ": " + output.toString(US_ASCII);
      try {
        machine.run(MOST_TICKS);
        fail(() -> all.get() + " does not end");
      } catch (GuestExit exit) {
        assertEquals(0, exit.status(), all);
      }
      assertTrue(output.toString(US_ASCII).contains("script0: end "), all);
      assertFalse(output.toString(US_ASCII).contains("given up"), all);
      View v = new Guest(new Symbols(script)).at(machine);
      for (String service : List.of("names", "console", "timer", "sched", "store", "counter")) {
        assertEquals(
            0, v.object(service).struct().get("restarts"), () -> service + ", " + all.get());
      }
      assertEquals(0, v.object("files").struct().get("restarts"), all);
    }
  }

  @Test
  void areRefusedOrSurvived() throws Exception {
    Peers.needFileSystemTools();
    byte[][] good = {
      good("1024", "256"), good("1024", "128"), good("2048", "256"), good("4096", "128")
    };
    Image script = HostVolume.image("ssr-packed");
    Path card = folder.resolve("damaged.img");
    for (int seed = FIRST; seed < FIRST + IMAGES; seed++) {
      byte[] bytes = good[seed % good.length].clone();
      Damage.strike(bytes, seed);
      Files.write(card, bytes);
      survive(card, script, seed);
    }
  }
}
