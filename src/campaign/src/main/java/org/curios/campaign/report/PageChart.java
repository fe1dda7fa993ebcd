package org.curios.campaign.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Charts as SVG within a page: they need no scripts, scale with the page and print. */
final class PageChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 150;
  private static final int RIGHT = WIDTH - 60;
  private static final int ROW = 26;
  private static final int LEGEND = 22;
  private static final int AXIS = 34;
  private static final double LETTER = 6.5;

  private final StringBuilder text = new StringBuilder();

  private PageChart(String label, int height) {
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" font-size=\"12\">",
        WIDTH, height, escaped(label));
  }

  private PageChart add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  private String end() {
    return text.append("</svg>\n").toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private void legend(List<String> names, Map<String, String> colours) {
    double x = 4;
    for (String name : names) {
      add(
          "<rect x=\"%.0f\" y=\"4\" width=\"10\" height=\"10\" fill=\"%s\"/>",
          x, colours.get(name));
      add("<text x=\"%.0f\" y=\"13\">%s</text>", x + 14, escaped(name));
      x += 28 + LETTER * name.length();
    }
  }

  /**
   * Draws a bar for each row, with the share of each part in it.
   *
   * @param rows counts by part, by row
   * @param colours of the parts, in their order
   */
  static String shares(
      String label, Map<String, Map<String, Integer>> rows, Map<String, String> colours) {
    List<String> parts =
        colours.keySet().stream()
            .filter(p -> rows.values().stream().anyMatch(r -> r.getOrDefault(p, 0) > 0))
            .toList();
    PageChart svg = new PageChart(label, LEGEND + ROW * rows.size() + AXIS);
    svg.legend(parts, colours);
    int y = LEGEND;
    for (Map.Entry<String, Map<String, Integer>> row : rows.entrySet()) {
      double total = row.getValue().values().stream().mapToInt(Integer::intValue).sum();
      svg.name(row.getKey(), y + 17);
      double x = LEFT;
      for (String part : parts) {
        int count = row.getValue().getOrDefault(part, 0);
        double width = total == 0 ? 0 : (RIGHT - LEFT) * count / total;
        if (count > 0) {
          svg.add(
              "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"><title>%s, %s:"
                  + " %,d</title></rect>",
              x,
              y + 4,
              Math.max(width, 1),
              colours.get(part),
              escaped(row.getKey()),
              escaped(part),
              count);
        }
        x += width;
      }
      svg.add("<text x=\"%d\" y=\"%d\">%,.0f</text>", RIGHT + 6, y + 17, total);
      y += ROW;
    }
    for (int percent = 0; percent <= 100; percent += 25) {
      double x = LEFT + (RIGHT - LEFT) * percent / 100.0;
      svg.tick(x, y, percent + " %");
    }
    return svg.end();
  }

  private void name(String name, int y) {
    int most = (int) ((LEFT - 10) / LETTER);
    String shown = name.length() <= most ? name : name.substring(0, most - 1) + "…";
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s<title>%s</title></text>",
        LEFT - 8, y, escaped(shown), escaped(name));
  }

  private void tick(double x, int y, String label) {
    add("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"axis\"/>", x, y, x, y + 5);
    add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x, y + 18, escaped(label));
  }

  /**
   * Draws shares with their intervals, a row each.
   *
   * @param rows lower end, share and upper end, 0 to 1, by name
   */
  static String intervals(String label, Map<String, double[]> rows) {
    double least = rows.values().stream().mapToDouble(r -> r[0]).min().orElse(0);
    double from = Math.max(0, Math.floor(least * 10) / 10);
    PageChart svg = new PageChart(label, ROW * rows.size() + AXIS);
    int y = 0;
    for (Map.Entry<String, double[]> row : rows.entrySet()) {
      double[] at = new double[3];
      for (int i = 0; i < 3; i++) {
        at[i] = LEFT + (RIGHT - LEFT) * (row.getValue()[i] - from) / (1 - from);
      }
      svg.name(row.getKey(), y + 17);
      svg.add(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#0072b2\""
              + " stroke-width=\"3\"/>",
          at[0], y + 13, Math.max(at[2], at[0] + 1), y + 13);
      svg.add("<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#0072b2\"/>", at[1], y + 13);
      svg.add("<text x=\"%d\" y=\"%d\">%.1f %%</text>", RIGHT + 8, y + 17, 100 * row.getValue()[1]);
      y += ROW;
    }
    for (int i = 0; i <= 4; i++) {
      double share = from + (1 - from) * i / 4;
      svg.tick(
          LEFT + (RIGHT - LEFT) * i / 4.0, y, String.format(Locale.ROOT, "%.4g %%", 100 * share));
    }
    return svg.end();
  }

  /**
   * Draws the cumulative distribution of values, on a logarithmic scale.
   *
   * @param lines values by rising size, above 0, by name
   */
  static String distribution(String label, String unit, Map<String, double[]> lines) {
    int height = 260;
    int bottom = height - 48;
    double least =
        lines.values().stream().filter(v -> v.length > 0).mapToDouble(v -> v[0]).min().orElse(1);
    double most =
        lines.values().stream()
            .filter(v -> v.length > 0)
            .mapToDouble(v -> v[v.length - 1])
            .max()
            .orElse(10);
    double from = Math.floor(Math.log10(Math.max(least, 1e-3)));
    double to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(most, 1e-3))));
    Map<String, String> colours = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(lines.keySet());
    names.forEach(n -> colours.put(n, Palette.line(names.indexOf(n))));
    PageChart svg = new PageChart(label, height);
    svg.legend(names, colours);
    for (int i = 0; i <= 4; i++) {
      double y = bottom - (bottom - LEGEND) * i / 4.0;
      svg.add(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"grid\"/>", LEFT, y, RIGHT, y);
      svg.add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>", LEFT - 8, y + 4, 25 * i);
    }
    for (double power = from; power <= to; power++) {
      double x = LEFT + (RIGHT - LEFT) * (power - from) / (to - from);
      svg.tick(x, bottom, number(Math.pow(10, power)));
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + RIGHT) / 2, height - 6, escaped(unit));
    lines.forEach((name, values) -> {
      StringBuilder points = new StringBuilder();
      int step = Math.max(1, values.length / 200);
      for (int i = 0; i < values.length; i += step) {
        int at = i + step >= values.length ? values.length - 1 : i;
        double log = Math.log10(Math.max(values[at], Math.pow(10, from)));
        points.append(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f ",
                LEFT + (RIGHT - LEFT) * (log - from) / (to - from),
                bottom - (bottom - LEGEND) * (at + 1.0) / values.length));
      }
      svg.add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
          points, colours.get(name));
    });
    return svg.end();
  }

  private static String number(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%s", value);
  }

  /**
   * A point of the fault space.
   *
   * @param tick when, since the machine's start
   * @param row number of the location
   * @param within where in the location, 0 to 1
   * @param outcome its outcome
   * @param text shown on hover
   */
  record Point(long tick, int row, double within, String outcome, String text) {}

  /** Draws the fault space: time from left to right, locations from top to bottom. */
  static String space(
      String label, List<String> rows, List<Point> points, Map<String, String> colours) {
    int band = 44;
    long first = points.stream().mapToLong(Point::tick).min().orElse(0);
    long last = points.stream().mapToLong(Point::tick).max().orElse(1);
    double span = Math.max(1, last - first);
    PageChart svg = new PageChart(label, LEGEND + band * rows.size() + AXIS + 14);
    List<String> words =
        colours.keySet().stream()
            .filter(w -> points.stream().anyMatch(p -> p.outcome.equals(w)))
            .toList();
    svg.legend(words, colours);
    for (int i = 0; i < rows.size(); i++) {
      int y = LEGEND + band * i;
      svg.name(rows.get(i), y + band / 2 + 4);
      svg.add("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"grid\"/>", LEFT, y, RIGHT, y);
    }
    for (String word : words) { // the rare and bad ones are drawn on top
      for (Point p : points) {
        if (p.outcome.equals(word)) {
          svg.add(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\"><title>%s</title></circle>",
              LEFT + (RIGHT - LEFT) * (p.tick - first) / span,
              LEGEND + band * p.row + 4 + (band - 8) * p.within,
              word.equals("unnoticed") || word.equals("recovered") ? "1.6" : "3",
              colours.get(word),
              escaped(p.text));
        }
      }
    }
    int bottom = LEGEND + band * rows.size();
    for (int i = 0; i <= 4; i++) {
      svg.tick(
          LEFT + (RIGHT - LEFT) * i / 4.0,
          bottom,
          String.format(Locale.ROOT, "%,.0f", first + span * i / 4));
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">tick</text>",
        (LEFT + RIGHT) / 2, bottom + AXIS + 8);
    return svg.end();
  }
}
