package org.curios.campaign.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.result.Row;
import org.curios.campaign.result.Tally;
import org.curios.campaign.stat.Share;
import org.curios.campaign.store.Folder;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Outcome.Word;

/** The report as one self-contained page: no scripts, no files, no network. */
final class Page {
  private static final String STYLE =
      """
      :root{color-scheme:light}
      body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;max-width:68rem;margin:0 auto;padding:1rem}
      h1{line-height:1.2;margin:.5rem 0}
      h2{margin:2.2rem 0 .4rem;border-bottom:1px solid #d0d4d9;padding-bottom:.2rem}
      h3{margin:1.4rem 0 .3rem}
      p{margin:.4rem 0 .8rem}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
      th,td{padding:.25rem .45rem;border-bottom:1px solid #e3e6ea;text-align:right;white-space:nowrap}
      th{white-space:normal;vertical-align:bottom}
      th:first-child,td:first-child,.left{text-align:left}
      th{background:#f4f6f8}
      svg{width:100%;height:auto;font-family:system-ui,sans-serif;fill:#1b1f24}
      svg .axis{stroke:#8a9199}
      svg .grid{stroke:#e3e6ea}
      code,pre{font:13px/1.45 ui-monospace,monospace}
      pre.plan{background:#f4f6f8;padding:.8rem;overflow-x:auto}
      .listing{max-height:28rem;overflow:auto;border:1px solid #d0d4d9}
      .listing table{width:100%}
      .listing td{border:0;padding:0 .6rem;font:12.5px/1.5 ui-monospace,monospace;white-space:pre}
      .listing td.n{color:#6a737d}
      .big{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin:1rem 0}
      .big div{min-width:7rem}
      .big b{display:block;font-size:1.5rem;line-height:1.2}
      td.command{white-space:nowrap}
      @media print{body{max-width:none;font-size:11pt;padding:0}.listing{max-height:none;overflow:visible}
      .wide{overflow:visible}h2,h3{break-after:avoid}svg,tr{break-inside:avoid}table{font-size:8.5pt}
      th,td{padding:.15rem .35rem}}
      """;

  private final Folder folder;
  private final Plan plan;
  private final Program program;
  private final Findings found;
  private final StringBuilder html = new StringBuilder();

  Page(Folder folder, Program program, Findings found) {
    this.folder = folder;
    this.plan = folder.plan();
    this.program = program;
    this.found = found;
  }

  private Page add(String format, Object... values) {
    html.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
    return this;
  }

  String html() {
    String title = "Campaign " + plan.name();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
        .append("<title>" + PageChart.escaped(title) + "</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n");
    add("<h1>%s</h1>", PageChart.escaped(title));
    summary();
    if (found.tallies.all().trials() > 0) {
      kinds();
      services();
      if (!plan.isForeign()) {
        policies();
      }
      failures();
      matrix();
      latencies();
      space();
      Sources.listings(program, found).forEach(html::append);
      worst();
    }
    ran();
    return html.append("</body></html>\n").toString();
  }

  private void summary() {
    Tally all = found.tallies.all();
    boolean complete = folder.missing().isEmpty();
    add(
        "<p>%s%s, seed %d. %s</p>",
        PageChart.escaped(plan.sampling().text()),
        PageChart.escaped(
            plan.isForeign() ? plan.scope() : " under " + String.join(", ", plan.policies())),
        plan.seed(),
        complete
            ? ""
            : String.format(
                Locale.ROOT,
                "<strong>Not complete: %,d of %,d rows are there.</strong>",
                all.trials(),
                plan.rows()));
    html.append("<div class=\"big\">");
    big("%,d", all.trials(), "trials");
    big("%,d", all.manifested(), "showed an effect");
    if (!plan.isForeign()) {
      big("%s", percent(all.lossless()), "of those lossless");
    }
    big("%,d", all.of(Word.SILENT), "silent corruptions");
    if (plan.isForeign()) {
      big("%,d", all.of(Word.SERVICE_LOST), "ended by themselves or by an exception");
      big("%,d", all.of(Word.SYSTEM_LOST), "hung");
    } else {
      big("%,d", all.of(Word.SYSTEM_LOST), "systems lost");
      big("%,d", all.foreignSsrBytes(), "bytes changed in states of others");
    }
    html.append("</div>\n");
    if (plan.isForeign()) {
      add("<p>Undisturbed: %s.</p>", PageChart.escaped(plan.foreign().undisturbed().text()));
    }
  }

  private void big(String format, Object value, String what) {
    add("<div><b>" + format + "</b>%s</div>", value, what);
  }

  private static String percent(Share share) {
    return share.all() == 0 ? "–" : String.format(Locale.ROOT, "%.2f&nbsp;%%", 100 * share.value());
  }

  private static Map<String, Integer> counts(Tally t) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Palette.outcomes().keySet().forEach(w -> counts.put(w, 0));
    for (Word w : Word.values()) {
      counts.put(w.toString(), t.of(w));
    }
    return counts;
  }

  private void kinds() {
    add("<h2>Outcomes by kind of fault</h2>");
    add(
        plan.isForeign()
            ? "<p>Unnoticed: output, exit status and chosen memory are those of the undisturbed run;"
                + " with its interval of 95&nbsp;% (Wilson). Silent: output or memory differs."
                + " Service lost: the program ended with another exit status, or by an exception that"
                + " has no handler. System lost: it hung.</p>"
            : "<p>Lossless: of the trials that showed an effect, those in which every client got"
                + " exactly what it gets undisturbed; with its interval of 95&nbsp;% (Wilson).</p>");
    found.kinds.forEach((policy, kinds) -> {
      heading(policy);
      chart("Outcomes by kind under " + policy, kinds);
      table("kind", kinds);
    });
  }

  private void services() {
    if (plan.isForeign()) {
      return; // it is one program
    }
    add("<h2>Outcomes by service</h2>");
    found.services.forEach((policy, services) -> {
      heading(policy);
      chart("Outcomes by service under " + policy, services);
      table("service", services);
    });
  }

  private void heading(String policy) {
    if (!plan.isForeign()) {
      add("<h3>%s</h3>", policy);
    }
  }

  private void chart(String label, Map<String, Tally> tallies) {
    Map<String, Map<String, Integer>> rows = new LinkedHashMap<>();
    tallies.forEach((name, t) -> rows.put(name, counts(t)));
    html.append(PageChart.shares(label, rows, Palette.outcomes()));
  }

  private void table(String what, Map<String, Tally> tallies) {
    List<OutcomeColumn> columns = OutcomeColumn.of(plan);
    StringBuilder head = new StringBuilder("<div class=\"wide\"><table><tr><th>" + what);
    columns.forEach(c -> head.append("<th>").append(c.title()));
    head.append(plan.isForeign() ? "<th>unnoticed (95 %)</tr>" : "<th>lossless (95 %)</tr>");
    add(head.toString());
    tallies.forEach((name, t) -> {
      StringBuilder row = new StringBuilder("<tr><td>" + PageChart.escaped(name));
      columns.forEach(c -> row.append(cell(c.number().applyAsLong(t))));
      add(row + "<td>" + OutcomeColumn.share(plan, t).text() + "</tr>");
    });
    add("</table></div>");
  }

  private static String cell(long number) {
    return String.format(Locale.ROOT, "<td>%,d", number);
  }

  private void policies() {
    Map<String, double[]> rows = new LinkedHashMap<>();
    found
        .tallies
        .byPolicy()
        .forEach((policy, t) -> {
          Share s = t.lossless();
          if (s.all() > 0) {
            rows.put(policy, new double[] {s.low(), s.value(), s.high()});
          }
        });
    add("<h2>Policies side by side</h2>");
    add("<p>Share of lossless trials among those that showed an effect, with intervals.</p>");
    html.append(PageChart.intervals("Lossless trials by policy", rows));
    if (plan.policies().size() < 2) {
      return;
    }
    add(
        "<p>The same faults under two policies, by McNemar's exact test. Good trials are those"
            + " without effect and the lossless ones.</p>");
    add(
        "<div class=\"wide\"><table><tr><th>first<th class=\"left\">second<th>pairs<th>both good"
            + "<th>only first<th>only second<th>neither<th>difference</tr>");
    List<String> names = plan.policies();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        var p = found.compare(names.get(i), names.get(j));
        add(
            "<tr><td>%s<td class=\"left\">%s<td>%,d<td>%,d<td>%,d<td>%,d<td>%,d<td>%s</tr>",
            names.get(i),
            names.get(j),
            p.pairs(),
            p.both(),
            p.first(),
            p.second(),
            p.neither(),
            Comparison.verdict(p));
      }
    }
    add("</table></div>");
  }

  private void failures() {
    add("<h2>Failures in the whole fault space</h2>");
    add(
        "<p>Places times instructions at which one fault can happen, and how many of those faults"
            + " would fail: neither without effect nor lossless. Unlike shares, these numbers can be"
            + " compared between programs of different size and length.</p>");
    var window = plan.sampling().window();
    if (window != null) {
      double run = found.failures.values().iterator().next().values().iterator().next().space();
      add(
          "<p>This campaign is exhaustive: of %,d flips of %s in %,d instructions, %,d are"
              + " overwritten before they are read, or never read, and need no run; %,d runs so far"
              + " stand for %,.0f flips. Covered: %.1f&nbsp;%%. The tables above count runs, this one counts flips.</p>",
          window.flips(),
          window.what(),
          window.instructions(),
          window.overwritten(),
          found.tallies.all().trials(),
          run,
          100 * (run + window.overwritten()) / window.flips());
    }
    add(
        "<div class=\"wide\"><table><tr><th>policy<th class=\"left\">kind<th>fault space"
            + "<th>failures<th>at most (95 %)</tr>");
    found.failures.forEach((policy, kinds) ->
        kinds.forEach((kind, e) ->
            add(
                "<tr><td>%s<td class=\"left\">%s<td>%s<td>%s<td>%s</tr>",
                policy,
                PageChart.escaped(kind),
                scientific(e.space()),
                scientific(e.failures()),
                scientific(e.most()))));
    add("</table></div>");
  }

  private static String scientific(double value) {
    return value < 1e6
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3g", value)
            .replaceFirst("e\\+0?(\\d+)", " · 10<sup>$1</sup>");
  }

  private void matrix() {
    add(plan.isForeign() ? "<h2>Exit status and data</h2>" : "<h2>What clients got</h2>");
    add(
        plan.isForeign()
            ? "<p>Trials by whether the exit status (code), and output and chosen memory (data), were"
                + " those of the undisturbed run; without those that hung.</p>"
            : "<p>Trials by whether all return codes and all data were those of the undisturbed run;"
                + " without those that lost the system.</p>");
    add(
        "<div class=\"wide\"><table><tr><th>policy<th>both right<th>code right, data wrong"
            + "<th>code wrong, data right<th>both wrong</tr>");
    found.matrix.forEach((policy, m) ->
        add(
            "<tr><td>%s<td>%,d<td>%,d<td>%,d<td>%,d</tr>",
            policy, m[0][0], m[0][1], m[1][0], m[1][1]));
    add("</table></div>");
  }

  private void latencies() {
    add("<h2>Latencies</h2>");
    distribution("From the fault to its detection", found.detection);
    if (plan.isForeign()) {
      return; // nothing says when it has recovered
    }
    distribution("From the detection until the service was back", found.recovery);
  }

  private void distribution(String title, Map<String, List<Double>> times) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    times.forEach((policy, values) -> {
      if (!values.isEmpty()) {
        lines.put(policy, values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
      }
    });
    add("<h3>%s</h3>", title);
    if (lines.isEmpty()) {
      add("<p>There is no such trial.</p>");
      return;
    }
    html.append(PageChart.distribution(title, "microseconds of the guest's time", lines));
    add(
        "<div class=\"wide\"><table><tr><th>policy<th>trials<th>median<th>90 %<th>99 %"
            + "<th>longest, &micro;s</tr>");
    lines.forEach((policy, v) ->
        add(
            "<tr><td>%s<td>%,d<td>%,.1f<td>%,.1f<td>%,.1f<td>%,.1f</tr>",
            policy, v.length, at(v, 0.5), at(v, 0.9), at(v, 0.99), v[v.length - 1]));
    add("</table></div>");
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
  }

  private void space() {
    List<String> services = new ArrayList<>(found.tallies.byService().keySet());
    List<PageChart.Point> points = new ArrayList<>();
    for (Row row : found.points) {
      points.add(
          new PageChart.Point(
              row.tick(),
              services.indexOf(row.service()),
              Sources.location(row.fault()),
              row.outcome(),
              row.trial() + ": " + row.fault() + ", " + row.outcome()));
    }
    add("<h2>The fault space</h2>");
    add(
        "<p>Each point is a trial%s: when it happened, from left to right, and where: %s from top to"
            + " bottom, within each by register or address.</p>",
        plan.isForeign() ? "" : " under " + plan.policies().get(0),
        plan.isForeign() ? "image and board" : "services");
    html.append(
        PageChart.space("Faults by time and location", services, points, Palette.outcomes()));
  }

  private void worst() {
    List<Row> worst = found.worst();
    add("<h2>The worst trials</h2>");
    if (worst.isEmpty()) {
      add("<p>No trial failed.</p>");
      return;
    }
    add(
        "<div class=\"wide\"><table><tr><th>outcome<th class=\"left\">policy<th class=\"left\">fault"
            + "<th class=\"left\">at<th class=\"left\">what differs<th class=\"left\">replay</tr>");
    for (Row row : worst) {
      add(
          "<tr><td>%s<td class=\"left\">%s<td class=\"left\"><code>%s</code><td class=\"left\">%s"
              + "<td class=\"left\">%s<td class=\"left command\"><code>curios campaign replay %s"
              + " %d%s</code></tr>",
          row.outcome(),
          row.policy(),
          PageChart.escaped(row.fault() + (row.second().isEmpty() ? "" : "," + row.second())),
          PageChart.escaped(row.file().isEmpty() ? row.function() : row.file() + ":" + row.line()),
          PageChart.escaped(row.difference()),
          PageChart.escaped(folder.path().getFileName().toString()),
          row.trial(),
          plan.policies().size() > 1 ? " --policy " + row.policy() : "");
    }
    add("</table></div>");
  }

  private void ran() {
    long sum = Math.max(1, found.costs[0] + found.costs[1] + found.costs[2]);
    int trials = Math.max(1, found.tallies.all().trials());
    add("<h2>What was run</h2>");
    add(
        "<p>Image %s <code>%s</code>.</p>",
        plan.isForeign() ? PageChart.escaped(plan.foreign().name()) + ", SHA-256" : "of CuriOS",
        folder.image().substring(0, Math.min(16, folder.image().length())));
    add(
        "<p class=\"host\">Host time of a trial: %.2f ms, of which %.0f %% to restore a snapshot,"
            + " %.0f %% to simulate, %.0f %% to compare.</p>",
        sum / 1e6 / trials,
        100.0 * found.costs[0] / sum,
        100.0 * found.costs[1] / sum,
        100.0 * found.costs[2] / sum);
    add("<pre class=\"plan\">%s</pre>", PageChart.escaped(plan.text()));
  }
}
