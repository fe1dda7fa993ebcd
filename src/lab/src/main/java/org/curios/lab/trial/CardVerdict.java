package org.curios.lab.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.curios.machine.card.Disk;

/** What became of the card: whether it is as after the undisturbed run, and sound if it is not. */
final class CardVerdict {
  /** As after the undisturbed run. */
  static final String SAME = "";

  /** Another content, about which e2fsck has nothing to say. */
  static final String CLEAN = "clean";

  /** Another content, in which e2fsck finds something wrong. */
  static final String DAMAGED = "damaged";

  /** Another content, and there is no e2fsck. */
  static final String UNCHECKED = "unchecked";

  private CardVerdict() {}

  /**
   * Compares a card with that of the undisturbed run.
   *
   * @param disk the card; null for none
   * @param expected the blocks that the undisturbed run has left there, except for those that are
   *     as at first
   */
  static String of(Disk disk, Map<Long, byte[]> expected) {
    if (disk == null) {
      return SAME;
    }
    Set<Long> numbers = new HashSet<>(expected.keySet());
    Map<Long, byte[]> changes = disk.changes();
    numbers.addAll(changes.keySet());
    try {
      for (long number : numbers) {
        byte[] then = expected.get(number);
        if (!Arrays.equals(disk.block(number), then == null ? disk.base().block(number) : then)) {
          return check(disk);
        }
      }
      return SAME;
    } catch (IOException e) {
      throw new UncheckedIOException("the card cannot be compared", e);
    }
  }

  /** Has e2fsck check the file system on a card. */
  static String check(Disk disk) throws IOException {
    Path folder = Files.createTempDirectory("card");
    Path image = folder.resolve("card.img");
    try {
      disk.copyTo(image);
      Process e2fsck;
      try {
        e2fsck =
            new ProcessBuilder("e2fsck", "-fn", image.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
      } catch (IOException e) { // it is not installed
        return UNCHECKED;
      }
      return e2fsck.waitFor() == 0 ? CLEAN : DAMAGED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNCHECKED;
    } finally {
      Files.deleteIfExists(image);
      Files.delete(folder);
    }
  }
}
