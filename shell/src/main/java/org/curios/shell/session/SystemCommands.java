package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.curios.lab.Guest;
import org.curios.lab.Guest.Struct;
import org.curios.lab.LabException;
import org.curios.lab.Names;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on CuriOS: look at its services and their clients' states, and break them. */
@Command(name = "system")
final class SystemCommands {
  private static final int PATIENCE = 200;
  private static final int NAP = 25;

  private final Shell shell;
  private final Session session;
  private final Guest guest;

  SystemCommands(Shell shell) {
    this.shell = shell;
    this.session = shell.session();
    this.guest = new Guest(shell.symbols());
  }

  static List<String> serviceNames(Shell shell) {
    Guest guest = new Guest(shell.symbols());
    return shell.session().call(m -> guest.at(m).objects().stream().map(o -> o.name()).toList());
  }

  private <T> T look(Function<Guest.View, T> question) {
    if (!guest.isCurios()) {
      throw new SessionException("this image is not CuriOS: it has no table of its structures");
    }
    return session.call(m -> {
      try {
        return question.apply(guest.at(m));
      } catch (LabException e) {
        throw new SessionException(e.getMessage());
      }
    });
  }

  private void show(List<Map<String, Object>> rows, boolean json) {
    (json ? Table.json(rows) : Table.text(rows)).forEach(shell::say);
  }

  private static Map<String, Object> row(Object... pairs) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      row.put((String) pairs[i], pairs[i + 1]);
    }
    return row;
  }

  @Command(
      description = "The protected objects that serve: state, calls, restarts, clients, memory.")
  void services(@Option(names = "--json") boolean json) {
    show(look(v -> objects(v, true)), json);
  }

  @Command(description = "The protected objects that call services.")
  void clients(@Option(names = "--json") boolean json) {
    show(look(v -> objects(v, false)), json);
  }

  private static List<Map<String, Object>> objects(Guest.View v, boolean services) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Guest.Obj o : v.objects()) {
      if (o.isService() != services || !services && o.struct().get("state") == 4) {
        continue;
      }
      Struct s = o.struct();
      if (services) {
        rows.add(
            row(
                "service", o.name(),
                "state", Names.of(Names.OBJECT_STATES, s.get("state")),
                "calls", s.get("calls"),
                "restarts", s.get("restarts"),
                "clients", v.states(o).size(),
                "bytes", s.get("frames") * 4096,
                "last_fault",
                    s.get("restarts") == 0 ? "" : Names.of(Names.FAULTS, s.get("last_fault"))));
      } else {
        rows.add(
            row(
                "client", o.name(),
                "state", Names.of(Names.OBJECT_STATES, s.get("state")),
                "sessions", v.statesOwnedBy(o).size(),
                "quota_used", s.get("quota_used"),
                "quota", o.descriptor().get("quota"),
                "bytes", s.get("frames") * 4096));
      }
    }
    return rows;
  }

  @Command(description = "Threads: where they are, and what they wait for.")
  void threads(@Option(names = "--json") boolean json) {
    show(
        look(v -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Struct t : v.threads()) {
            List<String> path = v.path(t);
            rows.add(
                row(
                    "thread", t.get("id"),
                    "state", Names.of(Names.THREAD_STATES, t.get("state")),
                    "priority", t.get("priority"),
                    "ms", t.get("used"),
                    "inside", String.join(" > ", path)));
          }
          return rows;
        }),
        json);
  }

  @Command(
      description = {
        "Server state regions: whose they are, and how they are. ssr show ID takes one apart.",
        "Example: ssr store, ssr show 8004f0a0"
      })
  void ssr(
      @Parameters(arity = "0..2", paramLabel = "[SERVICE] | show ID") String[] words,
      @Option(names = "--json") boolean json) {
    if (words != null && words.length == 2 && words[0].equals("show")) {
      showState(words[1]);
      return;
    }
    String only = words != null && words.length > 0 ? words[0] : null;
    show(
        look(v -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Guest.Obj server : v.objects()) {
            if (only != null && !only.equals(server.name())) {
              continue;
            }
            for (Struct s : v.states(server)) {
              boolean packed = s.get("kind") == 2;
              String check =
                  !packed
                      ? "by tag"
                      : v.sum(s) == (int) s.get("sum") || s.get("mode") == 0 ? "ok" : "WRONG";
              rows.add(
                  row(
                      "id", format("%08x", s.address()),
                      "server", server.name(),
                      "owner", v.nameOf((int) s.get("owner")),
                      "kind", Names.of(Names.STATE_MODES, s.get("kind")),
                      "state",
                          s.get("mode") == s.get("kind")
                              ? "at rest"
                              : Names.of(Names.STATE_MODES, s.get("mode")),
                      "bytes", s.get("bytes"),
                      "checksum", check));
            }
          }
          return rows;
        }),
        json);
  }

  private void showState(String id) {
    String text =
        look(v -> {
          for (Guest.Obj server : v.objects()) {
            for (Struct s : v.states(server)) {
              if (format("%08x", s.address()).equals(id)) {
                StringBuilder lines = new StringBuilder();
                lines.append(
                    format(
                        "state of %s in %s, %s, %d bytes, tag %08x%s",
                        v.nameOf((int) s.get("owner")),
                        server.name(),
                        Names.of(Names.STATE_MODES, s.get("kind")),
                        s.get("bytes"),
                        v.stateWord(s, 0),
                        v.stateWord(s, 0) == (int) server.descriptor().get("tag")
                            ? ""
                            : " (WRONG)"));
                for (int i = 0; i < s.get("bytes"); i += 16) {
                  lines.append(format("%n%4d ", i));
                  for (int j = i; j < Math.min(i + 16, s.get("bytes")); j += 4) {
                    lines.append(format("  %08x", v.stateWord(s, j)));
                  }
                }
                return lines.toString();
              }
            }
          }
          return null;
        });
    if (text == null) {
      throw new SessionException("ssr show " + id + ": there is no such state; ssr lists them");
    }
    shell.say(text);
  }

  @Command(description = "The handles of an object: what it can call.")
  void handles(
      @Parameters(paramLabel = "OBJECT") String name, @Option(names = "--json") boolean json) {
    show(
        look(v -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Struct h : v.handles(v.object(name))) {
            long target = h.get("object");
            rows.add(
                row(
                    "handle",
                    format("%06x", h.get("tag")),
                    "object",
                    target == 0 ? "(memory)" : v.objectAt(target).name(),
                    "methods",
                    format("%x", h.get("methods")),
                    "ssr",
                    h.get("ssr") == 0 ? "" : format("%08x", h.get("ssr"))));
          }
          return rows;
        }),
        json);
  }

  @Command(description = "Memory by object, and by client the states that it keeps in servers.")
  void memory(@Option(names = "--json") boolean json) {
    show(
        look(v -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Guest.Obj o : v.objects()) {
            if (o.struct().get("state") == 4) {
              continue;
            }
            rows.add(
                row(
                    "object", o.name(),
                    "bytes", o.struct().get("frames") * 4096,
                    "heap", o.struct().get("heap_bytes"),
                    "states_owned", v.statesOwnedBy(o).size(),
                    "charged", o.struct().get("quota_used")));
          }
          return rows;
        }),
        json);
  }

  @Command(description = "What happened: faults, recoveries, quarantines, with their virtual time.")
  void events(
      @Parameters(arity = "0..1", defaultValue = "20", paramLabel = "COUNT") int count,
      @Option(names = "--json") boolean json) {
    show(
        look(v -> {
          List<Map<String, Object>> rows = new ArrayList<>();
          for (Struct e : v.events(count)) {
            rows.add(
                row(
                    "us",
                    e.get("at"),
                    "event",
                    Names.of(Names.EVENTS, e.get("kind")),
                    "object",
                    v.nameOf((int) e.get("object")),
                    "what",
                    what(v, e)));
          }
          return rows;
        }),
        json);
  }

  private static String what(Guest.View v, Struct e) {
    int a = (int) e.get("a");
    return switch (Names.of(Names.EVENTS, e.get("kind"))) {
      case "boot" -> "policy " + Names.POLICIES.get(a);
      case "fault" -> Names.of(Names.FAULTS, a) + format(" at %08x", e.get("b"));
      case "recovered" -> "after " + a + " us, restart " + e.get("b");
      case "failed" ->
          "given up: " + Names.of(Names.FAULTS, a) + " after " + e.get("b") + " restarts";
      case "quarantine" -> "the state of " + v.nameOf(a);
      case "ended" -> a == 0 ? "by itself" : Names.of(Names.FAULTS, a);
      case "armed" -> Names.CRASHES.get(a - 1) + ", in a request of " + v.nameOf((int) e.get("b"));
      case "replay" -> "the request of " + v.nameOf(a);
      default -> "";
    };
  }

  @Command(
      description =
          "A full-screen view of services, states and speed, renewed twice a second; q leaves.")
  void top() {
    if (shell.terminal() == null) {
      throw new SessionException("top needs a terminal; say services, ssr and events");
    }
    new Top(shell.terminal(), session, this::frame).run();
  }

  /** The lines of the full-screen view but for the first. */
  private List<String> frame() {
    List<String> lines = new ArrayList<>();
    java.io.PrintWriter before = shell.redirect(lines);
    try {
      services(false);
      shell.say("");
      shell.say(look(this::map));
      shell.say("");
      events(8, false);
    } finally {
      shell.redirect(before);
    }
    return lines;
  }

  /** A character for each SSR: . at rest, # in use, ! quarantined, x lost. */
  private String map(Guest.View v) {
    StringBuilder text = new StringBuilder("states   . at rest  # in use  ! quarantined  x lost\n");
    for (Guest.Obj o : v.objects()) {
      List<Struct> states = v.states(o);
      if (states.isEmpty()) {
        continue;
      }
      text.append(format("%-8s ", o.name()));
      for (Struct s : states) {
        text.append(
            switch ((int) s.get("mode")) {
              case 0 -> '#';
              case 4 -> '!';
              case 5 -> 'x';
              default -> '.';
            });
      }
      text.append('\n');
    }
    return text.toString().stripTrailing();
  }

  @Command(description = "The recovery policy that the kernel has booted with.")
  void policy() {
    shell.say(
        look(v -> Names.POLICIES.get(v.policy()))
            + "; another one takes a reboot: curios shell --policy NAME");
  }

  @Command(
      description = {
        "Break a service at its next request, and say what becomes of it.",
        "KIND: abort (default), undef, assert, hang, stack, contract, state, jump."
      })
  void crash(
      @Parameters(paramLabel = "SERVICE") String name,
      @Parameters(arity = "0..1", defaultValue = "abort", paramLabel = "KIND") String kind) {
    int number = Names.CRASHES.indexOf(kind) + 1;
    if (number == 0) {
      throw new SessionException(
          kind
              + ": no such crash"
              + shell.nearest(kind, Names.CRASHES)
              + "; there are "
              + String.join(", ", Names.CRASHES));
    }
    Map<String, Object> before = new LinkedHashMap<>();
    long events =
        look(v -> {
          Guest.Obj o = service(v, name);
          before.put("state", o.struct().get("state"));
          v.arm(o, number);
          return v.eventCount();
        });
    if ((Long) before.get("state") != 1) {
      throw new SessionException(
          name + " is " + Names.of(Names.OBJECT_STATES, (Long) before.get("state")) + " already");
    }
    boolean stands = session.lastStatus().state() != Session.State.RUNNING;
    if (stands && shell.interactive()) {
      shell.say(name + " will end so at its next request; the machine stands, cont lets it run");
      return;
    }
    if (stands) {
      session.resume();
    }
    account(name, events);
    if (stands) {
      session.pause();
    }
  }

  /** Waits for the end of the story, and tells it. */
  private void account(String name, long since) {
    for (int i = 0; i < PATIENCE; i++) {
      List<String> story =
          look(v -> {
            List<String> lines = new ArrayList<>();
            boolean ended = false;
            for (Struct e : v.eventsSince(since)) {
              String kind = Names.of(Names.EVENTS, e.get("kind"));
              lines.add(
                  format("  %-10s %-8s %s", kind, v.nameOf((int) e.get("object")), what(v, e)));
              ended |= kind.equals("failed");
              ended |= v.nameOf((int) e.get("object")).equals(name) && kind.equals("recovered");
            }
            return ended ? lines : null;
          });
      if (story != null) {
        nap();
        story =
            look(v -> {
              List<String> lines = new ArrayList<>();
              for (Struct e : v.eventsSince(since)) {
                lines.add(
                    format(
                        "  %-10s %-8s %s",
                        Names.of(Names.EVENTS, e.get("kind")),
                        v.nameOf((int) e.get("object")),
                        what(v, e)));
              }
              return lines;
            });
        story.forEach(shell::say);
        return;
      }
      if (session.lastStatus().state() != Session.State.RUNNING) {
        break;
      }
      nap();
    }
    Session.Status status = session.lastStatus();
    if (status.state() != Session.State.RUNNING) {
      shell.say("the machine has stopped: " + status.why() + "; events shows how far it has come");
      return;
    }
    shell.say("nobody has called " + name + " yet; events shows it when it happens");
  }

  private static void nap() {
    try {
      Thread.sleep(NAP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Guest.Obj service(Guest.View v, String name) {
    List<String> names =
        v.objects().stream().filter(Guest.Obj::isService).map(Guest.Obj::name).toList();
    if (!names.contains(name)) {
      throw new SessionException(
          name
              + ": no such service"
              + shell.nearest(name, names)
              + "; there are "
              + String.join(", ", names));
    }
    return v.object(name);
  }
}
