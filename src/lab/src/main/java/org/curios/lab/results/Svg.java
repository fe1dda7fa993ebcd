package org.curios.lab.results;

import java.util.List;
import java.util.Locale;

/** Common parts of all charts: the frame, the title, the axes and the legend. */
final class Svg {
  static final double WIDTH = 720;
  static final double HEIGHT = 400;
  static final double LEFT = 80;
  static final double RIGHT = WIDTH - 20;
  static final double TOP = 64;
  static final double BOTTOM = HEIGHT - 60;

  /** Colours that colour-blind people can distinguish (Okabe and Ito). */
  private static final String[] COLOURS = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442"
  };

  private static final double LETTER = 7;

  private final StringBuilder text = new StringBuilder();

  Svg(String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n",
        WIDTH, HEIGHT);
    add("<rect width=\"%.0f\" height=\"%.0f\" fill=\"white\"/>%n", WIDTH, HEIGHT);
    add(
        "<text x=\"%.0f\" y=\"24\" font-size=\"16\" text-anchor=\"middle\">%s</text>%n",
        WIDTH / 2, escaped(title));
  }

  static String colour(int number) {
    return COLOURS[number % COLOURS.length];
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  Svg add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).replace(System.lineSeparator(), "\n"));
    return this;
  }

  /** Draws the upright axis with lines across, and what it shows. */
  void upright(Axis axis, String name) {
    for (double mark : axis.marks()) {
      double y = axis.place(mark);
      add(
          "<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
          LEFT, y, RIGHT, y);
      add(
          "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
          LEFT - 6, y + 4, axis.label(mark));
    }
    add(
        "<text transform=\"translate(16 %.0f) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
        (TOP + BOTTOM) / 2, escaped(name));
  }

  /** Draws the line at the bottom, with its label. */
  void level(String name) {
    add(
        "<line x1=\"%.0f\" y1=\"%.1f\" x2=\"%.0f\" y2=\"%.1f\" stroke=\"black\"/>%n",
        LEFT, BOTTOM, RIGHT, BOTTOM);
    below((LEFT + RIGHT) / 2, HEIGHT - 12, name);
  }

  void below(double x, double y, String label) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>%n", x, y, escaped(label));
  }

  /** Draws the legend, if there is more than one colour. */
  void legend(List<String> names) {
    if (names.size() < 2) {
      return;
    }
    double x = LEFT;
    for (int i = 0; i < names.size(); i++) {
      add("<rect x=\"%.1f\" y=\"38\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", x, colour(i));
      add("<text x=\"%.1f\" y=\"49\">%s</text>%n", x + 16, escaped(names.get(i)));
      x += 32 + LETTER * names.get(i).length();
    }
  }

  String end() {
    return text.append("</svg>\n").toString();
  }
}
