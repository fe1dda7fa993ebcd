package org.curios.shell.session;

import java.util.List;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours the line that is being typed: what is a command, an option, a register, a number. */
final class InputHighlighter implements Highlighter {
  private static final AttributedStyle COMMAND =
      AttributedStyle.BOLD.foreground(AttributedStyle.GREEN);
  private static final AttributedStyle UNKNOWN =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle OPTION =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
  private static final AttributedStyle REGISTER =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);
  private static final AttributedStyle NUMBER =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.BLUE | AttributedStyle.BRIGHT);
  private static final AttributedStyle QUOTED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
  private static final Pattern IS_NUMBER =
      Pattern.compile("@?[0-9][0-9_,]*|0[xX][0-9a-fA-F]+|[0-9a-fA-F]{8}");

  private final Interpreter interpreter;

  InputHighlighter(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  @Override
  public AttributedString highlight(LineReader reader, String line) {
    AttributedStringBuilder text = new AttributedStringBuilder();
    int end = 0;
    for (Words.Stage stage : Words.parse(line)) {
      List<Words.Word> words = stage.words();
      for (int i = 0; i < words.size(); i++) {
        Words.Word word = words.get(i);
        text.append(line, end, word.start());
        text.styled(
            i == 0 ? first(word.text(), stage.piped()) : style(word),
            line.substring(word.start(), word.end()));
        end = word.end();
      }
    }
    return text.append(line.substring(end)).toAttributedString();
  }

  private AttributedStyle first(String word, boolean isFilter) {
    String name = word.indexOf('/') > 0 ? word.substring(0, word.indexOf('/')) : word;
    boolean known =
        isFilter
            ? Filters.NAMES.contains(name)
            : interpreter.aliases().containsKey(name) || interpreter.find(name) != null;
    return known ? COMMAND : UNKNOWN;
  }

  private static AttributedStyle style(Words.Word word) {
    if (word.quoted()) {
      return QUOTED;
    }
    if (word.text().startsWith("-")) {
      return OPTION;
    }
    if (word.text().startsWith("$")) {
      return REGISTER;
    }
    return IS_NUMBER.matcher(word.text()).matches() ? NUMBER : AttributedStyle.DEFAULT;
  }
}
