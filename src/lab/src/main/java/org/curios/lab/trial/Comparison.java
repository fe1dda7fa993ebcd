package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.curios.lab.Guest.View;
import org.curios.lab.Names;
import org.curios.lab.trial.ClientRecords.Entry;
import org.curios.lab.trial.Outcome.Difference;

/** How what clients saw differs from the undisturbed run. */
final class Comparison {
  private static final int CONNECT = 0xff;

  private Comparison() {}

  /** Returns the first record of a client that differs, or null. */
  static Difference first(String client, ClientRecords expected, ClientRecords seen, View v) {
    if (expected.count() == seen.count() && expected.chain() == seen.chain()) {
      return null;
    }
    Map<Long, Entry> known = new HashMap<>();
    expected.last().forEach(e -> known.put(e.number(), e));
    for (Entry got : seen.last()) {
      Entry wanted = known.get(got.number());
      if (wanted == null || !wanted.sameAs(got)) {
        boolean same = wanted != null && wanted.call() == got.call();
        return new Difference(
            client,
            "request " + got.number() + ", " + call(v, got.call()),
            wanted == null ? "nothing" : (same ? "" : call(v, wanted.call()) + " ") + value(wanted),
            value(got),
            Names.isTold(got.result()));
      }
      if (wanted.chain() != got.chain()) {
        return new Difference(
            client, "a request before number " + got.number(), "one", "another", false);
      }
    }
    return new Difference(
        client, "its run", expected.count() + " records", seen.count() + " records", false);
  }

  private static String call(View v, int call) {
    String object = v.nameOf(call >>> 8);
    int method = call & 0xff;
    return object + "." + (method == CONNECT ? "connect" : v.methodName(v.object(object), method));
  }

  private static String value(Entry e) {
    return Names.result(e.result())
        + (e.digest() == 0 ? "" : String.format(Locale.ROOT, " (%08x)", e.digest()));
  }

  /** Returns the first line of each client that differs; what a client was told of is told. */
  static List<Difference> text(ConsoleText expected, ConsoleText seen, Set<String> told) {
    List<Difference> all = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(expected.lines().keySet());
    names.addAll(seen.lines().keySet());
    for (String name : names) {
      List<String> wanted = expected.lines().getOrDefault(name, List.of());
      List<String> got = seen.lines().getOrDefault(name, List.of());
      if (!wanted.equals(got)) {
        int i = 0;
        while (i < wanted.size() && i < got.size() && wanted.get(i).equals(got.get(i))) {
          i++;
        }
        boolean isTold = name.isEmpty() ? !told.isEmpty() : told.contains(name);
        all.add(
            new Difference(
                name.isEmpty() ? "console" : name,
                "line " + (i + 1),
                i < wanted.size() ? wanted.get(i) : "nothing",
                i < got.size() ? got.get(i) : "nothing",
                isTold));
      }
    }
    if (!expected.echo().equals(seen.echo())) {
      all.add(
          new Difference(
              "console", "its echo", expected.echo(), seen.echo(), told.contains("typist0")));
    } else if (all.isEmpty() && expected.ends() != seen.ends()) {
      all.add(
          new Difference(
              "console",
              "its output",
              expected.ends() + " lines",
              seen.ends() + " lines",
              !told.isEmpty()));
    }
    return all;
  }

  /** Returns the states of clients who are not left out that differ, and in how many bytes. */
  static Map<String, Integer> foreign(
      Map<String, byte[]> expected, Map<String, byte[]> seen, Set<String> leftOut) {
    Map<String, Integer> all = new TreeMap<>();
    expected.forEach((name, wanted) -> {
      String owner = name.substring(name.indexOf('/') + 1, name.indexOf('#'));
      byte[] got = seen.getOrDefault(name, new byte[0]);
      int bytes = 0;
      for (int i = 0; i < wanted.length; i++) {
        bytes += i < got.length && wanted[i] == got[i] ? 0 : 1;
      }
      if (bytes > 0 && !leftOut.contains(owner)) {
        all.put(name, bytes);
      }
    });
    return all;
  }
}
