package org.curios.shell.session;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The words after {@code script}: its options may come before or after the script's name; what it
 * does not know after the name, and all after {@code --}, is the script's.
 */
public final class ScriptWords {
  private static final String END = "--";

  private ScriptWords() {}

  /**
   * Returns the words that are given to the script.
   *
   * @param command what knows the options
   * @param given all words of the command line
   * @param words those that are no options of the command, the script's name first
   * @throws SessionException if one of them should have been an option
   */
  public static List<String> of(CommandSpec command, List<String> given, List<String> words) {
    int end = given.indexOf(END);
    int free = words.size() - (end < 0 ? 0 : given.size() - end - 1);
    for (int i = 0; i < Math.min(free, words.size()); i++) {
      String word = words.get(i);
      String option = word.replaceFirst("=.*", "");
      String hint = Nearest.slip(option, command.optionsMap().keySet());
      if (option.startsWith("-") && (i == 0 || !hint.isEmpty())) {
        throw new SessionException(
            option
                + ": no such option"
                + hint
                + (i == 0
                    ? "; --help lists them; put the script's own after its name"
                    : " If it is the script's, put it after --"));
      }
    }
    return new ArrayList<>(words.subList(1, words.size()));
  }
}
