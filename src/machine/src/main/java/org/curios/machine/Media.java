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
 * Card and flash, whose blocks go into snapshots as RAM does: those that were written since the
 * snapshot before. They are numbered together.
 */
final class Media {
  /** Pieces of flash have numbers after all blocks of a card. */
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

  /** Has the content stay known from now on, so that one can go back to it. */
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

  /** Puts a block back; null represents what it was at first. */
  void putBack(long number, byte[] bytes) throws IOException {
    if (number >= FLASH) {
      flash.putBack(number - FLASH, bytes);
    } else if (disk != null) {
      disk.putBack(number, bytes);
    }
  }

  /** Returns whether a block has this content; null represents what it was at first. */
  boolean holds(long number, byte[] bytes) throws IOException {
    return number >= FLASH
        ? flash.holds(number - FLASH, bytes)
        : disk == null || disk.holds(number, bytes);
  }

  /** Adds to the blocks of a snapshot those that the card's file may hold otherwise by now. */
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

  /** Returns what the card must have held at first for a snapshot's file to fit; none: no card. */
  List<String> identities() throws IOException {
    return disk == null ? List.of() : disk.identities();
  }

  /** Returns what the card held at first; null without a card. */
  String identity() {
    return disk == null ? null : disk.base().identity();
  }
}
