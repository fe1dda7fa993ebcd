package org.curios.machine.net;

/**
 * The peer at the other end of a machine's cable, in the host's time: frames from there are
 * recorded with their ticks, so that the run can be repeated without it.
 */
public interface FarEnd extends AutoCloseable {
  /**
   * Sends a frame; one that cannot be sent is lost, as on a wire.
   *
   * @param frame from the destination address on, without frame check sequence
   */
  void send(byte[] frame);

  /**
   * Takes the next frame that has arrived.
   *
   * @param nanoseconds to wait at most while there is none
   * @return the frame; null if there is none; of length 0, once, when the peer has closed
   */
  byte[] take(long nanoseconds);

  @Override
  void close();
}
