package org.curios.machine.semihosting;

import java.util.List;
import org.curios.machine.image.ImageException;

/**
 * The command line of a program as C libraries split it: words separated by blanks; a word that
 * starts with a quote continues to the next quote of its kind.
 */
public final class CommandLine {
  private CommandLine() {}

  /**
   * Joins words.
   *
   * @throws ImageException when a word cannot be written
   */
  public static String of(String name, List<String> arguments) throws ImageException {
    StringBuilder line = new StringBuilder(quoted(name));
    for (String argument : arguments) {
      line.append(' ').append(quoted(argument));
    }
    return line.toString();
  }

  private static String quoted(String word) throws ImageException {
    if (!word.isEmpty() && word.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '\'')) {
      return word;
    }
    if (word.indexOf('"') < 0) {
      return '"' + word + '"';
    }
    if (word.indexOf('\'') < 0) {
      return '\'' + word + '\'';
    }
    throw new ImageException(
        word + ": an argument of the guest with both kinds of quotes cannot be written; use one");
  }
}
