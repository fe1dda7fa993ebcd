package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.curios.kernel.Images;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.shell.session.Shell;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.ScreenTerminal;

/** A shell on its own JLine terminal, typed at by a test. */
final class TypedShell implements AutoCloseable {
  private static final long PATIENCE_MS = 180_000;

  /** Kept, so that it is not forgotten: JLine logs the end of its pseudo terminals as errors. */
  private static final Logger LOG = Logger.getLogger("org.jline");

  static {
    LOG.setLevel(Level.OFF);
  }

  /** What a person would see. */
  private final ScreenTerminal display = new ScreenTerminal(120, 40);

  private final PipedOutputStream keys = new PipedOutputStream();
  private final ByteArrayOutputStream screen =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
          super.write(bytes, from, length);
          display.write(new String(bytes, from, length, StandardCharsets.UTF_8));
        }

        @Override
        public synchronized void write(int b) {
          super.write(b);
          display.write(String.valueOf((char) b));
        }
      };
  private final GuestConsole console = new GuestConsole();
  private final Terminal terminal;
  private final Session session;
  private final Shell shell;
  private final Guest guest;
  private CompletableFuture<Integer> status;

  /**
   * Opens a shell on an interpreted machine.
   *
   * @param type of the terminal, such as xterm-256color or dumb
   */
  TypedShell(String type, String policy, String clients) throws IOException, ImageException {
    Image image = Image.parse("curios", Images.elf("curios"));
    guest = new Guest(new Symbols(image));
    Boot boot = new Boot(policy, clients);
    terminal =
        TerminalBuilder.builder()
            .system(false)
            .streams(new PipedInputStream(keys, 1 << 16), screen)
            .type(type)
            .encoding(StandardCharsets.UTF_8)
            .build();
    terminal.setSize(Size.of(120, 40));
    session =
        new Session(() -> {
          Machine machine =
              new MachineBuilder()
                  .jit(false)
                  .card(new Disk(EmbeddedCard.base()))
                  .console(new PrintStream(console.output(), false))
                  .input(console.input())
                  .build();
          machine.load(image);
          boot.write(machine, new Symbols(image));
          return machine;
        });
    shell = new Shell(session, image, null, console, true, terminal);
  }

  /**
   * Opens a shell on a terminal that can do nothing, whose machine is stopped with clients at work.
   */
  static TypedShell stopped() throws IOException, ImageException {
    TypedShell t = new TypedShell("dumb", "ssr-packed", "shell,steady0,steady1,steady2");
    t.session.runTo(2 * Boot.BOOTED);
    t.open();
    return t;
  }

  Session session() {
    return session;
  }

  GuestConsole console() {
    return console;
  }

  Guest guest() {
    return guest;
  }

  Terminal terminal() {
    return terminal;
  }

  /** Begins to read what is typed. */
  TypedShell open() {
    status = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("typed shell") // its own: one that never ends must not keep others from beginning
        .start(() -> {
          try {
            status.complete(shell.run());
          } catch (IOException | RuntimeException | Error e) {
            status.completeExceptionally(e);
          }
        });
    await("> ");
    return this;
  }

  /** Types keys. */
  void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  /** Types a line, and returns what came until the next prompt. */
  String enter(String line) throws IOException {
    clear();
    type(line + "\r");
    return await("\n[^\n]*curios [a-z]+ [0-9][^\n]*> ");
  }

  /** The answer to a line, without the line itself and the prompt. */
  String answer(String line) throws IOException {
    String all = enter(line);
    int start = all.indexOf('\n');
    int end = all.lastIndexOf('\n');
    return start < end ? all.substring(start + 1, end) : "";
  }

  /** Forgets what was on the screen. */
  void clear() {
    screen.reset();
  }

  /** Returns what was written, without escape sequences. */
  String screen() {
    return screen
        .toString(StandardCharsets.UTF_8)
        .replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "")
        .replaceAll("\u001b[=>]", "")
        .replace("\r", "");
  }

  /** Returns what a person sees, without blanks at the ends of lines. */
  String display() {
    return display.toString().replaceAll("(?m) +$", "");
  }

  /** Waits until a person sees a pattern. */
  void see(String pattern) {
    await(pattern, this::display);
  }

  /** Makes the terminal another size. */
  void resize(int columns, int rows) {
    display.setSize(Size.of(columns, rows));
    terminal.setSize(Size.of(columns, rows));
  }

  /** Returns what was written, as it is. */
  String raw() {
    return screen.toString(StandardCharsets.UTF_8);
  }

  /** Waits until a pattern has come to the screen. */
  String await(String pattern) {
    return await(pattern, this::screen);
  }

  private static String await(String pattern, Supplier<String> where) {
    java.util.regex.Pattern wanted = java.util.regex.Pattern.compile(pattern);
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (System.nanoTime() < end) {
      String text = where.get();
      if (wanted.matcher(text).find()) {
        return text;
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    throw new AssertionError("'" + pattern + "' did not come; the screen has:\n" + where.get());
  }

  /** Waits for the end of the shell; returns its status. */
  int end() throws TimeoutException, InterruptedException, java.util.concurrent.ExecutionException {
    return status.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Checks that a line's answer has some texts in it. */
  void expect(String line, String... texts) throws IOException {
    String answer = enter(line);
    for (String text : texts) {
      assertTrue(
          answer.contains(text), () -> "'" + text + "' in the answer to " + line + ":\n" + answer);
    }
  }

  @Override
  public void close() throws IOException {
    keys.close();
    session.close();
    terminal.close();
  }
}
