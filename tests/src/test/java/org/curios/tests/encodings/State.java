package org.curios.tests.encodings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Psr;

/**
 * The state of the machine as names and values: {@code r0} to {@code r7}; {@code r8_usr}, {@code
 * spsr_svc} and so on for what is banked; {@code cpsr}; {@code pc} with the T bit; {@code c1} and
 * so on for CP15; {@code [00009000]} for a word of memory. A column of a table may also say {@code
 * flags=NzC}, {@code mode=svc}, and {@code r8}, {@code sp}, {@code lr} or {@code spsr}, which are
 * those of the mode before the case.
 */
final class State {
  static final List<String> MODES = List.of("usr", "fiq", "irq", "svc", "abt", "und");
  static final List<Integer> CP15 = List.of(1, 2, 3, 5, 6, 13);

  private static final Map<String, Integer> MODE_BITS =
      Map.of(
          "usr", Psr.USER,
          "fiq", Psr.FIQ,
          "irq", Psr.IRQ,
          "svc", Psr.SUPERVISOR,
          "abt", Psr.ABORT,
          "und", Psr.UNDEFINED,
          "sys", Psr.SYSTEM);

  private static final String FLAGS = "NZCVQ                   IF";

  private State() {}

  /** Returns the mode bits of a name. */
  static int modeBits(String mode) {
    Integer bits = MODE_BITS.get(mode);
    if (bits == null) {
      throw new IllegalArgumentException("no mode " + mode);
    }
    return bits;
  }

  /** Returns the name of the bank of registers of the mode in a PSR. */
  private static String bank(int psr) {
    return MODES.stream().filter(m -> modeBits(m) == (psr & Psr.MODE)).findFirst().orElse("usr");
  }

  /**
   * Returns the one name of a register: with its bank, which is that of the mode in a PSR unless it
   * is given.
   */
  private static String canonical(String name, int psr) {
    String plain =
        switch (name) {
          case "sp" -> "r13";
          case "lr" -> "r14";
          default -> name;
        };
    if (plain.matches("r(1[34])|spsr")) {
      return plain + "_" + bank(psr);
    }
    if (plain.matches("r([89]|1[0-2])")) {
      return plain + (bank(psr).equals("fiq") ? "_fiq" : "_usr");
    }
    if (plain.startsWith("[") && plain.endsWith("]")) {
      return word(Integer.parseUnsignedInt(plain.substring(1, plain.length() - 1), 16));
    }
    if (plain.matches("r[0-7]|(r[89]|r1[0-2])_(usr|fiq)|(r13|r14)_(usr|fiq|irq|svc|abt|und)")
        || plain.matches("spsr_(fiq|irq|svc|abt|und)|cpsr|pc|c(1|2|3|5|6|13)")) {
      return plain;
    }
    throw new IllegalArgumentException("no register " + name);
  }

  /** Returns the name of a word of memory. */
  static String word(int address) {
    return "[%08x]".formatted(address);
  }

  /**
   * Changes a state by a column of a case.
   *
   * @param column assignments apart by blanks; {@code ?} for a value that the architecture leaves
   *     open
   * @param psr the CPSR whose mode says which bank a register without one is in, or 0 for that of
   *     the column
   */
  static void apply(Map<String, Integer> state, String column, int psr) {
    Map<String, String> later = new LinkedHashMap<>();
    for (String token : column.isBlank() ? new String[0] : column.trim().split(" +")) {
      int equals = token.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("no value in " + token);
      }
      String name = token.substring(0, equals);
      String value = token.substring(equals + 1);
      switch (name) {
        case "flags" -> state.merge("cpsr", 0, (old, none) -> withFlags(old, value));
        case "mode" -> state.merge("cpsr", 0, (old, none) -> old & ~Psr.MODE | modeBits(value));
        case "cpsr" -> state.put("cpsr", Integer.parseUnsignedInt(value, 16));
        default -> later.put(name, value);
      }
    }
    int banks = psr == 0 ? state.get("cpsr") : psr;
    later.forEach((name, value) ->
        state.put(
            canonical(name, banks),
            value.equals("?") ? null : Integer.valueOf(Integer.parseUnsignedInt(value, 16))));
  }

  private static int withFlags(int psr, String letters) {
    int changed = psr;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      int place = FLAGS.indexOf(Character.toUpperCase(letter));
      if (place < 0) {
        throw new IllegalArgumentException("no flag " + letter);
      }
      int bit = 1 << 31 - place;
      changed = Character.isUpperCase(letter) ? changed | bit : changed & ~bit;
    }
    return changed;
  }
}
