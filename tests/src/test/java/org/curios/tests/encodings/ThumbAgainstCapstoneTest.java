package org.curios.tests.encodings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.curios.arm.decode.Encoding;
import org.curios.arm.decode.EncodingTable;
import org.curios.machine.text.Disassembler;
import org.junit.jupiter.api.Test;

/**
 * All 65536 halfwords are defined or not as Capstone has it, except for differences that have a
 * reason.
 */
class ThumbAgainstCapstoneTest {
  /**
   * A reason why we and Capstone differ.
   *
   * @param defined whether the halfwords are defined for us, and not for Capstone; otherwise the
   *     other way round
   * @param mask bits that the halfwords have in common
   */
  private record Reason(String text, boolean defined, int mask, int value) {
    boolean applies(int halfword) {
      return (halfword & mask) == value;
    }
  }

  private static final List<Reason> REASONS =
      List.of(
          new Reason(
              "condition 1110 is undefined (A7.1.13); Capstone has a name for it",
              false,
              0xff00,
              0xde00),
          new Reason("CBZ and CBNZ are of Thumb-2", false, 0xf500, 0xb100),
          new Reason("IT and hints are of Thumb-2", false, 0xff00, 0xbf00),
          new Reason("SXTH, SXTB, UXTH, UXTB are of ARMv6", false, 0xff00, 0xb200),
          new Reason("REV and REV16 are of ARMv6", false, 0xff80, 0xba00),
          new Reason("REVSH is of ARMv6", false, 0xffc0, 0xbac0),
          new Reason("CPS is of ARMv6", false, 0xffe8, 0xb660),
          new Reason("SETEND is of ARMv6", false, 0xfff7, 0xb650),
          new Reason("Capstone wants both halves of BL and BLX", true, 0xf000, 0xf000),
          new Reason("Capstone wants both halves of BLX", true, 0xf801, 0xe800),
          new Reason("BLX: bits that should be zero are ignored (bit 0)", true, 0xff81, 0x4781),
          new Reason("BLX: bits that should be zero are ignored (bit 1)", true, 0xff83, 0x4782),
          new Reason("BLX: bits that should be zero are ignored (bit 2)", true, 0xff87, 0x4784),
          new Reason("STMIA and LDMIA of no register are UNPREDICTABLE", true, 0xf0ff, 0xc000),
          new Reason("PUSH and POP of no register are UNPREDICTABLE", true, 0xf7ff, 0xb400));

  @Test
  void halfwordsAreDefinedAsForCapstone() {
    List<String> surprises = new ArrayList<>();
    int[] uses = new int[REASONS.size()];
    try (Disassembler capstone = new Disassembler()) {
      for (int halfword = 0; halfword < 0x10000; halfword++) {
        boolean ours = EncodingTable.thumb(halfword) != null;
        String text = capstone.disassemble(0, halfword, true);
        boolean theirs = !text.equals("undefined");
        Reason reason = null;
        for (int i = 0; i < uses.length; i++) {
          if (REASONS.get(i).applies(halfword)) {
            reason = REASONS.get(i);
            uses[i]++;
          }
        }
        boolean explained =
            reason == null ? ours == theirs : ours == reason.defined() && theirs != ours;
        if (!explained) {
          surprises.add(
              "%04x: ours %s, Capstone %s, reason %s"
                  .formatted(halfword, EncodingTable.thumb(halfword), text, reason));
        }
      }
    }
    assertEquals(List.of(), surprises);
    for (int i = 0; i < uses.length; i++) {
      Reason reason = REASONS.get(i);
      assertEquals(1 << 16 - Integer.bitCount(reason.mask()), uses[i], reason.text());
    }
  }

  /** Where both know a halfword, they mean the same instruction. */
  @Test
  void encodingsHaveTheNamesOfCapstone() {
    Set<String> surprises = new TreeSet<>();
    try (Disassembler capstone = new Disassembler()) {
      for (int halfword = 0; halfword < 0x10000; halfword++) {
        Encoding ours = EncodingTable.thumb(halfword);
        String theirs = capstone.disassemble(0, halfword, true).split(" ")[0];
        if (ours != null && !theirs.equals("undefined") && !theirs.matches(mnemonic(ours))) {
          surprises.add(ours + ": " + theirs);
        }
      }
    }
    assertEquals(Set.of(), surprises);
  }

  /**
   * Returns a pattern of what Capstone calls an encoding: mostly the name, with an S if it sets
   * flags.
   */
  private static String mnemonic(Encoding encoding) {
    return switch (encoding) {
      case T_NEG -> "rsbs"; // from 0
      case T_SWI -> "svc";
      case T_ADD_PC -> "adr";
      case T_LDMIA -> "ldm";
      case T_STMIA -> "stm";
      case T_LSL_IMM -> "lsls|movs"; // by 0
      case T_B_COND -> "b(eq|ne|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)";
      default -> encoding.name().split("_")[1].toLowerCase(Locale.ROOT) + "s?";
    };
  }
}
