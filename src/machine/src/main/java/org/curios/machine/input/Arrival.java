package org.curios.machine.input;

import java.util.Arrays;

/**
 * A frame that has arrived from outside.
 *
 * @param tick when it arrived
 * @param frame from the destination address on, without frame check sequence; empty for the end of
 *     the link
 */
public record Arrival(long tick, byte[] frame) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Arrival a && a.tick == tick && Arrays.equals(a.frame, frame);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(tick) * 31 + Arrays.hashCode(frame);
  }
}
