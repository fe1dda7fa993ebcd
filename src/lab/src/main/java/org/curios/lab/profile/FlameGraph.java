package org.curios.lab.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.curios.lab.profile.Profile.Node;

/**
 * A profile as a flame graph: the width of a call is its share, its callees are above it. An SVG
 * file by itself: a browser zooms into a call on a click and searches by regular expression;
 * without scripts it is still a picture.
 */
public final class FlameGraph {
  private static final int WIDTH = 1200;
  private static final int SIDE = 10;
  private static final int ROW = 16;
  private static final int HEAD = 60;
  private static final int FOOT = 46;

  /** Calls narrower than this many pixels are left out. */
  private static final double NARROWEST = 0.1;

  private static final double CHARACTER = 7.2;

  private final Profile profile;
  private final StringBuilder svg = new StringBuilder();
  private int rows;

  private FlameGraph(Profile profile) {
    this.profile = profile;
  }

  /**
   * Draws a profile.
   *
   * @param title a line above it
   */
  public static String svg(Profile profile, String title) {
    return new FlameGraph(profile).draw(title);
  }

  private double scale() {
    return (WIDTH - 2.0 * SIDE) / Math.max(1, profile.samples());
  }

  private String draw(String title) {
    rows = depth(profile.root());
    int height = HEAD + rows * ROW + FOOT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " data-side=\"%d\">%n",
        WIDTH, height, WIDTH, height, SIDE);
    svg.append(resource("flamegraph.css.svg"));
    add("<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>%n");
    add("<text class=\"title\" x=\"%d\" y=\"24\">%s</text>%n", WIDTH / 2, escape(title));
    add(
        "<text class=\"note\" x=\"%d\" y=\"42\">%,d samples, one every %,d instructions</text>%n",
        WIDTH / 2, profile.samples(), profile.every());
    add("<text id=\"back\" class=\"button\" x=\"%d\" y=\"24\">reset zoom</text>%n", SIDE);
    add("<text id=\"find\" class=\"button right\" x=\"%d\" y=\"24\">search</text>%n", WIDTH - SIDE);
    svg.append("<g id=\"frames\">\n");
    node(profile.root(), 0, 0);
    svg.append("</g>\n");
    legend(height - 30);
    add("<text id=\"tell\" class=\"tell\" x=\"%d\" y=\"%d\"> </text>%n", SIDE, height - 10);
    add(
        "<text id=\"matched\" class=\"tell right\" x=\"%d\" y=\"%d\"> </text>%n",
        WIDTH - SIDE, height - 10);
    svg.append("<script><![CDATA[\n").append(resource("flamegraph.js")).append("]]></script>\n");
    return svg.append("</svg>\n").toString();
  }

  private static int depth(Node node) {
    return 1 + node.callees().stream().mapToInt(FlameGraph::depth).max().orElse(0);
  }

  private void node(Node node, long before, int level) {
    double width = node.samples() * scale();
    if (width < NARROWEST) {
      return;
    }
    String name = node.call() == null ? "all" : node.call().name();
    String kind = node.call() == null ? "all" : node.call().kind().name().toLowerCase(Locale.ROOT);
    String file = node.call() == null ? "" : node.call().file();
    double x = SIDE + before * scale();
    int y = HEAD + (rows - 1 - level) * ROW;
    String told =
        String.format(
            Locale.ROOT,
            "%s%s: %,d samples, %.2f %%",
            name,
            file.isEmpty() ? "" : " (" + file + ")",
            node.samples(),
            100.0 * node.samples() / Math.max(1, profile.samples()));
    add(
        "<g class=\"%s\" data-n=\"%s\"><title>%s</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\""
            + " height=\"%d\" rx=\"1\" fill=\"%s\"/><text x=\"%.2f\" y=\"%d\">%s</text></g>%n",
        kind,
        escape(name),
        escape(told),
        x,
        y,
        width,
        ROW - 1,
        colour(kind, name),
        x + 3,
        y + ROW - 5,
        escape(fit(name, width)));
    long next = before;
    for (Node callee : node.callees()) {
      node(callee, next, level + 1);
      next += callee.samples();
    }
  }

  private static String fit(String name, double width) {
    int most = (int) ((width - 6) / CHARACTER);
    if (most < 3) {
      return "";
    }
    return name.length() <= most ? name : name.substring(0, most - 2) + "..";
  }

  /**
   * The same function has the same colour everywhere: its kind gives the hue, its name the shade.
   */
  private static String colour(String kind, String name) {
    int shade = Math.floorMod(name.hashCode() * 0x9e3779b1 >>> 8, 24);
    return switch (kind) {
      case "object" ->
          String.format(Locale.ROOT, "hsl(%d,55%%,%d%%)", 205 + shade / 2, 68 + shade / 3);
      case "kernel" -> String.format(Locale.ROOT, "hsl(%d,85%%,%d%%)", 14 + shade, 62 + shade / 3);
      case "idle" -> "hsl(0,0%,82%)";
      case "all" -> "hsl(0,0%,90%)";
      default -> String.format(Locale.ROOT, "hsl(%d,48%%,%d%%)", 95 + shade, 62 + shade / 3);
    };
  }

  private void legend(int y) {
    String[][] entries = {
      {"object", "protected object"},
      {"code", "its functions"},
      {"kernel", "kernel"},
      {"idle", "waiting"}
    };
    int x = SIDE;
    for (String[] e : entries) {
      add(
          "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>"
              + "<text class=\"note left\" x=\"%d\" y=\"%d\">%s</text>%n",
          x, y - 10, colour(e[0], "legend"), x + 17, y, e[1]);
      x += 40 + (int) (e[1].length() * CHARACTER);
    }
  }

  private void add(String text, Object... values) {
    svg.append(String.format(Locale.ROOT, text, values));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = FlameGraph.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
