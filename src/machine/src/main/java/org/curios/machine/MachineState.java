package org.curios.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.Stateful;
import org.curios.arm.core.Cpu;
import org.curios.machine.snapshot.Snapshot;

/**
 * The state of one machine: processor and devices as bytes, and the granules of RAM and blocks of
 * card and flash that were written since the snapshot before. To be used between runs, by the
 * thread of the machine.
 */
final class MachineState {
  private final Cpu cpu;
  private final Bus bus;
  private final Media media;
  private final List<Stateful> parts;
  private Snapshot latest;

  /**
   * Starts without a snapshot.
   *
   * @param parts what is saved, in this order
   */
  MachineState(Cpu cpu, Media media, List<Stateful> parts) {
    this.cpu = cpu;
    this.bus = cpu.bus;
    this.media = media;
    this.parts = List.copyOf(parts);
  }

  /** Returns the snapshot relative to which changes are counted; null if there is none yet. */
  Snapshot latest() {
    return latest;
  }

  /** Replaces the latest snapshot by one of the current moment. */
  void replaceLatest(Snapshot snapshot) {
    latest = snapshot;
  }

  /** Takes a snapshot; the latest one itself if nothing has happened since. */
  Snapshot snapshot() {
    media.keepBase();
    return take();
  }

  /** Takes a snapshot without the state of card and flash. */
  Snapshot take() {
    byte[] state = saved().toByteArray();
    BitSet dirty = bus.dirtyGranules();
    Map<Long, byte[]> blocks = media.takeChanges();
    if (latest != null
        && blocks.isEmpty()
        && dirty.isEmpty()
        && Arrays.equals(latest.state(), state)) {
      return latest;
    }
    Map<Integer, byte[]> granules = new HashMap<>();
    dirty.stream().forEach(g -> granules.put(g, bus.granule(g)));
    cpu.watchStores();
    latest = new Snapshot(latest, cpu.now(), granules, blocks, state, null);
    return latest;
  }

  /** Restores a snapshot: compiled code stays, except for code whose bytes have changed. */
  void restore(Snapshot snapshot) {
    BitSet changed = changed(snapshot);
    for (int g = changed.nextSetBit(0); g >= 0; g = changed.nextSetBit(g + 1)) {
      cpu.putGranule(g, snapshot.granule(g));
    }
    cpu.watchStores();
    media.keepBase();
    Set<Long> blocks = changedBlocks(snapshot);
    latest = snapshot;
    StateInput in = new StateInput(snapshot.state());
    try {
      for (Stateful part : parts) {
        part.restore(in);
      }
      for (long number : blocks) {
        media.putBack(number, snapshot.block(number));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the snapshot cannot be restored", e);
    }
  }

  /** Returns whether the machine is in the state of a snapshot. */
  boolean isAt(Snapshot snapshot) {
    return isAt(snapshot, granule -> false, block -> false);
  }

  /**
   * Returns whether the machine is in the state of a snapshot, except for granules and blocks of
   * the card that differ and are accepted.
   */
  boolean isAt(Snapshot snapshot, IntPredicate accepted, LongPredicate acceptedBlocks) {
    if (cpu.now() != snapshot.tick() || !saved().holds(snapshot.state())) {
      return false;
    }
    BitSet changed = changed(snapshot);
    for (int g = changed.nextSetBit(0); g >= 0; g = changed.nextSetBit(g + 1)) {
      if (!bus.holds(g, snapshot.granule(g)) && !accepted.test(g)) {
        return false;
      }
    }
    return hasBlocks(snapshot, acceptedBlocks);
  }

  /** Returns the granules in which RAM and a snapshot may differ. */
  private BitSet changed(Snapshot snapshot) {
    BitSet changed = snapshot.differences(latest);
    changed.or(bus.dirtyGranules());
    return changed;
  }

  private Set<Long> changedBlocks(Snapshot snapshot) {
    Set<Long> changed = snapshot.blockDifferences(latest);
    changed.addAll(media.dirty());
    return changed;
  }

  private boolean hasBlocks(Snapshot snapshot, LongPredicate accepted) {
    try {
      for (long number : changedBlocks(snapshot)) {
        if (!media.holds(number, snapshot.block(number)) && !accepted.test(number)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("the card cannot be read", e);
    }
  }

  private StateOutput saved() {
    StateOutput out = new StateOutput(latest == null ? 0 : latest.state().length);
    try {
      for (Stateful part : parts) {
        part.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }
}
