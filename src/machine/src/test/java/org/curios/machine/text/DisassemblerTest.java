package org.curios.machine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of the status registers are those of ARMv5 (DDI 0100). */
class DisassemblerTest {
  private static Disassembler disassembler;

  @BeforeAll
  static void open() {
    disassembler = new Disassembler();
  }

  @AfterAll
  static void close() {
    disassembler.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e10f3000 | mrs r3, cpsr",
        "e14f3000 | mrs r3, spsr",
        "010f3000 | mrseq r3, cpsr",
        "e129f003 | msr cpsr_fc, r3",
        "e128f003 | msr cpsr_f, r3",
        "e12cf003 | msr cpsr_fs, r3",
        "e169f003 | msr spsr_fc, r3",
        "e321f0d3 | msr cpsr_c, #0xd3",
        "e328f20f | msr cpsr_f, #0xf0000000",
        "e12fff13 | bx r3",
        "e12fff33 | blx r3"
      })
  void statusRegisters(String word, String text) {
    assertEquals(text, disassembler.disassemble(0, Integer.parseUnsignedInt(word, 16), false));
  }

  @Test
  void everySetOfFieldsIsNamed() {
    for (int word : new int[] {0xe120f003, 0xe160f003, 0xe320f001, 0xe360f001}) {
      for (int mask = 1; mask < 16; mask++) {
        String fields = (mask & 8) / 8 + "" + (mask & 4) / 4 + (mask & 2) / 2 + (mask & 1);
        StringBuilder expected =
            new StringBuilder((word & 1 << 22) != 0 ? "msr spsr_" : "msr cpsr_");
        for (int i = 0; i < 4; i++) {
          expected.append(fields.charAt(i) == '1' ? "fsxc".substring(i, i + 1) : "");
        }
        String text = disassembler.disassemble(0, word | mask << 16, false);
        assertEquals(expected.toString(), text.substring(0, text.indexOf(',')));
      }
    }
  }
}
