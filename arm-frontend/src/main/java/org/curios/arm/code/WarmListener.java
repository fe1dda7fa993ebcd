package org.curios.arm.code;

/** Notified about warm code. */
public interface WarmListener {
  /** Called with warm code that still runs a block which has compiled code by now. */
  void relinked(WarmCode code);

  /** Called with warm code whose bytes have changed. */
  void dropped(WarmCode code);

  /** Called when the bytes of a granule may have changed, and it has no code. */
  void replaced(int granule);

  /** Called when all code is dropped. */
  void forgotten();
}
