package org.curios.machine.image.dwarf;

/** The sizes of operands in location expressions (DWARF 5, section 7.7.1). */
final class OperandSizes {
  static final int PIECE = 0x93;

  private OperandSizes() {}

  /** Skips the operands of an operation. */
  static void skip(DwarfReader in, int code) {
    switch (code) {
      case 0x03, 0x0c, 0x0d, 0x99 -> in.u32();
      case 0x08, 0x09, 0x15, 0x94, 0x95 -> in.u8();
      case 0x0a, 0x0b, 0x28, 0x2f, 0x98 -> in.u16();
      case 0x0e, 0x0f -> in.u64();
      case 0x10, 0x11, 0x23, 0x90, 0x91, PIECE, 0xa1, 0xa2, 0xa8, 0xa9, 0xf7, 0xf9 -> in.uleb();
      case 0x92, 0x9d, 0xa5, 0xf5 -> {
        in.uleb();
        in.uleb();
      }
      case 0x9e, 0xa3, 0xf3 -> in.block((int) in.uleb());
      case 0xa0, 0xf2 -> { // DW_OP_implicit_pointer
        in.u32();
        in.sleb();
      }
      case 0xa4, 0xf4 -> { // DW_OP_const_type
        in.uleb();
        in.block(in.u8());
      }
      case 0xa6, 0xf6 -> { // DW_OP_deref_type
        in.u8();
        in.uleb();
      }
      default -> {
        if (code >= 0x70 && code <= 0x8f) {
          in.sleb();
        }
      }
    }
  }
}
