package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.RegisterNames;
import org.curios.lab.program.Value;
import org.curios.lab.program.ValueText;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.VersatilePb;
import org.curios.machine.card.Disk;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.dwarf.Type;
import org.curios.shell.Screenshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that look at the processor, memory and devices, and change them. */
@Command(name = "inspect")
final class InspectCommands {
  private static final Pattern FORMAT =
      Pattern.compile("/(\\d*)([xduotcasi]?)([bhw]?)([xduotcasi]?)");
  private static final int MOST = 65_536;

  private final Shell shell;
  private final Inspector inspector;

  InspectCommands(Shell shell) {
    this.shell = shell;
    this.inspector = new Inspector(shell.program().symbols());
  }

  /** gdb's /COUNT LETTER SIZE. */
  private record Format(int count, char letter, int size) {
    static Format parse(String text) {
      Matcher m = FORMAT.matcher(text);
      if (!m.matches()) {
        throw new SessionException(
            text + ": a count, a letter of x d u o t c a s i, and a size of b h w, as in /8xw");
      }
      long count = m.group(1).isEmpty() ? 1 : Long.parseLong("0" + m.group(1));
      if (count < 1 || count > MOST) {
        throw new SessionException("count " + count + ": from 1 to " + MOST);
      }
      String letters = m.group(2) + m.group(4);
      char letter = letters.isEmpty() ? 'x' : letters.charAt(0);
      int size =
          switch (m.group(3)) {
            case "b" -> 1;
            case "h" -> 2;
            case "w" -> 4;
            default -> letter == 'c' ? 1 : 4;
          };
      return new Format((int) count, letter, size);
    }
  }

  @Command(
      aliases = "registers",
      description = "Registers, status and system control.",
      footer = {"Examples:", "  regs", "  regs --json"})
  void regs(@Mixin Json json) {
    shell.say(
        shell
            .session()
            .call(m -> json.on ? Json.of(Inspector.registerValues(m)) : inspector.registers(m)));
  }

  @Command(
      customSynopsis = "x [/COUNT LETTER SIZE] ADDRESS",
      description = {
        "Dump memory, with gdb's letters. LETTER is x hexadecimal, d or u decimal, o octal, t binary, c",
        "character, a address, s text, i instructions; SIZE is b, h or w. ADDRESS is an expression."
      },
      footer = {"Examples:", "  x /8xw $sp", "  x/4i $pc", "  x /s boot_arguments", "  x *($r0+4)"})
  void x(@Parameters(arity = "1..*", paramLabel = "ADDRESS") String[] words, @Mixin Json json) {
    boolean formatted = words[0].startsWith("/");
    Format f = Format.parse(formatted ? words[0] : "/");
    String place = String.join(" ", Arrays.copyOfRange(words, formatted ? 1 : 0, words.length));
    int address = shell.value(place);
    if (json.on) {
      shell.show(rows(address, f), json);
      return;
    }
    shell.say(
        shell
            .session()
            .call(m ->
                switch (f.letter) {
                  case 's' -> texts(m, address, f.count);
                  case 'i' ->
                      String.join(
                          "\n", shell.listing().lines(m, address, f.count, (m.cpu().pc & 1) != 0));
                  default -> inspector.memory(m, address, f.count, f.letter, f.size);
                }));
  }

  private String texts(org.curios.machine.Machine m, int address, int count) {
    List<String> lines = new ArrayList<>();
    int at = address;
    for (int i = 0; i < count; i++) {
      lines.add(format("%08x:  %s", at, Inspector.text(m, at)));
      while (VirtualMemory.read(m, at, 1) > 0) {
        at++;
      }
      at++;
    }
    return String.join("\n", lines);
  }

  private List<Map<String, Object>> rows(int address, Format f) {
    return shell
        .session()
        .call(m -> {
          if (f.letter == 'i') {
            return shell.listing().rows(m, address, f.count, (m.cpu().pc & 1) != 0);
          }
          if (f.letter == 's') {
            return List.of(
                row("address", Inspector.hex(address), "text", Inspector.text(m, address)));
          }
          List<Map<String, Object>> rows = new ArrayList<>();
          for (int i = 0; i < f.count; i++) {
            long value = VirtualMemory.read(m, address + i * f.size, f.size);
            rows.add(
                row(
                    "address",
                    Inspector.hex(address + i * f.size),
                    "value",
                    value < 0 ? null : value));
          }
          return rows;
        });
  }

  @Command(
      aliases = "p",
      customSynopsis = "print [/LETTER] EXPRESSION",
      description = {
        "The value of an expression. It may use C++ variables, numbers, symbols, $registers, *ADDRESS (a",
        "word, if ADDRESS has no type), half(ADDRESS), byte(ADDRESS), casts, and C's operators.",
        "&NAME is the address of a variable. LETTER is one of x."
      },
      footer = {
        "Examples:",
        "  print event_count",
        "  print &event_count",
        "  print *s",
        "  print/x s->pairs[2].value",
        "  p/x *$sp",
        "  print *(State *) $r0"
      })
  void print(
      @Parameters(arity = "1..*", paramLabel = "EXPRESSION") String[] words, @Mixin Json json) {
    boolean formatted = words[0].startsWith("/");
    char letter = formatted ? Format.parse(words[0]).letter : ' ';
    String text = String.join(" ", Arrays.copyOfRange(words, formatted ? 1 : 0, words.length));
    shell.say(
        shell
            .session()
            .call(m -> {
              Expression e = Expression.parse(text, shell.program());
              Value v = e.evaluate(m, shell.frames().selected(m));
              boolean plain = v.type().plain() == Type.INT;
              return json.on
                  ? Json.of(fields(text, v, VariableCommands.text(shell, m, letter)))
                  : plain
                      ? word(e.word(v), letter)
                      : shown(v, VariableCommands.text(shell, m, letter));
            }));
  }

  /** A number, a register, or a word of memory. */
  private String word(int value, char letter) {
    String name = shell.program().symbols().describe(value);
    return letter == ' '
        ? format("%d  0x%x%s", value, value, name.isEmpty() ? "" : "  <" + name + ">")
        : inspector.value(Integer.toUnsignedLong(value), letter, 4);
  }

  private static String shown(Value v, ValueText text) {
    Type.Kind kind = v.type().plain().kind();
    boolean number = kind == Type.Kind.SIGNED || kind == Type.Kind.UNSIGNED;
    boolean both = number && v.type().size() > 1 && v.isKnown() && text.letter() == ' ';
    return text.text(v) + (both ? "  " + text.with('x').text(v) : "");
  }

  private static Map<String, Object> fields(String expression, Value v, ValueText text) {
    boolean scalar = v.type().isScalar() && v.isKnown();
    return row(
        "expression", expression,
        "type", v.type().name(),
        "value", scalar ? (Object) v.number() : text.text(v),
        "hex", scalar && v.type().size() <= 4 ? Inspector.hex(v.number()) : null,
        "address", v.address() == null ? null : Inspector.hex(v.address()));
  }

  @Command(
      customSynopsis =
          "set $REGISTER = EXPRESSION | VARIABLE = EXPRESSION | *ADDRESS = EXPRESSION | pagination on|off",
      description = {
        "Change a register, a variable, or a word of memory; half(A) and byte(A) are smaller units. set",
        "pagination turns paging of long output on or off."
      },
      footer = {
        "Examples:",
        "  set $r0 = 5",
        "  set s->count = 3",
        "  set *($sp + 8) = $r1",
        "  set pagination off"
      })
  void set(@Parameters(arity = "1..*", paramLabel = "WHAT") String[] words) {
    if (words[0].equals("pagination")) {
      String how = words.length > 1 ? words[1] : "";
      if (!how.equals("on") && !how.equals("off")) {
        throw new SessionException("set pagination: on or off");
      }
      shell.screen().paging(how.equals("on"));
      return;
    }
    String text = String.join(" ", words);
    int equals = text.indexOf('=');
    if (equals < 1 || equals + 1 < text.length() && text.charAt(equals + 1) == '=') {
      throw new SessionException("set: give a target and a value, as in set $r0 = 5");
    }
    String target = text.substring(0, equals).strip();
    int value = shell.value(text.substring(equals + 1));
    if (target.matches("\\$\\w+")) {
      int number = RegisterNames.number(target.substring(1));
      shell.session().change(m -> RegisterNames.set(m.cpu(), number, value));
      return;
    }
    Value place =
        shell
            .session()
            .call(m ->
                Expression.parse(target, shell.program()).evaluate(m, shell.frames().selected(m)));
    int size = place.type().size();
    if (!place.type().isScalar() || place.address() == null && place.register() == null) {
      throw new SessionException(
          target + ": set a $register, a variable, *ADDRESS, half(A) or byte(A)");
    }
    boolean outer = shell.session().call(m -> shell.frames().number(m)) > 0;
    if (place.address() == null && outer) {
      throw new SessionException(target + ": it is in a register, which only frame 0 can set");
    }
    shell
        .session()
        .change(m -> {
          try {
            if (place.address() == null) {
              RegisterNames.set(m.cpu(), place.register(), value);
            } else {
              VirtualMemory.write(m, place.address(), value, size);
            }
          } catch (LabException e) {
            throw new SessionException(e.getMessage(), e);
          }
        });
  }

  @Command(
      description = {
        "Walk the page tables for an address, and explain why an access would fault. Shows the effect of a",
        "load, a store and a fetch in the current mode, and the owner of the address."
      },
      footer = {"Examples:", "  mmu 0", "  mmu $sp - 1024", "  mmu store.put"})
  void mmu(@Parameters(arity = "1..*", paramLabel = "ADDRESS") String[] words, @Mixin Json json) {
    String place = String.join(" ", words);
    int address = shell.session().call(m -> shell.places().find(place, m)).get(0);
    Translation walk = shell.session().call(m -> Translation.of(m, address, shell.view(m)));
    shell.say(json.on ? Json.of(walk.fields()) : walk.text());
  }

  @Command(
      description = "The devices of the board and their addresses.",
      footer = {"Examples:", "  devices"})
  void devices(@Mixin Json json) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (VersatilePb.Place p : shell.session().call(m -> m.board().places())) {
      rows.add(
          row(
              "address", Inspector.hex(p.base()),
              "bytes", p.size(),
              "device", p.name(),
              "model", p.device().getClass().getSimpleName()));
    }
    shell.show(rows, json);
  }

  @Command(
      customSynopsis = {"disk", "disk save FILE", "disk eject | insert"},
      description = {
        "The SD card: blocks of 512 bytes read, written and changed. save writes its current contents to a",
        "new file, sparse where possible. eject removes it from its slot, insert inserts it again."
      },
      footer = {"Examples:", "  disk", "  disk save now.img", "  disk eject"})
  void disk(@Parameters(arity = "0..2", paramLabel = "WHAT") List<String> words, @Mixin Json json) {
    List<String> given = words == null ? List.of() : words;
    if (shell.session().call(m -> m.card()) == null) {
      throw new SessionException("the machine has no card; start it with --sd FILE");
    }
    if (given.size() == 2 && given.get(0).equals("save")) {
      shell.say(save(Path.of(given.get(1))));
    } else if (given.equals(List.of("eject")) || given.equals(List.of("insert"))) {
      boolean in = given.get(0).equals("insert");
      shell.session().change(m -> m.setCardInserted(in));
    } else if (given.isEmpty()) {
      shell.show(List.of(shell.session().call(InspectCommands::card)), json);
    } else {
      throw new SessionException(
          "disk "
              + String.join(" ", given)
              + ": use disk, disk save FILE, disk eject or disk insert");
    }
  }

  private static Map<String, Object> card(Machine machine) {
    Disk disk = machine.card().disk();
    return row(
        "blocks",
        disk.blocks(),
        "reads",
        disk.reads(),
        "writes",
        disk.writes(),
        "changed",
        disk.changed(),
        "in_slot",
        machine.card().slot().isInserted(),
        "protected",
        disk.isWriteProtected());
  }

  private String save(Path file) {
    return shell
        .session()
        .call(m -> {
          try {
            m.card().disk().copyTo(file);
            return "%,d bytes in %s".formatted(m.card().disk().blocks() * Disk.BLOCK, file);
          } catch (FileAlreadyExistsException e) {
            throw new SessionException(file + ": exists already; give another name");
          } catch (NoSuchFileException e) {
            throw new SessionException(file + ": cannot be written; make its folder first");
          } catch (IOException e) {
            throw new SessionException(file + ": cannot be written (" + e.getMessage() + ")");
          }
        });
  }

  @Command(
      description = "Write the current contents of the board's screen as a PNG picture.",
      footer = {"Examples:", "  screen picture.png"})
  void screen(@Parameters(paramLabel = "FILE") Path file) {
    shell.say(
        shell
            .session()
            .call(m -> {
              try {
                return Screenshot.write(m, file) + " pixels in " + file;
              } catch (ImageException e) {
                throw new SessionException(e.getMessage());
              }
            }));
  }
}
