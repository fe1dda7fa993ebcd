package org.curios.machine.card;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk is its base and what was written since; bases are shared, files are written on demand. */
class DiskTest {
  private static final int BLOCKS = 16;

  @TempDir private Path folder;
  private final byte[] content = new byte[BLOCKS * Disk.BLOCK];
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    new Random(1).nextBytes(content);
    file = folder.resolve("card.img");
    Files.write(file, content);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[Disk.BLOCK];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private byte[] original(int block) {
    return Arrays.copyOfRange(content, block * Disk.BLOCK, (block + 1) * Disk.BLOCK);
  }

  @Test
  void machinesShareABaseThatNoneChanges() throws IOException {
    try (DiskBase base = DiskBase.of(file)) {
      Disk one = new Disk(base);
      Disk two = new Disk(base);
      one.write(3, filled(1));
      two.write(3, filled(2));
      assertArrayEquals(filled(1), one.read(3));
      assertArrayEquals(filled(2), two.read(3));
      assertArrayEquals(original(4), one.read(4));
      assertArrayEquals(original(3), base.block(3));
      assertEquals(1, one.changed());
      assertEquals(2, one.reads());
      assertEquals(1, one.writes());
    }
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  void writesThroughOnlyWhereTheUserSaysSo() throws IOException {
    for (String option : new String[] {",snapshot", ",readonly"}) {
      try (CardSource source = CardSource.open(file + option);
          Disk disk = source.disk()) {
        assertEquals(option.equals(",readonly"), disk.isWriteProtected());
        disk.write(0, filled(7));
      }
      assertArrayEquals(content, Files.readAllBytes(file), option);
    }
    try (CardSource source = CardSource.open(file.toString());
        Disk disk = source.disk()) {
      disk.write(0, filled(7));
      assertArrayEquals(filled(7), Arrays.copyOf(Files.readAllBytes(file), Disk.BLOCK));
    }
    try (CardSource source = CardSource.openShared(file.toString())) {
      source.disk().write(1, filled(9));
      source.disk().write(1, filled(8));
    }
    assertArrayEquals(
        original(1), Arrays.copyOfRange(Files.readAllBytes(file), Disk.BLOCK, 2 * Disk.BLOCK));
  }

  @Test
  void othersSeeAFileAsItWasBeforeItsMachineWrote() throws IOException {
    try (Disk writer = Disk.writeThrough(file)) {
      writer.keepBase();
      Disk other = new Disk(writer.base());
      writer.write(5, filled(1));
      writer.write(5, filled(2));
      assertArrayEquals(original(5), other.read(5));
      assertArrayEquals(filled(2), writer.read(5));
      writer.putBack(5, null);
      assertArrayEquals(content, Files.readAllBytes(file));
    }
  }

  @Test
  void keepsNothingOfAFileWhileNobodyMayGoBack() throws IOException {
    try (Disk disk = Disk.writeThrough(file)) {
      disk.write(2, filled(1));
      assertEquals(0, disk.changed());
      assertEquals(Set.of(), disk.dirty());
      assertArrayEquals(filled(1), disk.read(2));
      disk.keepBase();
      disk.write(2, filled(3));
      disk.putBack(2, null);
      assertArrayEquals(filled(1), disk.read(2), "as it was when one could first go back");
    }
  }

  /** Snapshots hold what changed since the one before, and going back gives each of them. */
  @Property(tries = 200)
  void goesBackToAnySnapshot(
      @ForAll @Size(max = 30) int[] writes, @ForAll @IntRange(min = 1, max = 5) int every)
      throws IOException {
    Disk disk = new Disk(DiskBase.zeros(BLOCKS * Disk.BLOCK));
    java.util.List<Map<Long, byte[]>> deltas = new java.util.ArrayList<>();
    java.util.List<byte[]> contents = new java.util.ArrayList<>();
    for (int i = 0; i < writes.length; i++) {
      disk.write(Math.floorMod(writes[i], BLOCKS), filled(writes[i] >>> 8));
      if (i % every == 0) {
        deltas.add(disk.takeChanges());
        contents.add(whole(disk));
        assertTrue(deltas.getLast().size() <= every);
      }
    }
    for (int s = deltas.size() - 1; s >= 0; s--) {
      for (long block = 0; block < BLOCKS; block++) {
        byte[] bytes = null;
        for (int i = s; i >= 0 && bytes == null; i--) {
          bytes = deltas.get(i).get(block);
        }
        disk.putBack(block, bytes);
        assertTrue(disk.holds(block, bytes));
      }
      assertArrayEquals(contents.get(s), whole(disk));
      assertEquals(Set.of(), disk.dirty());
    }
  }

  private static byte[] whole(Disk disk) throws IOException {
    byte[] all = new byte[BLOCKS * Disk.BLOCK];
    for (int i = 0; i < BLOCKS; i++) {
      System.arraycopy(disk.block(i), 0, all, i * Disk.BLOCK, Disk.BLOCK);
    }
    return all;
  }

  @Test
  void copiesEveryPrefixOfItsWrites() throws IOException {
    try (DiskBase base = DiskBase.of(file)) {
      Disk disk = new Disk(base);
      disk.write(1, filled(1));
      try (WriteLog log = new WriteLog(disk)) {
        disk.write(2, filled(2));
        disk.write(1, filled(3));
        disk.write(2, filled(4));
        assertEquals(3, log.writes().size());
        Path step = folder.resolve("step.img");
        log.copyTo(step, 0);
        int[][] expected = {{1, -1}, {1, 2}, {3, 2}, {3, 4}};
        for (int count = 0; count <= 3; count++) {
          Path image = folder.resolve("prefix" + count);
          log.copyTo(image, count);
          if (count > 0) {
            log.apply(step, count - 1, count);
          }
          byte[] bytes = Files.readAllBytes(image);
          assertArrayEquals(bytes, Files.readAllBytes(step));
          assertArrayEquals(filled(expected[count][0]), Arrays.copyOfRange(bytes, 512, 1024));
          assertArrayEquals(
              expected[count][1] < 0 ? original(2) : filled(expected[count][1]),
              Arrays.copyOfRange(bytes, 1024, 1536));
          assertEquals(content.length, bytes.length);
        }
      }
      disk.write(3, filled(5));
      Path now = folder.resolve("now.img");
      disk.copyTo(now);
      assertArrayEquals(whole(disk), Files.readAllBytes(now));
      assertThrows(IOException.class, () -> disk.copyTo(now), "nothing is overwritten");
    }
  }

  /** A card of 40 GiB takes no room for what is not on it. */
  @Test
  void largeDisksAreSparse() throws IOException {
    Path large = folder.resolve("large.img");
    Disk empty = new Disk(DiskBase.zeros(40L << 30));
    long last = empty.blocks() - 1;
    empty.write(last, filled(1));
    empty.copyTo(large);
    assertEquals(40L << 30, Files.size(large));
    try (Disk disk = Disk.writeThrough(large)) {
      assertArrayEquals(filled(1), disk.read(last));
      assertArrayEquals(filled(0), disk.read(last / 2));
      disk.write(last / 2, filled(2));
      assertArrayEquals(filled(2), disk.read(last / 2));
    }
  }

  @Test
  void aFileHasOneWriter() throws IOException {
    try (Disk first = Disk.writeThrough(file)) {
      IOException e = assertThrows(IOException.class, () -> Disk.writeThrough(file));
      assertTrue(e.getMessage().contains(file + ",snapshot"), e.getMessage());
      assertFalse(first.isWriteProtected());
    }
    Disk.writeThrough(file).close();
  }

  @Test
  void saysWhatIsWrongWithAnOption() {
    for (String option : new String[] {",snapshot", ",readonly"}) {
      IOException e = assertThrows(IOException.class, () -> CardSource.open(option));
      assertTrue(e.getMessage().contains("the file name is missing"), e.getMessage());
      e = assertThrows(IOException.class, () -> CardSource.open(folder + "/none" + option));
      assertTrue(e.getMessage().contains("none: no such SD image"), e.getMessage());
    }
  }

  @Test
  void identitiesTellContentsApart() throws IOException {
    DiskBase a = DiskBase.of(8, Map.of(1L, filled(1)));
    assertEquals(a.identity(), DiskBase.of(8, Map.of(1L, filled(1))).identity());
    for (DiskBase other :
        new DiskBase[] {
          DiskBase.of(8, Map.of(1L, filled(2))),
          DiskBase.of(8, Map.of(2L, filled(1))),
          DiskBase.of(9, Map.of(1L, filled(1)))
        }) {
      assertFalse(a.identity().equals(other.identity()), other.identity());
    }
    try (Disk disk = Disk.writeThrough(file)) {
      assertTrue(disk.identities().contains(disk.base().identity()));
    }
  }
}
