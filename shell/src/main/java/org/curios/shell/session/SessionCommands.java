package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;
import org.jline.reader.History;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** Commands of the shell itself. */
@Command(name = "shell")
final class SessionCommands {
  /** The commands by topic, in the order of help. */
  private static final List<Map.Entry<String, List<String>>> GROUPS =
      List.of(
          Map.entry(
              "Look at the system",
              List.of(
                  "services",
                  "clients",
                  "threads",
                  "ssr",
                  "handles",
                  "memory",
                  "files",
                  "sockets",
                  "packets",
                  "events",
                  "calls",
                  "log",
                  "top")),
          Map.entry("Break it", List.of("crash", "policy", "reboot")),
          Map.entry("Use the guest", List.of("console", "type", "output")),
          Map.entry("Run experiments", List.of("script", "campaign")),
          Map.entry("Run and stop", List.of("stop", "cont", "step", "next", "finish", "until")),
          Map.entry(
              "Stop where",
              List.of(
                  "break", "tbreak", "watch", "rwatch", "awatch", "catch", "delete", "enable",
                  "disable")),
          Map.entry(
              "Look at the machine",
              List.of(
                  "regs", "print", "ptype", "x", "disas", "list", "bt", "frame", "up", "down",
                  "info", "mmu", "devices", "disk", "screen", "set", "gdb")),
          Map.entry(
              "Go back in time",
              List.of(
                  "when",
                  "back",
                  "reverse-step",
                  "reverse-cont",
                  "last-write",
                  "bookmark",
                  "snapshot",
                  "restore",
                  "core",
                  "export")),
          Map.entry("The shell", List.of("help", "history", "alias", "unalias", "source", "quit")));

  private final Shell shell;
  private int sourcing;

  SessionCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      customSynopsis = "help [COMMAND]",
      description = "List the commands, or explain one with examples.",
      footer = {"Examples:", "  help", "  help crash", "  help | grep state"})
  void help(@Parameters(arity = "0..1", paramLabel = "COMMAND") String name, @Mixin Json json) {
    Map<String, CommandLine> all = shell.interpreter().byFullName();
    if (json.on) {
      all.values().stream()
          .filter(c -> name == null || c.equals(shell.interpreter().find(name)))
          .forEach(c -> shell.say(Json.of(fields(c.getCommandSpec()))));
      return;
    }
    if (name == null) {
      overview(all).forEach(shell::say);
      return;
    }
    String alias = shell.interpreter().aliases().get(name);
    if (alias != null) {
      shell.say(name + " is an alias of: " + alias);
      return;
    }
    CommandLine command = shell.interpreter().find(name);
    if (command == null) {
      if (Filters.NAMES.contains(name)) {
        shell.say(Filters.help(name));
        return;
      }
      throw new SessionException(
          name
              + ": no such command"
              + Nearest.hint(name, shell.interpreter().commands().keySet())
              + "; help lists them");
    }
    describe(command.getCommandSpec()).forEach(shell::say);
    if (Filters.NAMES.contains(name)) {
      shell.say("");
      shell.say("  " + Filters.help(name));
    }
  }

  private List<String> overview(Map<String, CommandLine> all) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, List<String>> group : GROUPS) {
      lines.add(group.getKey());
      for (String command : group.getValue()) {
        lines.add(format("  %-13s %s", command, summary(all.get(command).getCommandSpec())));
      }
    }
    lines.add(
        "help COMMAND explains a command. Listings take --json and filters: services | grep store; also "
            + String.join(", ", Filters.NAMES.subList(1, Filters.NAMES.size()))
            + " (help sort).");
    lines.add("Names can be abbreviated. Separate several commands on a line with ;.");
    return shell.screen().fitted(lines);
  }

  /** The first sentence of a command's description, or of its part up to a colon or semicolon. */
  static String summary(CommandSpec spec) {
    StringBuilder text = new StringBuilder();
    for (String line : spec.usageMessage().description()) {
      if (line.isEmpty()) {
        break;
      }
      text.append(text.isEmpty() ? "" : " ").append(line);
    }
    return text.toString().replaceFirst("[.;]( .*)?$|:$", "");
  }

  private static Map<String, Object> fields(CommandSpec spec) {
    return row(
        "command", spec.name(),
        "also", List.of(spec.aliases()),
        "usage", List.of(usage(spec)),
        "description", String.join(" ", spec.usageMessage().description()).strip(),
        "examples",
            Arrays.stream(spec.usageMessage().footer()).skip(1).map(String::strip).toList());
  }

  private static String[] usage(CommandSpec spec) {
    String[] synopsis = spec.usageMessage().customSynopsis();
    return synopsis.length > 0 ? synopsis : new String[] {Interpreter.usage(spec.commandLine())};
  }

  /** Usage, description, options, short names and examples of a command. */
  private List<String> describe(CommandSpec spec) {
    List<String> lines = new ArrayList<>(Arrays.asList(usage(spec)));
    lines.add("");
    lines.addAll(paragraphs(spec.usageMessage().description()));
    List<OptionSpec> options = spec.options().stream().filter(o -> !o.hidden()).toList();
    if (!options.isEmpty()) {
      lines.add("");
    }
    for (OptionSpec o : options) {
      String names = String.join(", ", o.names());
      String value = o.arity().max() > 0 ? " " + o.paramLabel() : "";
      lines.add(format("  %-18s  %s", names + value, String.join(" ", o.description())));
    }
    if (spec.aliases().length > 0) {
      lines.add("");
      lines.add("  Also: " + String.join(", ", spec.aliases()));
    }
    lines.add("");
    for (String line : spec.usageMessage().footer()) {
      lines.add("  " + line);
    }
    return shell.screen().fitted(lines);
  }

  /** Joins the lines of a paragraph, which are wrapped again at the width of the terminal. */
  private static List<String> paragraphs(String[] text) {
    List<String> lines = new ArrayList<>();
    boolean open = false;
    for (String line : text) {
      boolean prose = !line.isEmpty() && !line.startsWith(" ");
      if (prose && open) {
        lines.set(lines.size() - 1, lines.getLast() + " " + line);
      } else {
        lines.add(line.isEmpty() ? "" : "  " + line);
      }
      open = prose;
    }
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  @Command(
      aliases = {"exit", "q"},
      description = "Quit; Ctrl-D does the same.",
      footer = {"Examples:", "  quit"})
  void quit() {
    shell.leave();
  }

  @Command(
      description = {
        "Run the commands of a file, up to the first error. ~/.curiosrc runs when the shell opens on a",
        "terminal."
      },
      footer = {"Examples:", "  source experiment.curios"})
  void source(@Parameters(paramLabel = "FILE") Path file) {
    if (sourcing >= 8) {
      throw new SessionException(file + ": files source each other too deeply");
    }
    sourcing++;
    try {
      for (String line : Files.readAllLines(file)) {
        shell.say("> " + line);
        if (!shell.execute(line)) {
          throw new SessionException(file + ": stopped at the line: " + line);
        }
        if (shell.interpreter().isInterrupted()) {
          throw new SessionException(file + ": interrupted at the line: " + line);
        }
      }
    } catch (NoSuchFileException e) {
      throw new SessionException(file + ": no such file", e);
    } catch (IOException e) {
      throw new SessionException(file + ": cannot be read as text", e);
    } finally {
      sourcing--;
    }
  }

  @Command(
      customSynopsis = "alias [NAME=COMMAND]",
      description = {
        "Name a command line; arguments after the name are appended to it. Without words, list the",
        "aliases. Define aliases in ~/.curiosrc to keep them."
      },
      footer = {
        "Examples:",
        "  alias st='ssr store'",
        "  alias boom='crash store abort; services'"
      })
  void alias(
      @Parameters(arity = "0..*", paramLabel = "NAME=COMMAND") String[] words, @Mixin Json json) {
    Map<String, String> aliases = shell.interpreter().aliases();
    if (words == null || words.length == 0) {
      List<Map<String, Object>> rows = new ArrayList<>();
      aliases.forEach((name, text) -> rows.add(row("alias", name, "command", text)));
      if (rows.isEmpty() && !json.on) {
        shell.say("no aliases; define one with alias NAME=COMMAND");
        return;
      }
      shell.show(rows, json);
      return;
    }
    String text = String.join(" ", words);
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals).strip();
    if (equals < 0 && aliases.containsKey(name)) {
      shell.say(name + "=" + aliases.get(name));
      return;
    }
    if (equals < 0 || !name.matches("[A-Za-z][\\w-]*") || text.substring(equals + 1).isBlank()) {
      throw new SessionException("alias: use alias NAME=COMMAND, as in alias st='ssr store'");
    }
    if (shell.interpreter().commands().containsKey(name)) {
      throw new SessionException(name + ": this is a command; choose another name");
    }
    aliases.put(name, text.substring(equals + 1).strip());
  }

  @Command(
      description = "Remove an alias.",
      footer = {"Examples:", "  unalias st"})
  void unalias(@Parameters(paramLabel = "NAME") String name) {
    if (shell.interpreter().aliases().remove(name) == null) {
      throw new SessionException(
          name + ": no such alias" + Nearest.hint(name, shell.interpreter().aliases().keySet()));
    }
  }

  @Command(
      description = "The lines typed in this and earlier sessions; Ctrl-R searches them.",
      footer = {"Examples:", "  history 10", "  history | grep crash"})
  void history(
      @Parameters(arity = "0..1", defaultValue = "50", paramLabel = "COUNT") String count) {
    int most = (int) Count.of("history", count, Integer.MAX_VALUE);
    if (shell.prompt() == null) {
      throw new SessionException("history: input does not come from a terminal");
    }
    History history = shell.prompt().reader().getHistory();
    int first = Math.max(0, history.size() - most);
    int number = 0;
    for (History.Entry e : history) {
      if (number++ >= first) {
        shell.say(format("%5d  %s", e.index() + 1, e.line()));
      }
    }
  }
}
