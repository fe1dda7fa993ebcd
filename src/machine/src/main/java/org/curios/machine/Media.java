package org.curios.machine;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.machine.card.Disk;
import org.curios.machine.device.CfiFlash;

/**
 * Card and flash. Snapshots hold their blocks like RAM: those written since the previous snapshot.
 * They are numbered together.
 */
final class Media {
  /** Pieces of flash are numbered after all blocks of a card. */
  private static final long FLASH = 1L << 40;

  private final Disk disk;
  private final CfiFlash flash;

  /**
   * Joins them.
   *
   * @param disk content of the card, or null
   */
  Media(Disk disk, CfiFlash flash) {
    this.disk = disk;
    this.flash = flash;
  }

  /** Keeps the current content from now on, so that it can be restored. */
  void keepBase() {
    if (disk != null) {
      disk.keepBase();
    }
  }

  /** Returns the numbers of the blocks written since {@link #takeChanges}. */
  Set<Long> dirty() {
    Set<Long> all = new HashSet<>();
    if (disk != null) {
      all.addAll(disk.dirty());
    }
    flash.dirty().forEach(n -> all.add(FLASH + n));
    return all;
  }

  /** Returns the blocks written since the last call, with their content. */
  Map<Long, byte[]> takeChanges() {
    Map<Long, byte[]> all = new HashMap<>();
    if (disk != null) {
      all.putAll(disk.takeChanges());
    }
    flash.takeChanges().forEach((n, bytes) -> all.put(FLASH + n, bytes));
    return all;
  }

  /** Restores a block; null represents its initial content. */
  void putBack(long number, byte[] bytes) throws IOException {
    if (number >= FLASH) {
      flash.putBack(number - FLASH, bytes);
    } else if (disk != null) {
      disk.putBack(number, bytes);
    }
  }

  /** Returns whether a block has this content; null represents its initial content. */
  boolean holds(long number, byte[] bytes) throws IOException {
    return number >= FLASH
        ? flash.holds(number - FLASH, bytes)
        : disk == null || disk.holds(number, bytes);
  }

  /** Adds to the blocks of a snapshot those that may have changed in the card's file. */
  Map<Long, byte[]> complete(Map<Long, byte[]> blocks) throws IOException {
    if (disk == null) {
      return blocks;
    }
    Map<Long, byte[]> all = new HashMap<>(blocks);
    for (long number : disk.written()) {
      if (!all.containsKey(number)) {
        all.put(number, disk.base().block(number));
      }
    }
    return all;
  }

  /**
   * Returns the identities of initial contents of the card with which a snapshot's file can be
   * restored; none: no card.
   */
  List<String> identities() throws IOException {
    return disk == null ? List.of() : disk.identities();
  }

  /** Returns the initial content of the card; null without a card. */
  String identity() {
    return disk == null ? null : disk.base().identity();
  }
}
