package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.LineTable;

/** Reports where a machine is stopped, and why. */
final class StopReport {
  private StopReport() {}

  /** Returns the lines to be said; to be called on the machine's thread. */
  static String of(Shell shell, Machine m, Session.Status status) {
    List<String> lines = new ArrayList<>();
    String by = shell.breakpoints().hit(m);
    if (!by.isEmpty()) {
      lines.add(by);
    } else if (!status.why().isEmpty()) {
      lines.add(status.why());
    }
    int pc = m.cpu().register(15);
    LineTable.Line line = shell.program().lines().at(pc);
    lines.add(format("tick %,d%s", m.cpu().now(), line == null ? "" : "  " + line));
    if (line != null) {
      List<String> source = shell.program().source(line.file());
      if (line.line() <= source.size()) {
        lines.add(format("%-5d %s", line.line(), source.get(line.line() - 1).stripTrailing()));
      }
    }
    lines.add(shell.listing().instruction(m, pc, (m.cpu().pc & 1) != 0));
    return String.join("\n", lines);
  }
}
