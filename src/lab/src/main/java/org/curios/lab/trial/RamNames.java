package org.curios.lab.trial;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/** What the places of RAM are used for at one moment, for people. */
final class RamNames {
  private static final int GRANULE = 1024;
  private static final int FRAME = 4096;
  private static final int SECTION = 1 << 20;

  /** Places by their address, unsigned. */
  private final TreeMap<Long, Place> places = new TreeMap<>();

  /** Places of states and of their records, which lie within others. */
  private final TreeMap<Long, Place> states = new TreeMap<>();

  private record Place(long end, String name) {}

  RamNames(View v) {
    int code = v.symbol("__kernel_code_end");
    add(places, v.symbol("_start"), code - v.symbol("_start"), "the kernel's code");
    add(places, code, v.symbol("__bss_end") - code, "the kernel's data");
    for (Struct t : v.threads()) {
      add(places, t.address(), v.size("Thread"), "the registers of a thread, in the kernel");
    }
    for (Obj o : v.objects()) {
      addSection(v, o);
      for (Struct s : v.states().of(o)) {
        String owner = v.nameOf((int) s.get("owner"));
        add(
            states,
            v.states().address(s),
            (int) s.get("bytes"),
            "the state of " + owner + " in " + o.name());
        add(states, s.address(), v.size("Ssr"), "the record of that state, in the kernel");
      }
    }
  }

  private void addSection(View v, Obj o) {
    int section = v.memory().section(o) << 20;
    for (int at = 0; at < SECTION; at += GRANULE) {
      int physical = v.memory().physical(o, section + at);
      String area = v.memory().area(at);
      if (physical != -1 && !area.isEmpty()) {
        add(places, physical, GRANULE, area + " of " + o.name());
      }
    }
    for (int at = 0; at < SECTION; at += FRAME) {
      int physical = v.memory().kept(o, at);
      if (physical != -1) {
        add(places, physical, FRAME, "kept memory of " + o.name());
      }
    }
  }

  private static void add(NavigableMap<Long, Place> places, int start, int bytes, String name) {
    long from = Integer.toUnsignedLong(start);
    places.putIfAbsent(from, new Place(from + bytes, name));
  }

  /** Returns what the byte at a physical address is for. */
  String at(int physical) {
    String state = find(states, physical);
    String name = state == null ? find(places, physical) : state;
    return name == null ? "the kernel" : name;
  }

  private static String find(NavigableMap<Long, Place> places, int physical) {
    Map.Entry<Long, Place> e = places.floorEntry(Integer.toUnsignedLong(physical));
    return e != null && Integer.toUnsignedLong(physical) < e.getValue().end
        ? e.getValue().name
        : null;
  }
}
