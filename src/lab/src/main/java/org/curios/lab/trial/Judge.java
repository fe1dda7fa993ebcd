package org.curios.lab.trial;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.trial.Observation.Happening;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Outcome.Word;

/** Determines the outcome of a fault from the differences to the undisturbed run. */
record Judge(Baseline baseline, Bench bench) {
  Outcome lost(Hit hit, String what) {
    return new Outcome(
        Word.SYSTEM_LOST,
        false,
        "",
        Map.of(),
        hit.client(),
        List.of(Difference.ofRun("system", "the workload", "its end", what, false)),
        card(),
        bench.now());
  }

  Outcome lost(Hit hit, List<Happening> events, boolean clockStopped) {
    String by = detectedBy(events);
    String what;
    if (bench.status() != null) {
      what = "status " + bench.status();
    } else if (bench.isOver()) {
      what = "exceptions without end";
    } else if (clockStopped) {
      what = "a stopped clock";
    } else {
      what = "no end of " + bench.clients().working();
    }
    List<Difference> differences = new ArrayList<>();
    differences.add(Difference.ofRun("system", "the workload", "its end", what, false));
    Observation seen =
        new Observation(
            bench.clients().records(), ConsoleText.of(bench.printed()), Map.of(), List.of());
    differences.addAll(differences(seen, events, new TreeSet<>(), false));
    return new Outcome(
        Word.SYSTEM_LOST,
        !by.isEmpty(),
        by,
        Map.of(),
        hit.client(),
        differences,
        card(),
        bench.now());
  }

  /**
   * From here on everything matches the undisturbed run, except for the bytes that the trial has
   * left.
   */
  Outcome met(Hit hit, Bench.Moment moment, List<Happening> events, Convergence left) {
    long known = bench.now();
    byte[] undisturbed = baseline.printed();
    byte[] printed = bench.printed();
    boolean same = Arrays.equals(printed, 0, printed.length, undisturbed, 0, moment.printed());
    List<Difference> peer = ofPeer(ofBytes(bench.peerPrinted()), ofBytes(moment.peerPrinted()));
    if (same && peer.isEmpty() && events.isEmpty() && !left.isAny()) {
      return new Outcome(
          Word.UNNOTICED, false, "", Map.of(), hit.client(), List.of(), CardVerdict.SAME, known);
    }
    byte[] all = Arrays.copyOf(printed, printed.length + undisturbed.length - moment.printed());
    System.arraycopy(
        undisturbed, moment.printed(), all, printed.length, undisturbed.length - moment.printed());
    Observation end = baseline.end();
    if (left.isAny()) {
      left.goToEnd();
      end = Observation.of(bench, all);
    }
    Observation seen = new Observation(end.records(), ConsoleText.of(all), end.states(), List.of());
    String card = left.isAny() ? card() : CardVerdict.SAME;
    return judge(hit, seen, events, false, card, peer).knownAt(known);
  }

  /** Judges a run at whose end the machine is; the second machine may take longer. */
  Outcome judge(Hit hit, Observation whole, List<Happening> events, boolean wentBack) {
    long known = bench.now();
    String card = card();
    String text = baseline.peerText();
    List<Difference> peer = text.isEmpty() ? List.of() : ofPeer(bench.peerText(text::equals), text);
    return judge(hit, whole, events, wentBack, card, peer).knownAt(known);
  }

  private static String ofBytes(byte[] printed) {
    return new String(printed, StandardCharsets.ISO_8859_1);
  }

  /** Compares what the second machine has printed, up to the first line that differs. */
  private static List<Difference> ofPeer(String got, String expected) {
    if (got.equals(expected)) {
      return List.of();
    }
    List<String> one = expected.lines().toList();
    List<String> other = got.lines().toList();
    int line = 0;
    while (line < one.size() && line < other.size() && one.get(line).equals(other.get(line))) {
      line++;
    }
    return List.of(
        Difference.ofText(
            "peer",
            "line " + (line + 1) + " of the second machine",
            line < one.size() ? one.get(line) : "nothing",
            line < other.size() ? other.get(line) : "nothing",
            false));
  }

  private Outcome judge(
      Hit hit,
      Observation whole,
      List<Happening> events,
      boolean wentBack,
      String card,
      List<Difference> peer) {
    TreeSet<String> told = new TreeSet<>();
    Observation seen = whole;
    if (wentBack) {
      ConsoleText once = Generations.withoutRepetition(whole.text(), baseline.end().text());
      seen = new Observation(whole.records(), once, whole.states(), whole.events());
    }
    List<Difference> differences = differences(seen, events, told, true);
    differences.addAll(peer);
    if (!seen.text().equals(whole.text())) {
      differences.add(Difference.ofRun("console", "its output", "once", "some lines again", true));
    }
    String by = detectedBy(events);
    Word word =
        Word.of(
            hasFailed(events),
            !by.isEmpty(),
            !differences.isEmpty(),
            differences.stream().allMatch(Difference::told));
    told.addAll(hit.path());
    return new Outcome(
        word,
        !by.isEmpty(),
        by,
        ClientDifferences.foreign(baseline, seen.states(), told, wrongResults(differences)),
        hit.client(),
        differences,
        card,
        bench.now());
  }

  private String card() {
    return CardVerdict.of(bench.card(), baseline.card());
  }

  /** The first difference of each client; those that got an error are added to a set. */
  private List<Difference> differences(
      Observation seen, List<Happening> events, Set<String> told, boolean whole) {
    Observation expected = baseline.end();
    List<Difference> differences = new ArrayList<>();
    for (Happening e : events) {
      if (e.kind().equals("ended") && e.a() != 0) {
        told.add(e.object());
        differences.add(Difference.ofRun(e.object(), "its run", "its end", fault(e.a()), true));
      }
    }
    expected
        .records()
        .forEach((client, records) -> {
          Difference d =
              told.contains(client)
                  ? null
                  : ClientDifferences.first(
                      client,
                      records,
                      seen.records().getOrDefault(client, ClientRecords.NONE),
                      whole,
                      bench.clients()::call,
                      words());
          if (d != null) {
            differences.add(d);
            if (d.told()) {
              told.add(client);
            }
          }
        });
    differences.addAll(ClientDifferences.text(expected.text(), seen.text(), told, whole));
    return differences;
  }

  /** By client, the service that returned its first wrong result. */
  private static Map<String, String> wrongResults(List<Difference> differences) {
    Map<String, String> all = new HashMap<>();
    differences.stream()
        .filter(d -> d.service() != null)
        .forEach(d -> all.putIfAbsent(d.client(), d.service()));
    return all;
  }

  /**
   * What the kernel detected first: the first event of a kind that does not occur in the
   * undisturbed run.
   */
  private String detectedBy(List<Happening> events) {
    for (Happening e : events) {
      if (!isUsual(e.kind(), e.a())) {
        return (e.kind().equals("fault") ? fault(e.a()) : e.kind()) + " in " + e.object();
      }
    }
    return "";
  }

  boolean isUsual(String kind, int detail) {
    return kind.equals("armed")
        || kind.equals("ended") && detail == 0
        || baseline.end().events().stream().anyMatch(b -> b.kind().equals(kind));
  }

  Dictionary words() {
    return bench.view().words();
  }

  String fault(int number) {
    return words().name(Kind.FAULT, number);
  }

  static boolean hasFailed(List<Happening> events) {
    return events.stream().anyMatch(e -> e.kind().equals("failed"));
  }
}
