package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.Introspection.Show;

/**
 * Where a guest keeps what two runs may differ in without a difference to clients, as its table of
 * structures says. All addresses are physical.
 */
public final class Bookkeeping {
  private static final int WORD = 4;

  private final View view;
  private final Introspection types;

  Bookkeeping(View view, Introspection types) {
    this.view = view;
    this.types = types;
  }

  /**
   * Returns where the kernel keeps its records of faults and calls: the rest of the run depends on
   * them only if further faults occur.
   */
  public List<Extent> noted() {
    List<Extent> all = marked(Show.NOTED);
    all.add(new Extent(view.symbol("event_count"), WORD));
    return all;
  }

  /** Returns where the kernel keeps times that it compares with the clock only at its ticks. */
  public List<Extent> due() {
    List<Extent> all = marked(Show.DUE);
    all.add(new Extent(view.symbol("look_at"), Long.BYTES));
    return all;
  }

  /**
   * Returns where a service keeps counters and caches, and the kernel the checksums of pages with
   * them: nothing but its speed depends on them, and a restart empties them.
   */
  public List<Extent> caches(Obj service) {
    List<Extent> all = new ArrayList<>();
    int stretch = (int) service.struct().get("stretch");
    if (stretch != 0) {
      addMarked("Stretch", stretch, Show.NOTED, all);
    }
    for (String name : types.variables(service.name())) {
      int section = view.memory().section(service);
      int start = view.symbols().ofSection(name, section).address();
      for (Introspection.Field f : types.rows(service.name() + "." + name)) {
        if (f.show() == Show.NOTED) {
          addWords(service, View.extent(start, f), all);
        }
      }
    }
    return all;
  }

  /** Adds those words of a virtual range that are mapped. */
  private void addWords(Obj service, Extent range, List<Extent> all) {
    for (int at = range.address(); at < range.address() + range.bytes(); at += WORD) {
      int physical = view.memory().physical(service, at);
      if (physical != -1) {
        all.add(new Extent(physical, WORD));
      }
    }
  }

  private List<Extent> marked(Show show) {
    List<Extent> all = new ArrayList<>();
    view.objects().forEach(o -> addMarked("Object", o.struct().address(), show, all));
    view.threads().forEach(t -> addMarked("Thread", t.address(), show, all));
    return all;
  }

  private void addMarked(String type, int address, Show show, List<Extent> all) {
    for (Introspection.Field f : types.fields(type)) {
      if (f.show() == show) {
        all.add(View.extent(address, f));
      }
    }
  }
}
