package org.curios.arm.language.instrument;

/** A guest function that runs, or waits for a function that it has called. */
final class Activation {
  /** A return address that no instruction has. */
  static final int NOWHERE = -1;

  /** The caller; null for the outermost. */
  final Activation parent;

  /** Where the caller continues, without the T bit. */
  final int returnAddress;

  /** R13 when the caller continues. */
  final int sp;

  /** The mode in which the caller continues. */
  final int mode;

  /** Number of activations up to this one. */
  final int depth;

  Activation(Activation parent, int returnAddress, int sp, int mode) {
    this.parent = parent;
    this.returnAddress = returnAddress;
    this.sp = sp;
    this.mode = mode;
    this.depth = parent == null ? 1 : parent.depth + 1;
  }
}
