package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.tests.Peers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images of many shapes, written by the host and read by the guest, and the reverse. */
class Ext2Test {
  private static final String PACKED = "ssr-packed";
  private static final int LARGE = 300_000; // through indirect blocks, with 1 KiB the second level

  @TempDir private Path folder;
  private final List<String> script = new ArrayList<>();
  private final List<Integer> wanted = new ArrayList<>();

  @BeforeEach
  void tools() {
    Peers.needFileSystemTools();
  }

  private void line(String text, int result) {
    script.add(text);
    wanted.add(result);
  }

  private List<HostVolume.Result> run(HostVolume volume) throws Exception {
    List<HostVolume.Result> results = volume.script(PACKED, script);
    for (int i = 0; i < wanted.size(); i++) {
      assertEquals(wanted.get(i), results.get(i).value(), i + " " + script.get(i));
    }
    return results;
  }

  @ParameterizedTest
  @CsvSource({
    "-b 1024 -I 128, 8M",
    "-b 2048 -I 256, 16M",
    "-b 4096 -I 256, 20M",
    "'-b 4096 -I 128 -O ^filetype,^dir_index', 16M",
    "-b 1024 -g 1024 -I 256, 9000K",
    "'-b 1024 -O ^resize_inode,^sparse_super', 3000K"
  })
  void bothWays(String options, String size) throws Exception {
    HostVolume volume = HostVolume.make(folder.resolve("card.img"), size, options.split(" "));
    byte[] fromHost = Model.pattern(9, 0, LARGE);
    volume.put("host", fromHost);
    line("read /host", LARGE);
    line("mkdir /d", 0);
    line("mkdir /d/e", 0);
    line("write /d/e/large 0 " + LARGE + " 3", LARGE);
    line("write /d/hole 500000 100 4", 100);
    line("symlink e/large /d/short", 0);
    line("symlink /" + "./".repeat(60) + "d/e/large /d/long", 0);
    line("read /d/short", LARGE);
    line("read /d/long", LARGE);
    line("readlink /d/short", 7);
    line("link /host /d/twin", 0);
    line("rename /d/e /moved", 0);
    line("list /d", 6);
    line("truncate /d/twin 1000", 0);
    line("read /host", 1000);
    line("rmdir /moved", Model.NOT_EMPTY);
    line("write /gone 0 100000 1", 100_000);
    line("remove /gone", 0);
    line("stat /gone", Model.ABSENT);
    line("sync", 0);
    List<HostVolume.Result> results = run(volume);
    assertEquals(Model.digest(fromHost), results.get(0).digest());
    volume.mustBeClean();
    assertArrayEquals(Model.pattern(3, 0, LARGE), volume.content("/moved/large"));
    byte[] hole = Arrays.copyOf(new byte[0], 500_100);
    System.arraycopy(Model.pattern(4, 500_000, 100), 0, hole, 500_000, 100);
    assertArrayEquals(hole, volume.content("/d/hole"));
    assertArrayEquals(Arrays.copyOf(fromHost, 1000), volume.content("/host"));
    assertTrue(volume.debug("stat /d/short").contains("e/large"));
  }

  @Test
  void filesOver2GiB() throws Exception {
    HostVolume volume =
        HostVolume.make(folder.resolve("card.img"), "16M", "-b", "1024", "-O", "^large_file");
    line("write /large 3000000000 5000 7", 5000);
    line("stat /large", 0);
    line("truncate /large 2500000000", 0);
    line("write /large 2999999000 100 8", 100);
    line("sync", 0);
    run(volume);
    volume.mustBeClean();
    assertTrue(volume.debug("stat /large").contains("Size: 2999999100"));
    assertTrue(volume.debug("features").contains("large_file"));
  }

  /**
   * Files without a name stay while they are open, and go with their last user or at the next
   * mount.
   */
  @Test
  void openFilesWithoutAName() throws Exception {
    HostVolume volume = HostVolume.make(folder.resolve("card.img"), "8M", "-b", "1024");
    line("free", 0);
    line("open 0 7 /file", 0);
    line("open 1 7 /other", 0);
    line("put 0 50000 1", 50_000);
    line("put 1 50000 2", 50_000);
    line("remove /file", 0);
    line("remove /other", 0);
    line("open 2 1 /file", Model.ABSENT);
    line("crash files 1", 0);
    line("seek 0 10", 0);
    line("get 0 100", 100);
    line("close 0", 0);
    line("sync", 0);
    run(volume);
    // The other one is still open as the machine is switched off.
    script.clear();
    wanted.clear();
    HostVolume.Result before = volume.script(PACKED, List.of("free")).get(0);
    assertTrue(before.digest() > 0);
    volume.script(PACKED, List.of("mkdir /again", "sync"));
    volume.mustBeClean();
  }

  @Test
  void cleanErrors() throws Exception {
    HostVolume volume = HostVolume.make(folder.resolve("card.img"), "1M", "-b", "1024", "-N", "32");
    volume.put("file", "text".getBytes(US_ASCII));
    line("stat /file/x", Model.NOT_DIRECTORY);
    line("stat /no/x", Model.ABSENT);
    line("mkdir /file", Model.EXISTS);
    line("remove /lost+found", Model.IS_DIRECTORY);
    line("rmdir /file", Model.NOT_DIRECTORY);
    line("rename /no /x", Model.ABSENT);
    line("rename /lost+found /lost+found/x", Model.BAD_ARGUMENT);
    line("link /lost+found /x", Model.NO_RIGHT);
    line("mkdir /" + "n".repeat(255), 0);
    line("stat /" + "n".repeat(180) + "/..", Model.ABSENT);
    line("symlink two /one", 0);
    line("symlink one /two", 0);
    line("read /one", -41);
    line("open 0 1 /file", 0);
    line("put 0 10 1", -45);
    line("close 0", 0);
    line("get 0 1", Model.BAD_ARGUMENT);
    line("write /full 0 1100000 5", 0);
    line("sync", 0);
    line("remove /full", 0);
    line("write /full 0 100000 5", 100_000);
    line("sync", 0);
    int full = script.indexOf("write /full 0 1100000 5");
    List<HostVolume.Result> results = volume.script(PACKED, script);
    for (int i = 0; i < wanted.size(); i++) {
      if (i != full) {
        assertEquals(wanted.get(i), results.get(i).value(), i + " " + script.get(i));
      }
    }
    int written = results.get(full).value();
    assertTrue(written > 400_000 && written < 1_000_000, "written to a full card: " + written);
    volume.mustBeClean();
    assertArrayEquals(Model.pattern(5, 0, 100_000), volume.content("/full"));
  }

  /** What is not known as incompatible is refused, the rest is read only. */
  @Test
  void unknownFeatures() throws Exception {
    HostVolume refused = HostVolume.make(folder.resolve("card.img"), "8M", "-O", "extent");
    refused.put("script", "sync\n".getBytes(US_ASCII));
    assertTrue(refused.transcript(PACKED).contains("end -46"));
    HostVolume readOnly = HostVolume.make(folder.resolve("card.img"), "8M", "-O", "huge_file");
    line("stat /script", 0);
    line("mkdir /d", -35);
    run(readOnly);
    readOnly.mustBeClean();
  }
}
