package org.curios.shell.session;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Dictionary.Word;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lists in help texts that come from the guest's dictionary: a line of a description names one. */
final class HelpWords {
  /** Stands for the ways to crash a service. */
  static final String CRASHES = "%crashes";

  /** Stands for the recovery policies. */
  static final String POLICIES = "%policies";

  private HelpWords() {}

  /** Writes the lists into a description. */
  static void expand(UsageMessageSpec usage) {
    List<String> lines = new ArrayList<>();
    for (String line : usage.description()) {
      switch (line) {
        case CRASHES -> lines.addAll(list(Kind.CRASH, Kind.INJECTION));
        case POLICIES -> lines.addAll(list(Kind.POLICY));
        default -> lines.add(line);
      }
    }
    usage.description(lines.toArray(new String[0]));
  }

  private static List<String> list(Kind... kinds) {
    List<Word> words = new ArrayList<>();
    for (Kind kind : kinds) {
      words.addAll(Dictionary.embedded().all(kind));
    }
    int width = words.stream().mapToInt(w -> w.name().length()).max().orElse(0);
    return words.stream()
        .map(w -> "  " + w.name() + " ".repeat(width + 2 - w.name().length()) + w.text())
        .toList();
  }
}
