package org.curios.lab.trial;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a random fault strikes. */
public enum FaultClass {
  /** A bit of a register while a service's code runs. */
  REGISTER,
  /** A bit of a service's code. */
  CODE,
  /** A bit of a service's private data, heap or stack. */
  PRIVATE,
  /** A bit of a server state region while no request has it. */
  SSR,
  /** One of the built-in crashes, at any instruction of a method. */
  CRASH,
  /** A bit of a register while the kernel runs. */
  KERNEL_REGISTER,
  /** A bit of the kernel's memory. */
  KERNEL_MEMORY;

  /** Returns the word for it in identifiers and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns all words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(FaultClass::word).toList();
  }

  /** Returns the class with a word, or null. */
  public static FaultClass of(String word) {
    for (FaultClass c : values()) {
      if (c.word().equals(word)) {
        return c;
      }
    }
    return null;
  }

  /** Returns whether it strikes the kernel rather than a service. */
  public boolean isKernel() {
    return this == KERNEL_REGISTER || this == KERNEL_MEMORY;
  }
}
