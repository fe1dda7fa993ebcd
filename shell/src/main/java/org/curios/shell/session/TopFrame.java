package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.session.Session;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What the full-screen view shows: read from the machine at once, so that it is disturbed only
 * once.
 */
final class TopFrame {
  private static final int EVENTS = 8;

  /** Rows of events that are shown rather than states and empty rows. */
  private static final int LEAST_EVENTS = 4;

  /** Empty rows between the parts, if there is room for all. */
  private static final int GAPS = 4;

  /** Modes of a state that its client has lost. */
  private static final List<String> LOSSES = List.of("quarantined", "lost");

  private static final AttributedStyle TITLE = AttributedStyle.BOLD;
  private static final AttributedStyle GOOD =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
  private static final AttributedStyle BUSY =
      AttributedStyle.BOLD.foreground(AttributedStyle.YELLOW);
  private static final AttributedStyle BAD = AttributedStyle.BOLD.foreground(AttributedStyle.RED);
  private static final AttributedStyle LOST =
      AttributedStyle.BOLD.foreground(AttributedStyle.MAGENTA);

  private final Shell shell;
  private final Map<String, Long> callsBefore = new HashMap<>();
  private long tickBefore;
  private long nanosBefore;

  TopFrame(Shell shell) {
    this.shell = shell;
  }

  /**
   * Returns the lines of a frame for a given number of rows: the keys are always among them, and
   * the newest events as long as there is any room. Rates are those since the frame before.
   */
  List<AttributedString> lines(int rows) {
    return shell.look(v -> draw(v, rows));
  }

  private List<AttributedString> draw(View v, int rows) {
    List<AttributedString> lines = new ArrayList<>();
    Session.State state = shell.session().lastStatus().state();
    long tick = v.machine().cpu().now();
    long nanos = System.nanoTime();
    double seconds = nanosBefore == 0 ? 0 : (nanos - nanosBefore) / 1e9;
    AttributedStringBuilder head = new AttributedStringBuilder();
    head.styled(TITLE, "CuriOS ")
        .append(v.words().name(Kind.POLICY, v.policy()))
        .append("  ")
        .styled(state == Session.State.RUNNING ? GOOD : BUSY, state.name().toLowerCase(Locale.ROOT))
        .append(format("  tick %,d  %.3f s virtual", tick, tick / (double) VirtualClock.HZ))
        .append(
            seconds == 0 ? "" : format("  %,.1f M ticks/s", (tick - tickBefore) / seconds / 1e6));
    lines.add(head.toAttributedString());
    lines.add(totals(v));
    List<AttributedString> services = services(v, seconds);
    List<AttributedString> map = map(v);
    List<String> events = TextTable.text(EventCommands.events(shell, v, EVENTS));
    int least = lines.size() + services.size() + 1 + LEAST_EVENTS;
    boolean hasMap = rows >= least + map.size();
    List<AttributedString> gap =
        rows >= least + map.size() + GAPS ? List.of(AttributedString.EMPTY) : List.of();
    lines.addAll(gap);
    lines.addAll(services);
    lines.addAll(gap);
    if (hasMap) {
      lines.addAll(map);
      lines.addAll(gap);
    }
    List<AttributedString> keys = new ArrayList<>(gap);
    keys.add(new AttributedString("q quits, space stops or resumes the machine"));
    int room = rows - lines.size() - keys.size();
    int first = Math.max(1, events.size() - Math.max(room - 1, 0));
    for (int i = 0; i < events.size(); i++) {
      if (room > 1 && (i == 0 || i >= first)) {
        lines.add(shell.screen().attributed(events.get(i)));
      }
    }
    lines =
        new ArrayList<>(lines.subList(0, Math.max(0, Math.min(lines.size(), rows - keys.size()))));
    lines.addAll(keys);
    tickBefore = tick;
    nanosBefore = nanos;
    return lines;
  }

  private static AttributedString totals(View v) {
    long calls = 0;
    long recoveries = 0;
    long states = 0;
    long bytes = 0;
    long bad = 0;
    for (Obj o : v.objects()) {
      calls += o.struct().get("calls");
      recoveries += o.struct().get("restarts");
      for (Struct s : v.states().of(o)) {
        states++;
        bytes += v.states().allocated(s);
        bad += LOSSES.contains(v.words().name(Kind.MODE, s.get("mode"))) ? 1 : 0;
      }
    }
    AttributedStringBuilder text = new AttributedStringBuilder();
    text.append(
        format(
            "%,d calls   %,d recoveries   %,d states in %,d bytes   ",
            calls, recoveries, states, bytes));
    return text.styled(bad > 0 ? BAD : GOOD, bad + " quarantined or lost").toAttributedString();
  }

  private List<AttributedString> services(View v, double seconds) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : SystemCommands.services(v)) {
      String name = (String) row.get("service");
      long calls = (Long) row.get("calls");
      Long before = callsBefore.put(name, calls);
      Map<String, Object> more = new java.util.LinkedHashMap<>();
      row.forEach((key, value) -> {
        if (key.equals("calls")) {
          more.put(
              "calls/s",
              before == null || seconds == 0 ? 0L : Math.round((calls - before) / seconds));
        }
        more.put(key, value);
      });
      rows.add(more);
    }
    List<AttributedString> lines = new ArrayList<>();
    List<String> table = TextTable.text(rows);
    lines.add(new AttributedString(table.get(0), TITLE));
    table.subList(1, table.size()).forEach(l -> lines.add(shell.screen().attributed(l)));
    return lines;
  }

  /** A sign for each state: its own granule if mapped, a block of the kernel's if packed. */
  private static List<AttributedString> map(View v) {
    List<AttributedString> lines = new ArrayList<>();
    AttributedStringBuilder legend = new AttributedStringBuilder();
    legend
        .styled(TITLE, "states   ")
        .styled(GOOD, ".")
        .append(" at rest  ")
        .styled(BUSY, "#")
        .append(" granted  ")
        .styled(BAD, "!")
        .append(" quarantined  ")
        .styled(LOST, "x")
        .append(" lost");
    lines.add(legend.toAttributedString());
    for (Obj o : v.objects()) {
      List<Struct> states = v.states().of(o);
      if (states.isEmpty()) {
        continue;
      }
      AttributedStringBuilder line = new AttributedStringBuilder();
      line.append(format("%-8s ", o.name()));
      for (Struct s : states) {
        switch (v.words().name(Kind.MODE, s.get("mode"))) {
          case "busy" -> line.styled(BUSY, "#");
          case "quarantined" -> line.styled(BAD, "!");
          case "lost" -> line.styled(LOST, "x");
          default -> line.styled(GOOD, ".");
        }
      }
      lines.add(line.toAttributedString());
    }
    return lines;
  }
}
