package org.curios.shell.session;

import org.curios.lab.session.SessionException;

/** Parses counts. */
final class Count {
  /** The largest: virtual time of weeks, in ticks. */
  private static final long MOST = 1_000_000_000_000_000L;

  private Count() {}

  /**
   * Parses a count of 1 or more; commas and underscores may separate its digits.
   *
   * @param command what it is for
   * @throws SessionException if it is none
   */
  static long of(String command, String text) {
    return of(command, text, MOST);
  }

  /** Parses a count from 1 to another number. */
  static long of(String command, String text, long most) {
    String digits = text.replaceAll("[,_]", "");
    long count = digits.matches("\\d{1,18}") ? Long.parseLong(digits) : hexadecimal(digits);
    if (count < 1 || count > most) {
      throw new SessionException(
          command
              + " "
              + text
              + ": give a count "
              + (most == MOST ? "of 1 or more" : "from 1 to " + Inspector.format("%,d", most))
              + (text.startsWith("-") && command.equals("step") ? "; reverse-step goes back" : ""));
    }
    return count;
  }

  private static long hexadecimal(String digits) {
    return digits.matches("0x[0-9a-fA-F]{1,12}") ? Long.decode(digits) : 0;
  }
}
