package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.Inspector.hex;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Guest;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.LineTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that show the guest's code: instructions, source, calls, symbols. */
@Command(name = "code")
final class CodeCommands {
  private static final int SOURCE_LINES = 10;
  private static final int MOST = 4096;
  private static final List<String> TOPICS =
      List.of("symbol", "line", "break", "registers", "files", "functions", "locals", "args");

  private final Shell shell;

  /** Where list goes on while the machine is where it was. */
  private LineTable.Line nextSource;

  private long listedAt = -1;

  CodeCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      aliases = "disassemble",
      customSynopsis = "disas [PLACE [COUNT]]",
      description = {
        "Disassemble, with symbols and source lines. Without COUNT, the whole function in which the",
        "machine is stopped, or the function at PLACE."
      },
      footer = {"Examples:", "  disas", "  disas store.put", "  disas $pc 4"})
  void disas(@Parameters(arity = "0..*", paramLabel = "PLACE") String[] words, @Mixin Json json) {
    String[] place = words == null ? new String[0] : words;
    boolean counted = place.length > 1 && place[place.length - 1].matches("\\d{1,5}");
    String where = String.join(" ", Arrays.copyOf(place, place.length - (counted ? 1 : 0)));
    int wanted = counted ? (int) Count.of("disas", place[place.length - 1], MOST) : 0;
    boolean thumb = shell.session().call(m -> (m.cpu().pc & 1) != 0) && where.isEmpty();
    int address =
        shell
            .session()
            .call(
                m -> where.isEmpty() ? m.cpu().register(15) : shell.places().find(where, m).get(0));
    Image.Symbol function = shell.program().symbols().at(address);
    boolean whole = wanted == 0 && function != null && function.size() > 0;
    int start = whole ? function.address() : address;
    int count =
        whole ? Math.min(function.size() / (thumb ? 2 : 4), MOST) : wanted == 0 ? 10 : wanted;
    if (json.on) {
      shell.show(shell.session().call(m -> shell.listing().rows(m, start, count, thumb)), json);
    } else {
      shell.session().call(m -> shell.listing().lines(m, start, count, thumb)).forEach(shell::say);
    }
  }

  @Command(
      aliases = "l",
      customSynopsis = "list [PLACE]",
      description = {
        "Source lines around a place: a function, FILE:LINE or an address; without one, where the",
        "machine is stopped, and then the lines that follow."
      },
      footer = {"Examples:", "  list", "  list store.put", "  list recovery.cc:85"})
  void list(@Parameters(arity = "0..*", paramLabel = "PLACE") String[] words, @Mixin Json json) {
    LineTable.Line centre;
    int first;
    if (words == null || words.length == 0) {
      LineTable.Line here =
          shell.session().call(m -> shell.program().lines().at(m.cpu().register(15)));
      boolean goesOn = nextSource != null && listedAt == shell.session().lastStatus().tick();
      centre = goesOn ? nextSource : here;
      if (centre == null) {
        throw new SessionException(
            "there are no source lines for the place where the machine is stopped");
      }
      first = goesOn ? centre.line() : Math.max(1, centre.line() - SOURCE_LINES / 2);
    } else {
      String place = String.join(" ", words);
      centre = shell.session().call(m -> shell.places().line(place, m));
      first = Math.max(1, centre.line() - SOURCE_LINES / 2);
    }
    List<String> text = shell.program().source(centre.file());
    if (text.isEmpty()) {
      throw new SessionException(centre.file() + ": this source file is not available");
    }
    if (first > text.size()) {
      nextSource = null;
      throw new SessionException(
          format("%s has %d lines; list starts over", centre.file(), text.size()));
    }
    int last = Math.min(text.size(), first + SOURCE_LINES - 1);
    nextSource = new LineTable.Line(centre.file(), last + 1);
    listedAt = shell.session().lastStatus().tick();
    LineTable.Line here =
        shell.session().call(m -> shell.program().lines().at(m.cpu().register(15)));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      boolean isHere = new LineTable.Line(centre.file(), i).equals(here);
      rows.add(row("file", centre.file(), "line", i, "here", isHere, "text", text.get(i - 1)));
    }
    if (json.on) {
      shell.show(rows, json);
      return;
    }
    shell.say(centre.file());
    rows.forEach(r ->
        shell.say(
            format(
                    "%s %4d  %s",
                    r.get("here").equals(true) ? "=>" : "  ", r.get("line"), r.get("text"))
                .stripTrailing()));
  }

  @Command(
      aliases = {"backtrace", "where"},
      customSynopsis = "bt [THREAD|OBJECT]",
      description = {
        "The call stack where the machine is stopped, or of a thread, with source lines; across",
        "protected calls, with the object of each call."
      },
      footer = {"Examples:", "  bt", "  bt steady0", "  bt 4"})
  void bt(@Parameters(arity = "0..1", paramLabel = "THREAD") String which, @Mixin Json json) {
    List<Backtrace.Entry> calls =
        which == null
            ? shell.session().call(m -> Backtrace.here(shell.program(), m, shell.view(m)))
            : shell.look(v -> Backtrace.of(shell.program(), v.machine(), v, thread(v, which)));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Backtrace.Entry c = calls.get(i);
      LineTable.Line line = Backtrace.line(shell.program(), c);
      rows.add(
          row(
              "frame", i,
              "pc", hex(c.pc()),
              "sp", hex(c.sp()),
              "symbol", shell.program().symbols().describe(c.pc()),
              "file", line == null ? null : line.file(),
              "line", line == null ? null : line.line(),
              "where", c.where()));
    }
    if (json.on) {
      shell.show(rows, json);
      return;
    }
    String where = "";
    for (Map<String, Object> r : rows) {
      if (!r.get("where").equals(where)) {
        where = (String) r.get("where");
        shell.say("in " + where);
      }
      String file = r.get("file") == null ? "" : " at " + r.get("file") + ":" + r.get("line");
      shell.say(format("  #%-2d %s <%s>%s", r.get("frame"), r.get("pc"), r.get("symbol"), file));
    }
  }

  private static Guest.Struct thread(Guest.View v, String which) {
    for (Guest.Struct t : v.threads()) {
      if (Long.toString(t.get("id")).equals(which) || v.path(t).get(0).equals(which)) {
        return t;
      }
    }
    throw new SessionException(
        which + ": no thread has this number or runs for this object; threads lists them");
  }

  @Command(
      aliases = "i",
      customSynopsis =
          "info symbol ADDRESS | line PLACE | locals | args | break | registers | files | functions [PATTERN]",
      description = {
        "The symbol at an address, or the address of a symbol; the source line of an address and its",
        "addresses; variables and arguments of the current function, or of the selected frame;",
        "breakpoints; registers; source files with code; functions whose names contain PATTERN."
      },
      footer = {
        "Examples:",
        "  info symbol $pc",
        "  info line store.cc:31",
        "  info locals",
        "  info functions put"
      })
  void info(@Parameters(arity = "1..*", paramLabel = "WHAT") String[] words, @Mixin Json json) {
    String topic = topic(words[0]);
    String rest = String.join(" ", Arrays.copyOfRange(words, 1, words.length));
    switch (topic) {
      case "symbol" -> symbol(rest, json);
      case "line" -> line(rest, json);
      case "files" ->
          shell.show(
              shell.program().lines().files().stream().map(f -> row("file", f)).toList(), json);
      case "functions" -> functions(rest, json);
      case "locals", "args" -> new VariableCommands(shell).list(topic.equals("args"), json);
      default ->
          shell
              .interpreter()
              .execute((topic.equals("break") ? "break" : "regs") + (json.on ? " --json" : ""));
    }
  }

  private static String topic(String word) {
    String name = word.equals("breakpoints") || word.equals("b") ? "break" : word;
    List<String> all = TOPICS.stream().filter(t -> t.equals(name) || t.startsWith(name)).toList();
    if (all.size() != 1) {
      throw new SessionException(
          "info " + word + ": use info " + String.join(", ", TOPICS) + Nearest.hint(word, TOPICS));
    }
    return all.get(0);
  }

  private void mustHave(String rest, String example) {
    if (rest.isEmpty()) {
      throw new SessionException("info: give a subject, as in " + example);
    }
  }

  private void symbol(String which, Json json) {
    mustHave(which, "info symbol $pc");
    int address = shell.session().call(m -> shell.places().find(which, m)).get(0);
    Image.Symbol s = shell.program().symbols().at(address);
    String name = shell.program().describe(address);
    if (json.on) {
      shell.say(
          Json.of(
              row(
                  "address", hex(address),
                  "symbol", s == null ? null : shell.program().symbols().describe(address),
                  "start", s == null ? null : hex(s.address()),
                  "bytes", s == null ? null : s.size(),
                  "function", s != null && s.function())));
      return;
    }
    shell.say(
        s == null
            ? format("%08x: no symbol", address)
            : format(
                "%08x: %s, %s of %d bytes at %08x",
                address,
                name,
                s.function() ? "function" : s.size() == 0 ? "label" : "object",
                s.size(),
                s.address()));
  }

  private void line(String which, Json json) {
    mustHave(which, "info line store.cc:31");
    List<Integer> addresses = shell.session().call(m -> shell.places().find(which, m));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int a : addresses) {
      LineTable.Line line = shell.program().lines().at(a);
      rows.add(
          row(
              "address",
              hex(a),
              "symbol",
              shell.program().symbols().describe(a),
              "file",
              line == null ? null : line.file(),
              "line",
              line == null ? null : line.line()));
    }
    shell.show(rows, json);
  }

  private void functions(String pattern, Json json) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String name : shell.program().symbols().names()) {
      if (!name.contains(pattern)) {
        continue;
      }
      for (Image.Symbol s : shell.program().symbols().all(name)) {
        if (s.function()) {
          LineTable.Line line = shell.program().lines().at(s.address());
          rows.add(
              row(
                  "address",
                  hex(s.address()),
                  "bytes",
                  s.size(),
                  "function",
                  name,
                  "source",
                  line == null ? "" : line.toString()));
        }
      }
    }
    shell.show(rows, json);
  }
}
