package org.curios.shell.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.Nearest;
import org.curios.lab.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import picocli.CommandLine;

/**
 * The shell: reads commands from a terminal with history and completion, or from standard input
 * with an echo, and carries them out on a {@link Session}.
 */
public final class Shell implements AutoCloseable {
  private final Session session;
  private final Symbols symbols;
  private final GuestConsole console;

  /** Commands by name and alias, and the parent that each belongs to. */
  private final Map<String, CommandLine> commands = new TreeMap<>();

  private final Map<String, CommandLine> parents = new TreeMap<>();
  private PrintWriter out;
  private LineReader reader;
  private Terminal terminal;
  private boolean leaving;
  private boolean failed;

  /**
   * Makes a shell on a session.
   *
   * @param console what the guest prints and reads
   */
  public Shell(Session session, org.curios.machine.Image image, GuestConsole console) {
    this.session = session;
    this.symbols = new Symbols(image);
    this.console = console;
    this.out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    add(new MachineCommands(this));
    add(new SystemCommands(this));
    add(new ShellCommands(this));
    add(new ScriptCommands(this, image));
  }

  private void add(Object container) {
    CommandLine parent = new CommandLine(container);
    parent
        .getSubcommands()
        .forEach((name, sub) -> {
          commands.put(name, sub);
          parents.put(name, parent);
        });
  }

  Session session() {
    return session;
  }

  Symbols symbols() {
    return symbols;
  }

  GuestConsole console() {
    return console;
  }

  Terminal terminal() {
    return terminal;
  }

  Map<String, CommandLine> commands() {
    return commands;
  }

  /** Returns whether somebody types. */
  boolean interactive() {
    return reader != null;
  }

  /** Milliseconds that a script waits for a stop. */
  long patience() {
    return 10_000;
  }

  /** Ticks that until runs at most. */
  long farthest() {
    return 20_000_000_000L;
  }

  void say(String text) {
    out.println(text);
  }

  /** Sends what is said to a list instead; returns where it went before. */
  PrintWriter redirect(List<String> lines) {
    PrintWriter before = out;
    StringWriter caught = new StringWriter();
    out =
        new PrintWriter(caught, true) {
          @Override
          public void println(String text) {
            text.lines().forEach(lines::add);
            if (text.isEmpty()) {
              lines.add("");
            }
          }
        };
    return before;
  }

  void redirect(PrintWriter to) {
    out = to;
  }

  void leave() {
    leaving = true;
  }

  /** Returns ", did you mean X?" for a name near to one that is known; else an empty text. */
  String nearest(String name, List<String> known) {
    return Nearest.hint(name, known);
  }

  /**
   * Carries out a line: a command, or several with ; between, each with filters behind |.
   *
   * @return whether all of it went well
   */
  boolean execute(String line) {
    boolean good = true;
    for (String part : line.split(";")) {
      String text = part.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        good &= executeOne(text);
      }
    }
    failed |= !good;
    return good;
  }

  private boolean executeOne(String text) {
    String[] stages = text.split("\\|");
    PrintWriter target = out;
    StringWriter caught = new StringWriter();
    if (stages.length > 1) {
      out = new PrintWriter(caught, true);
    }
    boolean good;
    try {
      good = run(words(stages[0]), target);
    } finally {
      out = target;
    }
    if (stages.length > 1) {
      List<String> lines = caught.toString().lines().toList();
      for (int i = 1; i < stages.length; i++) {
        try {
          lines = Filters.apply(words(stages[i]), lines);
        } catch (SessionException e) {
          return complain(e.getMessage(), target);
        }
      }
      lines.forEach(this::say);
    }
    return good;
  }

  private static List<String> words(String text) {
    return new ArrayList<>(new DefaultParser().parse(text.strip(), 0).words());
  }

  private boolean run(List<String> words, PrintWriter errors) {
    words.removeIf(String::isEmpty);
    if (words.isEmpty()) {
      return true;
    }
    String name = words.get(0);
    CommandLine parent = parents.get(name);
    if (parent == null) {
      String hint = nearest(name, List.copyOf(commands.keySet()));
      return complain(
          name + ": no such command" + (hint.isEmpty() ? "; help lists them" : hint), errors);
    }
    parent.setOut(out).setErr(errors);
    parent.setParameterExceptionHandler((e, arguments) -> {
      complain(name + ": " + e.getMessage(), errors);
      errors.println("usage: " + usage(e.getCommandLine()));
      return 2;
    });
    parent.setExecutionExceptionHandler((e, line, parsed) -> {
      complain(e.getMessage() == null ? e.toString() : e.getMessage(), errors);
      return 1;
    });
    return parent.execute(words.toArray(new String[0])) == 0;
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage().lines().findFirst().orElse("").replaceFirst("^Usage: +", "");
  }

  private boolean complain(String message, PrintWriter errors) {
    if (interactive()) {
      errors.println(
          new AttributedStringBuilder()
              .style(AttributedStyle.DEFAULT.foreground(AttributedStyle.RED))
              .append(message)
              .toAnsi(terminal));
    } else {
      errors.println("error: " + message);
    }
    return false;
  }

  /**
   * Reads and carries out commands until the end.
   *
   * @return exit status: 0, or 1 if a command of a script has failed
   */
  public int run() throws IOException {
    return isTerminal() ? runTerminal() : runScript();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null unless jdk.console says otherwise
  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private int runScript() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while (!leaving && (line = in.readLine()) != null) {
      out.println("> " + line);
      execute(line);
    }
    return failed ? 1 : 0;
  }

  private int runTerminal() throws IOException {
    terminal = TerminalBuilder.builder().system(true).build();
    out = terminal.writer();
    terminal.handle(Terminal.Signal.INT, s -> session.pause());
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(null);
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("curios")
            .parser(parser)
            .completer(new CommandCompleter())
            .variable(LineReader.HISTORY_FILE, historyFile())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    banner();
    while (!leaving) {
      try {
        execute(reader.readLine(prompt()));
      } catch (UserInterruptException e) {
        Session.Status status = session.pause();
        say(Inspector.format("stopped at tick %,d; cont goes on, quit leaves", status.tick()));
      } catch (EndOfFileException e) {
        break;
      }
    }
    return 0;
  }

  private static Path historyFile() {
    return Path.of(System.getProperty("user.home"), ".curios_history");
  }

  private void banner() {
    say("CuriOS on a VersatilePB. The guest runs behind this shell. Try:");
    say("  services              what runs, and how often it has been called and restarted");
    say("  crash store abort     break a service while clients use it, and see what becomes of it");
    say(
        "  help                  everything else; Tab completes, Ctrl-C stops the machine, Ctrl-D leaves");
  }

  private String prompt() {
    Session.Status status = session.lastStatus();
    String text =
        switch (status.state()) {
          case RUNNING -> "curios";
          case STOPPED -> "curios [stopped]";
          case ENDED -> "curios [ended]";
        };
    int color =
        status.state() == Session.State.RUNNING ? AttributedStyle.GREEN : AttributedStyle.YELLOW;
    return new AttributedStringBuilder()
        .style(AttributedStyle.DEFAULT.foreground(color))
        .append(text)
        .style(AttributedStyle.DEFAULT)
        .append("> ")
        .toAnsi(terminal);
  }

  /** Completes commands, their options, services, kinds of crashes, registers and symbols. */
  private final class CommandCompleter implements Completer {
    @Override
    public void complete(LineReader lines, ParsedLine line, List<Candidate> candidates) {
      Map<String, CommandLine> all = commands;
      if (line.wordIndex() == 0) {
        all.forEach((name, c) ->
            candidates.add(
                new Candidate(
                    name,
                    name,
                    null,
                    String.join(" ", c.getCommandSpec().usageMessage().description()),
                    null,
                    null,
                    true)));
        return;
      }
      String name = line.words().get(0);
      CommandLine command = all.get(name);
      if (command == null) {
        return;
      }
      for (String word : Completions.of(name, line.wordIndex(), Shell.this)) {
        candidates.add(new Candidate(word));
      }
      command.getCommandSpec().optionsMap().keySet().forEach(o -> candidates.add(new Candidate(o)));
    }
  }

  @Override
  public void close() throws IOException {
    if (terminal != null) {
      terminal.close();
    }
  }
}
