package org.curios.shell.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.session.SessionException;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/**
 * Carries out lines: commands by their names, aliases or unique beginnings, with filters after |.
 * What goes wrong is said, and ends nothing.
 */
final class Interpreter {
  private static final int DEEPEST = 16;

  /** Commands whose output is seen as it comes, never in pages. */
  private static final Set<String> LIVE =
      Set.of("source", "console", "top", "type", "history", "script", "campaign");

  /** Commands whose words can begin with a minus sign. */
  private static final Set<String> EXPRESSIONS =
      Set.of("print", "x", "set", "mmu", "break", "tbreak", "watch", "rwatch", "awatch", "script");

  /** Filters in which {@code >} compares. */
  private static final Set<String> COMPARING = Set.of("where");

  /** Status of a command that has failed, and of one that was used wrongly. */
  private static final int FAILED = 1;

  private static final int MISUSED = 2;

  private final Map<String, CommandLine> commands = new TreeMap<>();
  private final Map<String, CommandLine> parents = new TreeMap<>();
  private final Map<String, String> aliases = new TreeMap<>();
  private final Screen screen;
  private volatile boolean interrupted;
  private int worst;

  Interpreter(Screen screen) {
    this.screen = screen;
  }

  /** Takes the commands of an object with methods for commands. */
  void add(Object container) {
    CommandLine parent = new CommandLine(container);
    parent.setExpandAtFiles(false);
    parent.setExecutionExceptionHandler((e, line, parsed) -> {
      complain(e);
      return 1;
    });
    parent.setParameterExceptionHandler(this::explain);
    parent
        .getSubcommands()
        .forEach((name, sub) -> {
          sub.setUnmatchedOptionsArePositionalParams(EXPRESSIONS.contains(sub.getCommandName()));
          HelpWords.expand(sub.getCommandSpec().usageMessage());
          commands.put(name, sub);
          parents.put(name, parent);
        });
  }

  /** Returns the commands by name and by short name. */
  Map<String, CommandLine> commands() {
    return commands;
  }

  /** Returns the commands by their full names, in order. */
  Map<String, CommandLine> byFullName() {
    Map<String, CommandLine> all = new LinkedHashMap<>();
    commands.forEach((name, c) -> {
      if (name.equals(c.getCommandName())) {
        all.put(name, c);
      }
    });
    return all;
  }

  /** Returns the aliases, which may be changed. */
  Map<String, String> aliases() {
    return aliases;
  }

  /**
   * Returns the command that a word means: its name, or a beginning that only one has.
   *
   * @return null if there is none, or several
   */
  CommandLine find(String word) {
    CommandLine exact = commands.get(word);
    if (exact != null) {
      return exact;
    }
    List<CommandLine> all = beginningWith(word);
    return all.size() == 1 ? all.get(0) : null;
  }

  private List<CommandLine> beginningWith(String word) {
    return commands.entrySet().stream()
        .filter(e -> !word.isEmpty() && e.getKey().startsWith(word))
        .map(Map.Entry::getValue)
        .distinct()
        .toList();
  }

  /**
   * Carries out a line.
   *
   * @return whether all of it went well
   */
  boolean execute(String line) {
    return execute(line, 0);
  }

  /** A new line: what was interrupted was an earlier one. */
  void begin() {
    interrupted = false;
  }

  /** The command that is being carried out is the last one of its line, and of its file. */
  void interrupt() {
    interrupted = true;
  }

  /** Returns whether nothing more of the line is to be carried out. */
  boolean isInterrupted() {
    return interrupted;
  }

  private boolean execute(String line, int depth) {
    boolean good = true;
    List<Words.Stage> stages = Words.parse(line);
    for (int i = 0; i < stages.size() && !interrupted; ) {
      int end = i + 1;
      while (end < stages.size() && stages.get(end).piped()) {
        end++;
      }
      good &= command(line, stages.subList(i, end), depth);
      i = end;
    }
    return good;
  }

  /** Returns the worst status so far: 0, 1 for a command that failed, 2 for one used wrongly. */
  int worst() {
    return worst;
  }

  private boolean misused(String message) {
    screen.complain(message);
    worst = MISUSED;
    return false;
  }

  private boolean failed(SessionException e) {
    complain(e);
    worst = Math.max(worst, FAILED);
    return false;
  }

  /** A command, its filters, and where its output goes. */
  private boolean command(String line, List<Words.Stage> stages, int depth) {
    List<Words.Word> words = stages.get(0).words();
    if (words.isEmpty()) {
      return misused("a command is missing before |");
    }
    String alias = words.get(0).quoted() ? null : aliases.get(words.get(0).text());
    if (alias != null && depth < DEEPEST) {
      int end = stages.get(stages.size() - 1).end();
      return execute(alias + line.substring(words.get(0).end(), end), depth + 1);
    }
    if (alias != null) {
      return misused(words.get(0).text() + ": this alias refers to itself; unalias removes it");
    }
    Destination destination;
    try {
      destination = Destination.of(stages, compares(stages));
    } catch (SessionException e) {
      return failed(e);
    }
    if (destination != null) {
      stages = destination.stages();
      if (stages.get(0).words().isEmpty()) {
        return misused("a command is missing before >");
      }
    }
    List<String> texts = split(stages.get(0).texts());
    if (stages.size() == 1 && destination == null && LIVE.contains(texts.get(0))) {
      return run(texts);
    }
    boolean[] good = new boolean[1];
    List<Line> lines = screen.capture(() -> good[0] = run(texts));
    try {
      for (Words.Stage filter : stages.subList(1, stages.size())) {
        lines = Filters.apply(filter.texts(), lines);
      }
    } catch (SessionException e) {
      return failed(e);
    }
    if (destination != null) {
      try {
        boolean sent = destination.send(lines.stream().map(Line::text).toList(), screen);
        worst = Math.max(worst, sent ? 0 : FAILED);
        return sent && good[0];
      } catch (SessionException e) {
        return failed(e);
      }
    }
    boolean less = stages.stream().anyMatch(s -> s.piped() && s.texts().contains("less"));
    screen.page(lines, less);
    return good[0];
  }

  /** Returns whether {@code >} compares in the last stage: it is a condition or an expression. */
  private boolean compares(List<Words.Stage> stages) {
    List<String> texts = stages.getLast().texts();
    if (texts.isEmpty() || stages.size() > 1) {
      return !texts.isEmpty() && COMPARING.contains(texts.get(0));
    }
    CommandLine command = find(split(texts).get(0));
    return command != null && EXPRESSIONS.contains(command.getCommandName());
  }

  /** Parts gdb's {@code x/8xw} and {@code p/x}. */
  private static List<String> split(List<String> words) {
    List<String> all = new ArrayList<>(words);
    int slash = all.get(0).indexOf('/');
    if (slash > 0) {
      all.add(1, all.get(0).substring(slash));
      all.set(0, all.get(0).substring(0, slash));
    }
    return all;
  }

  private boolean run(List<String> words) {
    String name = words.get(0);
    CommandLine command = find(name);
    if (command == null) {
      List<CommandLine> several = beginningWith(name);
      if (several.isEmpty()) {
        Set<String> known = new TreeSet<>(commands.keySet());
        known.addAll(aliases.keySet());
        String hint = Nearest.hint(name, known);
        return misused(name + ": no such command" + (hint.isEmpty() ? "; help lists them" : hint));
      }
      List<String> names = several.stream().map(CommandLine::getCommandName).distinct().toList();
      return misused(name + ": ambiguous: " + String.join(", ", names) + "; type more letters");
    }
    List<String> arguments = new ArrayList<>(words);
    arguments.set(0, command.getCommandName());
    int status = parents.get(command.getCommandName()).execute(arguments.toArray(new String[0]));
    worst = Math.max(worst, status);
    return status == 0;
  }

  private void complain(Exception e) {
    if (e instanceof SessionException || e instanceof LabException) {
      screen.complain(e.getMessage());
    } else {
      screen.complain("internal error: " + e);
    }
  }

  private int explain(ParameterException e, String[] arguments) {
    String name = e.getCommandLine().getCommandName();
    screen.complain(name + ": " + e.getMessage());
    screen.complain("usage: " + usage(e.getCommandLine()) + "; help " + name + " says more");
    return 2;
  }

  /**
   * Returns the line that shows how a command is written, without colours: the screen has its own.
   */
  static String usage(CommandLine command) {
    String[] custom = command.getCommandSpec().usageMessage().customSynopsis();
    return custom.length > 0
        ? custom[0]
        : new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF))
            .synopsis(0)
            .strip()
            .replaceFirst("^\\S+ (?=\\S+)", "");
  }
}
