package org.curios.machine.text;

/**
 * Sanitises text of a guest, an image or a script for display, since a terminal would execute
 * escape sequences in it (ECMA-48).
 */
public final class PlainText {
  private static final int DELETE = 0x7f;
  private static final int LAST_CONTROL = 0x9f;

  private PlainText() {}

  /** Returns a text whose control characters, except for tabs and ends of lines, are spelt out. */
  public static String of(String text) {
    if (text.chars().noneMatch(PlainText::isControl)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.chars()
        .forEach(c -> {
          if (!isControl(c)) {
            plain.append((char) c);
          } else if (c <= DELETE) {
            plain.append('^').append((char) (c ^ '@'));
          } else {
            plain.append("\\x%02x".formatted(c));
          }
        });
    return plain.toString();
  }

  private static boolean isControl(int c) {
    return c < ' ' && c != '\t' && c != '\n' || c >= DELETE && c <= LAST_CONTROL;
  }
}
