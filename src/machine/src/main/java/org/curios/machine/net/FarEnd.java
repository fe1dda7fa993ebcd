package org.curios.machine.net;

/**
 * Who is at the other end of a machine's cable and lives in the time of the host: what comes from
 * there is noted with its tick, so that the run can be repeated without it.
 */
public interface FarEnd extends AutoCloseable {
  /**
   * Sends a frame; one that cannot be sent is lost, as on a wire.
   *
   * @param frame from the destination address on, without frame check sequence
   */
  void send(byte[] frame);

  /**
   * Takes the next frame that has come.
   *
   * @param nanoseconds to wait at most while there is none
   * @return the frame; null if there is none; of length 0, once, when the peer is gone
   */
  byte[] take(long nanoseconds);

  @Override
  void close();
}
