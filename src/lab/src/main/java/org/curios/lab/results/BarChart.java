package org.curios.lab.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bars in groups, next to or on top of each other. */
public final class BarChart {
  private static final double GAP = 0.2;

  /** Pixels that a letter of a label takes; labels that do not fit are slanted. */
  private static final double LETTER = 6.5;

  private BarChart() {}

  /**
   * Returns the chart as SVG.
   *
   * @param label what the groups are
   * @param labels the name of each group
   * @param bars for each name of the legend a bar in each group; null for none
   * @param stacked whether the bars of a group are on top of each other
   */
  public static String svg(
      String title,
      String label,
      List<String> labels,
      Map<String, List<Double>> bars,
      boolean stacked) {
    Svg svg = new Svg(title);
    double least = 0;
    double greatest = 0;
    for (int i = 0; i < labels.size(); i++) {
      double sum = 0;
      for (List<Double> column : bars.values()) {
        double value = column.get(i) == null ? 0 : column.get(i);
        sum = stacked ? sum + value : value;
        least = Math.min(least, sum);
        greatest = Math.max(greatest, sum);
      }
    }
    Axis up = Axis.of(least, greatest, Svg.BOTTOM, Svg.TOP);
    svg.upright(up, bars.size() == 1 ? bars.keySet().iterator().next() : "");
    svg.level(label);
    double group = (Svg.RIGHT - Svg.LEFT) / Math.max(labels.size(), 1);
    double width = group * (1 - GAP) / (stacked ? 1 : Math.max(bars.size(), 1));
    boolean slanted = labels.stream().anyMatch(l -> l.length() * LETTER > group);
    for (int i = 0; i < labels.size(); i++) {
      double x = Svg.LEFT + i * group + group * GAP / 2;
      double base = 0;
      int colour = 0;
      for (List<Double> column : bars.values()) {
        double value = column.get(i) == null ? 0 : column.get(i);
        double a = up.place(base);
        double b = up.place(base + value);
        svg.add(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
            x, Math.min(a, b), width, Math.abs(a - b), Svg.colour(colour++));
        if (stacked) {
          base += value;
        } else {
          x += width;
        }
      }
      double middle = Svg.LEFT + (i + 0.5) * group;
      if (slanted) {
        svg.add(
            "<text transform=\"translate(%.1f %.1f) rotate(-20)\" text-anchor=\"end\">%s</text>%n",
            middle + 4, Svg.BOTTOM + 14, Svg.escaped(labels.get(i)));
      } else {
        svg.below(middle, Svg.BOTTOM + 18, labels.get(i));
      }
    }
    svg.legend(new ArrayList<>(bars.keySet()));
    return svg.end();
  }
}
