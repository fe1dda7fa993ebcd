package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.NonBlockingReader;

/**
 * The line that the user types: with history, completion and colours, after a prompt that says what
 * the machine does. Events meanwhile are shown above it.
 */
final class Prompt {
  /**
   * Kept, so that it is not forgotten: what JLine has to report would be in the way of the screen.
   */
  private static final Logger LOG = Logger.getLogger("org.jline");

  static {
    LOG.setLevel(Level.OFF);
  }

  private static final int CTRL_C = 3;
  private static final long SAME_KEY_MS = 30;

  private final Shell shell;
  private final Session session;
  private final LineReader reader;
  private final ExecutorService notices =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("notices").factory());
  private final AtomicBoolean redrawing = new AtomicBoolean();

  /** What the prompt on the screen says of the machine. */
  private volatile Session.Status shown;

  /** What it says of a service that has faulted, until the user has looked. */
  private volatile News news = News.NONE;

  /**
   * A fault that the machine's owner has not examined.
   *
   * @param service empty for none
   * @param failed whether the service was given up
   */
  private record News(String service, boolean failed) {
    static final News NONE = new News("", false);
  }

  Prompt(Shell shell, Terminal terminal) {
    this.shell = shell;
    this.session = shell.session();
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("curios")
            .parser(new LineParser())
            .completer(new Completions(shell))
            .highlighter(new InputHighlighter(shell.interpreter()))
            .variable(LineReader.HISTORY_FILE, historyFile())
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    terminal.handle(
        Terminal.Signal.INT,
        s -> {
          shell.interpreter().interrupt();
          session.pause();
        });
    session.onStop((m, status) -> {
      if (session.isAlone() && !session.isDriven()) {
        above(StopReport.of(shell, m, status));
      }
    });
    session.onChange(this::follow);
    shell
        .incidents()
        .listen(i -> {
          news = new News(i.service(), i.isFailed());
          above(CrashReport.line(i));
        });
  }

  private static Path historyFile() {
    String file = System.getenv("CURIOS_HISTORY");
    Path history =
        file != null ? Path.of(file) : Path.of(System.getProperty("user.home"), ".curios_history");
    try {
      if (Files.exists(history)) {
        Files.setPosixFilePermissions(history, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException | UnsupportedOperationException e) {
      return history; // the line reader reports its own errors
    }
    return history;
  }

  LineReader reader() {
    return reader;
  }

  /**
   * Reads a line; null at the end of input. Ctrl-C drops what is typed, otherwise stops the
   * machine.
   */
  String read() {
    while (true) {
      try {
        return reader.readLine(text());
      } catch (UserInterruptException e) {
        forgetInterruption();
        if (e.getPartialLine().isBlank()) {
          interrupted();
        }
      } catch (EndOfFileException e) {
        return null;
      }
    }
  }

  /** One Ctrl-C can come twice from JLine: as an interruption, and as the character after it. */
  private void forgetInterruption() {
    NonBlockingReader keys = reader.getTerminal().reader();
    try {
      if (keys.peek(SAME_KEY_MS) == CTRL_C) {
        keys.read();
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "the same Ctrl-C", e);
    }
  }

  private void interrupted() {
    boolean ran = session.lastStatus().state() == Session.State.RUNNING;
    try {
      Session.Status status = session.pause();
      shell.say(
          ran
              ? format("stopped at tick %,d; cont resumes, quit leaves", status.tick())
              : "the machine is already stopped; cont resumes, quit leaves");
    } catch (SessionException e) {
      shell.screen().complain(e.getMessage());
    }
  }

  /** The user has seen the fault: the prompt no longer names it. */
  void faultIsKnown() {
    news = News.NONE;
  }

  /**
   * Draws the prompt again if it speaks of what is over: others, such as a debugger, can stop the
   * machine and let it run while the user types.
   */
  private void follow() {
    if (!redrawing.getAndSet(true)) {
      notices.execute(() -> {
        redrawing.set(false);
        boolean stale =
            session.lastStatus().state() == Session.State.RUNNING
                ? shown.state() != Session.State.RUNNING
                : !shown.equals(session.lastStatus());
        if (stale && reader.isReading() && reader instanceof LineReaderImpl impl) {
          impl.setPrompt(text());
          impl.redisplay();
        }
      });
    }
  }

  /**
   * Says something above the line that is being typed. Another thread does it, for the machine's
   * may not wait for the terminal while the terminal waits for it.
   */
  void above(String text) {
    notices.execute(() -> {
      if (!reader.isReading()) {
        shell.screen().notice(text);
        return;
      }
      if (reader instanceof LineReaderImpl impl) {
        impl.setPrompt(text());
      }
      reader.printAbove(shell.screen().fittedAndPainted(text));
    });
  }

  private String text() {
    Session.Status status = session.glance();
    shown = status;
    String state = status.state().name().toLowerCase(Locale.ROOT);
    boolean running = status.state() == Session.State.RUNNING;
    AttributedStringBuilder text = new AttributedStringBuilder();
    text.style(AttributedStyle.BOLD).append("curios ");
    text.style(
        AttributedStyle.DEFAULT.foreground(
            running ? AttributedStyle.GREEN : AttributedStyle.YELLOW));
    text.append(state).append(' ').append(ticks(status, running));
    News last = news;
    if (!last.service.isEmpty()) {
      text.style(
          AttributedStyle.DEFAULT.foreground(
              last.failed ? AttributedStyle.RED : AttributedStyle.YELLOW));
      text.append(", ").append(last.service).append(last.failed ? " failed" : " recovered");
    }
    text.style(AttributedStyle.DEFAULT).append("> ");
    AttributedString whole = text.toAttributedString();
    return shell.screen().hasColours() ? whole.toAnsi(reader.getTerminal()) : whole.toString();
  }

  private static String ticks(Session.Status status, boolean running) {
    return running ? Shell.shortTicks(status.tick()) : format("%,d", status.tick());
  }
}
