package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.campaign.space.MachinePlaces.Range;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.BufferPlaces;
import org.curios.lab.trial.FaultClass;

/** The memory that faults of a kind can strike at one moment. */
final class Ranges {
  private static final int GRANULE = 1024;
  private static final int FRAME = 4096;
  private static final int KEPT = 1 << 20;
  private static final int SP = 13;
  private static final int SECTIONS = 4096;
  private static final int COARSE = 1;
  private static final int COARSE_ENTRIES = 256;
  private static final int FINE = 3;
  private static final int FINE_ENTRIES = 1024;

  private Ranges() {}

  /**
   * Returns the memory of a service, or of the kernel.
   *
   * @param places of private memory, the parts that count; empty for all
   */
  static List<Range> of(View v, FaultClass kind, String service, List<String> places) {
    return switch (kind) {
      case CODE -> {
        Obj o = v.object(service);
        yield List.of(new Range(o.descriptor().get("code_start"), o.descriptor().get("code_end")));
      }
      case PRIVATE -> ofService(v, v.object(service), places);
      case BUFFER ->
          BufferPlaces.of(v, service).stream()
              .filter(e -> v.memory().physical(e.address()) != -1)
              .map(e -> {
                long start = Integer.toUnsignedLong(e.address());
                return new Range(start, start + e.bytes());
              })
              .toList();
      case KEPT -> ofKept(v, v.object(service));
      case KERNEL_MEMORY -> ofKernel(v);
      case PAGE_TABLE -> ofPageTables(v);
      default -> List.of();
    };
  }

  /** The private data that the program has, the heap, and the stack that is in use. */
  private static List<Range> ofService(View v, Obj o, List<String> places) {
    List<Range> ranges = new ArrayList<>();
    long region = Integer.toUnsignedLong(v.memory().section(o) << 20);
    if (isWanted(places, "data")) {
      ranges.add(new Range(o.descriptor().get("data_start"), o.descriptor().get("data_end")));
    }
    long end = region + v.words().constant("HEAP_END");
    for (long a = region + v.words().constant("HEAP");
        a < end && isWanted(places, "heap");
        a += FRAME) {
      if (v.memory().physical(o, (int) a) != -1) {
        ranges.add(new Range(a, a + FRAME));
      }
    }
    Cpu cpu = v.machine().cpu();
    long sp = Integer.toUnsignedLong(cpu.register(SP));
    if (sp >>> 20 == region >>> 20 && isWanted(places, "stack")) {
      boolean home = (sp & 0xfffff) <= 3 * GRANULE;
      long top = home ? region + 3 * GRANULE : (sp + FRAME - 1) / FRAME * FRAME;
      ranges.add(new Range(sp, Math.max(sp, top)));
    }
    ranges.removeIf(r -> r.bytes() == 0);
    return ranges;
  }

  private static boolean isWanted(List<String> places, String part) {
    return places.isEmpty() || places.contains(part);
  }

  /** The frames of kept memory that there are, by their place in it; the sums of its units too. */
  private static List<Range> ofKept(View v, Obj o) {
    List<Range> ranges = new ArrayList<>();
    for (int at = 0; at < KEPT; at += FRAME) {
      if (v.memory().kept(o, at) != -1) {
        ranges.add(new Range(at, at + FRAME));
      }
    }
    return ranges;
  }

  /** What the kernel itself uses: its image, and frames that no object's code can reach. */
  private static List<Range> ofKernel(View v) {
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(v.symbol("_start"), v.symbol("__bss_end")));
    for (Obj o : v.objects()) {
      long home = o.struct().address() & -FRAME;
      ranges.add(new Range(home + GRANULE, home + 2 * GRANULE));
      ranges.add(new Range(home + 3 * GRANULE, home + FRAME));
    }
    for (Struct t : v.threads()) {
      ranges.add(new Range(t.address(), t.address() + v.size("Thread")));
    }
    for (Obj o : v.objects()) {
      for (Struct s : v.states().of(o)) {
        ranges.add(new Range(s.address(), s.address() + v.size("Ssr")));
      }
    }
    return ranges;
  }

  /** Descriptors that are not empty, of both levels (ARM DDI 0100, B4.7). */
  private static List<Range> ofPageTables(View v) {
    List<Range> ranges = new ArrayList<>();
    int base = v.machine().cpu().cp15.translationTableBase();
    for (int i = 0; i < SECTIONS; i++) {
      int first = word(v, base + 4 * i);
      if (first == 0) {
        continue;
      }
      ranges.add(new Range(base + 4L * i, base + 4L * i + 4));
      int kind = first & 3;
      int entries = kind == COARSE ? COARSE_ENTRIES : kind == FINE ? FINE_ENTRIES : 0;
      int table = first & -4 * Math.max(entries, 1);
      for (int j = 0; j < entries; j++) {
        if (word(v, table + 4 * j) != 0) {
          ranges.add(new Range(table + 4L * j, table + 4L * j + 4));
        }
      }
    }
    return ranges;
  }

  private static int word(View v, int physical) {
    return v.machine().bus().isRam(physical) ? v.machine().bus().read(physical, 4) : 0;
  }
}
