package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Cpu;

/** All registers of the processor but R15, in every mode, by number from 0. */
final class AllRegisters {
  private static final int SHARED = 13;

  /** Registers by number, as faults name them. */
  static final List<String> NAMES = names();

  private AllRegisters() {}

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < SHARED; i++) {
      names.add("r" + i);
    }
    names.add("cpsr");
    names.addAll(ModeRegisters.names());
    return List.copyOf(names);
  }

  /** Returns the values, in the order of {@link #NAMES}. */
  static int[] of(Cpu cpu) {
    int[] values = new int[NAMES.size()];
    for (int i = 0; i < SHARED; i++) {
      values[i] = cpu.userRegister(i);
    }
    values[SHARED] = cpu.cpsr();
    ModeRegisters.read(cpu, values, SHARED + 1);
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
