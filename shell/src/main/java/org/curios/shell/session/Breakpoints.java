package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.curios.lab.LabException;
import org.curios.lab.inspect.Expression;
import org.curios.lab.session.Points;
import org.curios.lab.session.Points.Point;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;

/**
 * The points that stop the machine, by number: breakpoints, watchpoints, and events of the kernel.
 */
final class Breakpoints {
  /** Makes the points of an entry, each of which asks a condition. */
  @FunctionalInterface
  interface Maker extends BiFunction<Points, Predicate<Machine>, List<Point>> {}

  /** An entry. */
  static final class Entry {
    private final int number;
    private final String kind;
    private final String what;
    private final Expression condition;
    private final boolean once;
    private final Maker maker;

    /** What a stop says of the value that is watched. */
    private final Function<Machine, String> news;

    private List<Point> points = List.of();
    private boolean enabled = true;
    private long hits;
    private volatile String trouble = "";

    private Entry(
        int number,
        String kind,
        String what,
        Expression condition,
        boolean once,
        Maker maker,
        Function<Machine, String> news) {
      this.number = number;
      this.kind = kind;
      this.what = what;
      this.condition = condition;
      this.once = once;
      this.maker = maker;
      this.news = news;
    }

    int number() {
      return number;
    }

    private boolean holds(Machine m) {
      try {
        return condition == null || condition.value(m) != 0;
      } catch (LabException e) {
        trouble = e.getMessage();
        return true;
      }
    }
  }

  private final Shell shell;
  private final NavigableMap<Integer, Entry> entries = new TreeMap<>();
  private int next = 1;

  Breakpoints(Shell shell) {
    this.shell = shell;
  }

  /**
   * Adds an entry.
   *
   * @param kind its name
   * @param what the place for people
   * @param condition null for none
   * @param once whether it is deleted when it has stopped the machine
   * @param news describes what has changed at a stop; called on the machine's thread
   */
  synchronized Entry add(
      String kind,
      String what,
      Expression condition,
      boolean once,
      Maker maker,
      Function<Machine, String> news) {
    Entry entry = new Entry(next, kind, what, condition, once, maker, news);
    set(entry, true);
    entries.put(next++, entry);
    return entry;
  }

  private void set(Entry entry, boolean on) {
    shell
        .session()
        .call(m -> {
          Points points = shell.session().history().points();
          entry.points.forEach(points::remove);
          entry.points = on ? entry.maker.apply(points, entry::holds) : List.of();
          return null;
        });
    entry.enabled = on;
  }

  synchronized boolean isEmpty() {
    return entries.values().stream().noneMatch(e -> e.enabled);
  }

  /**
   * Returns the entries that some numbers mean; all of them for none.
   *
   * @throws SessionException if there is no such entry
   */
  private List<Entry> chosen(List<Integer> numbers) {
    if (numbers.isEmpty()) {
      return List.copyOf(entries.values());
    }
    List<Entry> chosen = new ArrayList<>();
    for (int number : numbers) {
      Entry entry = entries.get(number);
      if (entry == null) {
        throw new SessionException(number + ": there is no such breakpoint; info break lists them");
      }
      chosen.add(entry);
    }
    return chosen;
  }

  synchronized int delete(List<Integer> numbers) {
    List<Entry> chosen = chosen(numbers);
    for (Entry entry : chosen) {
      set(entry, false);
      entries.remove(entry.number);
    }
    return chosen.size();
  }

  synchronized void enable(List<Integer> numbers, boolean on) {
    for (Entry entry : chosen(numbers)) {
      if (entry.enabled != on) {
        set(entry, on);
      }
    }
  }

  synchronized List<Map<String, Object>> rows() {
    return entries.values().stream()
        .map(e ->
            TextTable.row(
                "number",
                e.number,
                "kind",
                e.kind,
                "enabled",
                e.enabled,
                "hits",
                e.hits,
                "what",
                e.what,
                "condition",
                e.condition == null ? "" : e.condition.toString()))
        .toList();
  }

  /** Numbers in use, for completion. */
  synchronized List<String> numbers() {
    return entries.keySet().stream().map(String::valueOf).toList();
  }

  /** Reports which entries have stopped the machine; on its thread. */
  synchronized String hit(Machine m) {
    List<Point> stoppedBy = shell.session().history().points().stoppedBy();
    StringBuilder text = new StringBuilder();
    for (Entry e : List.copyOf(entries.values())) {
      if (e.points.stream().noneMatch(stoppedBy::contains)) {
        continue;
      }
      e.hits++;
      String news = e.news.apply(m);
      text.append(text.isEmpty() ? "" : "\n")
          .append(format("%s %d, %s", e.kind, e.number, e.what))
          .append(news.isEmpty() ? "" : ": " + news)
          .append(e.trouble.isEmpty() ? "" : " (its condition: " + e.trouble + ")");
      e.trouble = "";
      if (e.once) {
        Points points = shell.session().history().points();
        e.points.forEach(points::remove);
        entries.remove(e.number);
      }
    }
    return text.toString();
  }
}
