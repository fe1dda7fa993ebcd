package org.curios.machine.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last packets that have passed the cable of a machine, each once however often it is run. */
public final class Packets {
  private static final int KEPT = 1000;

  /**
   * A packet.
   *
   * @param tick when it passed
   * @param sent whether the machine has sent it, rather than received
   * @param frame from the destination address on, without frame check sequence
   */
  public record Packet(long tick, boolean sent, byte[] frame) {}

  private final Deque<Packet> kept = new ArrayDeque<>();
  private final Capture capture;

  /**
   * Begins without packets.
   *
   * @param capture takes all packets, or null
   */
  Packets(Capture capture) {
    this.capture = capture;
  }

  /** Notes a packet. */
  synchronized void note(Packet packet) {
    kept.add(packet);
    if (kept.size() > KEPT) {
      kept.remove();
    }
    if (capture != null) {
      capture.write(packet);
    }
  }

  /** Forgets what has passed after a tick, which has another future now. */
  synchronized void forgetAfter(long tick) {
    kept.removeIf(p -> p.tick > tick);
  }

  /** Returns the packets up to a tick, the oldest first. */
  public synchronized List<Packet> upTo(long tick) {
    return kept.stream().filter(p -> p.tick <= tick).toList();
  }

  /** Ends the capture. */
  void close() {
    if (capture != null) {
      capture.close();
    }
  }
}
