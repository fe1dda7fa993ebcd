package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.List;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.inspect.CallFrames;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.Frame;

/** The call of the backtrace whose variables are meant: the innermost, until another is chosen. */
final class FrameSelection {
  private final Shell shell;
  private int number;
  private long chosenAt = -1;

  FrameSelection(Shell shell) {
    this.shell = shell;
  }

  /** Returns its number; when the machine has moved, it is 0 again. */
  int number(Machine m) {
    return chosenAt == m.cpu().now() ? number : 0;
  }

  /** Returns it; null for the innermost one. */
  Frame selected(Machine m) {
    int n = number(m);
    return n == 0 ? null : CallFrames.of(m, calls(m).get(n));
  }

  /** Returns it, whichever it is. */
  Frame frame(Machine m) {
    Frame selected = selected(m);
    return selected == null ? CallFrames.innermost(m) : selected;
  }

  List<Backtrace.Entry> calls(Machine m) {
    return Backtrace.here(shell.program(), m, shell.view(m));
  }

  /** Chooses a call. */
  void choose(Machine m, int wanted) {
    int last = calls(m).size() - 1;
    if (wanted < 0 || wanted > last) {
      throw new SessionException(
          wanted < 0
              ? "frame 0 is the innermost one"
              : format("frame %d is the outermost one; bt lists them", last));
    }
    number = wanted;
    chosenAt = m.cpu().now();
  }
}
