package org.curios.arm.code;

/** Told what becomes of warm code. */
public interface WarmListener {
  /** Takes warm code that still runs a block which has compiled code by now. */
  void relinked(WarmCode code);

  /** Takes warm code whose bytes have changed. */
  void dropped(WarmCode code);

  /** Is told that a granule may have other bytes, and has no code. */
  void replaced(int granule);

  /** Is told that all code is forgotten. */
  void forgotten();
}
