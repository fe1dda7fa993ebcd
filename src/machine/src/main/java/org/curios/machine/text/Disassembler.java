package org.curios.machine.text;

import capstone.Capstone;
import capstone.api.Instruction;
import java.util.Locale;
import java.util.regex.Pattern;

/** Disassembles single instructions with Capstone. */
public final class Disassembler implements AutoCloseable {
  /**
   * The bits that identify MRS (DDI 0100, A4.1.38), and MSR of a register or an immediate
   * (A4.1.39).
   */
  private static final int MRS_MASK = 0x0fbf0fff;

  private static final int MRS_BITS = 0x010f0000;
  private static final int MSR_MASK = 0x0db0f000;
  private static final int MSR_BITS = 0x0120f000;
  private static final int SPSR_BIT = 1 << 22;
  private static final int WRITE_BIT = 1 << 21;

  /** The fields of MSR, from bit 16 on. */
  private static final String FIELDS = "cxsf";

  private static final int FIELD_SHIFT = 16;
  private static final Pattern STATUS = Pattern.compile("\\b(apsr|cpsr|spsr)(_\\w+)?\\b");

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
    if (found.length == 0) {
      return "undefined";
    }
    String text =
        (found[0].getMnemonic() + " " + found[0].getOpStr()).trim().toLowerCase(Locale.ROOT);
    boolean isStatus = (word & MRS_MASK) == MRS_BITS || (word & MSR_MASK) == MSR_BITS;
    return isThumb || !isStatus ? text : STATUS.matcher(text).replaceFirst(status(word));
  }

  /**
   * The status register of MRS or MSR as DDI 0100 (A4.1.38, A4.1.39) writes it: Capstone knows the
   * APSR of later architectures.
   */
  private static String status(int word) {
    StringBuilder name = new StringBuilder((word & SPSR_BIT) != 0 ? "spsr" : "cpsr");
    if ((word & WRITE_BIT) != 0) {
      name.append('_');
      for (int i = 0; i < FIELDS.length(); i++) {
        if ((word >>> FIELD_SHIFT + i & 1) != 0) {
          name.insert(name.indexOf("_") + 1, FIELDS.charAt(i));
        }
      }
    }
    return name.toString();
  }

  @Override
  public void close() {
    arm.close();
    thumb.close();
  }
}
