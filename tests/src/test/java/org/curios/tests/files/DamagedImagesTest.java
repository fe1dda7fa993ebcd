package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images with wrong bytes in their metadata: the service refuses them or lives with them, and the
 * client always gets an answer. {@code -Dcurios.damaged=400} tries more of them.
 */
class DamagedImagesTest {
  private static final int IMAGES = Integer.getInteger("curios.damaged", 10);
  private static final int BLOCK = 1024;
  private static final int SUPER = 1024;
  private static final int GROUP = 2048;
  private static final int INODE = 256;
  private static final int USED_INODES = 32 * INODE;
  private static final int DIRECTORY = 4;
  private static final int DIRECT = 12;
  private static final int POINTERS = 15;
  private static final int POINTERS_AT = 40;

  /** Uses what is there in every way; whatever comes of it, it must come to the end. */
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

  private HostVolume good() throws Exception {
    HostVolume volume =
        HostVolume.make(folder.resolve("good.img"), "4M", "-b", "1024", "-I", "256");
    volume.put("one", Model.pattern(1, 0, 3000));
    volume.put("two", Model.pattern(2, 0, 40_000));
    volume.put("three", Model.pattern(3, 0, 300_000));
    volume.script(
        "ssr-packed",
        List.of("mkdir /d", "write /d/deep 0 20000 4", "symlink /d/deep /link", "sync"));
    volume.put("use", (String.join("\n", SCRIPT) + "\n").getBytes(US_ASCII));
    return volume;
  }

  /** Changes some bytes of superblock, descriptors, bitmaps, inodes and directories. */
  private static void damage(Path image, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(image);
    ByteBuffer group = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int bitmap = group.getInt(GROUP) * BLOCK;
    int inodes = group.getInt(GROUP + 4) * BLOCK;
    int table = group.getInt(GROUP + 8) * BLOCK;
    int root =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(table + 256 + 40) * BLOCK;
    List<int[]> areas =
        new ArrayList<>(
            List.of(
                new int[] {SUPER, 264},
                new int[] {GROUP, 32},
                new int[] {bitmap, BLOCK},
                new int[] {inodes, 32},
                new int[] {table, USED_INODES},
                new int[] {table, USED_INODES},
                new int[] {root, BLOCK}));
    addBlocks(group, table, areas);
    int[] many = {1, 1, 2, 4, 16};
    for (int i = many[random.nextInt(many.length)]; i > 0; i--) {
      int[] area = areas.get(random.nextInt(areas.size()));
      int at = area[0] + random.nextInt(area[1]);
      bytes[at] =
          (byte)
              switch (random.nextInt(3)) {
                case 0 -> 0xff;
                case 1 -> bytes[at] ^ 1 << random.nextInt(8);
                default -> random.nextInt(256);
              };
    }
    Files.write(image, bytes);
  }

  /** Adds the blocks of directories, and those of pointers, of the first inodes. */
  private static void addBlocks(ByteBuffer image, int table, List<int[]> areas) {
    for (int inode = table; inode < table + USED_INODES; inode += INODE) {
      int type = image.getShort(inode) >> 12 & 15;
      int first = type == DIRECTORY ? 0 : DIRECT;
      for (int i = first; type != 0 && i < POINTERS; i++) {
        int block = image.getInt(inode + POINTERS_AT + 4 * i);
        if (block != 0) {
          areas.add(new int[] {block * BLOCK, BLOCK});
        }
      }
    }
  }

  @Test
  void areRefusedOrSurvived() throws Exception {
    Peers.needFileSystemTools();
    HostVolume good = good();
    good.debug("ls /");
    Path image = folder.resolve("damaged.img");
    for (int seed = 0; seed < IMAGES; seed++) {
      Files.copy(good.image, image, StandardCopyOption.REPLACE_EXISTING);
      HostVolume damaged = HostVolume.of(image);
      damaged.rename("use", "script");
      damage(image, new Random(seed));
      String text = damaged.transcript("ssr-packed");
      assertTrue(text.contains("script0: end "), "seed " + seed + ": " + text);
      assertFalse(text.contains("given up"), "seed " + seed + ": " + text);
    }
  }
}
