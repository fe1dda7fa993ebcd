package org.curios.lab.gdb;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.snapshot.Snapshot;

/** What gdb's {@code monitor} command understands. */
final class Monitor {
  private static final String HELP =
      """
      monitor services                the services, with their calls and restarts
      monitor crash SERVICE [KIND]    crash a service at its next request; monitor crash lists the
                                      kinds
      monitor ticks                   instructions since the start
      monitor back N, back @TICK      go back N instructions of the machine, or to a tick
      monitor snapshot [NAME]         take a snapshot under a name; without one, list the snapshots
      monitor restore NAME            restore a snapshot
      monitor step thread|machine     step a guest thread, over the kernel and the services that it
                                      calls (thread, the default), or single instructions of the
                                      machine
      monitor callers on|off          show activations that wait for a call as separate threads
      """;

  /** gdb caches registers and frames until it resumes the machine itself. */
  private static final String STALE =
      "gdb shows the previous place until: maintenance flush register-cache\n";

  private final Target target;
  private final Session session;

  Monitor(Target target) {
    this.target = target;
    this.session = target.session();
  }

  /**
   * Carries out a command.
   *
   * @return what it has to say; of a failure, too
   */
  String run(String line) {
    String[] words = line.strip().split("\\s+");
    String argument = words.length > 1 ? words[1] : null;
    try {
      return switch (words[0]) {
        case "", "help" -> HELP;
        case "services" -> services();
        case "crash" -> crash(argument, words.length > 2 ? words[2] : null);
        case "ticks" -> format("%d\n", session.status().tick());
        case "back" -> back(argument);
        case "snapshot" -> argument == null ? snapshots() : snapshot(argument);
        case "restore" -> restore(argument);
        case "step" -> step(argument);
        case "callers" -> callers(argument);
        default -> "error: monitor " + words[0] + ": no such command; monitor help lists them\n";
      };
    } catch (SessionException | LabException e) {
      return "error: " + e.getMessage() + "\n";
    }
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static String needed(String argument, String usage) {
    if (argument == null) {
      throw new SessionException("say monitor " + usage);
    }
    return argument;
  }

  private <T> T look(Function<Guest.View, T> question) {
    if (!target.guest().isCurios()) {
      throw new SessionException("this image is not CuriOS: it has no table of its structures");
    }
    return session.call(m -> {
      try {
        return question.apply(target.guest().at(m));
      } catch (LabException e) {
        throw new SessionException(e.getMessage());
      }
    });
  }

  private String services() {
    return look(v -> {
      StringBuilder text =
          new StringBuilder("service   state          calls  restarts  clients  last fault\n");
      for (Guest.Obj o : v.objects()) {
        if (o.isService()) {
          Guest.Struct s = o.struct();
          boolean fell = s.get("restarts") > 0;
          String line =
              format(
                  "%-8s  %-10s  %8d  %8d  %7d  %s",
                  o.name(),
                  v.words().name(Kind.OBJECT, s.get("state")),
                  s.get("calls"),
                  s.get("restarts"),
                  v.states().of(o).size(),
                  fell ? v.words().name(Kind.FAULT, s.get("last_fault")) : "");
          text.append(line.stripTrailing()).append('\n');
        }
      }
      return text.toString();
    });
  }

  private String crash(String name, String kind) {
    if (name == null) {
      return "monitor crash SERVICE [KIND]; kinds: "
          + look(v -> String.join(", ", v.words().names(Kind.CRASH)))
          + "\n";
    }
    int number =
        look(v -> {
          Dictionary words = v.words();
          String chosen = kind == null ? words.names(Kind.CRASH).get(0) : kind;
          int crash = words.number(Kind.CRASH, chosen);
          Guest.Obj o = v.object(name);
          if (!o.isService()) {
            throw new LabException(name + " is not a service; monitor services lists them");
          }
          v.crashes().mustSuit(o, chosen);
          String state = words.name(Kind.OBJECT, o.struct().get("state"));
          if (!state.equals("active")) {
            throw new LabException(name + " is " + state + " already");
          }
          return crash;
        });
    session.call(m -> {
      session
          .history()
          .change(mm -> {
            Guest.View view = target.guest().at(mm);
            view.crashes().arm(view.object(name), number);
          });
      return null;
    });
    return name + " will crash at its next request; continue the machine\n";
  }

  private static long number(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new SessionException(text + ": give a number such as 1000");
    }
  }

  private String back(String amount) {
    needed(amount, "back N or monitor back @TICK");
    long now = session.status().tick();
    long to = amount.startsWith("@") ? number(amount.substring(1)) : now - number(amount);
    return move(m -> {
      if (to > now || to < session.history().first()) {
        throw new SessionException(
            format(
                "tick %d is not in the history, which reaches from %d to %d",
                to, session.history().first(), now));
      }
      session.history().back(to);
      return null;
    });
  }

  /** Moves the machine, and says where it is stopped. */
  private String move(Function<Machine, Void> way) {
    return session.call(m -> {
      way.apply(m);
      session.moved("gdb");
      return format("tick %d, pc %08x\n%s", m.cpu().now(), m.cpu().register(15), STALE);
    });
  }

  private String snapshot(String name) {
    return session.call(m -> {
      Snapshot s = session.history().name(name);
      return format("%s: tick %d\n", name, s.tick());
    });
  }

  private String snapshots() {
    Map<String, Snapshot> all = session.call(m -> new TreeMap<>(session.history().named()));
    if (all.isEmpty()) {
      return "no snapshots; take one with monitor snapshot NAME\n";
    }
    StringBuilder text = new StringBuilder();
    all.forEach((name, s) -> text.append(format("%-16s tick %d\n", name, s.tick())));
    return text.toString();
  }

  private String restore(String name) {
    needed(name, "restore NAME");
    return move(m -> {
      Snapshot s = session.history().named().get(name);
      if (s == null) {
        throw new SessionException(name + ": no such snapshot; monitor snapshot lists them");
      }
      session.history().restore(s);
      return null;
    });
  }

  private String step(String what) {
    choose(what, List.of("thread", "machine"), "step thread|machine");
    target.stepMachine(what.equals("machine"));
    return "";
  }

  private String callers(String what) {
    choose(what, List.of("on", "off"), "callers on|off");
    target.threads().showCallers(what.equals("on"));
    return "";
  }

  private static void choose(String what, List<String> known, String usage) {
    if (what == null || !known.contains(what)) {
      throw new SessionException("say monitor " + usage);
    }
  }
}
