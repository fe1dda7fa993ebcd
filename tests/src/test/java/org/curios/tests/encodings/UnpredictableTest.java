package org.curios.tests.encodings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Instructions that name R15 where they must not: what they do is open, but they do it to the guest
 * alone. A flipped bit makes them of others.
 */
class UnpredictableTest {
  /** The header of an object of the host; no register lies in it. */
  private static final int HEADER = 8;

  @Test
  void everyRegisterHasAPlaceOfItsOwn() {
    Set<Long> places = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      assertTrue(Cpu.offset(i) >= HEADER, "r" + i);
      places.add(Cpu.offset(i));
    }
    assertEquals(16, places.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e00f0291", // mul pc,r1,r2
        "e02f3291", // mla pc,r1,r2,r3
        "e08ff291", // umull pc,pc,r1,r2
        "e16fff11", // clz pc,r1
        "e10f0000", // mrs r0,cpsr
        "e10ff000", // mrs pc,cpsr
        "e16f0281", // smulbb pc,r1,r2
        "e101f052", // qadd pc,r2,r1
        "e101f09f", // swp pc,pc,[r1]
        "e1d1f0b0", // ldrh pc,[r1]
        "e5d1f000", // ldrb pc,[r1]
        "e1c1e0d0", // ldrd lr,pc,[r1]
        "e1c1f0d0" // ldrd pc,...,[r1]
      })
  void theHostStaysAsItIs(String word) throws Exception {
    try (Machine machine =
        new MachineBuilder()
            .ram(1 << 20)
            .jit(false)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build()) {
      Cpu cpu = machine.cpu();
      int hash = System.identityHashCode(cpu);
      machine.bus().write(0x8000, Integer.parseUnsignedInt(word, 16), 4);
      cpu.pc = 0x8000;
      cpu.setRegister(1, 0x9000);
      cpu.setRegister(2, 2);
      assertEquals(Executor.Stop.TICKS, machine.run(1));
      assertEquals(hash, System.identityHashCode(cpu));
    }
  }
}
