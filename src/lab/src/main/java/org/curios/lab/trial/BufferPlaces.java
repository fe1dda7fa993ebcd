package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/** Buffers in flight: memory that clients have granted to the requests that a service has. */
public final class BufferPlaces {
  private static final int ARGUMENTS = 3;

  private BufferPlaces() {}

  /** Returns the buffers, at addresses of the objects that they belong to. */
  public static List<Extent> of(View v, String service) {
    List<Extent> all = new ArrayList<>();
    for (Struct thread : v.threads()) {
      List<Struct> activations = v.activations(thread);
      for (int i = 1; i < activations.size(); i++) {
        if (v.objectAt(activations.get(i).get("object")).name().equals(service)) {
          for (int a = 1; a <= ARGUMENTS; a++) {
            add(v, activations.subList(0, i), (int) activations.get(i - 1).get("r", a), all);
          }
        }
      }
    }
    return all;
  }

  /**
   * Adds the memory that an argument denotes: granted by the caller, or by an outer caller whose
   * argument was passed on.
   */
  private static void add(View v, List<Struct> callers, int argument, List<Extent> all) {
    int handle = v.handle(argument);
    int writable = v.words().constant("WRITABLE");
    for (int i = callers.size() - 1; i >= 0 && handle != 0; i--) {
      if (!passes(v, callers.get(i), handle)) {
        return;
      }
      Obj owner = v.objectAt(callers.get(i).get("object"));
      for (Struct h : v.handles(owner)) {
        if (h.get("tag") == handle) {
          Extent buffer = new Extent((int) h.get("ssr"), (int) h.get("methods") & ~writable);
          if (h.get("object") == 0 && buffer.bytes() > 0 && !all.contains(buffer)) {
            all.add(buffer);
          }
          return;
        }
      }
    }
  }

  private static boolean passes(View v, Struct activation, int handle) {
    for (int a = 1; a <= ARGUMENTS; a++) {
      if (v.handle((int) activation.get("r", a)) == handle) {
        return true;
      }
    }
    return false;
  }
}
