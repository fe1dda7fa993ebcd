package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.curios.lab.Nearest;
import org.curios.lab.debug.CoreFile;
import org.curios.lab.guest.Guest;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.Places;
import org.curios.lab.program.Program;
import org.curios.lab.session.ArmedCrashes;
import org.curios.lab.session.EventLog;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Incidents;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.jline.terminal.Terminal;

/**
 * The shell: reads commands from a terminal with history and completion, or from standard input
 * with an echo, and carries them out on a {@link Session}.
 */
public final class Shell implements AutoCloseable {
  private final Session session;
  private final Program program;
  private final Guest guest;
  private final Places places;
  private final GuestConsole console;
  private final EventLog events;
  private final Incidents incidents;
  private final Breakpoints breakpoints;
  private final FrameSelection frames;
  private final Map<String, Long> bookmarks = new TreeMap<>();
  private final Screen screen;
  private final Interpreter interpreter;
  private final Listing listing;
  private final GdbCommand debugger;
  private final boolean bootable;
  private Prompt prompt;
  private IntConsumer lastResort = status -> {};
  private boolean leaving;
  private boolean failed;

  /**
   * Makes a shell on a session.
   *
   * @param image what the machine runs
   * @param elf the image as gdb can read it; null if it is no ELF file
   * @param console what the guest prints and reads
   * @param bootable whether boot arguments lie in its memory
   * @param terminal where the user types, or null for scripts
   */
  public Shell(
      Session session,
      Image image,
      byte[] elf,
      GuestConsole console,
      boolean bootable,
      Terminal terminal) {
    this.session = session;
    this.console = console;
    this.bootable = bootable;
    program = new Program(image);
    guest = new Guest(program.symbols());
    places = new Places(program, guest);
    screen = terminal == null ? new Screen(Screen.standardOutput()) : new Screen(terminal);
    console.silentWhen(session::isReplaying);
    session.post(m -> {
      console.clock(m.cpu()::now);
      session.history().onForget(console::forgetAfter);
    });
    events = EventLog.of(session, guest);
    incidents = new Incidents(session, program, events);
    new ArmedCrashes(session, events);
    breakpoints = new Breakpoints(this);
    frames = new FrameSelection(this);
    listing = new Listing(program);
    debugger = new GdbCommand(this, image, elf);
    interpreter = new Interpreter(screen);
    for (Object commands :
        List.of(
            new SystemCommands(this),
            new StateCommands(this),
            new NetCommands(this),
            new FileCommands(this),
            new EventCommands(this),
            new CrashCommands(this),
            new BootCommands(this),
            new MotionCommands(this),
            new BreakCommands(this),
            new InspectCommands(this),
            new CodeCommands(this),
            new VariableCommands(this),
            new TimeCommands(this),
            new ConsoleCommands(this),
            new ExportCommands(this, image),
            debugger,
            new ExperimentCommands(this, image),
            new CampaignCommands(this),
            new SessionCommands(this))) {
      interpreter.add(commands);
    }
  }

  /**
   * Reports what this is, before there is a machine.
   *
   * @param curios whether the image is CuriOS
   */
  public static void greet(Terminal terminal, boolean curios) {
    new Screen(terminal)
        .say(
            curios
                ? """
                CuriOS on a VersatilePB. The guest runs in the background. Try:
                  services              the services, and how often they have restarted
                  crash store abort     crash a service in use, and watch it recover
                  help                  everything else; Tab completes, Ctrl-C stops, Ctrl-D quits\
                """
                : """
                A VersatilePB with your image, which runs in the background. Try:
                  stop                  stop the machine, and see where it is
                  output                show what the guest has printed
                  help                  everything else; Tab completes, Ctrl-C stops, Ctrl-D quits\
                """);
  }

  // ---- what commands use

  Session session() {
    return session;
  }

  Program program() {
    return program;
  }

  Guest guest() {
    return guest;
  }

  Places places() {
    return places;
  }

  GuestConsole console() {
    return console;
  }

  EventLog events() {
    return events;
  }

  Incidents incidents() {
    return incidents;
  }

  Breakpoints breakpoints() {
    return breakpoints;
  }

  Listing listing() {
    return listing;
  }

  Screen screen() {
    return screen;
  }

  Interpreter interpreter() {
    return interpreter;
  }

  /** Returns whether the machine can be booted with other arguments. */
  boolean isBootable() {
    return bootable;
  }

  /** Returns the terminal's line reader, or null in a script. */
  Prompt prompt() {
    return prompt;
  }

  /** Returns whether a user types. */
  boolean interactive() {
    return prompt != null;
  }

  /**
   * The user has looked at the services, or has moved to another moment: faults are no longer new.
   */
  void faultIsKnown() {
    if (prompt != null) {
      prompt.faultIsKnown();
    }
  }

  /** Prints a message asynchronously, from any thread. */
  void notice(String text) {
    if (prompt != null) {
      prompt.above(text);
    } else {
      System.err.println(text);
    }
  }

  /** Serves gdb on a port, as the command does. */
  public boolean serveGdb(String port) {
    return execute("gdb " + port);
  }

  void say(String text) {
    screen.say(text);
  }

  /** Says rows as a table, or as JSON. */
  void show(List<Map<String, Object>> rows, Json json) {
    screen.say(json.on ? TextTable.json(rows) : TextTable.lines(rows));
  }

  /** Says rows about what the kernel has made: before it has booted, there is nothing yet. */
  void showMade(List<Map<String, Object>> rows, Json json) {
    if (rows.isEmpty() && !json.on && look(Guest.View::eventCount) == 0) {
      screen.say(List.of(Line.remark("none yet: " + Guest.NOT_BOOTED)));
    } else {
      show(rows, json);
    }
  }

  /** Queries CuriOS, on the machine's thread. */
  <T> T look(Function<Guest.View, T> question) {
    mustBeCurios();
    return session.call(m -> question.apply(guest.at(m)));
  }

  void mustBeCurios() {
    if (!guest.isCurios()) {
      throw new SessionException(
          "this image is not CuriOS: it does not describe its structures; regs, x, disas and the"
              + " like work");
    }
  }

  /** Returns the view of the guest if it is CuriOS, otherwise null. */
  Guest.View view(Machine m) {
    return guest.isCurios() ? guest.at(m) : null;
  }

  /** Stops a running machine. */
  void mustStand() {
    if (session.lastStatus().state() == Session.State.RUNNING) {
      session.pause();
    }
  }

  /** Writes a core file of the current moment, and says so. */
  void writeCore(Path file) {
    session.call(m -> {
      try {
        CoreFile.write(m, program.name(), file);
      } catch (IOException e) {
        throw new SessionException(
            file + ": cannot be written (" + e.getMessage() + "); check the folder", e);
      }
      return null;
    });
    say(format("%s: tick %,d", file, session.status().tick()));
  }

  /** Returns the value of an expression as a word, in the frame that is selected. */
  int value(String expression) {
    return session.call(m -> {
      Expression e = Expression.parse(expression, program);
      return e.word(e.evaluate(m, frames.selected(m)));
    });
  }

  /** Returns the ticks that have names. */
  Map<String, Long> bookmarks() {
    return bookmarks;
  }

  /**
   * Takes {@code @TICK} or {@code @NAME} for a tick.
   *
   * @throws SessionException if it is none
   */
  long tick(String text) {
    Long named = bookmarks.get(text.substring(1));
    String digits = text.substring(1).replaceAll("[,_]", "");
    if (named == null && !digits.matches("\\d{1,18}")) {
      throw new SessionException(
          text
              + ": give a tick, as in @5,000,000, or the name of a bookmark"
              + Nearest.hint(text.substring(1), bookmarks.keySet()));
    }
    return named != null ? named : Long.parseLong(digits);
  }

  /** Returns the frame that commands about variables mean. */
  FrameSelection frames() {
    return frames;
  }

  /** Chooses what ends the process when the machine's thread is lost. */
  public void endsBy(IntConsumer end) {
    lastResort = end;
  }

  /** Ends the process: the machine's thread is lost. */
  void endAtOnce(int status) {
    lastResort.accept(status);
  }

  void leave() {
    leaving = true;
  }

  // ---- reading

  /**
   * Executes a line: commands with ; between, each with filters after |.
   *
   * @return whether all of it went well
   */
  public boolean execute(String line) {
    boolean good = interpreter.execute(line);
    failed |= !good;
    return good;
  }

  /**
   * Reads and executes commands until the end.
   *
   * @return exit status: 0, or 1 if a command of a script has failed
   */
  public int run() throws IOException {
    if (screen.terminal() == null) {
      return runScript();
    }
    prompt = new Prompt(this, screen.terminal());
    Path commands = Path.of(System.getProperty("user.home"), ".curiosrc");
    if (Files.isReadable(commands)) {
      execute("source '" + commands + "'");
    }
    while (!leaving) {
      String line = prompt.read();
      if (line == null) {
        break;
      }
      interpreter.begin();
      execute(line);
    }
    return 0;
  }

  /**
   * Executes commands without an echo: what they say is on standard output, complaints are on
   * standard error.
   *
   * @param commands lines of commands
   * @return the worst status: 1 if a command has failed, 2 if one was used wrongly
   */
  public int runQuietly(BufferedReader commands) throws IOException {
    screen.complainTo(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    String line;
    while (!leaving && (line = commands.readLine()) != null) {
      execute(line);
    }
    return interpreter.worst();
  }

  private int runScript() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while (!leaving && (line = in.readLine()) != null) {
      say("> " + line);
      execute(line);
    }
    return failed ? 1 : 0;
  }

  @Override
  public void close() {
    debugger.close();
  }

  /** Returns the ticks in a form that is short: 812M. */
  static String shortTicks(long ticks) {
    return ticks < 10_000_000 ? format("%,d", ticks) : format("%,dM", ticks / 1_000_000);
  }
}
