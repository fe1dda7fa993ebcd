package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Runs the same work on several peers in turn, repeatedly; the first is the reference. */
final class Pairing {
  private final List<Peer> peers;
  private final Settings settings;
  private final BenchReport report;

  Pairing(List<Peer> peers, Settings settings, BenchReport report) {
    this.peers = peers;
    this.settings = settings;
    this.report = report;
  }

  /** The job of a peer. */
  interface Work {
    Job on(Peer peer);
  }

  /**
   * The results of the pairs.
   *
   * @param runs by peer, in the order of the pairs
   */
  record Result(Map<Peer, List<Run>> runs) {
    private double[] of(Peer peer, ToDoubleFunction<Run> what) {
      return runs.get(peer).stream().mapToDouble(what).toArray();
    }

    /** Returns the median of a figure of the runs. */
    double median(Peer peer, ToDoubleFunction<Run> what) {
      return Run.median(of(peer, what));
    }

    /** Returns how many times as fast as one peer another is: the median of the pairs. */
    double ratio(Peer slow, Peer fast, ToDoubleFunction<Run> what) {
      double[] above = of(slow, what);
      double[] below = of(fast, what);
      double[] ratios = new double[above.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = above[i] / below[i];
      }
      return Run.median(ratios);
    }
  }

  /**
   * Runs a row's pairs.
   *
   * @throws BenchException when a peer prints other lines than the first one
   */
  Result run(String row, Work work) throws BenchException, InterruptedException {
    int pairs = settings.pairs();
    Map<Peer, List<Run>> runs = new LinkedHashMap<>();
    peers.forEach(p -> runs.put(p, new ArrayList<>()));
    String expected = null;
    for (int i = 0; i < pairs; i++) {
      // The order alternates, so that neither gets the better half of a change in load.
      List<Peer> order = new ArrayList<>(peers);
      for (Peer peer : i % 2 == 0 ? order : order.reversed()) {
        report.measuring("%s, pair %d of %d, %s".formatted(row, i + 1, pairs, peer.name()));
        Run run = peer.run(work.on(peer));
        expected = expected == null ? run.lines().getFirst() : expected;
        checkLines(row, peer, run, expected);
        runs.get(peer).add(run);
      }
    }
    return new Result(runs);
  }

  private static void checkLines(String row, Peer peer, Run run, String expected)
      throws BenchException {
    for (String line : run.lines()) {
      if (!line.equals(expected)) {
        throw new BenchException(
            "%s: %s prints \"%s\" where \"%s\" was printed before"
                .formatted(row, peer.name(), line, expected));
      }
    }
  }
}
