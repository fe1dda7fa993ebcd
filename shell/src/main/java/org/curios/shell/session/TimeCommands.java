package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.Table.row;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.session.EventLog;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.ImageException;
import org.curios.machine.Snapshot;
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
    Session.Status status = session.lastStatus();
    shell.say(session.call(m -> StopReport.of(shell, m, status)));
  }

  @Command(
      customSynopsis = "snapshot [NAME] [-o FILE]",
      description = {
        "Keep the present under a name, and with -o in a file as well; without a name, list what is",
        "kept. The machine may run."
      },
      footer = {"Examples:", "  snapshot before", "  snapshot before -o before.snap"})
  void snapshot(
      @Parameters(arity = "0..1", paramLabel = "NAME") String name,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "write it to a file as well")
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
      shell.say("no snapshots; say snapshot NAME");
      return;
    }
    shell.show(rows, json);
  }

  @Command(
      customSynopsis = "restore NAME|FILE",
      description = {
        "Put the machine to a snapshot, of this session by its name, or of a file; what was its future",
        "is forgotten."
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
      customSynopsis = "back [N | @TICK | event]",
      description = {
        "Go back by so many instructions, to a tick, or to the last event of the kernel before this",
        "moment."
      },
      footer = {"Examples:", "  back 1000", "  back @5,000,000", "  back event"})
  void back(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N|@TICK") String amount) {
    shell.mustStand();
    long now = session.status().tick();
    long to;
    if (amount.equals("event")) {
      shell.mustBeCurios();
      EventLog.Event e = session.call(m -> shell.events().before(now));
      if (e == null) {
        throw new SessionException("no event was seen before this moment; events lists them");
      }
      to = e.tick();
    } else if (amount.startsWith("@")) {
      to = RunCommands.tick(amount);
    } else {
      to = now - RunCommands.count(amount);
    }
    if (to > now) {
      throw new SessionException(
          format("tick %,d is yet to come: this is tick %,d; until @%d goes there", to, now, to));
    }
    if (to < 0) {
      throw new SessionException(
          format("that is before the start: this is tick %,d; back @0 goes to the start", now));
    }
    session.call(m -> {
      session.history().back(to);
      session.moved("");
      return null;
    });
    where();
  }

  @Command(
      name = "reverse-step",
      aliases = {"rs", "rsi"},
      description = "Go back by an instruction, or several.",
      footer = {"Examples:", "  reverse-step", "  rs 10"})
  void reverseStep(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") String count) {
    back(count);
  }

  @Command(
      name = "reverse-cont",
      aliases = {"rc", "reverse-continue"},
      description = {
        "Go back to where a breakpoint, watchpoint or catchpoint would have stopped the machine last; or",
        "to the start. Ctrl-C gives the search up."
      },
      footer = {"Examples:", "  watch ssr 0005f120; reverse-cont"})
  void reverseCont() {
    shell.mustStand();
    if (shell.breakpoints().isEmpty()) {
      throw new SessionException(
          "nothing would stop the machine; say break PLACE, watch ADDRESS or catch EVENT first");
    }
    session.call(m -> {
      session.moved(
          switch (session.history().backTo((n, stop) -> true, session::isPauseRequested)) {
            case FOUND -> "";
            case NOTHING -> "nothing would have stopped it before: this is the start";
            case CANCELLED -> "given up: it is where it was";
          });
      return null;
    });
    where();
  }
}
