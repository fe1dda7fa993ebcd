package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.machine.card.DiskBase;

/**
 * The work of a system during a trial: the clients that run, the input, and the card.
 *
 * @param run clients, separated by commas
 * @param input what is typed, in the order of time
 * @param pace ticks from one character to the next, at least
 * @param card content of the card, which no trial changes; null for no card
 * @param ip the guest's address, as {@link org.curios.lab.guest.Boot} has it
 * @param peer clients on a second machine, which the first one reaches as its gateway; empty for no
 *     such machine
 */
public record Workload(
    String run, List<Typed> input, long pace, DiskBase card, String ip, String peer) {
  /** Ticks for a character of ten bits at 115200 baud. */
  private static final long CHARACTER = VirtualClock.HZ * 10 / 115200;

  /** Ticks per character of input that is faster than any reader. */
  private static final long HURRIED = 2000;

  /** The address of the second machine. */
  public static final String PEER = "10.0.2.2/24";

  /** Address and gateway of a guest that has a second machine as its neighbour. */
  private static final String WITH_PEER = "10.0.2.15/24,gw=10.0.2.2";

  private static final long FIRST_LINE = 8_500_000;
  private static final long BETWEEN_LINES = 4_000_000;

  /**
   * A character.
   *
   * @param tick when it comes
   * @param character which, 0 to 255
   */
  public record Typed(long tick, int character) {}

  /** Copies the list. */
  public Workload {
    input = List.copyOf(input);
  }

  /** Makes a workload for which nothing is typed, with the embedded card. */
  public static Workload of(String run) {
    return new Workload(run, List.of(), CHARACTER, EmbeddedCard.base(), "", "");
  }

  /** Returns the same with a card. */
  public Workload withCard(DiskBase content) {
    return new Workload(run, input, pace, content, ip, peer);
  }

  /** Returns the same with an address of the guest. */
  public Workload withAddress(String address) {
    return new Workload(run, input, pace, card, address, peer);
  }

  /**
   * Returns the same with a second machine, on the network of the first.
   *
   * @param clients those that run there, separated by commas
   */
  public Workload withPeer(String clients) {
    return new Workload(run, input, pace, card, WITH_PEER, clients);
  }

  /** Returns the same workload with all input at once: its results must not depend on the pace. */
  Workload hurried() {
    long first = input.isEmpty() ? 0 : input.get(0).tick();
    return new Workload(
        run,
        input.stream().map(t -> new Typed(first, t.character())).toList(),
        HURRIED,
        card,
        ip,
        peer);
  }

  /**
   * The workload of trials: four clients that use services, one that uses the network, and one that
   * reads lines.
   */
  public static Workload trials() {
    List<Typed> input = new ArrayList<>();
    long tick = FIRST_LINE;
    for (String line : List.of("AB\n", "LINES\n", "T\n", "OFTEXT\n", "QX\n", "Z\n")) {
      for (int i = 0; i < line.length(); i++) {
        input.add(new Typed(tick + i * CHARACTER, line.charAt(i)));
      }
      tick += BETWEEN_LINES;
    }
    return new Workload("trial,typist", input, CHARACTER, EmbeddedCard.base(), "10.0.2.15/24", "");
  }
}
