package org.curios.shell.session;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.RegisterNames;
import org.curios.lab.session.ArmedCrashes;
import org.curios.lab.session.Incident;
import org.curios.lab.session.Incidents;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.card.CardFault;
import org.curios.machine.card.CardFaults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that breaks a service. */
@Command(name = "crashes")
final class CrashCommands {
  /** Host milliseconds to wait for a story. */
  private static final long PATIENCE_MS = 10_000;

  /** Host milliseconds after which the shell says which request it awaits. */
  private static final long SILENT_MS = 1_000;

  /** The same in ticks while the machine is otherwise stopped: two virtual seconds. */
  private static final long PATIENCE_TICKS = 400_000_000;

  /**
   * Host milliseconds and ticks from the end of recovery until it is reported without the result.
   */
  private static final long RESULT_MS = 50;

  private static final long RESULT_TICKS = 2_000_000;
  private static final long LOOK_MS = 10;

  /** Instructions of the service after which a bit of a register flips, if nothing else is said. */
  private static final int USUAL_AFTER = 8;

  /** Services that the steady clients do not call, and what makes them run. */
  private static final Map<String, String> TYPED =
      Map.of(
          "console", "type WORDS makes the guest's shell call console",
          "uartirq", "type WORDS makes it run",
          "files", "type ls makes the guest's shell call files");

  private final Shell shell;
  private final Session session;

  CrashCommands(Shell shell) {
    this.shell = shell;
    this.session = shell.session();
  }

  private static final String ERROR = "error";
  private static final String CARD = "card";
  private static final String INTERRUPT = "interrupt";

  /** The crash to be armed. */
  private record Plan(int number, int[] with) {}

  @Command(
      customSynopsis = {
        "crash SERVICE [KIND] [--at N] [--client CLIENT]",
        "crash SERVICE bitflip REGISTER BIT [--after N]",
        "crash SERVICE ssr ID OFFSET BIT",
        "crash SERVICE code [ADDRESS [BIT]]",
        "crash card error [read|write]",
        "crash SERVICE interrupt"
      },
      description = {
        "Crash a service at a request, and report its recovery and the effect on each client. A stopped",
        "machine runs until the report is complete, and stops again. KIND is abort by default.",
        "",
        HelpWords.CRASHES,
        "",
        "error makes the card fail: the next block that is written, or read, does not arrive.",
        "interrupt makes SERVICE lose the next interrupt that it waits for: it stays unseen until the device",
        "withdraws it, or ten milliseconds have passed.",
        ""
      },
      footer = {
        "Examples:",
        "  crash store",
        "  crash timer hang --client steady1",
        "  crash store bitflip r0 31 --after 3",
        "  crash store ssr 0005f120 4 0",
        "  crash counter code --at 5",
        "  crash card error read",
        "  crash netirq interrupt"
      })
  void crash(
      @Parameters(paramLabel = "SERVICE") String name,
      @Parameters(arity = "0..*", paramLabel = "KIND") String[] words,
      @Option(names = "--at", paramLabel = "N", description = "at the N-th request from now")
          Integer at,
      @Option(
              names = "--client",
              paramLabel = "CLIENT",
              description = "at a request of this client")
          String client,
      @Option(
              names = "--after",
              paramLabel = "N",
              description = "bitflip: after N instructions of the service; default 8")
          Integer after,
      @Mixin Json json) {
    String[] kind = words == null || words.length == 0 ? new String[] {"abort"} : words;
    if (kind[0].equals(ERROR)) {
      failTransfer(name, kind);
      return;
    }
    if (kind[0].equals(INTERRUPT)) {
      mustBe(kind, 1, 1, "interrupt takes nothing more");
      loseInterrupt(name);
      return;
    }
    if (at != null && at < 1) {
      throw new SessionException("--at " + at + ": 1 is the next request");
    }
    int instructions = after == null ? USUAL_AFTER : after;
    if (instructions < 0 || instructions > 100_000) {
      throw new SessionException("--after " + after + ": from 0 to 100000 instructions");
    }
    Plan plan = shell.look(v -> plan(v, name, kind, instructions));
    if (kind[0].equals("ssr") && at == null && client == null) {
      flipNow(plan);
    }
    try {
      CompletableFuture<Incident> end = shell.look(v -> arm(v, name, plan, at, client));
      if (session.lastStatus().state() == Session.State.RUNNING) {
        waitRunning(name, end, json);
      } else {
        runStanding(name, end, json);
      }
    } finally {
      session.call(m -> {
        shell.incidents().leave(name);
        return null;
      });
    }
  }

  private void failTransfer(String name, String[] words) {
    String way = words.length > 1 ? words[1] : "write";
    mustBe(words, 1, 2, "card error [read|write]");
    if (!name.equals(CARD)) {
      throw new SessionException(name + ": only the card's driver has errors; crash card error");
    }
    if (!way.equals("read") && !way.equals("write")) {
      throw new SessionException(way + ": error read or error write");
    }
    session
        .history()
        .change(m -> {
          if (m.card() == null) {
            throw new SessionException("there is no card; start with --sd FILE");
          }
          boolean write = way.equals("write");
          m.card().slot().faults().plan(CardFault.CRC, write, CardFaults.ANY_BLOCK);
        });
    shell.say("The next block that is " + (way.equals("read") ? "read" : "written") + " fails.");
  }

  private void loseInterrupt(String name) {
    int lines = shell.look(v -> lines(v, SystemCommands.service(v, name)));
    if (lines == 0) {
      String others =
          shell.look(v ->
              v.objects().stream()
                  .filter(o -> lines(v, o) != 0)
                  .map(Obj::name)
                  .collect(Collectors.joining(", ")));
      throw new SessionException(
          name
              + " waits for no interrupt now; "
              + (others.isEmpty() ? "no other service does" : "these do: " + others));
    }
    int line = Integer.numberOfTrailingZeros(lines);
    session.history().change(m -> m.board().interrupts().lose(line));
    shell.say("The next interrupt of line " + line + " gets lost.");
  }

  /** Returns the interrupt lines for which the thread of a service waits, a bit each. */
  static int lines(View v, Obj service) {
    Struct thread = v.threadOfObject((int) service.struct().get("id"));
    return thread == null ? 0 : (int) thread.get("lines");
  }

  private Plan plan(View v, String name, String[] words, int instructions) {
    Obj o = SystemCommands.service(v, name);
    String state = v.words().name(Kind.OBJECT, o.struct().get("state"));
    if (!state.equals("active")) {
      throw new SessionException(
          name
              + " is "
              + state
              + (state.equals("failed") ? "; reboot starts everything again" : "; try again"));
    }
    int number = v.words().crash(words[0]);
    if (v.words().names(Kind.CRASH).contains(words[0])) {
      mustBe(words, 1, 1, words[0] + " takes no further arguments");
      v.crashes().mustSuit(o, words[0]);
      return new Plan(number, new int[2]);
    }
    return switch (words[0]) {
      case "bitflip" -> {
        mustBe(words, 3, 3, "bitflip REGISTER BIT, as in bitflip r0 31");
        int register = RegisterNames.number(words[1].replaceFirst("^\\$", ""));
        yield new Plan(
            number, ArmedCrashes.register(register, number(words[2], 31, "a bit"), instructions));
      }
      case "ssr" -> {
        mustBe(words, 4, 4, "ssr ID OFFSET BIT, as in ssr 0005f120 4 0");
        Struct s = StateCommands.find(v, words[1]);
        int last = (int) s.get("bytes") - 1;
        if (s.get("server") != o.struct().get("id")) {
          throw new SessionException(words[1] + ": not a state of " + name + "; ssr " + name);
        }
        int offset = number(words[2], last, "an offset in bytes");
        int bit = number(words[3], Math.min(31, (last - offset) * 8 + 7), "a bit");
        yield new Plan(number, ArmedCrashes.state(s.address(), offset, bit));
      }
      default -> {
        mustBe(words, 1, 3, "code [ADDRESS [BIT]]");
        int address = words.length > 1 ? shell.places().find(words[1], v.machine()).get(0) : 0;
        if (address != 0
            && (address < o.descriptor().get("code_start")
                || address >= o.descriptor().get("code_end"))) {
          throw new SessionException(
              words[1] + ": this is not code of " + name + "; info line shows its owner");
        }
        int bit = words.length > 2 ? number(words[2], 31, "a bit") : ArmedCrashes.WHOLE;
        yield new Plan(number, ArmedCrashes.code(address, bit));
      }
    };
  }

  private static void mustBe(String[] words, int least, int most, String usage) {
    if (words.length < least || words.length > most) {
      throw new SessionException("crash: " + usage);
    }
  }

  private static int number(String text, int most, String what) {
    int value = Expression.number(text);
    if (value < 0 || value > most) {
      throw new SessionException(text + ": " + what + " from 0 to " + most);
    }
    return value;
  }

  /** Flips the bit at once; the next request of the state's owner meets it. */
  private void flipNow(Plan plan) {
    int bit = plan.with[1];
    shell
        .session()
        .change(m -> {
          View v = shell.guest().at(m);
          Struct s = v.states().at(plan.with[0]);
          if (s != null) {
            ArmedCrashes.flip(m, v.states().address(s) + bit / 8, bit % 8);
          }
        });
  }

  private CompletableFuture<Incident> arm(
      View v, String name, Plan plan, Integer at, String client) {
    boolean now = v.words().crash(plan.number).equals("ssr") && at == null && client == null;
    int id = client == null ? 0 : (int) SystemCommands.object(v, client).struct().get("id");
    Incidents incidents = shell.incidents();
    CompletableFuture<Incident> end = incidents.expect(name);
    if (!v.crashes().isCalled(v.object(name))) {
      mustSuitLoop(v, name, plan, at, client);
    }
    if (!now) {
      int after = at == null ? 0 : at - 1;
      session
          .history()
          .change(m -> {
            View then = shell.guest().at(m);
            then.crashes()
                .arm(then.object(name), plan.number, after, id, plan.with[0], plan.with[1]);
          });
    }
    return end;
  }

  /** A service that nobody calls crashes when it runs next. */
  private static void mustSuitLoop(View v, String name, Plan plan, Integer at, String client) {
    boolean usual = v.words().names(Kind.CRASH).contains(v.words().crash(plan.number));
    if (at != null || client != null || !usual) {
      throw new SessionException(
          "nobody calls "
              + name
              + ": it has no requests, and crashes when it runs next, as in crash "
              + name
              + " abort");
    }
  }

  private boolean isCalled(String name) {
    return shell.look(v -> v.crashes().isCalled(v.object(name)));
  }

  /** The machine runs in the background: waits for the end of the story, or what is known of it. */
  private void waitRunning(String name, CompletableFuture<Incident> end, Json json) {
    long start = System.nanoTime();
    boolean silent = true;
    for (long waited = 0; waited < PATIENCE_MS; ) {
      try {
        Incident whole = end.get(LOOK_MS, TimeUnit.MILLISECONDS);
        shell.screen().status("");
        tell(whole, json);
        return;
      } catch (TimeoutException e) {
        waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (silent && waited >= SILENT_MS && !hasBegun(shell.incidents().of(name))) {
          silent = false;
          String until =
              isCalled(name)
                  ? "for a request of " + name
                  : "until " + name + " runs; nobody calls it";
          shell.screen().status("waiting " + until + ", Ctrl-C ends this" + hint(name));
        }
        if (isOverdue(name)) {
          shell.screen().status("");
          tellSoFar(name, end, json);
          return;
        }
      } catch (InterruptedException | ExecutionException e) {
        throw new SessionException("interrupted", e);
      }
      if (session.lastStatus().state() != Session.State.RUNNING) {
        break;
      }
    }
    shell.screen().status("");
    notYet(name, end, json);
  }

  /** Whether recovery has ended a while ago, without a result of the request. */
  private boolean isOverdue(String name) {
    Incident i = shell.incidents().of(name);
    return i != null
        && i.isOver()
        && !i.isFailed()
        && System.nanoTime() - i.recoveredNanos() > TimeUnit.MILLISECONDS.toNanos(RESULT_MS);
  }

  /** The machine is stopped: runs it until the end of the story. */
  private void runStanding(String name, CompletableFuture<Incident> end, Json json) {
    long start = session.status().tick();
    long limit = start + PATIENCE_TICKS;
    while (!end.isDone()) {
      long now = session.status().tick();
      Incident i = session.call(m -> shell.incidents().of(name));
      boolean over = i != null && i.recoveredAt() >= 0;
      if (over && now >= i.recoveredAt() + RESULT_TICKS) {
        tellSoFar(name, end, json);
        return;
      }
      if (now >= limit) {
        notYet(name, end, json);
        return;
      }
      Session.Status status =
          session.runTo(
              Math.min(limit, over ? i.recoveredAt() + RESULT_TICKS : now + RESULT_TICKS));
      if (!end.isDone() && !status.why().isEmpty()) {
        notYet(name, end, json);
        shell.say(session.call(m -> StopReport.of(shell, m, status)));
        return;
      }
    }
    tell(end.join(), json);
  }

  private void tell(Incident i, Json json) {
    if (json.on) {
      double ms = (System.nanoTime() - i.recoveredNanos()) / 1e6;
      shell.say(Json.of(CrashReport.fields(i, Math.round(ms * 1000) / 1000.0)));
    } else {
      CrashReport.text(i).forEach(shell::say);
    }
  }

  private void tellSoFar(String name, CompletableFuture<Incident> end, Json json) {
    session.call(m -> {
      Incident i = soFar(name, end);
      if (i != null) {
        tell(i, json);
      }
      return null;
    });
  }

  /** The story, which may have reached its end a moment ago; on the machine's thread. */
  private Incident soFar(String name, CompletableFuture<Incident> end) {
    return end.isDone() ? end.join() : shell.incidents().of(name);
  }

  private void notYet(String name, CompletableFuture<Incident> end, Json json) {
    Incident i = session.call(m -> soFar(name, end));
    if (hasBegun(i)) {
      tellSoFar(name, end, json);
    } else {
      Session.Status status = session.lastStatus();
      String rest =
          status.state() == Session.State.RUNNING
              ? "; events shows it when it happens"
              : status.why().isEmpty()
                  ? "; cont resumes the machine, and events shows it when it happens"
                  : ", and the machine has stopped: " + status.why();
      String what =
          isCalled(name)
              ? "no request of " + name + " has reached it yet; it stays armed"
              : name + " has not run yet; it crashes when it does";
      throw new SessionException(what + rest + hint(name));
    }
  }

  private static boolean hasBegun(Incident i) {
    return i != null && (i.struckAt() >= 0 || i.detectedAt() >= 0);
  }

  private static String hint(String name) {
    String line = TYPED.get(name);
    return line == null ? "" : "; " + line;
  }
}
