package org.curios.lab.inspect;

import java.util.List;
import org.curios.lab.guest.VirtualMemory;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Scope;
import org.curios.machine.image.dwarf.Variable;
import org.curios.machine.image.dwarf.Variables;

/** Active functions of a machine, and the variables that they see. */
public final class CallFrames {
  private CallFrames() {}

  /** Returns the function that the machine is stopped in. */
  public static Frame innermost(Machine m) {
    int[] registers = new int[16];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = m.cpu().register(i);
    }
    return of(m, registers, registers[15]);
  }

  /** Returns the function of a backtrace's entry. */
  public static Frame of(Machine m, Backtrace.Entry entry) {
    return of(m, entry.registers(), entry.inside());
  }

  private static Frame of(Machine m, int[] registers, int pc) {
    return new Frame(registers.clone(), pc, address -> (int) VirtualMemory.read(m, address, 1));
  }

  /** Returns a variable of a function by its name, the innermost one; null if it sees none. */
  static Variable local(Variables variables, Frame frame, String name) {
    for (Scope scope : variables.at(frame.pc())) {
      List<Variable> all = scope.variables();
      for (int pass = 0; pass < 2; pass++) { // variables hide parameters, inner ones outer ones
        for (Variable v : all) {
          if (v.isParameter() == (pass == 1) && name.equals(v.name())) {
            return v;
          }
        }
      }
    }
    return null;
  }
}
