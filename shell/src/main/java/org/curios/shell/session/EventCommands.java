package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.EventText;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.session.CallTrace;
import org.curios.lab.session.GuestConsole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What has happened: events of the kernel, protected calls, and lines that the guest has printed.
 */
@Command(name = "events")
final class EventCommands {
  static final long TICKS_A_MICROSECOND = VirtualClock.HZ / 1_000_000;

  private final Shell shell;

  EventCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      description = {
        "The last events of the kernel, with ticks and virtual microseconds; with -c, the last protected",
        "calls among them."
      },
      footer = {"Examples:", "  events", "  events 50", "  events -c 30", "  events | grep store"})
  void events(
      @Parameters(arity = "0..1", defaultValue = "20", paramLabel = "COUNT") String count,
      @Option(
              names = {"-c", "--calls"},
              description = "protected calls too")
          boolean withCalls,
      @Mixin Json json) {
    int most = (int) Count.of("events", count, 100_000);
    List<Map<String, Object>> rows = new ArrayList<>(shell.look(v -> events(shell, v, most)));
    if (withCalls) {
      rows.addAll(
          calls(most).stream()
              .map(c ->
                  row(
                      "tick",
                      c.tick(),
                      "us",
                      c.tick() / TICKS_A_MICROSECOND,
                      "event",
                      "call",
                      "object",
                      c.callee(),
                      "what",
                      c.caller() + " calls " + c.method() + arguments(c) + outcome(c)))
              .toList());
      rows.sort(Comparator.comparingLong(r -> (Long) r.get("tick")));
    }
    shell.showMade(rows.subList(Math.max(0, rows.size() - most), rows.size()), json);
    shell.faultIsKnown();
  }

  static List<Map<String, Object>> events(Shell shell, View v, int most) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Struct> all = v.events(most);
    long number = v.eventCount() - all.size();
    Map<Long, Long> faults = new HashMap<>();
    for (Struct e : all) {
      long tick = shell.events().tick(number++, e.get("at"));
      rows.add(
          row(
              "tick", tick,
              "us", e.get("at"),
              "event", v.words().name(Kind.EVENT, e.get("kind")),
              "object", v.nameOf((int) e.get("object")),
              "what", what(v, e, tick, faults)));
    }
    return rows;
  }

  /** The details of an event; of a recovery with the time since the fault that began it. */
  private static String what(View v, Struct e, long tick, Map<Long, Long> faults) {
    String kind = v.words().name(Kind.EVENT, e.get("kind"));
    if (kind.equals("fault")) {
      faults.putIfAbsent(e.get("object"), tick);
    } else if (kind.equals("recovered")) {
      Long fault = faults.remove(e.get("object"));
      if (fault != null) {
        return EventText.recovered(tick - fault, e.get("b"));
      }
    }
    return EventText.of(v, e);
  }

  private List<CallTrace.Call> calls(int most) {
    shell.mustBeCurios();
    return shell
        .session()
        .call(m -> CallTrace.last(shell.session().history(), m, shell.guest(), most));
  }

  private static String arguments(CallTrace.Call c) {
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (int a : c.arguments()) {
      text.add(number(a));
    }
    return text.toString();
  }

  private static String number(int a) {
    return a >= -9999 && a <= 9999 ? Integer.toString(a) : format("0x%x", a);
  }

  private String outcome(CallTrace.Call c) {
    return c.hasReturned() ? ", gets " + result(c.result()) : "";
  }

  private String result(int value) {
    return value < 0 ? shell.look(v -> v.words().result(value)) : number(value);
  }

  @Command(
      description = {
        "The last protected calls before this moment, with arguments and results; the shell runs the past",
        "again to find them. Columns: tick, caller, method, R1 to R3, result, and duration in ticks,",
        "including those of other threads."
      },
      footer = {"Examples:", "  calls", "  calls 100 | grep store"})
  void calls(
      @Parameters(arity = "0..1", defaultValue = "20", paramLabel = "COUNT") String count,
      @Mixin Json json) {
    shell.show(
        calls((int) Count.of("calls", count, 10_000)).stream()
            .map(c ->
                row(
                    "tick",
                    c.tick(),
                    "caller",
                    c.caller(),
                    "call",
                    c.callee() + "." + c.method(),
                    "arguments",
                    arguments(c),
                    "result",
                    c.hasReturned() ? result(c.result()) : "",
                    "ticks",
                    c.hasReturned() ? (Object) c.ticks() : ""))
            .toList(),
        json);
  }

  @Command(
      description =
          "The last lines that the kernel and the guest printed on the console, with ticks.",
      footer = {"Examples:", "  log", "  log 100 | grep cuik"})
  void log(
      @Parameters(arity = "0..1", defaultValue = "20", paramLabel = "COUNT") String count,
      @Mixin Json json) {
    List<GuestConsole.Line> lines = lines("log", count);
    if (json.on) {
      shell.show(lines.stream().map(l -> row("tick", l.tick(), "line", l.text())).toList(), json);
      return;
    }
    if (lines.isEmpty()) {
      shell.say("the guest has printed nothing yet");
    }
    lines.forEach(l -> shell.say(format("%,14d  %s", l.tick(), l.text())));
  }

  @Command(
      description = "The last lines that the guest printed, unchanged.",
      footer = {"Examples:", "  output 5"})
  void output(@Parameters(arity = "0..1", defaultValue = "20", paramLabel = "COUNT") String count) {
    lines("output", count).forEach(l -> shell.say(l.text()));
  }

  /** The last lines up to the present tick. */
  private List<GuestConsole.Line> lines(String command, String count) {
    int most = (int) Count.of(command, count, Integer.MAX_VALUE);
    return shell.console().lines(shell.session().status().tick(), most);
  }
}
