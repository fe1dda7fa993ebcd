package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import org.curios.arm.core.Memory;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.RegisterNames;
import org.curios.lab.program.Value;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;

/**
 * Memory that the user names: a variable where it is now, or some bytes at an address.
 *
 * @param address virtual address
 * @param bytes at least 1
 */
record WatchedMemory(int address, int bytes) {
  /**
   * Takes an expression, and a number of bytes after it if there is one.
   *
   * @throws SessionException if it is in no memory
   */
  static WatchedMemory parse(Shell shell, String text) {
    String[] words = text.split(" ");
    boolean sized = words.length > 1 && words[words.length - 1].matches("\\d{1,7}");
    sized &= !words[words.length - (sized ? 2 : 1)].matches(".*[-+*/%&|^<>=]");
    String place = sized ? text.substring(0, text.lastIndexOf(' ')).strip() : text;
    Value v =
        shell
            .session()
            .call(m ->
                Expression.parse(place, shell.program()).evaluate(m, shell.frames().selected(m)));
    if (v.address() == null && v.register() != null) {
      throw new SessionException(
          place + " is in a register here; use watch " + RegisterNames.name(v.register()));
    }
    if (v.address() == null && !v.isKnown()) {
      throw new SessionException(place + ": " + v.whyUnknown());
    }
    int bytes = v.address() == null ? 4 : Math.max(1, v.type().size());
    if (sized) {
      bytes = Integer.parseInt(words[words.length - 1]);
    }
    if (bytes < 1) {
      throw new SessionException(bytes + ": watch at least one byte");
    }
    return new WatchedMemory(v.address() != null ? v.address() : (int) v.number(), bytes);
  }

  Memory.Watch watch(boolean loads, boolean stores) {
    return new Memory.Watch(address, bytes, loads, stores);
  }

  /** Returns the address, its name and the size. */
  String describe(Shell shell) {
    String name = shell.program().symbols().describe(address);
    return format("%08x%s, %d bytes", address, name.isEmpty() ? "" : " <" + name + ">", bytes);
  }

  /** Returns a value of up to a word as a number; of others an empty text. */
  String text(Machine m) {
    return bytes > 4 ? "" : BreakCommands.number((int) VirtualMemory.read(m, address, bytes));
  }
}
