package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An entry of the debug information with its attributes (DWARF 5, section 2.1). */
final class Entry {
  static final int NAME = 0x03;
  static final int LOCATION = 0x02;
  static final int BYTE_SIZE = 0x0b;
  static final int LOW_PC = 0x11;
  static final int HIGH_PC = 0x12;
  static final int CONST_VALUE = 0x1c;
  static final int UPPER_BOUND = 0x2f;
  static final int ABSTRACT_ORIGIN = 0x31;
  static final int COUNT = 0x37;
  static final int MEMBER_LOCATION = 0x38;
  static final int DECLARATION = 0x3c;
  static final int ENCODING = 0x3e;
  static final int EXTERNAL = 0x3f;
  static final int FRAME_BASE = 0x40;
  static final int SPECIFICATION = 0x47;
  static final int TYPE = 0x49;
  static final int RANGES = 0x55;
  static final int CALL_FILE = 0x58;
  static final int CALL_LINE = 0x59;
  static final int SIGNATURE = 0x69;
  static final int BIT_SIZE = 0x0d;
  static final int BIT_OFFSET = 0x0c;
  static final int DATA_BIT_OFFSET = 0x6b;
  static final int ENUM_CLASS = 0x6d;
  static final int CALL_VALUE = 0x7e;
  static final int CALL_ORIGIN = 0x7f;
  static final int CALL_RETURN_PC = 0x7d;
  static final int CALL_TARGET = 0x83;
  static final int STR_OFFSETS_BASE = 0x72;
  static final int ADDR_BASE = 0x73;
  static final int RNGLISTS_BASE = 0x74;
  static final int LOCLISTS_BASE = 0x8c;

  /** The same of GNU's extensions to DWARF 4. */
  static final int GNU_CALL_VALUE = 0x2111;

  final Unit unit;
  final int offset;
  final int tag;
  final Entry parent;
  final List<Entry> children = new ArrayList<>(0);
  private final int[] names;
  private final int[] forms;
  private final Object[] values;

  Entry(Unit unit, int offset, Entry parent, int tag, int[] names, int[] forms, Object[] values) {
    this.unit = unit;
    this.offset = offset;
    this.parent = parent;
    this.tag = tag;
    this.names = names;
    this.forms = forms;
    this.values = values;
  }

  private int index(int attribute) {
    for (int i = 0; i < names.length; i++) {
      if (names[i] == attribute) {
        return i;
      }
    }
    return -1;
  }

  boolean has(int attribute) {
    return index(attribute) >= 0;
  }

  int form(int attribute) {
    int i = index(attribute);
    return i < 0 ? 0 : forms[i];
  }

  Object value(int attribute) {
    int i = index(attribute);
    return i < 0 ? null : values[i];
  }

  /** A constant, or a default if there is none. */
  long number(int attribute, long otherwise) {
    return value(attribute) instanceof Long n ? n : otherwise;
  }

  String text(int attribute) {
    Object value = value(attribute);
    if (value instanceof Long n) {
      return unit.text(form(attribute), n);
    }
    return (String) value;
  }

  /** An address, in any form. */
  int address(int attribute) {
    long value = number(attribute, 0);
    return Form.isAddressIndex(form(attribute)) ? unit.address(value) : (int) value;
  }

  /** The entry that an attribute refers to, or null. */
  Entry reference(int attribute) {
    Object value = value(attribute);
    return value instanceof Long n ? unit.entries.referred(form(attribute), n) : null;
  }

  /** A block or expression, or null. */
  ByteBuffer block(int attribute) {
    return value(attribute) instanceof ByteBuffer block
        ? block.duplicate().order(block.order())
        : null;
  }

  /**
   * This entry, or the one of which it is an instance or the definition, whichever has an
   * attribute.
   */
  Entry with(int attribute) {
    Entry e = this;
    for (int depth = 0; e != null && depth < 8; depth++) {
      if (e.has(attribute)) {
        return e;
      }
      Entry origin = e.reference(ABSTRACT_ORIGIN);
      e = origin != null ? origin : e.reference(SPECIFICATION);
    }
    return null;
  }

  String name() {
    Entry named = with(NAME);
    return named == null ? null : named.text(NAME);
  }

  /** Whether the code of this entry has an address in it. */
  boolean contains(int pc) {
    return has(LOW_PC) && has(HIGH_PC)
        ? Integer.compareUnsigned(pc - address(LOW_PC), length()) < 0
        : has(RANGES) && unit.ranges(this).contains(pc);
  }

  /** Bytes after the first address: DW_AT_high_pc is an address, or says just this. */
  private int length() {
    boolean isAddress = form(HIGH_PC) == Form.ADDR || Form.isAddressIndex(form(HIGH_PC));
    return isAddress ? address(HIGH_PC) - address(LOW_PC) : (int) number(HIGH_PC, 0);
  }
}
