package org.curios.arm.core;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Memory.Watch;

/**
 * The watched ranges of memory. Granules with a watched range have no fast path for the watched
 * kind of access, so slow paths see every such access.
 */
public final class Watches {
  private final Cpu cpu;
  private final List<Watch> watches = new ArrayList<>();
  private Watch hit;
  private boolean hitIsNew;

  /** Tick of the instruction that may access ranges watched with {@link Watch#before}. */
  private long passedAt = -1;

  Watches(Cpu cpu) {
    this.cpu = cpu;
  }

  void add(Watch watch) {
    watches.add(watch);
  }

  void remove(Watch watch) {
    watches.remove(watch);
  }

  /** Returns whether nothing is watched. */
  public boolean isEmpty() {
    return watches.isEmpty();
  }

  /** Returns the watched range that was accessed last; null if there was none. */
  Watch lastHit() {
    return hit;
  }

  /** Returns whether a watched range was accessed since the last call. */
  public boolean takeHit() {
    boolean was = hitIsNew;
    hitIsNew = false;
    return was;
  }

  /**
   * Allows the instruction at a tick to access a range that is watched with {@link Watch#before}.
   */
  public void pass(long tick) {
    passedAt = tick;
  }

  /** Returns whether loads or stores are watched anywhere in the granule of an address. */
  boolean inGranule(int address, boolean store) {
    for (Watch w : watches) {
      if (w.touches(address & -Bus.GRANULE, Bus.GRANULE, store)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Stops the run before an instruction that would access such a range: the instruction has had no
   * effect, and {@link Cpu#outcome} is {@link Cpu#ABORTED}.
   *
   * @param address first byte that the whole instruction accesses
   * @param bytes how many it accesses
   * @return whether the run is held
   */
  public boolean holds(int pc, int remaining, int address, int bytes, boolean store) {
    for (Watch w : watches) {
      if (w.before() && w.touches(address, bytes, store)) {
        return hold(w, pc, remaining);
      }
    }
    return false;
  }

  private boolean hold(Watch watch, int pc, int blockRemaining) {
    int kept = cpu.remaining;
    cpu.remaining = blockRemaining;
    if (cpu.now() == passedAt) {
      cpu.remaining = kept;
      return false;
    }
    touched(watch);
    cpu.budget += blockRemaining;
    cpu.remaining = 0;
    cpu.pc = pc;
    cpu.outcome = Cpu.ABORTED;
    return true;
  }

  /** Records an access: the run stops after it if the watch requires that. */
  void note(int address, int bytes, boolean store) {
    for (Watch w : watches) {
      if (!w.before() && w.touches(address, bytes, store)) {
        touched(w);
        cpu.outcome = Cpu.LEAVE;
      }
    }
  }

  private void touched(Watch watch) {
    hit = watch;
    hitIsNew = true;
    cpu.attention = true;
  }
}
