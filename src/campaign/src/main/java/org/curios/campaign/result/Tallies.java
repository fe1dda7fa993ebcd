package org.curios.campaign.result;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Tallies of all trials, and by policy, service and kind of fault; for several threads. */
public final class Tallies {
  private final Tally all = new Tally();
  private final Map<String, Tally> byPolicy = new TreeMap<>();
  private final Map<String, Tally> byService = new TreeMap<>();
  private final Map<String, Tally> byKind = new TreeMap<>();

  /** Adds a trial. */
  public synchronized void add(Row row) {
    all.add(row);
    byPolicy.computeIfAbsent(row.policy(), n -> new Tally()).add(row);
    byService.computeIfAbsent(row.service(), n -> new Tally()).add(row);
    byKind.computeIfAbsent(row.kind(), n -> new Tally()).add(row);
  }

  /** Returns the tally of all trials. */
  public Tally all() {
    return all;
  }

  /** Returns the tallies of policies. */
  public synchronized Map<String, Tally> byPolicy() {
    return new TreeMap<>(byPolicy);
  }

  /** Returns the tallies of services. */
  public synchronized Map<String, Tally> byService() {
    return new TreeMap<>(byService);
  }

  /** Returns the tallies of kinds of faults. */
  public synchronized Map<String, Tally> byKind() {
    return new TreeMap<>(byKind);
  }

  /** Returns all of it as JSON. */
  public synchronized JsonObject json() {
    JsonObject object = numbers(all);
    Map<String, Function<Tallies, Map<String, Tally>>> groups =
        Map.of(
            "by_policy", t -> t.byPolicy, "by_service", t -> t.byService, "by_kind", t -> t.byKind);
    new TreeMap<>(groups)
        .forEach((name, group) -> {
          JsonObject part = new JsonObject();
          group.apply(this).forEach((n, t) -> part.add(n, numbers(t)));
          object.add(name, part);
        });
    return object;
  }

  private static JsonObject numbers(Tally tally) {
    JsonObject object = new JsonObject();
    tally.numbers().forEach(object::addProperty);
    return object;
  }
}
