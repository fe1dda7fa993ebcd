package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Public questions about the processor, mostly because an emulator did something else. Each test is
 * a question; what is expected is what the manual says.
 */
class ProcessorThreadsTest {
  private static final int CODE = 0x8000;
  private static final int DATA = 0x9000;
  private static final int LOOP = 0xeafffffe;
  private static final int ROUNDS = 8;

  private static Machine machine(boolean compiled, int... words) throws Exception {
    return Ours.program(compiled, CODE, words);
  }

  /**
   * "LDR from an odd address gives the bytes in another order": while alignment is not checked, a
   * word is read from the aligned address and rotated, so that the addressed byte is the lowest
   * (DDI 0100, A2.8). QEMU 7.2 does not rotate.
   */
  @ParameterizedTest
  @CsvSource({"0,44332211", "1,11443322", "2,22114433", "3,33221144"})
  void unalignedLoadsAreRotated(int offset, String expected) throws Exception {
    int ldr = 0xe5940000; // ldr r0, [r4]
    int swp = 0xe1041092; // swp r1, r2, [r4]
    try (Machine machine = machine(false, ldr, swp, LOOP)) {
      machine.bus().write(DATA, 0x44332211, 4);
      machine.cpu().setRegister(4, DATA + offset);
      machine.cpu().setRegister(2, 0x55667788);
      machine.run(3);
      int rotated = Integer.parseUnsignedInt(expected, 16);
      assertEquals(rotated, machine.cpu().register(0));
      assertEquals(rotated, machine.cpu().register(1), "of SWP as well");
      assertEquals(0x55667788, machine.bus().read(DATA, 4), "what is stored is not");
    }
  }

  /**
   * "Where does STR to an odd address store?" At the aligned one, as it is (DDI 0100, A2.8). QEMU
   * 7.2 stores at the odd one.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void unalignedStoresAreNotRotated(int offset) throws Exception {
    int str = 0xe5840000; // str r0, [r4]
    int stm = 0xe8850003; // stmia r5, {r0, r1}
    try (Machine machine = machine(false, str, stm, LOOP)) {
      machine.cpu().setRegister(0, 0x44332211);
      machine.cpu().setRegister(1, 0x88776655);
      machine.cpu().setRegister(4, DATA + offset);
      machine.cpu().setRegister(5, DATA + 8 + offset);
      machine.run(3);
      assertEquals(0x44332211, machine.bus().read(DATA, 4));
      assertEquals(0x44332211, machine.bus().read(DATA + 8, 4));
      assertEquals(0x88776655, machine.bus().read(DATA + 12, 4));
    }
  }

  /**
   * "My code patches an instruction a few words ahead, and the old one runs": after the data cache
   * is cleaned and the instruction cache invalidated the new one does, however often the same place
   * has run before (DDI 0100, A2.7.4; DDI 0198, 9.2).
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void codePatchedAheadOfItselfRuns(boolean compiled) throws Exception {
    int[] words = {
      0xe2855001, // add r5, r5, #1
      0xe1816005, // orr r6, r1, r5
      0xe58f6008, // str r6, [pc, #8]: the word that is marked below
      0xee070f3a, // mcr p15, 0, r0, c7, c10, 1: clean the data cache by address
      0xee070f9a, // mcr p15, 0, r0, c7, c10, 4: drain the write buffer
      0xee070f15, // mcr p15, 0, r0, c7, c5, 0: invalidate the instruction cache
      0xe3a03000, // mov r3, #0: the word
      0xe0877003, // add r7, r7, r3
      0xe2522001, // subs r2, r2, #1
      0x1afffff5, // bne the first
      LOOP
    };
    try (Machine machine = machine(compiled, words)) {
      machine.cpu().setRegister(1, 0xe3a03000);
      machine.cpu().setRegister(2, ROUNDS);
      machine.cpu().setRegister(0, CODE);
      machine.run((long) ROUNDS * words.length);
      assertEquals(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8, machine.cpu().register(7));
    }
  }
}
