package org.curios.lab.inspect;

import org.curios.lab.program.Value;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.Frame;

/** A part of an expression. */
@FunctionalInterface
interface Term {
  /** Returns its value. */
  Value value(Context c);

  /** The context in which an expression is evaluated. */
  final class Context {
    final Machine m;
    private final boolean selected;
    private Frame frame;

    Context(Machine m, Frame frame) {
      this.m = m;
      this.frame = frame;
      this.selected = frame != null;
    }

    Frame frame() {
      if (frame == null) {
        frame = CallFrames.innermost(m);
      }
      return frame;
    }

    int register(int number) {
      return number == RegisterNames.CPSR
          ? m.cpu().cpsr()
          : selected ? frame.registers()[number] : m.cpu().register(number);
    }
  }
}
