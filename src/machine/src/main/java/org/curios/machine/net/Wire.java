package org.curios.machine.net;

/** The cable of a controller, as that sees it. */
@FunctionalInterface
public interface Wire {
  /**
   * Takes a frame that the controller has sent.
   *
   * @param frame from the destination address on, without frame check sequence
   */
  void send(byte[] frame);
}
