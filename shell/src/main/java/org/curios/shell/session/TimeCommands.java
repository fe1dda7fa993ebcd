package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.EventText;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.session.EventLog;
import org.curios.lab.session.History;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.ImageException;
import org.curios.machine.snapshot.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that keep moments of the machine, and go back in time. */
@Command(name = "time")
final class TimeCommands {
  private final Shell shell;
  private final Session session;

  TimeCommands(Shell shell) {
    this.shell = shell;
    this.session = shell.session();
  }

  private void where() {
    shell.faultIsKnown();
    Session.Status status = session.lastStatus();
    shell.say(session.call(m -> StopReport.of(shell, m, status)));
  }

  @Command(
      customSynopsis = "snapshot [NAME] [-o FILE]",
      description = {
        "Save the current state under a name, with -o also to a file; without a name, list the saved",
        "states. The machine may be running."
      },
      footer = {"Examples:", "  snapshot before", "  snapshot before -o before.snap"})
  void snapshot(
      @Parameters(arity = "0..1", paramLabel = "NAME") String name,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "also write it to a file")
          Path file,
      @Mixin Json json) {
    if (name == null && file == null) {
      list(json);
      return;
    }
    String title = name == null ? file.getFileName().toString() : name;
    Snapshot s = session.call(m -> session.history().name(title));
    if (file != null) {
      session.call(m -> {
        try {
          m.write(s, file);
        } catch (IOException e) {
          throw new SessionException(
              file + ": cannot be written (" + e.getMessage() + "); check the folder", e);
        }
        return null;
      });
    }
    shell.say(format("%s: tick %,d%s", title, s.tick(), file == null ? "" : ", in " + file));
  }

  private void list(Json json) {
    List<Map<String, Object>> rows = new ArrayList<>();
    session
        .call(m -> new TreeMap<>(session.history().named()))
        .forEach((n, s) -> rows.add(row("name", n, "tick", s.tick(), "own_bytes", s.bytes())));
    if (rows.isEmpty() && !json.on) {
      shell.say("no snapshots; take one with snapshot NAME");
      return;
    }
    shell.show(rows, json);
  }

  @Command(
      customSynopsis = "restore NAME|FILE",
      description = {
        "Restore a snapshot of this session by its name, or one from a file. Its former future is",
        "discarded."
      },
      footer = {"Examples:", "  restore before", "  restore ./before.snap"})
  void restore(@Parameters(paramLabel = "NAME|FILE") String name) {
    Snapshot named = session.call(m -> session.history().named().get(name));
    if (named == null && !Path.of(name).toFile().exists()) {
      throw new SessionException(
          name
              + ": no snapshot has this name, and there is no such file; snapshot lists the names");
    }
    shell.mustStand();
    session.call(m -> {
      if (named != null) {
        session.history().restore(named);
      } else {
        try {
          session.history().restore(m.read(Path.of(name)));
        } catch (ImageException e) {
          throw new SessionException(e.getMessage(), e);
        }
      }
      session.moved("restored");
      return null;
    });
    where();
  }

  @Command(
      customSynopsis = "back [N | @TICK | event [EVENT]]",
      description = {
        "Go back N instructions, to a tick or bookmark, or to the last event of the kernel. EVENT is a",
        "kind as in catch, such as fault."
      },
      footer = {
        "Examples:",
        "  back 1000",
        "  back @5,000,000",
        "  back @before",
        "  back event",
        "  back event fault"
      })
  void back(
      @Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N|@TICK") String amount,
      @Parameters(arity = "0..1", paramLabel = "EVENT") String kind) {
    if (amount.equals("event")) {
      shell.mustStand();
      backToEvent(kind);
      return;
    }
    if (kind != null) {
      throw new SessionException("back " + amount + ": takes no further arguments");
    }
    boolean toTick = amount.startsWith("@");
    long number = toTick ? shell.tick(amount) : Count.of("back", amount);
    shell.mustStand();
    long now = session.status().tick();
    long to = toTick ? number : now - number;
    if (to > now) {
      throw new SessionException(
          format("tick %,d is in the future: this is tick %,d; until @%d goes there", to, now, to));
    }
    if (to < 0) {
      throw new SessionException(
          format("that is before the start: this is tick %,d; back @0 goes to the start", now));
    }
    go(to, "");
  }

  private void go(long to, String why) {
    session.call(m -> {
      session.history().back(to);
      session.moved(why);
      return null;
    });
    where();
  }

  private void backToEvent(String kind) {
    shell.mustBeCurios();
    int number = kind == null ? -1 : shell.look(v -> BreakCommands.event(v, kind));
    EventLog.Event e = session.call(m -> shell.events().before(m.cpu().now(), number));
    if (e == null) {
      throw new SessionException(
          "no " + (kind == null ? "event" : kind) + " was reported before this; events lists them");
    }
    long began = shell.events().faultOf(e);
    String what =
        began < 0
            ? shell.look(v -> EventText.of(v, e.kind(), e.a(), e.b()))
            : EventText.recovered(e.tick() - began, e.b());
    String who = shell.look(v -> v.nameOf(e.object()));
    String word = shell.look(v -> v.words().name(Kind.EVENT, e.kind()));
    go(e.tick(), format("the kernel reports %s %s: %s", who, word, what));
  }

  @Command(
      name = "reverse-step",
      aliases = {"rs", "rsi"},
      description = "Go back one instruction, or several.",
      footer = {"Examples:", "  reverse-step", "  rs 10"})
  void reverseStep(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") String count) {
    back(count, null);
  }

  @Command(
      name = "reverse-cont",
      aliases = {"rc", "reverse-continue"},
      description = {
        "Go back to the last stop by a breakpoint, watchpoint or catchpoint; to the start if there is",
        "none. Ctrl-C cancels the search."
      },
      footer = {"Examples:", "  reverse-cont", "  watch ssr 0005f120; reverse-cont"})
  void reverseCont() {
    shell.mustStand();
    if (shell.breakpoints().isEmpty()) {
      throw new SessionException(
          "nothing would stop the machine; use break PLACE, watch ADDRESS or catch EVENT first");
    }
    session.backToStop();
    where();
  }

  @Command(
      name = "last-write",
      customSynopsis = "last-write ADDRESS [BYTES]",
      description = {
        "Go back to the instruction that last wrote to a variable or to memory at ADDRESS. The machine",
        "stops before it; shows the old and the new value. Ctrl-C cancels the search."
      },
      footer = {
        "Examples:",
        "  last-write event_count",
        "  last-write s->count",
        "  last-write $sp - 8 8"
      })
  void lastWrite(@Parameters(arity = "1..*", paramLabel = "ADDRESS") String[] words) {
    shell.mustStand();
    WatchedMemory memory = WatchedMemory.parse(shell, String.join(" ", words));
    long present = session.status().tick();
    String after = session.call(memory::text);
    History.Found found = session.backToWrite(memory.watch(false, true));
    if (found == History.Found.NOTHING) {
      throw new SessionException(
          format(
              "%s: nothing has written there since tick %,d, where the history begins",
              memory.describe(shell), session.call(m -> session.history().first())));
    }
    if (found == History.Found.FOUND) {
      String before = session.call(memory::text);
      String change = after.isEmpty() ? "" : format(": %s, then %s", before, after);
      shell.say(
          format(
              "%s was written last %,d instructions ago%s",
              memory.describe(shell), present - session.status().tick(), change));
      shell.say(
          format(
              "in %s; until @%d goes back to where you were",
              session.call(m -> Backtrace.here(shell.program(), m, shell.view(m)).get(0).where()),
              present));
    }
    where();
  }

  @Command(
      description =
          "The current tick, the virtual time, and the range of ticks that can be reached.",
      footer = {"Examples:", "  when"})
  void when(@Mixin Json json) {
    Map<String, Object> times =
        session.call(m ->
            row(
                "tick", m.cpu().now(),
                "microseconds", m.cpu().now() / EventCommands.TICKS_A_MICROSECOND,
                "first", session.history().first(),
                "furthest", session.history().furthest()));
    shell.say(
        json.on
            ? Json.of(times)
            : format(
                "tick %,d, %,d us; ticks %,d to %,d can be reached",
                times.get("tick"),
                times.get("microseconds"),
                times.get("first"),
                times.get("furthest")));
  }

  @Command(
      customSynopsis = "bookmark [NAME]",
      description = {
        "Give the current tick a name: back @NAME and until @NAME go there. Without a name, list the",
        "bookmarks."
      },
      footer = {"Examples:", "  bookmark before", "  back @before", "  bookmark"})
  void bookmark(@Parameters(arity = "0..1", paramLabel = "NAME") String name, @Mixin Json json) {
    if (name == null) {
      List<Map<String, Object>> rows = new ArrayList<>();
      shell.bookmarks().forEach((n, tick) -> rows.add(row("name", n, "tick", tick)));
      if (rows.isEmpty() && !json.on) {
        shell.say("no bookmarks; set one with bookmark NAME");
        return;
      }
      shell.show(rows, json);
      return;
    }
    if (!name.matches("[A-Za-z][\\w-]*")) {
      throw new SessionException(
          name + ": a name begins with a letter and consists of letters and digits");
    }
    long tick = session.status().tick();
    shell.bookmarks().put(name, tick);
    shell.say(format("%s: tick %,d", name, tick));
  }

  @Command(
      customSynopsis = "core FILE",
      description = {
        "Write a core file for debuggers: the registers and the currently mapped memory.",
        "gdb takes it together with the image: gdb-multiarch IMAGE FILE."
      },
      footer = {"Examples:", "  core crash.core"})
  void core(@Parameters(paramLabel = "FILE") Path file) {
    shell.mustStand();
    shell.writeCore(file);
  }
}
