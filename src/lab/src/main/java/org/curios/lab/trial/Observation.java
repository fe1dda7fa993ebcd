package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.Guest.Obj;
import org.curios.lab.Guest.Struct;
import org.curios.lab.Guest.View;
import org.curios.lab.Names;

/**
 * What a run has come to, as data.
 *
 * @param records of each client
 * @param text what came out on the UART
 * @param states contents of the server state regions, by SERVICE/OWNER#N
 * @param events the kernel's events
 */
record Observation(
    Map<String, ClientRecords> records,
    ConsoleText text,
    Map<String, byte[]> states,
    List<Happening> events) {
  private static final int GONE = Names.OBJECT_STATES.indexOf("gone");

  /**
   * An event of the kernel.
   *
   * @param kind its word
   * @param object whom it is about
   * @param a as the kernel noted it
   * @param b the same
   * @param us microseconds since boot
   */
  record Happening(String kind, String object, int a, int b, long us) {}

  /** Returns the clients that keep records or have had a chance to. */
  private static List<Obj> clients(View v) {
    return v.objects().stream()
        .filter(o -> !o.isService() && o.struct().get("heap_bytes") != 0)
        .toList();
  }

  /** Returns whether all clients that keep records have done their work, or are gone. */
  static boolean isEnded(View v) {
    List<Obj> clients = clients(v);
    return !clients.isEmpty()
        && clients.stream()
            .allMatch(c -> c.struct().get("state") == GONE || ClientRecords.isEnded(v, c));
  }

  static Observation of(Bench bench) {
    return of(bench, bench.printed());
  }

  static Observation of(Bench bench, byte[] printed) {
    View v = bench.view();
    Map<String, ClientRecords> records = new TreeMap<>();
    clients(v).forEach(c -> records.put(c.name(), ClientRecords.read(v, c)));
    return new Observation(records, ConsoleText.of(printed), states(v), happenings(v, 0));
  }

  /** Returns the events since there were so many. */
  static List<Happening> happenings(View v, long since) {
    List<Happening> all = new ArrayList<>();
    for (Struct e : v.eventsSince(since)) {
      all.add(
          new Happening(
              Names.of(Names.EVENTS, e.get("kind")),
              v.nameOf((int) e.get("object")),
              (int) e.get("a"),
              (int) e.get("b"),
              e.get("at")));
    }
    return all;
  }

  /** Returns how often each owner's states of a service are named before a given one. */
  static Map<String, byte[]> states(View v) {
    Map<String, byte[]> all = new TreeMap<>();
    Map<Long, String> names = new HashMap<>();
    v.objects().forEach(o -> names.put(o.struct().get("id"), o.name()));
    for (Obj service : v.objects()) {
      Map<String, Integer> counts = new HashMap<>();
      for (Struct s : v.states(service)) {
        String owner = names.getOrDefault(s.get("owner"), "nobody");
        int n = counts.merge(owner, 1, Integer::sum) - 1;
        all.put(service.name() + "/" + owner + "#" + n, v.content(s));
      }
    }
    return all;
  }
}
