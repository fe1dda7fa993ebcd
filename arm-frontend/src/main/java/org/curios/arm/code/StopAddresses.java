package org.curios.arm.code;

import java.util.HashSet;
import java.util.Set;
import org.curios.arm.bus.Bus;

/** Virtual addresses at which a run stops before the instruction. */
final class StopAddresses {
  private final Set<Integer> addresses = new HashSet<>();

  /** A bit for each granule with such an address, by the low bits of its number. */
  private long granules;

  boolean isEmpty() {
    return addresses.isEmpty();
  }

  boolean contains(int address) {
    return addresses.contains(address);
  }

  /** Returns whether there may be one in the granule of an address. */
  boolean mayBeNear(int address) {
    return (granules >>> (address >>> Bus.GRANULE_SHIFT) & 1) != 0;
  }

  /** Adds or removes an address; returns whether that has changed anything. */
  boolean set(int address, boolean set) {
    if (!(set ? addresses.add(address) : addresses.remove(address))) {
      return false;
    }
    granules = 0;
    addresses.forEach(at -> granules |= 1L << (at >>> Bus.GRANULE_SHIFT));
    return true;
  }
}
