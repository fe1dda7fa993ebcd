package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * A peer on a switch, written in Java. What it sends may depend only on the frames that it has
 * received and their times.
 */
@FunctionalInterface
public interface Station extends Stateful {
  /** Receives what a station sends. */
  @FunctionalInterface
  interface Outlet {
    /** Sends a frame, from the destination address on, without frame check sequence. */
    void send(byte[] frame);
  }

  /**
   * Receives a frame; the frames of all machines come in the order of their ticks.
   *
   * @param tick when the frame has arrived
   * @param frame from the destination address on, without frame check sequence
   * @param outlet sends at the same tick
   */
  void receive(long tick, byte[] frame, Outlet outlet);

  @Override
  default void save(DataOutput out) throws IOException {
    // without a state
  }

  @Override
  default void restore(DataInput in) throws IOException {
    // without a state
  }
}
