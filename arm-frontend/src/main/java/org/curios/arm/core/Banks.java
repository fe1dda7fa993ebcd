package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * The banked registers of the modes that are not current (ARM DDI 0100, A2.4): R13, R14 and the
 * SPSR by bank, R8 to R12 of FIQ mode and of all others.
 */
final class Banks implements Stateful {
  private static final int COUNT = 6;
  private static final int FIQ = Psr.bank(Psr.FIQ);
  private static final int FIRST = 8;
  private static final int FIQ_REGISTERS = 5;

  /** The number by which {@link #read} knows the SPSR. */
  private static final int SPSR = 16;

  private final int[] r13 = new int[COUNT];
  private final int[] r14 = new int[COUNT];
  private final int[] spsr = new int[COUNT];

  /** The bank of the current mode. */
  private int present;

  private final int[] usualR8 = new int[FIQ_REGISTERS];
  private final int[] fiqR8 = new int[FIQ_REGISTERS];

  /**
   * Begins in a mode.
   *
   * @param mode the current one
   */
  Banks(int mode) {
    present = Psr.bank(mode);
  }

  /** Saves the registers of the current mode and loads those of the next one. */
  void exchange(Registers registers, int mode) {
    int next = Psr.bank(mode);
    if (present == next) {
      return;
    }
    r13[present] = registers.r13;
    r14[present] = registers.r14;
    if (present == FIQ || next == FIQ) {
      exchangeFiq(registers, present == FIQ);
    }
    registers.r13 = r13[next];
    registers.r14 = r14[next];
    present = next;
  }

  /** Returns whether the current mode has an SPSR: not user or system mode. */
  boolean hasSpsr() {
    return present != 0;
  }

  /** Returns the SPSR of the current mode, which has one. */
  int spsr() {
    return spsr[present];
  }

  void setSpsr(int psr) {
    spsr[present] = psr & Psr.IMPLEMENTED;
  }

  @TruffleBoundary
  private void exchangeFiq(Registers registers, boolean leaves) {
    int[] save = leaves ? fiqR8 : usualR8;
    int[] load = leaves ? usualR8 : fiqR8;
    for (int i = 0; i < FIQ_REGISTERS; i++) {
      long offset = Registers.offset(FIRST + i);
      save[i] = registers.get(offset);
      registers.set(offset, load[i]);
    }
  }

  /**
   * Returns a register of a mode, which may be the current one.
   *
   * @param registers the present ones
   * @param number 8 to 12 of FIQ mode, 13 or 14 of any; 16 for the SPSR
   */
  int read(Registers registers, int mode, int number) {
    boolean isPresent = Psr.bank(mode) == present;
    return switch (number) {
      case 8, 9, 10, 11, 12 ->
          isPresent ? registers.get(Registers.offset(number)) : middle(true, number);
      case 13, 14 ->
          isPresent ? registers.get(Registers.offset(number)) : stackOrLink(mode, number);
      case SPSR -> spsr[Psr.bank(mode)];
      default ->
          throw new IllegalArgumentException("register " + number + " is not banked by mode");
    };
  }

  /** Sets what {@link #read} returns. */
  void write(Registers registers, int mode, int number, int value) {
    if (number == SPSR) {
      spsr[Psr.bank(mode)] = value & Psr.IMPLEMENTED;
    } else if (Psr.bank(mode) == present) {
      registers.set(Registers.offset(number), value);
    } else if (number < 13) {
      setMiddle(true, number, value);
    } else {
      setStackOrLink(mode, number, value);
    }
  }

  /** Returns R13 or R14 of a mode's bank, which is not the current one. */
  int stackOrLink(int mode, int number) {
    return (number == 13 ? r13 : r14)[Psr.bank(mode)];
  }

  void setStackOrLink(int mode, int number, int value) {
    (number == 13 ? r13 : r14)[Psr.bank(mode)] = value;
  }

  /**
   * Returns R8 to R12 of FIQ mode while it is not the current one, or those of the others while it
   * is.
   */
  int middle(boolean ofFiq, int number) {
    return (ofFiq ? fiqR8 : usualR8)[number - FIRST];
  }

  void setMiddle(boolean ofFiq, int number, int value) {
    (ofFiq ? fiqR8 : usualR8)[number - FIRST] = value;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int[] bank : all()) {
      for (int i = 0; i < bank.length; i++) {
        out.writeInt(isStale(bank, i) ? 0 : bank[i]);
      }
    }
  }

  /** Returns whether the value of a register is among those of the current mode. */
  private boolean isStale(int[] bank, int number) {
    return number == present && (bank == r13 || bank == r14);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int[] bank : all()) {
      for (int i = 0; i < bank.length; i++) {
        bank[i] = in.readInt();
      }
    }
  }

  private int[][] all() {
    return new int[][] {r13, r14, spsr, usualR8, fiqR8};
  }
}
