package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;

/** All registers of the processor but R15, in every mode, by number from 0. */
final class AllRegisters {
  private static final int SHARED = 13;
  private static final int FIRST_OF_FIQ = 8;
  private static final int STACK_POINTER = 13;
  private static final int LINK = 14;
  private static final int SAVED = 16;
  private static final int[] MODES = {
    Psr.USER, Psr.FIQ, Psr.IRQ, Psr.SUPERVISOR, Psr.ABORT, Psr.UNDEFINED
  };
  private static final List<String> SUFFIXES = List.of("", "_fiq", "_irq", "_svc", "_abt", "_und");

  /** Registers by number, as they are named. */
  static final List<String> NAMES = names();

  private AllRegisters() {}

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < SHARED; i++) {
      names.add("r" + i);
    }
    for (int i = FIRST_OF_FIQ; i < SHARED; i++) {
      names.add("r" + i + "_fiq");
    }
    for (String suffix : SUFFIXES) {
      names.add("sp" + suffix);
      names.add("lr" + suffix);
      names.add(suffix.isEmpty() ? "cpsr" : "spsr" + suffix);
    }
    return List.copyOf(names);
  }

  /** Returns the values, in the order of {@link #NAMES}. */
  static int[] of(Cpu cpu) {
    int[] values = new int[NAMES.size()];
    int n = 0;
    while (n < SHARED) {
      values[n] = cpu.userRegister(n);
      n++;
    }
    for (int i = FIRST_OF_FIQ; i < SHARED; i++) {
      values[n++] = cpu.banked(Psr.FIQ, i);
    }
    for (int mode : MODES) {
      values[n++] = cpu.banked(mode, STACK_POINTER);
      values[n++] = cpu.banked(mode, LINK);
      values[n++] = mode == Psr.USER ? cpu.cpsr() : cpu.banked(mode, SAVED);
    }
    return values;
  }

  /** Returns which of two sets of values differ, a bit for each. */
  static long differing(int[] one, int[] other) {
    long all = 0;
    for (int i = 0; i < one.length; i++) {
      all |= one[i] == other[i] ? 0 : 1L << i;
    }
    return all;
  }
}
