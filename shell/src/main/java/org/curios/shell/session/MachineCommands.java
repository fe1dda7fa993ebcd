package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.Memory;
import org.curios.lab.Symbols;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Disassembler;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.machine.Machine;
import org.curios.machine.Snapshot;
import org.curios.machine.VersatilePb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on the machine: run, stop, look, break, and go back. */
@Command(name = "machine")
final class MachineCommands {
  private static final Pattern FORMAT = Pattern.compile("(\\d*)([xduotcais]?)([bhw]?)");

  private final Shell shell;
  private final Session session;
  private final Symbols symbols;
  private final Inspector inspector;
  private final Disassembler disassembler = new Disassembler();
  private final Map<Integer, Integer> breakpoints = new TreeMap<>();
  private final Map<Integer, Memory.Watch> watchpoints = new TreeMap<>();
  private int nextPoint = 1;

  MachineCommands(Shell shell) {
    this.shell = shell;
    this.session = shell.session();
    this.symbols = shell.symbols();
    this.inspector = new Inspector(symbols);
  }

  /** Takes a symbol, symbol+offset, register ($pc) or number for an address. */
  int address(String text) {
    int plus = text.indexOf('+', 1);
    if (plus > 0) {
      return address(text.substring(0, plus)) + (int) number(text.substring(plus + 1));
    }
    if (text.startsWith("$")) {
      return session.call(m -> register(m, text.substring(1)));
    }
    Image.Symbol symbol = symbols.find(text);
    if (symbol != null) {
      return symbol.address();
    }
    return (int) number(text);
  }

  private long number(String text) {
    try {
      return text.matches("[0-9a-fA-F]{8}") ? Long.parseLong(text, 16) : Long.decode(text);
    } catch (NumberFormatException e) {
      throw new SessionException(
          text + ": neither a symbol nor a number" + shell.nearest(text, symbols.names()));
    }
  }

  private static int register(Machine m, String name) {
    return switch (name) {
      case "pc" -> m.cpu().register(15);
      case "lr" -> m.cpu().register(14);
      case "sp" -> m.cpu().register(13);
      case "cpsr" -> m.cpu().cpsr();
      default -> {
        if (!name.matches("r([0-9]|1[0-5])")) {
          throw new SessionException(
              "$" + name + ": no such register; r0 to r15, sp, lr, pc, cpsr");
        }
        yield m.cpu().register(Integer.parseInt(name.substring(1)));
      }
    };
  }

  /** Shows where the machine stands, and why. */
  private void where(Session.Status status) {
    if (!status.why().isEmpty()) {
      shell.say(status.why());
    }
    shell.say(
        session.call(m -> {
          boolean thumb = (m.cpu().pc & 1) != 0;
          return format("tick %,d%n", m.cpu().now())
              + inspector.instruction(m, disassembler, m.cpu().register(15), thumb);
        }));
  }

  private void mustStand() {
    if (session.lastStatus().state() == Session.State.RUNNING) {
      session.pause();
    }
  }

  @Command(description = "Stop the machine.")
  void stop() {
    where(session.pause());
  }

  @Command(aliases = "continue", description = "Let the machine run on.")
  void cont() {
    session.resume();
    if (!shell.interactive() && !(breakpoints.isEmpty() && watchpoints.isEmpty())) {
      Session.Status status = session.await(shell.patience());
      if (status != null) {
        where(status);
      }
    }
  }

  @Command(
      aliases = {"stepi", "s"},
      description = "Carry out instructions.")
  void step(
      @Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N", description = "how many")
          long count) {
    mustStand();
    where(session.runTo(session.status().tick() + Math.max(count, 1)));
  }

  @Command(description = "Run to an address, or to a tick (@TICK).")
  void until(@Parameters(paramLabel = "ADDRESS|@TICK") String where) {
    mustStand();
    if (where.startsWith("@")) {
      where(session.runTo(number(where.substring(1))));
      return;
    }
    int address = address(where);
    session.call(m -> {
      m.cpu().code.setBreakpoint(address, true);
      return null;
    });
    try {
      where(session.runTo(session.status().tick() + shell.farthest()));
    } finally {
      session.call(m -> {
        m.cpu().code.setBreakpoint(address, breakpoints.containsValue(address));
        return null;
      });
    }
  }

  @Command(
      name = "break",
      aliases = "b",
      description = "Stop before an instruction; without an address, list the breakpoints.")
  void breakpoint(
      @Parameters(
              arity = "0..1",
              paramLabel = "ADDRESS",
              description = "symbol, symbol+N or number")
          String where) {
    if (where == null) {
      breakpoints.forEach(
          (n, a) -> shell.say(format("%3d  break  %08x  %s", n, a, symbols.describe(a))));
      watchpoints.forEach((n, w) ->
          shell.say(
              format(
                  "%3d  watch  %08x  %d bytes  %s",
                  n, w.address(), w.bytes(), symbols.describe(w.address()))));
      if (breakpoints.isEmpty() && watchpoints.isEmpty()) {
        shell.say("no breakpoints; say break SYMBOL");
      }
      return;
    }
    int address = address(where) & ~1;
    session.call(m -> {
      m.cpu().code.setBreakpoint(address, true);
      return null;
    });
    breakpoints.put(nextPoint, address);
    shell.say(
        format("breakpoint %d at %08x <%s>", nextPoint++, address, symbols.describe(address)));
  }

  @Command(description = "Stop behind an instruction that touches memory.")
  void watch(
      @Parameters(paramLabel = "ADDRESS") String where,
      @Parameters(arity = "0..1", defaultValue = "4", paramLabel = "BYTES") int bytes,
      @Option(names = "-r", description = "loads too") boolean reads) {
    Memory.Watch watch = new Memory.Watch(address(where), Math.max(bytes, 1), reads, true);
    session.call(m -> {
      m.cpu().memory.watch(watch);
      return null;
    });
    watchpoints.put(nextPoint, watch);
    shell.say(
        format("watchpoint %d at %08x, %d bytes", nextPoint++, watch.address(), watch.bytes()));
  }

  @Command(description = "Remove a breakpoint or watchpoint, or all of them.")
  void delete(@Parameters(arity = "0..1", paramLabel = "N") Integer number) {
    if (number != null && !breakpoints.containsKey(number) && !watchpoints.containsKey(number)) {
      throw new SessionException("there is no breakpoint " + number + "; see break");
    }
    session.call(m -> {
      for (Map.Entry<Integer, Integer> e : breakpoints.entrySet()) {
        if (number == null || e.getKey().equals(number)) {
          m.cpu().code.setBreakpoint(e.getValue(), false);
        }
      }
      for (Map.Entry<Integer, Memory.Watch> e : watchpoints.entrySet()) {
        if (number == null || e.getKey().equals(number)) {
          m.cpu().memory.unwatch(e.getValue());
        }
      }
      return null;
    });
    breakpoints.keySet().removeIf(n -> number == null || n.equals(number));
    watchpoints.keySet().removeIf(n -> number == null || n.equals(number));
  }

  @Command(aliases = "registers", description = "Registers, status and system control.")
  void regs() {
    shell.say(session.call(inspector::registers));
  }

  @Command(
      description = {
        "Memory: x [/COUNT LETTER SIZE] ADDRESS, with gdb's letters x d u o t c a i s and sizes b h w.",
        "Example: x /8xw $sp"
      })
  void x(@Parameters(arity = "1..2", paramLabel = "[/FORMAT] ADDRESS") String[] words) {
    String form = words.length == 2 ? words[0] : "/1xw";
    Matcher m = FORMAT.matcher(form.startsWith("/") ? form.substring(1) : form);
    if (!m.matches()) {
      throw new SessionException(
          form + ": a count, a letter of xduotcais and a size of bhw, as in /8xw");
    }
    int count = m.group(1).isEmpty() ? 1 : Integer.parseInt(m.group(1));
    char letter = m.group(2).isEmpty() ? 'x' : m.group(2).charAt(0);
    int size =
        switch (m.group(3)) {
          case "b" -> 1;
          case "h" -> 2;
          default -> letter == 'c' ? 1 : 4;
        };
    int address = address(words[words.length - 1]);
    if (count < 1 || count > 4096) {
      throw new SessionException("count " + count + ": from 1 to 4096");
    }
    shell.say(
        session.call(machine ->
            switch (letter) {
              case 's' -> inspector.text(machine, address);
              case 'i' -> listing(machine, address, count, (machine.cpu().pc & 1) != 0);
              default -> inspector.memory(machine, address, count, letter, size);
            }));
  }

  private String listing(Machine m, int address, int count, boolean thumb) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : "\n")
          .append(inspector.instruction(m, disassembler, address + i * (thumb ? 2 : 4), thumb));
    }
    return text.toString();
  }

  @Command(description = "Instructions at an address, with symbols; at the PC without one.")
  void disas(
      @Parameters(arity = "0..1", paramLabel = "ADDRESS") String where,
      @Parameters(arity = "0..1", defaultValue = "10", paramLabel = "COUNT") int count) {
    int address = where == null ? session.call(m -> m.cpu().register(15)) : address(where);
    shell.say(
        session.call(m ->
            listing(
                m, address, Math.clamp(count, 1, 1000), where == null && (m.cpu().pc & 1) != 0)));
  }

  @Command(
      description = "Return addresses: the PC, LR, and words on the stack that lie in functions.")
  void bt() {
    shell.say(
        session.call(m -> {
          StringBuilder text = new StringBuilder();
          int pc = m.cpu().register(15);
          text.append(format("#0  %08x <%s>", pc, symbols.describe(pc)));
          int lr = m.cpu().register(14) & ~1;
          int number = 1;
          if (symbols.at(lr) != null) {
            text.append(format("%n#%d  %08x <%s>  from LR", number++, lr, symbols.describe(lr)));
          }
          int sp = m.cpu().register(13);
          for (int i = 0; i < 256 && number < 16; i++) {
            long word = Inspector.read(m, sp + 4 * i, 4);
            if (word < 0) {
              break;
            }
            Image.Symbol s = symbols.at((int) word);
            if (s != null && s.function() && word != s.address()) {
              text.append(
                  format(
                      "%n#%d  %08x <%s>  from sp+%d",
                      number++, word, symbols.describe((int) word), 4 * i));
            }
          }
          return text.toString();
        }));
  }

  @Command(description = "What lies at an address, or where a symbol is.")
  void info(
      @Parameters(paramLabel = "symbol", description = "the word symbol") String what,
      @Parameters(paramLabel = "ADDRESS|NAME") String which) {
    if (!what.equals("symbol")) {
      throw new SessionException("info " + what + ": say info symbol ADDRESS");
    }
    int address = address(which);
    Image.Symbol s = symbols.at(address);
    shell.say(
        s == null
            ? format("%08x: no symbol", address)
            : format(
                "%08x: %s, %s of %d bytes at %08x",
                address,
                symbols.describe(address),
                s.function() ? "function" : "object",
                s.size(),
                s.address()));
  }

  @Command(
      description = "Walk the translation tables for an address; says why an access would fault.")
  void mmu(@Parameters(paramLabel = "ADDRESS") String where) {
    int address = address(where);
    shell.say(session.call(m -> inspector.translation(m, address)));
  }

  @Command(description = "The devices of the board and their addresses.")
  void devices() {
    for (VersatilePb.Place p : session.call(m -> m.board().places())) {
      shell.say(format("%08x  %6d  %s", p.base(), p.size(), p.name()));
    }
  }

  @Command(description = "Keep the present under a name; without one, list what is kept.")
  void snapshot(
      @Parameters(arity = "0..1", paramLabel = "NAME") String name,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "write it to a file as well")
          Path file) {
    if (name == null && file == null) {
      Map<String, Snapshot> all = session.call(m -> Map.copyOf(session.history().named()));
      new TreeMap<>(all)
          .forEach((n, s) ->
              shell.say(format("%-16s tick %,d  %,d bytes of its own", n, s.tick(), s.bytes())));
      if (all.isEmpty()) {
        shell.say("no snapshots; say snapshot NAME");
      }
      return;
    }
    String title = name == null ? file.getFileName().toString() : name;
    Snapshot s = session.call(m -> session.history().name(title));
    if (file != null) {
      session.call(m -> {
        try {
          m.write(s, file);
        } catch (java.io.IOException e) {
          throw new SessionException(file + ": cannot be written (" + e.getMessage() + ")");
        }
        return null;
      });
    }
    shell.say(format("%s: tick %,d", title, s.tick()));
  }

  @Command(description = "Put the machine to a snapshot; what was its future is forgotten.")
  void restore(@Parameters(paramLabel = "NAME|FILE") String name) {
    mustStand();
    session.call(m -> {
      Snapshot s = session.history().named().get(name);
      if (s == null) {
        try {
          s = m.read(Path.of(name));
        } catch (ImageException e) {
          throw new SessionException(e.getMessage());
        }
      }
      session.history().restore(s);
      session.moved("restored");
      return null;
    });
    where(session.status());
  }

  @Command(description = "Go back by so many instructions, or to a tick (@TICK).")
  void back(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N|@TICK") String amount) {
    mustStand();
    long now = session.status().tick();
    long to = amount.startsWith("@") ? number(amount.substring(1)) : now - number(amount);
    if (to > now || to < 0) {
      throw new SessionException("tick " + to + " does not lie in the past");
    }
    session.call(m -> {
      session.history().back(to);
      session.moved("");
      return null;
    });
    where(session.status());
  }

  @Command(name = "reverse-step", aliases = "rs", description = "Go back by instructions.")
  void reverseStep(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") long count) {
    back(Long.toString(count));
  }

  @Command(
      name = "reverse-cont",
      aliases = "rc",
      description = "Go back to the last breakpoint or watchpoint.")
  void reverseCont() {
    mustStand();
    boolean found =
        session.call(m -> {
          boolean any = session.history().backToStop();
          session.moved(any ? "" : "no breakpoint or watchpoint before: the start");
          return any;
        });
    where(session.status());
    if (!found && breakpoints.isEmpty() && watchpoints.isEmpty()) {
      shell.say("there are no breakpoints; say break SYMBOL or watch ADDRESS first");
    }
  }
}
