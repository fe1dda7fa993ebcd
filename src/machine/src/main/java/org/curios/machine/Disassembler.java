package org.curios.machine;

import capstone.Capstone;
import capstone.api.Instruction;
import java.util.Locale;

/** Disassembles single instructions with Capstone. */
public final class Disassembler implements AutoCloseable {
  private final Capstone arm = new Capstone(Capstone.CS_ARCH_ARM, Capstone.CS_MODE_ARM);
  private final Capstone thumb = new Capstone(Capstone.CS_ARCH_ARM, Capstone.CS_MODE_THUMB);

  /**
   * Returns the assembler text of an instruction.
   *
   * @param address its address
   * @param isThumb whether it is a Thumb instruction, in the low 16 bits of the word
   */
  public String disassemble(int address, int word, boolean isThumb) {
    byte[] code =
        isThumb
            ? new byte[] {(byte) word, (byte) (word >>> 8)}
            : new byte[] {
              (byte) word, (byte) (word >>> 8), (byte) (word >>> 16), (byte) (word >>> 24)
            };
    Instruction[] found = (isThumb ? thumb : arm).disasm(code, Integer.toUnsignedLong(address));
    return found.length == 0
        ? "undefined"
        : (found[0].getMnemonic() + " " + found[0].getOpStr()).trim().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    arm.close();
    thumb.close();
  }
}
