package org.curios.lab.profile;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.curios.arm.language.GuestCode.Line;
import org.curios.lab.profile.Profile.Share;
import org.curios.machine.image.SourceLookup;

/** A profile as tables for people, or as one JSON object for programs. */
public final class ProfileReport {
  private final Profiler.Result result;
  private final Profile profile;
  private final SourceLookup sources;

  /**
   * Takes a profile.
   *
   * @param sources where the text of lines is
   */
  public ProfileReport(Profiler.Result result, SourceLookup sources) {
    this.result = result;
    this.profile = result.profile();
    this.sources = sources;
  }

  private double percent(long samples) {
    return profile.samples() == 0 ? 0 : 100.0 * samples / profile.samples();
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** Returns the functions and the lines of the hottest one. */
  public String text(int most) {
    StringBuilder text =
        new StringBuilder(
            format(
                "%,d ticks, a sample every %,d: %,d samples%s%n%n",
                result.ticks(), profile.every(), profile.samples(), waiting()));
    if (profile.samples() == 0) {
      return text.append("No samples: take more with --every.\n").toString();
    }
    text.append(
        format("%8s %7s %8s %7s  %-30s %s%n", "self", "%", "total", "%", "function", "file"));
    List<Share> shares = profile.shares();
    for (Share s : shares.subList(0, Math.min(most, shares.size()))) {
      text.append(
              format(
                      "%8d %7.2f %8d %7.2f  %-30s %s",
                      s.self(),
                      percent(s.self()),
                      s.total(),
                      percent(s.total()),
                      s.call().name(),
                      s.call().file())
                  .stripTrailing())
          .append('\n');
    }
    if (shares.size() > most) {
      text.append(format("%17s %s%n", "", "... and " + (shares.size() - most) + " more"));
    }
    Call hottest = profile.hottest();
    if (hottest != null && !profile.lines(hottest).isEmpty()) {
      text.append(format("%nLines of %s:%n", hottest.name()));
      profile
          .lines(hottest)
          .forEach((line, n) ->
              text.append(
                      format("%8d %7.2f  %-30s %s", n, percent(n), line, source(line))
                          .stripTrailing())
                  .append('\n'));
    }
    return text.toString();
  }

  private String waiting() {
    if (profile.idle() == 0) {
      return "";
    }
    return profile.withIdle()
        ? format(", %,d of them waiting for an interrupt", profile.idle())
        : format("; %,d more while the processor waited (--idle shows them)", profile.idle());
  }

  private String source(Line line) {
    String text = sources.text(line.file());
    return text == null
        ? ""
        : text.lines().skip(line.line() - 1L).findFirst().map(String::strip).orElse("");
  }

  /** Returns everything as one JSON object; counts are samples. */
  public String json() {
    StringJoiner functions = new StringJoiner(",", "[", "]");
    for (Share s : profile.shares()) {
      functions.add(
          format(
              "{\"function\":%s,\"kind\":\"%s\",\"file\":%s,\"self\":%d,\"total\":%d}",
              quote(s.call().name()),
              s.call().kind().name().toLowerCase(Locale.ROOT),
              quote(s.call().file()),
              s.self(),
              s.total()));
    }
    StringJoiner lines = new StringJoiner(",", "[", "]");
    Call hottest = profile.hottest();
    Map<Line, Long> hot = hottest == null ? Map.of() : profile.lines(hottest);
    hot.forEach((line, n) ->
        lines.add(
            format("{\"file\":%s,\"line\":%d,\"self\":%d}", quote(line.file()), line.line(), n)));
    return format(
        "{\"ticks\":%d,\"every_ticks\":%d,\"samples\":%d,\"idle\":%d,\"functions\":%s,"
            + "\"hottest\":%s,\"hottest_lines\":%s}",
        result.ticks(),
        profile.every(),
        profile.samples(),
        profile.idle(),
        functions,
        hottest == null ? "null" : quote(hottest.name()),
        lines);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
