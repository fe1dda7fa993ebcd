package org.curios.tests.encodings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.core.Psr;
import org.curios.arm.decode.Encoding;

/**
 * One line of a table of cases: {@code ENCODING | words | assembly | before | after}.
 *
 * <p>The words are at {@link #CODE}; the last of them has the encoding, or none for {@code
 * UNDEFINED} and {@code T_UNDEFINED}. Registers and memory that are not named in {@code before}
 * have the values of {@link #background}, the processor is in system mode with all flags clear.
 * What is not named in {@code after} is unchanged, except for the PC, which is after the words;
 * {@code ?} represents what the architecture leaves open.
 */
record Case(
    String place,
    Encoding encoding,
    boolean thumb,
    List<Integer> words,
    String assembly,
    Map<String, Integer> before,
    Map<String, Integer> after) {

  /** Address of the instructions. */
  static final int CODE = 0x8000;

  /** In place of an encoding, also after {@code T_}: the last word has none. */
  private static final String UNDEFINED = "UNDEFINED";

  /**
   * Words of memory that are watched: those around which the cases work, and the start of the
   * second MiB.
   */
  private static final int[][] WATCHED = {{0x9000, 0x9140}, {0x100000, 0x100010}};

  private static final String[] TABLES = {
    "arm-data.txt",
    "arm-data-shifted.txt",
    "arm-multiply.txt",
    "arm-memory.txt",
    "arm-system.txt",
    "thumb.txt",
  };

  /** Returns all cases of all tables. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (String table : TABLES) {
      try (InputStream in = Case.class.getResourceAsStream(table)) {
        if (in == null) {
          throw new IllegalStateException("no table " + table);
        }
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (!line.isBlank() && !line.startsWith("#")) {
            cases.add(parse(table + ":" + number, line));
          }
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return cases;
  }

  private static Case parse(String place, String line) {
    try {
      String[] columns = line.split("\\|", -1);
      if (columns.length != 5) {
        throw new IllegalArgumentException(columns.length + " columns");
      }
      String name = columns[0].trim();
      Encoding encoding = name.endsWith(UNDEFINED) ? null : Encoding.valueOf(name);
      List<Integer> words =
          Arrays.stream(columns[1].trim().split(" +"))
              .map(w -> Integer.parseUnsignedInt(w, 16))
              .toList();
      int thumb = name.startsWith("T_") ? 1 : 0;
      Map<String, Integer> before = background();
      before.put("pc", CODE | thumb);
      State.apply(before, columns[3], 0);
      before.merge("cpsr", 0, (psr, none) -> psr | thumb * Psr.T);
      Map<String, Integer> after = new TreeMap<>(before);
      after.put("pc", CODE + words.size() * (4 - 2 * thumb) | thumb);
      State.apply(after, columns[4], before.get("cpsr"));
      int psr = after.get("cpsr");
      after.put("cpsr", (after.get("pc") & 1) != 0 ? psr | Psr.T : psr & ~Psr.T);
      return new Case(place, encoding, thumb != 0, words, columns[2].trim(), before, after);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage() + " in: " + line, e);
    }
  }

  /**
   * Returns the state that a case starts from where it does not say otherwise: every value tells
   * where it is from.
   */
  private static Map<String, Integer> background() {
    Map<String, Integer> state = new TreeMap<>();
    state.put("cpsr", Psr.SYSTEM);
    for (int i = 0; i < 8; i++) {
      state.put("r" + i, 0xa0a0a000 | i);
    }
    for (int i = 8; i < 13; i++) {
      state.put("r" + i + "_usr", 0xa0a0a000 | i);
      state.put("r" + i + "_fiq", 0xf0f0f000 | i);
    }
    for (String mode : State.MODES) {
      int bits = State.modeBits(mode) << 16;
      state.put("r13_" + mode, 0xb0000d00 | bits);
      state.put("r14_" + mode, 0xb0000e00 | bits);
      if (!mode.equals("usr")) {
        state.put("spsr_" + mode, Psr.SYSTEM);
      }
    }
    for (int register : State.CP15) {
      state.put("c" + register, 0);
    }
    state.put("c1", 0x50078);
    for (int[] range : WATCHED) {
      for (int address = range[0]; address < range[1]; address += 4) {
        state.put(State.word(address), 0xd0000000 | address);
      }
    }
    return state;
  }

  /** Returns the address at which the case ends. */
  int end() {
    return after.get("pc");
  }

  @Override
  public String toString() {
    return place + " " + encoding + " " + assembly;
  }
}
