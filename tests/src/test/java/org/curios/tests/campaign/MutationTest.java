package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.curios.lab.trial.Mutation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which mistakes an instruction can have. */
class MutationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e0821003 | add r1, r2, r3     | skip source destination",
        "e1a01002 | mov r1, r2         | skip destination",
        "e3510005 | cmp r1, #5         | skip source bound",
        "e5921004 | ldr r1, [r2, #4]   | skip source destination pointer",
        "e5821004 | str r1, [r2, #4]   | skip source pointer",
        "e7921003 | ldr r1, [r2, r3]   | skip source destination",
        "0a000003 | beq 3 words ahead  | skip branch",
        "ea000003 | b 3 words ahead    | skip",
        "e92d4010 | push {r4, lr}      | skip",
        "e0010392 | mul r1, r2, r3     | skip",
        "e1d210b2 | ldrh r1, [r2, #2]  | skip",
        "e10f1000 | mrs r1, cpsr       | skip",
        "e1a00000 | nop                | destination",
        "f5d1f000 | pld [r1]           | ''"
      })
  void anInstructionHasTheMistakesThatSuitIt(String word, String text, String expected) {
    int instruction = Integer.parseUnsignedInt(word, 16);
    List<String> suited =
        Arrays.stream(Mutation.values())
            .filter(m -> m.suits(instruction))
            .map(Mutation::word)
            .toList();
    assertEquals(expected, String.join(" ", suited), text);
  }
}
