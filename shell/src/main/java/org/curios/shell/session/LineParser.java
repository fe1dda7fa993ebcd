package org.curios.shell.session;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line reader which word of which command the cursor is in. */
final class LineParser implements Parser {
  /**
   * The command or filter that the cursor is in.
   *
   * @param line the whole line
   * @param cursor place in it
   * @param words of this command up to the word at the cursor, and that one up to its end
   * @param wordCursor place in that word
   * @param rawLength length of that word as it is typed, with quotes
   * @param rawCursor place in it
   * @param isFilter whether it follows a |
   */
  record Part(
      String line,
      int cursor,
      List<String> words,
      int wordCursor,
      int rawLength,
      int rawCursor,
      boolean isFilter)
      implements CompletingParsedLine {
    @Override
    public String word() {
      return words.get(words.size() - 1);
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public int rawWordCursor() {
      return rawCursor;
    }

    @Override
    public int rawWordLength() {
      return rawLength;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      String text = candidate.toString();
      return text.matches("[^\\s;|#'\"]*") ? text : "'" + text + (complete ? "'" : "");
    }
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && Words.isOpen(line)) {
      throw new EOFError(-1, cursor, "a closing quote is missing", "quote");
    }
    // A letter at the cursor, so that there is always a word to be in.
    List<Words.Stage> stages = Words.parse(line.substring(0, cursor) + "x");
    Words.Stage stage = stages.get(stages.size() - 1);
    List<String> words = new ArrayList<>(stage.texts());
    Words.Word last = stage.words().get(words.size() - 1);
    String typed = last.text().substring(0, last.text().length() - 1);
    words.set(words.size() - 1, typed);
    int raw = cursor - last.start();
    return new Part(line, cursor, words, typed.length(), raw, raw, stage.piped());
  }
}
