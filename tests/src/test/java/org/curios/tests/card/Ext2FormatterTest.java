package org.curios.tests.card;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.card.ext2.Ext2Formatter;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems that CuriOS makes, as e2fsck and debugfs see them. */
class Ext2FormatterTest {
  @TempDir private Path folder;

  private Path image(DiskBase base) throws IOException {
    Path file = folder.resolve("card.img");
    Files.deleteIfExists(file);
    new Disk(base).copyTo(file);
    return file;
  }

  private static byte[] random(int bytes, int seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** Sizes with one group and many, with a short last group, one too short to use, and odd ends. */
  @ParameterizedTest
  @CsvSource({
    "65536, 1024, 128",
    "131072, 1024, 256",
    "1048576, 1024, 128",
    "1048576, 4096, 256",
    "8388608, 1024, 128",
    "8389632, 1024, 128",
    "8450048, 1024, 128",
    "16777728, 2048, 128",
    "67109376, 1024, 256",
    "134479872, 4096, 128",
    "2684354560, 1024, 128",
    "6442450944, 4096, 256"
  })
  void emptyFileSystemsAreClean(long bytes, int blockSize, int inodeSize) throws Exception {
    Peers.needFileSystemTools();
    DiskBase base = new Ext2Formatter(bytes).blockSize(blockSize).inodeSize(inodeSize).format();
    assertEquals(bytes, base.blocks() * DiskBase.BLOCK);
    Path image = image(base);
    FileSystemTools.check(image);
    String stats = FileSystemTools.debug(image, "stats -h");
    assertTrue(stats.contains("filetype sparse_super large_file"), stats);
    assertTrue(stats.contains("CuriOS"), stats);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048, 4096})
  void filesHaveTheirContent(int blockSize) throws Exception {
    Peers.needFileSystemTools();
    Map<String, byte[]> files = new TreeMap<>();
    int[] sizes = {0, 1, blockSize - 1, blockSize, 12 * blockSize, 12 * blockSize + 1, 300 << 10};
    for (int size : sizes) {
      files.put("/sizes/" + size, random(size, size));
    }
    int single = 12 + blockSize / 4;
    files.put("/sizes/last of the single", random(single * blockSize, 1));
    files.put("/sizes/first of the double", random(single * blockSize + 1, 2));
    files.put("/a/b/c/deep", random(5000, 3));
    files.put("/" + "n".repeat(Ext2Formatter.LONGEST_NAME), random(7, 4));
    files.put("/names/\u00fc\u4e2d", random(9, 5));
    for (int i = 0; i < 400; i++) {
      files.put("/many/" + "file".repeat(i % 20) + i, random(i, i));
    }
    Ext2Formatter formatter = new Ext2Formatter(96 << 20).blockSize(blockSize).folder("/empty/er");
    files.forEach(formatter::file);
    Path image = image(formatter.format());
    FileSystemTools.check(image);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().startsWith("/many/") || file.getKey().endsWith("7")) {
        assertArrayEquals(
            file.getValue(), FileSystemTools.content(image, file.getKey()), file.getKey());
      }
    }
    assertEquals(
        400,
        FileSystemTools.debug(image, "ls -p /many")
            .lines()
            .filter(l -> l.matches("/\\d+/100\\d{3}/.*"))
            .count());
    assertTrue(FileSystemTools.debug(image, "ls /empty").contains("er"));
  }

  /** Blocks of the third level begin after 64 MiB, in several groups. */
  @Test
  void largeFilesReachTheThirdLevel() throws Exception {
    Peers.needFileSystemTools();
    byte[] content = random(70 << 20, 1);
    Path image = image(new Ext2Formatter(100 << 20).file("/large", content).format());
    FileSystemTools.check(image);
    assertArrayEquals(content, FileSystemTools.content(image, "/large"));
  }

  @Test
  void theSameCallsGiveTheSameBytes() {
    String first = new Ext2Formatter(1 << 20).file("/a/b", "text").format().identity();
    assertEquals(first, new Ext2Formatter(1 << 20).file("/a/b", "text").format().identity());
  }

  @Test
  void saysWhatDoesNotGo() {
    complains(
        "do not fit", () -> new Ext2Formatter(1 << 20).file("/a", random(2 << 20, 1)).format());
    complains("exists already", () -> new Ext2Formatter(1 << 20).file("/a", "").file("a", ""));
    complains("is a file", () -> new Ext2Formatter(1 << 20).file("/a", "").file("/a/b", ""));
    complains("is not a file name", () -> new Ext2Formatter(1 << 20).file("/a/..", ""));
    complains(
        "is not a file name", () -> new Ext2Formatter(1 << 20).file("/" + "x".repeat(256), ""));
    complains("at least 64K", () -> new Ext2Formatter(4096));
    complains("1024, 2048 or 4096", () -> new Ext2Formatter(1 << 20).blockSize(512));
    complains("128 or 256", () -> new Ext2Formatter(1 << 20).inodeSize(64));
    complains("16 bytes", () -> new Ext2Formatter(1 << 20).label("\u00fc".repeat(9)));
    Ext2Formatter many = new Ext2Formatter(64 << 10);
    for (int i = 0; i < 9000; i++) {
      many.file("/" + i, new byte[0]);
    }
    complains("larger one", many::format);
  }

  private static void complains(String words, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertTrue(
        e.getMessage().getBytes(StandardCharsets.UTF_8).length < 400 && !e.getMessage().isEmpty());
  }
}
