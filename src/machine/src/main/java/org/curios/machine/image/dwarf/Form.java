package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;

/** How values of attributes are written (DWARF 5, section 7.5.6). */
final class Form {
  static final int ADDR = 0x01;
  static final int STRP = 0x0e;
  static final int REF_ADDR = 0x10;
  static final int SEC_OFFSET = 0x17;
  static final int LINE_STRP = 0x1f;
  static final int REF_SIG8 = 0x20;
  static final int IMPLICIT_CONST = 0x21;
  static final int LOCLISTX = 0x22;
  static final int RNGLISTX = 0x23;

  private Form() {}

  static boolean isAddressIndex(int form) {
    return form == 0x1b || form >= 0x29 && form <= 0x2c;
  }

  static boolean isStringIndex(int form) {
    return form == 0x1a || form >= 0x25 && form <= 0x28;
  }

  /** Whether it is a reference to an entry of the same unit. */
  static boolean isLocalReference(int form) {
    return form >= 0x11 && form <= 0x15;
  }

  /**
   * Reads a value: a Long for constants, addresses, offsets and indices, a String for a text that
   * is there, a ByteBuffer for blocks and expressions.
   *
   * @param constant the value of DW_FORM_implicit_const
   */
  static Object read(DwarfReader in, int form, long constant, int version) {
    return switch (form) {
      case ADDR, STRP, SEC_OFFSET, LINE_STRP, 0x06, 0x13, 0x1c, 0x1d, 0x28, 0x2c ->
          Integer.toUnsignedLong(in.u32());
      case REF_ADDR -> Integer.toUnsignedLong(in.u32()); // of 4 bytes since DWARF 3
      case 0x03 -> in.block(in.u16());
      case 0x04 -> in.block(in.u32());
      case 0x05, 0x12, 0x26, 0x2a -> (long) in.u16();
      case 0x07, 0x14, REF_SIG8, 0x24 -> in.u64();
      case 0x08 -> in.text();
      case 0x09, 0x18 -> in.block((int) in.uleb());
      case 0x0a -> in.block(in.u8());
      case 0x0b, 0x0c, 0x11, 0x25, 0x29 -> (long) in.u8();
      case 0x0d -> in.sleb();
      case 0x0f, 0x15, 0x1a, 0x1b, LOCLISTX, RNGLISTX -> in.uleb();
      case 0x16 -> read(in, (int) in.uleb(), constant, version);
      case 0x19 -> 1L;
      case 0x1e -> in.block(16);
      case IMPLICIT_CONST -> constant;
      case 0x27, 0x2b -> (long) (in.u16() | in.u8() << 16);
      default -> throw new IllegalArgumentException("DWARF form " + form);
    };
  }

  /** A block of a constant, little-endian. */
  static long number(ByteBuffer block) {
    long value = 0;
    for (int i = Math.min(8, block.limit()) - 1; i >= 0; i--) {
      value = value << 8 | block.get(i) & 0xff;
    }
    return value;
  }
}
