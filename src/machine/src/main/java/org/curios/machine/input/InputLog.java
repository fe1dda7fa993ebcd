package org.curios.machine.input;

import java.util.List;

/**
 * Input from outside with its ticks, so that a run from a snapshot sees it again.
 *
 * @param typed characters in the order of their ticks; -1 for the end of input
 * @param arrived frames in the order of their ticks
 */
public record InputLog(List<Typed> typed, List<Arrival> arrived) {
  /** No input. */
  public static final InputLog EMPTY = new InputLog(List.of(), List.of());

  /**
   * A character.
   *
   * @param tick when it arrived
   * @param character the byte; -1 for the end of input
   * @param read whether a program has read it by semihosting; otherwise it came to UART0
   */
  public record Typed(long tick, int character, boolean read) {}

  /** Returns whether this log begins with everything in another one. */
  public boolean beginsWith(InputLog other) {
    return beginsWith(typed, other.typed) && beginsWith(arrived, other.arrived);
  }

  private static <T> boolean beginsWith(List<T> all, List<T> first) {
    return all.size() >= first.size() && all.subList(0, first.size()).equals(first);
  }
}
