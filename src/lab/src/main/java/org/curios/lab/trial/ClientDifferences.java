package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.trial.ClientRecords.Entry;
import org.curios.lab.trial.Outcome.Difference;

/** How what clients saw differs from the undisturbed run. */
public final class ClientDifferences {
  /** In a record in place of a method: the client has connected. */
  static final int CONNECT = 0xff;

  private ClientDifferences() {}

  /**
   * Returns the first record of a client that differs, or null.
   *
   * @param whole whether the run has come to its end; if not, records that are not there yet are no
   *     difference
   * @param calls names calls as records have them
   * @param words of the guest
   */
  public static Difference first(
      String client,
      ClientRecords expected,
      ClientRecords seen,
      boolean whole,
      IntFunction<ServiceCall> calls,
      Dictionary words) {
    if (expected.count() == seen.count() && expected.chain() == seen.chain()) {
      return null;
    }
    Map<Long, Entry> known = new HashMap<>();
    expected.last().forEach(e -> known.put(e.number(), e));
    for (Entry got : seen.last()) {
      Entry wanted = known.get(got.number());
      if (wanted == null && !whole) {
        break; // beyond the undisturbed run
      }
      if (wanted == null || !wanted.sameAs(got)) {
        boolean same = wanted != null && wanted.call() == got.call();
        return new Difference(
            client,
            calls.apply(got.call()).service(),
            "request " + got.number() + ", " + calls.apply(got.call()),
            wanted == null
                ? "nothing"
                : (same ? "" : calls.apply(wanted.call()) + " ") + value(wanted, words),
            value(got, words),
            words.isTold(got.result()),
            !same || wanted.result() != got.result(),
            !same || wanted.digest() != got.digest());
      }
      if (wanted.chain() != got.chain()) {
        return Difference.ofRun(
            client, "a request before number " + got.number(), "one", "another", false);
      }
    }
    return whole && expected.count() != seen.count()
        ? Difference.ofRun(
            client, "its run", expected.count() + " records", seen.count() + " records", false)
        : null;
  }

  private static String value(Entry e, Dictionary words) {
    return words.result(e.result())
        + (e.digest() == 0 ? "" : String.format(Locale.ROOT, " (%08x)", e.digest()));
  }

  /**
   * Returns the first line of each client that differs; an error that a client got counts as such.
   */
  static List<Difference> text(
      ConsoleText expected, ConsoleText seen, Set<String> told, boolean whole) {
    List<Difference> all = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(expected.lines().keySet());
    names.addAll(seen.lines().keySet());
    for (String name : names) {
      List<String> wanted = expected.lines().getOrDefault(name, List.of());
      List<String> got = seen.lines().getOrDefault(name, List.of());
      int length = whole ? wanted.size() : Math.min(wanted.size(), got.size());
      if (!wanted.subList(0, length).equals(got)) {
        int i = 0;
        while (i < wanted.size() && i < got.size() && wanted.get(i).equals(got.get(i))) {
          i++;
        }
        boolean isTold = name.isEmpty() ? !told.isEmpty() : told.contains(name);
        all.add(
            Difference.ofText(
                name.isEmpty() ? "console" : name,
                "line " + (i + 1),
                i < wanted.size() ? wanted.get(i) : "nothing",
                i < got.size() ? got.get(i) : "nothing",
                isTold));
      }
    }
    if (!whole) {
      return all;
    }
    if (!expected.echo().equals(seen.echo())) {
      all.add(
          Difference.ofText(
              "console", "its echo", expected.echo(), seen.echo(), told.contains("typist0")));
    } else if (all.isEmpty() && expected.ends() != seen.ends()) {
      all.add(
          Difference.ofText(
              "console",
              "its output",
              expected.ends() + " lines",
              seen.ends() + " lines",
              !told.isEmpty()));
    }
    return all;
  }

  /**
   * Returns the states of clients who are not left out that differ, and in how many bytes. A client
   * that got a wrong result makes other requests from then on: only its states in the service that
   * returned the wrong result count.
   *
   * @param wrong by client, the service that returned the client's first wrong result
   */
  static Map<String, Integer> foreign(
      Baseline baseline, Map<String, byte[]> seen, Set<String> leftOut, Map<String, String> wrong) {
    Map<String, Integer> all = new TreeMap<>();
    baseline
        .end()
        .states()
        .forEach((name, wanted) -> {
          BitSet timely = baseline.timely(name);
          String owner = name.substring(name.indexOf('/') + 1, name.indexOf('#'));
          byte[] got = seen.getOrDefault(name, new byte[0]);
          int bytes = 0;
          for (int i = 0; i < wanted.length; i++) {
            bytes += timely.get(i) || i < got.length && wanted[i] == got[i] ? 0 : 1;
          }
          String service = name.substring(0, name.indexOf('/'));
          String first = wrong.get(owner);
          boolean follows = first != null && !first.equals(service);
          if (bytes > 0 && !leftOut.contains(owner) && !follows) {
            all.put(name, bytes);
          }
        });
    return all;
  }
}
