package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The full-screen view: lines that are drawn anew twice a second until a key ends it. */
final class Top {
  private static final int PERIOD_MS = 500;

  private final Terminal terminal;
  private final Session session;
  private final Supplier<List<String>> lines;
  private long lastTick;
  private long lastNanos;

  Top(Terminal terminal, Session session, Supplier<List<String>> lines) {
    this.terminal = terminal;
    this.session = session;
    this.lines = lines;
  }

  void run() {
    Display display = new Display(terminal, true);
    Attributes before = terminal.enterRawMode();
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    try {
      NonBlockingReader keys = terminal.reader();
      int key;
      do {
        draw(display);
        key = keys.read(PERIOD_MS);
      } while (key == NonBlockingReader.READ_EXPIRED
          || key > 0 && "qQ\u0003\u0004\u001b".indexOf(key) < 0);
    } catch (IOException e) {
      throw new SessionException("the terminal cannot be read");
    } finally {
      terminal.puts(Capability.cursor_visible);
      terminal.puts(Capability.exit_ca_mode);
      terminal.setAttributes(before);
      terminal.flush();
    }
  }

  private void draw(Display display) {
    Size size = terminal.getSize();
    display.resize(size.getRows(), size.getColumns());
    List<AttributedString> text = new ArrayList<>();
    text.add(new AttributedString(head()));
    text.add(AttributedString.EMPTY);
    for (String line : lines.get()) {
      text.add(
          new AttributedString(line.substring(0, Math.min(line.length(), size.getColumns() - 1))));
    }
    while (text.size() < size.getRows()) {
      text.add(AttributedString.EMPTY);
    }
    display.update(text.subList(0, size.getRows()), 0);
  }

  private String head() {
    Session.Status status = session.status();
    long nanos = System.nanoTime();
    double mips = lastNanos == 0 ? 0 : (status.tick() - lastTick) * 1e3 / (nanos - lastNanos);
    lastTick = status.tick();
    lastNanos = nanos;
    return format(
        "CuriOS  %s  tick %,d  virtual %.3f s  %.0f million ticks a second   q leaves",
        status.state().name().toLowerCase(java.util.Locale.ROOT),
        status.tick(),
        status.tick() / 2e8,
        mips);
  }
}
