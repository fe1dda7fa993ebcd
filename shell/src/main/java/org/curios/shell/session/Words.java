package org.curios.shell.session;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses a typed line: commands separated by ;, each with stages after |, each of words. What
 * follows |! up to a ; is a line for a shell of the host, one word as it is typed. Quotes keep
 * blanks and these signs in a word; a # that begins a word begins a comment; || is no pipe but part
 * of a condition.
 */
final class Words {
  /**
   * A word and its position.
   *
   * @param text without quotes
   * @param start of it in the line, with its quote
   * @param end after it
   * @param quoted whether any of it was in quotes
   */
  record Word(String text, int start, int end, boolean quoted) {}

  /**
   * A command or a filter.
   *
   * @param words its words
   * @param start of it in the line
   * @param end after it
   * @param piped whether a | is before it
   */
  record Stage(List<Word> words, int start, int end, boolean piped) {
    List<String> texts() {
      return words.stream().map(Word::text).toList();
    }
  }

  /** Begins a line for a shell of the host, after a pipe. */
  static final char PROGRAM = '!';

  private final String line;
  private final List<Stage> stages = new ArrayList<>();
  private List<Word> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int wordStart = -1;
  private boolean quoted;
  private char quote;
  private int stageStart;
  private boolean piped;

  private Words(String line) {
    this.line = line;
  }

  /** Returns the stages of all commands of a line; a stage without a pipe begins a command. */
  static List<Stage> parse(String line) {
    return new Words(line).run();
  }

  /** Returns whether a closing quote is missing at the end of a line. */
  static boolean isOpen(String line) {
    Words words = new Words(line);
    words.run();
    return words.quote != 0;
  }

  private List<Stage> run() {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == PROGRAM && piped && words.isEmpty() && wordStart < 0) {
        i = program(i);
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        begin(i);
        quote = c;
        quoted = true;
      } else if (c == '#' && wordStart < 0) {
        endStage(i, false);
        return stages;
      } else if (Character.isWhitespace(c)) {
        endWord(i);
      } else if (c == ';') {
        endStage(i, false);
      } else if (c == '|' && i + 1 < line.length() && line.charAt(i + 1) == '|') {
        begin(i);
        word.append("||");
        i++;
      } else if (c == '|') {
        endStage(i, true);
      } else {
        begin(i);
        word.append(c);
      }
    }
    endStage(line.length(), false);
    return stages;
  }

  /** Takes what is for a shell of the host; returns the place of its last character. */
  private int program(int from) {
    int end = from;
    char open = 0;
    for (; end < line.length() && (open != 0 || line.charAt(end) != ';'); end++) {
      char c = line.charAt(end);
      if (c == '\\' && open != '\'') {
        end++;
      } else if (c == open) {
        open = 0;
      } else if (open == 0 && (c == '"' || c == '\'')) {
        open = c;
      }
    }
    end = Math.min(end, line.length());
    begin(from);
    word.append(line, from, end);
    endWord(end);
    return end - 1;
  }

  private void begin(int at) {
    if (wordStart < 0) {
      wordStart = at;
    }
  }

  private void endWord(int at) {
    if (wordStart >= 0) {
      words.add(new Word(word.toString(), wordStart, at, quoted));
      word.setLength(0);
      wordStart = -1;
      quoted = false;
    }
  }

  private void endStage(int at, boolean nextIsPiped) {
    endWord(at);
    if (!words.isEmpty() || piped || nextIsPiped) {
      stages.add(new Stage(words, stageStart, at, piped));
    }
    words = new ArrayList<>();
    stageStart = at + 1;
    piped = nextIsPiped;
  }
}
