package org.curios.shell.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.curios.lab.session.SessionException;
import org.curios.machine.text.PlainText;
import org.jline.builtins.Less;
import org.jline.builtins.Source;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;

/** Where output goes: a terminal, with colours and pages, or a stream, without. */
final class Screen {
  private static final AttributedStyle BAD =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle CARE =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
  private static final AttributedStyle HERE =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

  /** Words of listings that people should see. */
  private static final Pattern NOTABLE =
      Pattern.compile(
          "(?<bad>\\b(?:failed|quarantined|lost|WRONG|CHANGED|DEAD|LOST|FAULTED|QUARANTINED)\\b)"
              + "|(?<care>\\b(?:recovering|busy|gone)\\b)|(?<here>^=>.*$)");

  private static final Pattern LABEL = Pattern.compile(" *\\S.*?  +(?=\\S)");

  /** Columns of text, however wide the terminal is. */
  private static final int WIDEST = 100;

  private static final int USUAL = 80;

  /** Columns of a terminal below which nothing is broken at blanks. */
  private static final int NARROWEST = 20;

  private final PrintWriter out;
  private PrintWriter errors;
  private final Terminal terminal;
  private final boolean colours;
  private boolean pages;
  private List<Line> captured;

  /** A stream without a terminal: a script's output. */
  Screen(PrintWriter out) {
    this.out = out;
    this.terminal = null;
    this.colours = false;
  }

  /** A terminal. */
  Screen(Terminal terminal) {
    this.out = terminal.writer();
    this.terminal = terminal;
    Integer count = terminal.getNumericCapability(Capability.max_colors);
    this.colours = count != null && count >= 8 && System.getenv("NO_COLOR") == null;
    this.pages = terminal.getStringCapability(Capability.cursor_address) != null;
  }

  static PrintWriter standardOutput() {
    return new PrintWriter(System.out, true, StandardCharsets.UTF_8);
  }

  /** Returns the terminal, or null. */
  Terminal terminal() {
    return terminal;
  }

  /** Returns whether the terminal can move its cursor: what full-screen views need. */
  boolean isFullScreen() {
    return terminal != null && terminal.getStringCapability(Capability.cursor_address) != null;
  }

  /** Chooses whether long output comes in pages. */
  void paging(boolean on) {
    pages = on && isFullScreen();
  }

  /** Says lines. */
  void say(String text) {
    if (captured != null) {
      text.lines().map(Line::of).forEach(captured::add);
      if (text.isEmpty()) {
        captured.add(Line.of(""));
      }
      return;
    }
    put(text);
    if (text.isEmpty()) {
      out.println();
    }
    out.flush();
  }

  /** Says lines that filters can take apart. */
  void say(List<Line> lines) {
    if (captured != null) {
      captured.addAll(lines);
    } else {
      lines.forEach(l -> say(l.text()));
    }
  }

  /** Text is made for 100 columns: a narrower terminal has it broken at blanks, but not JSON. */
  private void put(String text) {
    int columns = columns();
    boolean narrow = columns >= NARROWEST && columns < WIDEST;
    text.lines()
        .flatMap(l -> narrow && !l.startsWith("{") ? fitted(l, columns).stream() : Stream.of(l))
        .forEach(line -> out.println(painted(line)));
  }

  /**
   * Shows a line that the next one replaces, past all pipes; an empty one takes it away. Without a
   * terminal that can move its cursor it shows nothing.
   */
  void status(String text) {
    if (isFullScreen()) {
      out.print("\r" + text.substring(0, Math.min(text.length(), columns() - 1)));
      terminal.puts(Capability.clr_eol);
      out.flush();
    }
  }

  /** Has complaints go elsewhere than the rest. */
  void complainTo(PrintWriter elsewhere) {
    errors = elsewhere;
  }

  /** Returns whether what is said is gathered. */
  boolean isCapturing() {
    return captured != null;
  }

  /** Columns of the terminal, 80 if it does not say; 0 without one. */
  private int columns() {
    int said = terminal == null ? 0 : terminal.getSize().getColumns();
    return terminal != null && said <= 0 ? USUAL : said;
  }

  /** Gathers what an action says; what is said by complaints is not among it. */
  List<Line> capture(Runnable action) {
    List<Line> before = captured;
    List<Line> lines = new ArrayList<>();
    captured = lines;
    try {
      action.run();
    } finally {
      captured = before;
    }
    return lines;
  }

  /** Returns a text in lines that fit, with the colours of its notable words. */
  String fittedAndPainted(String text) {
    return painted(String.join("\n", fitted(text.lines().toList())));
  }

  /** Breaks lines that are wider than the terminal, or than 100 columns, at blanks. */
  List<String> fitted(List<String> lines) {
    int columns = columns();
    int width = columns < NARROWEST ? WIDEST : Math.min(columns - 1, WIDEST);
    return lines.stream().flatMap(l -> fitted(l, width).stream()).toList();
  }

  /** What follows is below the text, right of a label that has two blanks after it. */
  private static List<String> fitted(String line, int width) {
    Matcher label = LABEL.matcher(line);
    int hang = label.lookingAt() && label.end() < width / 2 ? label.end() : indent(line);
    List<String> lines = new ArrayList<>();
    String rest = line;
    while (rest.length() > width) {
      int end = rest.lastIndexOf(' ', width);
      if (end <= hang) {
        break;
      }
      lines.add(rest.substring(0, end).stripTrailing());
      rest = " ".repeat(hang) + rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /**
   * Says gathered lines, in pages if they are many and a user is there to turn them.
   *
   * @param asked whether pages were requested, even if they are turned off otherwise
   */
  void page(List<Line> lines, boolean asked) {
    if (captured != null || !(pages || asked && isFullScreen()) || fit(lines)) {
      say(lines);
      return;
    }
    List<String> painted = lines.stream().map(l -> painted(l.text())).toList();
    try {
      Less less = new Less(terminal, Path.of(""));
      less.quitIfOneScreen = true;
      less.noInit = true; // what was read stays on the screen
      less.run(new Lines(painted));
      terminal.puts(Capability.carriage_return); // over its prompt
      terminal.puts(Capability.clr_eol);
      terminal.flush();
    } catch (IOException e) {
      throw new SessionException("the terminal cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether lines fit on the terminal, with the prompt below them; wide ones take several rows. */
  private boolean fit(List<Line> lines) {
    Size size = terminal.getSize();
    int columns = Math.max(size.getColumns(), 1);
    int rows =
        lines.stream().mapToInt(l -> Math.max(1, Math.ceilDiv(l.text().length(), columns))).sum();
    return size.getRows() < 3 || rows < size.getRows();
  }

  /** Lines in memory for the pager. */
  private static final class Lines implements Source {
    private final List<String> lines;

    Lines(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public String getName() {
      return "space continues, q quits, / searches";
    }

    @Override
    public InputStream read() {
      return new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Long lines() {
      return (long) lines.size();
    }
  }

  /** Says what has happened meanwhile, past all pipes. */
  void notice(String text) {
    put(text);
    out.flush();
  }

  /** Says what went wrong, past all pipes. */
  void complain(String said) {
    String message = PlainText.of(said);
    if (errors != null) {
      errors.println("curios: " + message);
      errors.flush();
    } else if (terminal == null) {
      out.println("error: " + message);
    } else {
      for (String line : fitted(message.lines().toList())) {
        out.println(colours ? new AttributedString(line, BAD).toAnsi(terminal) : line);
      }
    }
    out.flush();
  }

  /** Returns a text in the colours of its notable words, with escape sequences spelt out. */
  AttributedString attributed(String said) {
    String line = PlainText.of(said);
    AttributedStringBuilder text = new AttributedStringBuilder();
    Matcher m = NOTABLE.matcher(line);
    int end = 0;
    while (m.find()) {
      text.append(line, end, m.start());
      text.styled(m.group("bad") != null ? BAD : m.group("care") != null ? CARE : HERE, m.group());
      end = m.end();
    }
    return text.append(line.substring(end)).toAttributedString();
  }

  /** Returns lines in the colours of their notable words, as far as the terminal has any. */
  String painted(String text) {
    return colours
        ? text.lines().map(l -> attributed(l).toAnsi(terminal)).collect(Collectors.joining("\n"))
        : PlainText.of(text);
  }

  /** Returns whether there are colours. */
  boolean hasColours() {
    return colours;
  }
}
