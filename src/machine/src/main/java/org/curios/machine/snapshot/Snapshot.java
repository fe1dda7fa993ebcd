package org.curios.machine.snapshot;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.curios.machine.card.DiskBase;

/**
 * The whole machine at a tick. Holds the granules of RAM and the blocks of card and flash written
 * since the previous snapshot, and refers to that one for the others.
 */
public final class Snapshot {
  private static final byte[] ZERO = new byte[org.curios.arm.bus.Bus.GRANULE];

  /** Granules in a part of the index. */
  private static final int PART = 256;

  private static final byte[][] NO_PART = new byte[PART][];

  private Snapshot before;

  /**
   * All granules by their numbers, in parts that snapshots share; null until it is requested. A
   * granule that is null is zero.
   */
  private byte[][][] index;

  /** All blocks; null until the index is requested. */
  private BlockIndex blockIndex;

  final long tick;
  final int depth;
  final Map<Integer, byte[]> granules;
  final Map<Long, byte[]> blocks;
  final byte[] state;

  /** The machines on the same switch, or null if there is none. */
  final Company company;

  /**
   * Creates one.
   *
   * @param before the previous one, on which it is based, or null
   * @param tick the tick at which it is taken
   * @param granules the content of the granules written since the one before, by their numbers
   * @param blocks the written blocks of the card and pieces of the flash, by their numbers
   * @param state what the processor and the devices have saved
   * @param company the machines on the same switch, or null
   */
  public Snapshot(
      Snapshot before,
      long tick,
      Map<Integer, byte[]> granules,
      Map<Long, byte[]> blocks,
      byte[] state,
      Company company) {
    this.before = before;
    this.tick = tick;
    this.depth = before == null ? 0 : before.depth + 1;
    this.granules = granules;
    this.blocks = blocks;
    this.state = state;
    this.company = company;
  }

  /** Returns this snapshot together with those of the machines on the same switch. */
  public Snapshot with(Company others) {
    return new Snapshot(this, tick, new HashMap<>(), new HashMap<>(), state, others);
  }

  /** Returns the tick at which it was taken. */
  public long tick() {
    return tick;
  }

  /** Returns the granules that it contains itself, by their numbers. */
  public Map<Integer, byte[]> granules() {
    return granules;
  }

  /** Returns the written blocks of the card and pieces of the flash, by their numbers. */
  public Map<Long, byte[]> blocks() {
    return blocks;
  }

  /** Returns what the processor and the devices have saved. */
  public byte[] state() {
    return state;
  }

  /** Returns the machines on the same switch, or null if there is none. */
  public Company company() {
    return company;
  }

  /**
   * Returns the size of the parts of RAM, card and flash that it contains itself, and of its state.
   */
  public long bytes() {
    long others = company == null ? 0 : company.bytes();
    return others
        + (long) granules.size() * org.curios.arm.bus.Bus.GRANULE
        + (long) blocks.size() * DiskBase.BLOCK
        + state.length;
  }

  /**
   * Absorbs the contents of previous snapshots that are no longer wanted, so that they can be
   * dropped.
   */
  public void absorb(Predicate<Snapshot> wanted) {
    while (before != null && !wanted.test(before)) {
      before.granules.forEach(granules::putIfAbsent);
      before.blocks.forEach(blocks::putIfAbsent);
      before = before.before;
    }
    if (company != null) {
      company.absorb(before == null ? null : before.company);
    }
  }

  /**
   * Builds an index of all granules and blocks, by which one of them, and the differences from
   * another indexed snapshot, are found without a walk over the snapshots in between: for snapshots
   * that are restored often.
   */
  @SuppressWarnings("ReferenceEquality") // a part is shared until it is changed
  public void makeIndex() {
    if (before != null && before.index == null) {
      before.makeIndex();
    }
    int parts = before == null ? 0 : before.index.length;
    for (int number : granules.keySet()) {
      parts = Math.max(parts, number / PART + 1);
    }
    byte[][][] all = new byte[parts][][];
    for (int i = 0; i < parts; i++) {
      all[i] = before == null ? NO_PART : before.part(i);
    }
    granules.forEach((number, bytes) -> {
      int i = number / PART;
      if (all[i] == (before == null ? NO_PART : before.part(i))) {
        all[i] = all[i].clone();
      }
      byte[] known = all[i][number % PART];
      all[i][number % PART] = Arrays.equals(known, bytes) ? known : bytes;
    });
    index = all;
    blockIndex = (before == null ? BlockIndex.EMPTY : before.blockIndex).with(blocks);
  }

  private byte[][] part(int number) {
    return number < index.length ? index[number] : NO_PART;
  }

  /** Returns the content of a granule of RAM at the time of the snapshot. */
  public byte[] granule(int number) {
    if (index != null) {
      byte[] bytes = part(number / PART)[number % PART];
      return bytes == null ? ZERO : bytes;
    }
    for (Snapshot s = this; s != null; s = s.before) {
      byte[] bytes = s.granules.get(number);
      if (bytes != null) {
        return bytes;
      }
    }
    return ZERO;
  }

  /** Returns a block at the time of the snapshot; null if it had its initial content. */
  public byte[] block(long number) {
    if (blockIndex != null) {
      return blockIndex.get(number);
    }
    for (Snapshot s = this; s != null; s = s.before) {
      byte[] bytes = s.blocks.get(number);
      if (bytes != null) {
        return bytes;
      }
    }
    return null;
  }

  /** Returns the granules in which this snapshot and another one may differ. */
  public BitSet differences(Snapshot other) {
    BitSet all = new BitSet();
    if (index != null && other != null && other.index != null) {
      compareIndex(other, all);
      return all;
    }
    upToTheCommon(other, s -> s.granules.keySet().forEach(all::set));
    return all;
  }

  @SuppressWarnings("ReferenceEquality") // equal parts and granules are shared
  private void compareIndex(Snapshot other, BitSet all) {
    for (int i = 0; i < Math.max(index.length, other.index.length); i++) {
      byte[][] own = part(i);
      byte[][] theirs = other.part(i);
      for (int j = 0; own != theirs && j < PART; j++) {
        if (own[j] != theirs[j]) {
          all.set(i * PART + j);
        }
      }
    }
  }

  /** Returns the blocks in which this snapshot and another one may differ. */
  public Set<Long> blockDifferences(Snapshot other) {
    Set<Long> all = new HashSet<>();
    if (blockIndex != null && other != null && other.blockIndex != null) {
      blockIndex.differences(other.blockIndex, all);
      return all;
    }
    upToTheCommon(other, s -> all.addAll(s.blocks.keySet()));
    return all;
  }

  /** Visits the snapshots on which only one of the two is based. */
  private void upToTheCommon(Snapshot other, Consumer<Snapshot> visitor) {
    Snapshot a = this;
    Snapshot b = other;
    while (a != b) {
      if (b == null || a != null && a.depth >= b.depth) {
        visitor.accept(a);
        a = a.before;
      } else {
        visitor.accept(b);
        b = b.before;
      }
    }
  }

  /** Completes the blocks of a snapshot. */
  public interface Completion {
    /** Returns the blocks and others next to them. */
    Map<Long, byte[]> complete(Map<Long, byte[]> blocks) throws IOException;
  }

  /** Returns a self-contained copy, with all of its memory and blocks. */
  public Snapshot whole(Completion completion) throws IOException {
    if (company != null && !company.others().isEmpty()) {
      throw new IOException("a file holds one machine, and this one shares a switch with others");
    }
    Map<Integer, byte[]> all = new HashMap<>();
    Map<Long, byte[]> allBlocks = new HashMap<>();
    for (Snapshot s = this; s != null; s = s.before) {
      s.granules.forEach(all::putIfAbsent);
      s.blocks.forEach(allBlocks::putIfAbsent);
    }
    all.values().removeIf(bytes -> Arrays.equals(bytes, ZERO));
    return new Snapshot(null, tick, all, completion.complete(allBlocks), state, null);
  }
}
