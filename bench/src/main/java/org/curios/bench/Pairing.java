package org.curios.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the same work on several peers in turn, over and over; the first is the one that the others
 * are compared with.
 */
final class Pairing {
  private final List<Peer> peers;
  private final Settings settings;
  private final Report report;

  Pairing(List<Peer> peers, Settings settings, Report report) {
    this.peers = peers;
    this.settings = settings;
    this.report = report;
  }

  /** What a peer is given to run. */
  interface Work {
    Job on(Peer peer);
  }

  /**
   * What the pairs gave, in their order.
   *
   * @param steady seconds of a unit of work by peer
   * @param warmUp seconds of warm-up by peer
   */
  record Result(Map<Peer, double[]> steady, Map<Peer, double[]> warmUp) {
    /** Returns the median of the seconds of a unit. */
    double steadyOf(Peer peer) {
      return Run.median(steady.get(peer));
    }

    /** Returns the median of the seconds of warm-up. */
    double warmUpOf(Peer peer) {
      return Run.median(warmUp.get(peer));
    }

    /** Returns how many times as fast as one peer another is: the median of the pairs. */
    double ratio(Peer slow, Peer fast) {
      double[] ratios = new double[steady.get(slow).length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = steady.get(slow)[i] / steady.get(fast)[i];
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
    Map<Peer, double[]> steady = new LinkedHashMap<>();
    Map<Peer, double[]> warmUp = new LinkedHashMap<>();
    for (Peer peer : peers) {
      steady.put(peer, new double[pairs]);
      warmUp.put(peer, new double[pairs]);
    }
    String expected = null;
    for (int i = 0; i < pairs; i++) {
      // Who comes first alternates, so that nobody gets the better half of a change in load.
      List<Peer> order = new ArrayList<>(peers);
      for (Peer peer : i % 2 == 0 ? order : order.reversed()) {
        report.measuring("%s, pair %d of %d, %s".formatted(row, i + 1, pairs, peer.name()));
        Run run = peer.run(work.on(peer));
        expected = expected == null ? run.lines().getFirst() : expected;
        checkLines(row, peer, run, expected);
        steady.get(peer)[i] = run.steady();
        warmUp.get(peer)[i] = run.warmUp();
      }
    }
    return new Result(steady, warmUp);
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
