package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/**
 * The results of a run, as data.
 *
 * @param records of each client
 * @param text the output on the UART
 * @param states contents of the server state regions, by SERVICE/OWNER#N
 * @param events the kernel's events
 */
record Observation(
    Map<String, ClientRecords> records,
    ConsoleText text,
    Map<String, byte[]> states,
    List<Happening> events) {
  /**
   * An event of the kernel.
   *
   * @param kind its word
   * @param object whom it is about
   * @param a as the kernel recorded it
   * @param b the second detail
   * @param tick when, if that was watched; otherwise -1
   */
  record Happening(String kind, String object, int a, int b, long tick) {
    /** Creates it from an event as the kernel records it. */
    static Happening of(View v, int kind, int object, int a, int b, long tick) {
      return new Happening(v.words().name(Kind.EVENT, kind), v.nameOf(object), a, b, tick);
    }
  }

  static Observation of(Bench bench) {
    return of(bench, bench.printed());
  }

  static Observation of(Bench bench, byte[] printed) {
    View v = bench.view();
    return new Observation(
        bench.clients().records(), ConsoleText.of(printed), states(v), happenings(v, 0));
  }

  /** Returns the events after the first {@code since}. */
  static List<Happening> happenings(View v, long since) {
    List<Happening> all = new ArrayList<>();
    for (Struct e : v.eventsSince(since)) {
      all.add(
          Happening.of(
              v,
              (int) e.get("kind"),
              (int) e.get("object"),
              (int) e.get("a"),
              (int) e.get("b"),
              -1));
    }
    return all;
  }

  /** Returns the contents of all states, without bytes that depend on time. */
  static Map<String, byte[]> states(View v) {
    Map<String, byte[]> all = new TreeMap<>();
    Map<Long, String> names = new HashMap<>();
    v.objects().forEach(o -> names.put(o.struct().get("id"), o.name()));
    for (Obj service : v.objects()) {
      Map<String, Integer> counts = new HashMap<>();
      for (Struct s : v.states().of(service)) {
        String owner = names.getOrDefault(s.get("owner"), "nobody");
        int n = counts.merge(owner, 1, Integer::sum) - 1;
        all.put(service.name() + "/" + owner + "#" + n, v.states().timelessContent(s));
      }
    }
    return all;
  }
}
