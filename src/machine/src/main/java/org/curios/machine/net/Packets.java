package org.curios.machine.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last packets on the cable of a machine, each once however often it is run. */
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
   * Starts without packets.
   *
   * @param capture takes all packets, or null
   */
  Packets(Capture capture) {
    this.capture = capture;
  }

  /** Records a packet. */
  synchronized void note(Packet packet) {
    kept.add(packet);
    if (kept.size() > KEPT) {
      kept.remove();
    }
    if (capture != null) {
      capture.write(packet);
    }
  }

  /** Drops the packets after a tick, whose future has changed. */
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
