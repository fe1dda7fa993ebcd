package org.curios.lab.trial;

import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Program;

/** The system call or protected call that the next instruction makes. */
final class NextCall {
  private static final int NUMBER = 12;
  private static final int SWI = 0x0f000000;

  private NextCall() {}

  /** Returns whether the next instruction is one of user code that enters the kernel. */
  static boolean isNext(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    if (cpu.mode() != Psr.USER || (cpu.pc & 1) != 0 || cpu.isWaiting()) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1
        && bench.machine().bus().isRam(physical)
        && (bench.machine().bus().read(physical, 4) & SWI) == SWI;
  }

  /** Returns the call with its arguments, for people, as far as the kernel still names it. */
  static String text(Bench bench, Program program) {
    Cpu cpu = bench.machine().cpu();
    int word = cpu.register(NUMBER);
    if (word == 0) {
      return String.format(Locale.ROOT, "return(0x%x, 0x%x)", cpu.register(0), cpu.register(1));
    }
    return (word > 0 ? method(bench.view(), word) : system(word, program))
        + String.format(
            Locale.ROOT, "(0x%x, 0x%x, 0x%x)", cpu.register(1), cpu.register(2), cpu.register(3));
  }

  private static String system(int word, Program program) {
    String name = program.variables().constantType("SYS_RETURN").enumerators().get((long) word);
    return name == null
        ? "system call " + word
        : name.substring("SYS_".length()).toLowerCase(Locale.ROOT);
  }

  private static String method(View v, int word) {
    try {
      long caller = Injector.activation(v).get("object");
      for (Obj o : v.objects()) {
        Obj target = o.struct().address() == (int) caller ? v.target(o, word) : null;
        if (target != null) {
          return target.name() + "." + v.methodName(target, word >>> 24);
        }
      }
    } catch (LabException | IndexOutOfBoundsException e) {
      return "a call by a damaged object"; // a fault in the kernel has struck what names it
    }
    return String.format(Locale.ROOT, "a call by the handle 0x%x", v.handle(word));
  }

  /** Returns the thread that runs, by the address of its record. */
  static int thread(Bench bench) {
    View v = bench.view();
    return v.threadOf(Injector.activation(v).address()).address();
  }
}
