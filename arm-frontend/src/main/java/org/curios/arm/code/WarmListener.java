package org.curios.arm.code;

/** Notified about warm code. */
public interface WarmListener {
  /** Called with warm code that still runs a block which has compiled code by now. */
  void relinked(WarmCode code);

  /** Called with warm code whose bytes have changed. */
  void dropped(WarmCode code);

  /** Called when a granule may have other bytes, and has no code. */
  void replaced(int granule);

  /** Called when all code is forgotten. */
  void forgotten();
}
