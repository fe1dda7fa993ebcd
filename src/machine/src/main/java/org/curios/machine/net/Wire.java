package org.curios.machine.net;

/** The cable, as seen by its controller. */
@FunctionalInterface
public interface Wire {
  /**
   * Receives a frame that the controller has sent.
   *
   * @param frame from the destination address on, without frame check sequence
   */
  void send(byte[] frame);
}
