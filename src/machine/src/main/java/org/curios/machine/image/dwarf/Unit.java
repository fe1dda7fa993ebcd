package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;

/** A compilation unit or type unit, in which its entries find their texts, addresses and lists. */
final class Unit {
  private static final int LIST_END = 0;

  final Entries entries;
  final int start;
  final int version;
  Entry root;

  Unit(Entries entries, int start, int version) {
    this.entries = entries;
    this.start = start;
    this.version = version;
  }

  private static DwarfReader at(ByteBuffer section, long offset) {
    DwarfReader in = new DwarfReader(section.duplicate().order(section.order()));
    in.seek((int) offset);
    return in;
  }

  private DwarfReader section(String name, long offset) {
    return at(entries.section(name), offset);
  }

  /** The text that a value of a form represents. */
  String text(int form, long value) {
    if (Form.isStringIndex(form)) {
      long base = root.number(Entry.STR_OFFSETS_BASE, 8);
      int offset = section(".debug_str_offsets", base + 4 * value).u32();
      return section(".debug_str", offset).text();
    }
    return section(form == Form.LINE_STRP ? ".debug_line_str" : ".debug_str", value).text();
  }

  int address(long index) {
    return section(".debug_addr", root.number(Entry.ADDR_BASE, 8) + 4 * index).u32();
  }

  /** The default base of addresses in lists. */
  private int base() {
    return root.has(Entry.LOW_PC) ? root.address(Entry.LOW_PC) : 0;
  }

  /** A set of addresses. */
  @FunctionalInterface
  interface Ranges {
    boolean contains(int pc);
  }

  /** The addresses of an entry that lie in several pieces. */
  Ranges ranges(Entry e) {
    long value = e.number(Entry.RANGES, 0);
    boolean indexed = e.form(Entry.RANGES) == Form.RNGLISTX;
    return pc -> {
      Found found = new Found();
      if (version >= 5) {
        newList(".debug_rnglists", value, indexed, Entry.RNGLISTS_BASE, pc, false, found);
      } else {
        oldList(".debug_ranges", value, pc, false, found);
      }
      return found.yes;
    };
  }

  /** The expression for an address; null if the value is unavailable there. */
  ByteBuffer location(Entry e, int attribute, int pc) {
    ByteBuffer block = e.block(attribute);
    if (block != null) {
      return block;
    }
    if (!(e.value(attribute) instanceof Long value)) {
      return null;
    }
    Found found = new Found();
    if (version >= 5) {
      boolean indexed = e.form(attribute) == Form.LOCLISTX;
      newList(".debug_loclists", value, indexed, Entry.LOCLISTS_BASE, pc, true, found);
    } else {
      oldList(".debug_loc", value, pc, true, found);
    }
    return found.expression;
  }

  /** The entry of a list for an address. */
  private static final class Found {
    boolean yes;
    ByteBuffer expression;
  }

  /** A list of DWARF 5 (2.6.2, 2.17.3): the numbers of its kinds are the same except for one. */
  private void newList(
      String name,
      long value,
      boolean indexed,
      int baseName,
      int pc,
      boolean located,
      Found found) {
    long offset = value;
    if (indexed) {
      long lists = root.number(baseName, 12);
      offset = lists + section(name, lists + 4 * value).u32();
    }
    DwarfReader in = section(name, offset);
    int base = base();
    while (!found.yes) {
      int kind = in.u8();
      if (located && kind == 5) { // DW_LLE_default_location
        ByteBuffer expression = in.block((int) in.uleb());
        found.expression = expression; // unless one that follows fits
        continue;
      }
      int shifted = located && kind > 5 ? kind - 1 : kind;
      int from;
      int to;
      switch (shifted) {
        case LIST_END -> {
          return;
        }
        case 1 -> {
          base = address(in.uleb());
          continue;
        }
        case 5 -> {
          base = in.u32();
          continue;
        }
        case 2 -> {
          from = address(in.uleb());
          to = address(in.uleb());
        }
        case 3 -> {
          from = address(in.uleb());
          to = from + (int) in.uleb();
        }
        case 4 -> {
          from = base + (int) in.uleb();
          to = base + (int) in.uleb();
        }
        case 6 -> {
          from = in.u32();
          to = in.u32();
        }
        case 7 -> {
          from = in.u32();
          to = from + (int) in.uleb();
        }
        default -> throw new IllegalArgumentException("list entry " + kind);
      }
      ByteBuffer expression = located ? in.block((int) in.uleb()) : null;
      if (Integer.compareUnsigned(pc - from, to - from) < 0) {
        found.yes = true;
        found.expression = expression;
      }
    }
  }

  /** A list of DWARF 2 to 4: pairs of addresses, and two zeros at the end. */
  private void oldList(String name, long offset, int pc, boolean located, Found found) {
    DwarfReader in = section(name, offset);
    int base = base();
    while (!found.yes) {
      int from = in.u32();
      int to = in.u32();
      if (from == -1) {
        base = to;
        continue;
      }
      if (from == 0 && to == 0) {
        return;
      }
      ByteBuffer expression = located ? in.block(in.u16()) : null;
      if (Integer.compareUnsigned(pc - from - base, to - from) < 0) {
        found.yes = true;
        found.expression = expression;
      }
    }
  }
}
