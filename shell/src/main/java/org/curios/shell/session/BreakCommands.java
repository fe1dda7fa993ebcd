package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.Inspector.hex;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Psr;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.RegisterNames;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that say where the machine stops. */
@Command(name = "break")
final class BreakCommands {
  private final Shell shell;

  BreakCommands(Shell shell) {
    this.shell = shell;
  }

  /** A place and the condition after the word if. */
  private record Conditional(String place, Expression condition) {}

  private Conditional parse(String command, String[] words) {
    int at = Arrays.asList(words).indexOf("if");
    String place = String.join(" ", Arrays.copyOf(words, at < 0 ? words.length : at));
    if (place.isEmpty()) {
      throw new SessionException(command + ": give a place, as in " + command + " store.cc:31");
    }
    return new Conditional(
        place,
        at < 0
            ? null
            : Expression.parse(
                String.join(" ", Arrays.copyOfRange(words, at + 1, words.length)),
                shell.program()));
  }

  @Command(
      name = "break",
      aliases = "b",
      customSynopsis = "break [PLACE [if CONDITION]]",
      description = {
        "Stop before an instruction. PLACE is a function, FILE:LINE, FILE:FUNCTION, SERVICE.METHOD, or",
        "an address. The machine stops only if CONDITION, an expression over registers and memory, is not",
        "0. Without a place, list all breakpoints and watchpoints."
      },
      footer = {
        "Examples:",
        "  break store.put",
        "  break store.cc:31 if $r1 == 5",
        "  break *0x40580010 if *($r0 + 4) > 20 && $r2 != 0"
      })
  void breakAt(@Parameters(arity = "0..*", paramLabel = "PLACE") String[] words, @Mixin Json json) {
    if (words == null || words.length == 0) {
      list(json);
      return;
    }
    add("break", words, false);
  }

  @Command(
      aliases = "tb",
      customSynopsis = "tbreak PLACE [if CONDITION]",
      description = "Stop before an instruction, once.",
      footer = {"Examples:", "  tbreak timer.wait"})
  void tbreak(@Parameters(arity = "1..*", paramLabel = "PLACE") String[] words) {
    add("tbreak", words, true);
  }

  private void add(String command, String[] words, boolean once) {
    Conditional c = parse(command, words);
    List<Integer> addresses = shell.session().call(m -> shell.places().find(c.place, m));
    String what = shell.program().describe(addresses.get(0));
    what = hex(addresses.get(0)) + (what.isEmpty() ? "" : " " + what);
    if (addresses.size() > 1) {
      what += " and " + (addresses.size() - 1) + " more";
    }
    Breakpoints.Entry entry =
        shell
            .breakpoints()
            .add(
                "breakpoint",
                what,
                c.condition,
                once,
                (points, holds) -> addresses.stream().map(a -> points.before(a, holds)).toList(),
                m -> "");
    shell.say(format("breakpoint %d, %s", entry.number(), what));
    for (int a : addresses.subList(1, addresses.size())) {
      shell.say(format("  and at %08x %s", a, shell.program().describe(a)));
    }
  }

  private void list(Json json) {
    List<java.util.Map<String, Object>> rows = shell.breakpoints().rows();
    if (rows.isEmpty() && !json.on) {
      shell.say("no breakpoints or watchpoints; set one with break PLACE or watch ADDRESS");
      return;
    }
    shell.show(rows, json);
  }

  @Command(
      customSynopsis = "watch ADDRESS [BYTES] | ssr ID | $REGISTER [if CONDITION]",
      description = {
        "Stop after an instruction that changes memory, a client's state, or a register. A variable is",
        "watched at its current address; a number means the word at that address. A register is watched in",
        "the current mode and object, by single steps, about a million a",
        "second."
      },
      footer = {
        "Examples:",
        "  watch event_count",
        "  watch s->count if s->count > 20",
        "  watch *0x26320",
        "  watch ssr 0005f120",
        "  watch $r4 if $r4 == 0"
      })
  void watch(@Parameters(arity = "1..*", paramLabel = "WHAT") String[] words) {
    Conditional c = parse("watch", words);
    if (words[0].equals("ssr")) {
      watchState(c, words);
    } else if (c.place.matches("\\$\\w+")) {
      watchRegister(c);
    } else {
      watchMemory("watchpoint", c, false, true);
    }
  }

  @Command(
      customSynopsis = "rwatch ADDRESS [BYTES] [if CONDITION]",
      description = "Stop after an instruction that loads from memory.",
      footer = {"Examples:", "  rwatch objects 64"})
  void rwatch(@Parameters(arity = "1..*", paramLabel = "ADDRESS") String[] words) {
    watchMemory("read watchpoint", parse("rwatch", words), true, false);
  }

  @Command(
      customSynopsis = "awatch ADDRESS [BYTES] [if CONDITION]",
      description = "Stop after an instruction that loads from memory or stores to it.",
      footer = {"Examples:", "  awatch $sp 16"})
  void awatch(@Parameters(arity = "1..*", paramLabel = "ADDRESS") String[] words) {
    watchMemory("access watchpoint", parse("awatch", words), true, true);
  }

  private void watchMemory(String kind, Conditional c, boolean loads, boolean stores) {
    WatchedMemory memory = WatchedMemory.parse(shell, c.place);
    int address = memory.address();
    int bytes = memory.bytes();
    String what = memory.describe(shell);
    Memory.Watch watch = memory.watch(loads, stores);
    add(
        kind,
        what,
        c.condition,
        (points, holds) -> List.of(points.touching(watch, holds)),
        news(m -> (int) VirtualMemory.read(m, address, Math.min(bytes, 4)), bytes <= 4));
  }

  private void add(
      String kind,
      String what,
      Expression condition,
      Breakpoints.Maker maker,
      Function<Machine, String> news) {
    Breakpoints.Entry entry = shell.breakpoints().add(kind, what, condition, false, maker, news);
    shell.say(format("%s %d, %s", kind, entry.number(), what));
  }

  /** Reports a value, and the value last reported. */
  private Function<Machine, String> news(ToIntFunction<Machine> value, boolean told) {
    if (!told) {
      return m -> "";
    }
    int[] last = {shell.session().call(value::applyAsInt)};
    return m -> {
      int now = value.applyAsInt(m);
      String text = now == last[0] ? "is " + number(now) : number(last[0]) + " -> " + number(now);
      last[0] = now;
      return text;
    };
  }

  static String number(int value) {
    return value >= -9999 && value <= 9999 ? Integer.toString(value) : format("0x%x", value);
  }

  private void watchState(Conditional c, String[] words) {
    if (words.length < 2) {
      throw new SessionException("watch ssr: give the ID of a state; ssr lists them");
    }
    String id = words[1];
    String[] what = new String[1];
    List<Memory.Watch> watches =
        shell.look(v -> {
          Guest.Struct s = StateCommands.find(v, id);
          what[0] =
              format(
                  "the state of %s in %s, SSR %s",
                  v.nameOf((int) s.get("owner")), v.nameOf((int) s.get("server")), id);
          int bytes = (int) s.get("bytes");
          Memory.Watch content = new Memory.Watch(v.states().address(s), bytes, false, true);
          boolean mapped = s.get("address") != 0;
          return mapped
              ? List.of(content, new Memory.Watch((int) s.get("address"), bytes, false, true))
              : List.of(content);
        });
    add(
        "watchpoint",
        what[0],
        c.condition,
        (points, holds) -> watches.stream().map(w -> points.touching(w, holds)).toList(),
        m -> "");
  }

  private void watchRegister(Conditional c) {
    int number = RegisterNames.number(c.place.substring(1));
    if (number == 15) {
      throw new SessionException("$pc changes with each instruction; use break or step");
    }
    Expression register = Expression.parse(c.place, shell.program());
    String where =
        shell
            .session()
            .call(m -> {
              String object = "";
              if (m.cpu().mode() == Psr.USER && shell.guest().isCurios()) {
                Guest.Obj owner = shell.guest().at(m).memory().owner(m.cpu().register(13));
                object = owner == null ? "" : " of " + owner.name();
              }
              return c.place + " in " + Psr.name(m.cpu().cpsr()) + " mode" + object;
            });
    int mode = shell.session().call(m -> m.cpu().mode());
    int region = shell.session().call(m -> m.cpu().register(13) >>> 20);
    add(
        "watchpoint",
        where,
        c.condition,
        (points, holds) -> {
          RegisterWatch watch = new RegisterWatch(register, mode, region);
          return List.of(points.stepping(m -> watch.changed(m) && holds.test(m)));
        },
        news(register::value, true));
  }

  @Command(
      name = "catch",
      customSynopsis = "catch EVENT [SERVICE]",
      description = {
        "Stop when the kernel reports an event, of any service or of one. EVENT is a kind of event, such",
        "as fault, recovered or failed; an unknown one lists all."
      },
      footer = {"Examples:", "  catch fault store", "  catch recovered"})
  void catchEvent(
      @Parameters(paramLabel = "EVENT") String event,
      @Parameters(arity = "0..1", paramLabel = "SERVICE") String service) {
    shell.mustBeCurios();
    int kind = shell.look(v -> event(v, event));
    long object = service == null ? -1 : shell.look(v -> v.object(service).struct().get("id"));
    int address = shell.program().symbols().require("event").address();
    add(
        "catchpoint",
        event + (service == null ? "" : " of " + service),
        null,
        (points, holds) ->
            List.of(
                points.before(
                    address,
                    m ->
                        m.cpu().register(0) == kind
                            && (object < 0 || m.cpu().register(1) == object))),
        m -> shell.guest().at(m).nameOf(m.cpu().register(1)));
  }

  /**
   * Returns the number of a kind of event.
   *
   * @throws SessionException if there is none of this name
   */
  static int event(View v, String name) {
    List<String> all = v.words().events();
    if (!all.contains(name)) {
      throw new SessionException(
          name
              + ": no such event"
              + Nearest.hint(name, all)
              + "; there are "
              + String.join(", ", all));
    }
    return v.words().number(Kind.EVENT, name);
  }

  @Command(
      aliases = "d",
      description = "Remove breakpoints and watchpoints by number, or all of them.",
      footer = {"Examples:", "  delete 2", "  delete"})
  void delete(@Parameters(arity = "0..*", paramLabel = "NUMBER") List<Integer> numbers) {
    int count = shell.breakpoints().delete(numbers == null ? List.of() : numbers);
    if (count != 1) {
      shell.say(count + " removed");
    }
  }

  @Command(
      description = "Enable breakpoints and watchpoints again.",
      footer = {"Examples:", "  enable 1"})
  void enable(@Parameters(arity = "0..*", paramLabel = "NUMBER") List<Integer> numbers) {
    shell.breakpoints().enable(numbers == null ? List.of() : numbers, true);
  }

  @Command(
      description = "Disable breakpoints and watchpoints without deleting them.",
      footer = {"Examples:", "  disable 1 3"})
  void disable(@Parameters(arity = "0..*", paramLabel = "NUMBER") List<Integer> numbers) {
    shell.breakpoints().enable(numbers == null ? List.of() : numbers, false);
  }
}
