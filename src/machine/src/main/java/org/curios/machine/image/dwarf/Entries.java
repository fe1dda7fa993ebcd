package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All entries of .debug_info and .debug_types (DWARF 2 to 5, 32-bit format). */
final class Entries {
  /** Above this it is that of a whole Linux kernel, which would exhaust the host's memory. */
  private static final int LARGEST = 64 << 20;

  /** A kind of entry as the abbreviations describe it. */
  private record Shape(int tag, boolean hasChildren, int[] names, int[] forms, long[] constants) {}

  private final Function<String, ByteBuffer> sections;
  private final Map<Integer, Entry> byOffset = new HashMap<>();
  private final Map<Long, Integer> bySignature = new HashMap<>();
  private final Map<Long, Map<Integer, Shape>> shapes = new HashMap<>();
  private final List<Unit> units = new ArrayList<>();

  /** Reads the entries; units of an unknown version are skipped. */
  Entries(Function<String, ByteBuffer> sections) {
    this.sections = sections;
    ByteBuffer info = section(".debug_info");
    if (info.limit() <= LARGEST) {
      DwarfReader in = new DwarfReader(info.duplicate().order(info.order()));
      while (in.hasMore(in.size())) {
        unit(in);
      }
    }
  }

  ByteBuffer section(String name) {
    return sections.apply(name);
  }

  List<Unit> units() {
    return units;
  }

  Entry at(int offset) {
    return byOffset.get(offset);
  }

  /** The entry that a reference from a unit means, or null. */
  Entry referred(int form, long value) {
    if (form == Form.REF_SIG8) {
      Integer offset = bySignature.get(value);
      return offset == null ? null : byOffset.get(offset);
    }
    return byOffset.get((int) value);
  }

  private void unit(DwarfReader in) {
    int start = in.at();
    int end = in.u32() + in.at();
    int version = in.u16();
    if (version < 2 || version > 5) {
      in.seek(end);
      return;
    }
    int kind = version >= 5 ? in.u8() : 1;
    int abbreviations;
    if (version >= 5) {
      in.u8(); // address size
      abbreviations = in.u32();
    } else {
      abbreviations = in.u32();
      in.u8();
    }
    if (kind == 2 || kind == 6) { // DW_UT_type, DW_UT_split_type
      bySignature.put(in.u64(), start + in.u32());
    } else if (kind == 4 || kind == 5) { // DW_UT_skeleton, DW_UT_split_compile
      in.u64();
    }
    Unit unit = new Unit(this, start, version);
    Map<Integer, Shape> known =
        shapes.computeIfAbsent(Integer.toUnsignedLong(abbreviations), this::shapes);
    Entry parent = null;
    while (in.hasMore(end)) {
      int offset = in.at();
      int code = (int) in.uleb();
      if (code == 0) {
        parent = parent == null ? null : parent.parent;
        if (parent == null) {
          break;
        }
        continue;
      }
      Shape shape = known.get(code);
      if (shape == null) {
        throw new IllegalArgumentException("abbreviation " + code);
      }
      Entry e = entry(in, unit, offset, parent, shape);
      byOffset.put(offset, e);
      if (parent == null) {
        unit.root = e;
      } else {
        parent.children.add(e);
      }
      if (shape.hasChildren) {
        parent = e;
      } else if (parent == null) {
        break;
      }
    }
    if (unit.root != null) {
      units.add(unit);
    }
    in.seek(end);
  }

  private static Entry entry(DwarfReader in, Unit unit, int offset, Entry parent, Shape shape) {
    Object[] values = new Object[shape.names.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Form.read(in, shape.forms[i], shape.constants[i], unit.version);
      if (Form.isLocalReference(shape.forms[i])) {
        values[i] = (Long) values[i] + unit.start;
      }
    }
    return new Entry(unit, offset, parent, shape.tag, shape.names, shape.forms, values);
  }

  private Map<Integer, Shape> shapes(long offset) {
    ByteBuffer section = section(".debug_abbrev");
    DwarfReader in = new DwarfReader(section.duplicate().order(section.order()));
    in.seek((int) offset);
    Map<Integer, Shape> all = new HashMap<>();
    int code;
    while ((code = (int) in.uleb()) != 0) {
      int tag = (int) in.uleb();
      boolean hasChildren = in.u8() != 0;
      List<long[]> attributes = new ArrayList<>();
      while (true) {
        long name = in.uleb();
        long form = in.uleb();
        long constant = form == Form.IMPLICIT_CONST ? in.sleb() : 0;
        if (name == 0 && form == 0) {
          break;
        }
        attributes.add(new long[] {name, form, constant});
      }
      all.put(
          code,
          new Shape(
              tag,
              hasChildren,
              attributes.stream().mapToInt(a -> (int) a[0]).toArray(),
              attributes.stream().mapToInt(a -> (int) a[1]).toArray(),
              attributes.stream().mapToLong(a -> a[2]).toArray()));
    }
    return all;
  }
}
