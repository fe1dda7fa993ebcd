package org.curios.lab.results;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines through points. */
public final class LineChart {
  private LineChart() {}

  /**
   * Returns the chart as SVG.
   *
   * @param x what the horizontal axis shows
   * @param y what the vertical axis shows
   * @param lines for each name of the legend its points, each x and y
   */
  public static String svg(String title, String x, String y, Map<String, List<double[]>> lines) {
    Svg svg = new Svg(title);
    double[] range = {
      Double.MAX_VALUE, -Double.MAX_VALUE, 0, -Double.MAX_VALUE
    }; // the upright axis shows 0
    for (List<double[]> points : lines.values()) {
      for (double[] p : points) {
        range[0] = Math.min(range[0], p[0]);
        range[1] = Math.max(range[1], p[0]);
        range[2] = Math.min(range[2], p[1]);
        range[3] = Math.max(range[3], p[1]);
      }
    }
    if (lines.isEmpty()) {
      range = new double[] {0, 1, 0, 1};
    }
    Axis across = Axis.of(range[0], range[1], Svg.LEFT, Svg.RIGHT);
    Axis up = Axis.of(range[2], range[3], Svg.BOTTOM, Svg.TOP);
    svg.upright(up, y);
    svg.level(x);
    for (double mark : across.marks()) {
      svg.below(across.place(mark), Svg.BOTTOM + 18, across.label(mark));
    }
    int number = 0;
    for (List<double[]> points : lines.values()) {
      String colour = Svg.colour(number++);
      svg.add(
          "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
          colour,
          points.stream()
              .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", across.place(p[0]), up.place(p[1])))
              .collect(Collectors.joining(" ")));
      for (double[] p : points) {
        svg.add(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n",
            across.place(p[0]), up.place(p[1]), colour);
      }
    }
    svg.legend(List.copyOf(lines.keySet()));
    return svg.end();
  }
}
