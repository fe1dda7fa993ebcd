package org.curios.shell.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The full-screen view: redrawn twice a second, and when its size changes, until q. */
final class Top {
  private static final long PERIOD_MS = 500;
  private static final long KEY_MS = 100;
  private static final String LEAVING = "qQ\u0003\u0004\u001b";

  private final Terminal terminal;
  private final Session session;
  private final TopFrame frame;

  Top(Shell shell) {
    this.terminal = shell.screen().terminal();
    this.session = shell.session();
    this.frame = new TopFrame(shell);
  }

  /** Shows the view until a key ends it; a space stops the machine, or lets it run. */
  void run() {
    Display display = new Display(terminal, true);
    Attributes before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    terminal.setAttributes(raw);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    try {
      watch(display);
    } catch (IOException e) {
      throw new SessionException("the terminal cannot be read", e);
    } finally {
      terminal.puts(Capability.cursor_visible);
      terminal.puts(Capability.exit_ca_mode);
      terminal.setAttributes(before);
      terminal.flush();
    }
  }

  private void watch(Display display) throws IOException {
    NonBlockingReader keys = terminal.reader();
    Size drawn = null;
    long due = 0;
    while (true) {
      Size size = terminal.getSize();
      if (!size.equals(drawn)) {
        display.clear();
        display.resize(size);
        due = 0;
      }
      if (System.nanoTime() >= due) {
        draw(display, size);
        drawn = Size.of(size);
        due = System.nanoTime() + PERIOD_MS * 1_000_000;
      }
      int key = keys.read(KEY_MS);
      if (key == NonBlockingReader.EOF || key > 0 && LEAVING.indexOf(key) >= 0) {
        return;
      }
      if (key == ' ') {
        toggle();
        due = 0;
      }
    }
  }

  private void toggle() {
    switch (session.lastStatus().state()) {
      case RUNNING -> session.pause();
      case STOPPED -> session.resume();
      case ENDED -> {}
    }
  }

  private void draw(Display display, Size size) {
    List<AttributedString> lines = new ArrayList<>();
    for (AttributedString line : frame.lines(size.getRows())) {
      lines.add(line.columnSubSequence(0, Math.max(size.getColumns() - 1, 0)));
    }
    while (lines.size() < size.getRows()) {
      lines.add(AttributedString.EMPTY);
    }
    display.update(lines.subList(0, size.getRows()), 0);
  }
}
