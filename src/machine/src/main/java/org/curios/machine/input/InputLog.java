package org.curios.machine.input;

import java.util.List;

/**
 * What has come to the console, and when, so that a run from a snapshot sees it again.
 *
 * @param typed characters in the order of their ticks; -1 for the end of input
 */
public record InputLog(List<Typed> typed) {
  /** Nothing has come. */
  public static final InputLog EMPTY = new InputLog(List.of());

  /**
   * A character.
   *
   * @param tick when it came
   * @param character the byte; -1 for the end of input
   * @param read whether a program has read it by semihosting; else it came to UART0
   */
  public record Typed(long tick, int character, boolean read) {}

  /** Returns whether everything that another log has comes first in this one. */
  public boolean beginsWith(InputLog other) {
    return typed.size() >= other.typed.size()
        && typed.subList(0, other.typed.size()).equals(other.typed);
  }
}
