package org.curios.tests.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tools see into is the same machine: the same states at the same ticks, to the end. */
class InstrumentedTest {
  private static final long LIMIT = 300_000_000;

  static Stream<String> programs() {
    return Stream.concat(
        Images.names().stream().filter(n -> n.startsWith("tests/")),
        Stream.of("bench/compiler", "bench/strings-thumb", "curios"));
  }

  private static List<Integer> state(Cpu cpu) {
    List<Integer> state = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      state.add(cpu.register(i));
    }
    state.add(cpu.cpsr());
    state.add((int) cpu.now());
    return state;
  }

  /** Runs in slices that end at odd ticks, and returns the states there and what was printed. */
  private static List<Object> run(String name, boolean instrumented, long slice) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    List<Object> seen = new ArrayList<>();
    try (Machine machine =
        new MachineBuilder()
            .jit(instrumented)
            .instrumented(instrumented)
            .console(new PrintStream(output, false))
            .build()) {
      machine.load(Image.parse(name, Images.elf(name)));
      try {
        for (long tick = slice; tick < LIMIT; tick += slice) {
          seen.add(machine.run(tick));
          seen.add(state(machine.cpu()));
        }
      } catch (GuestExit e) {
        seen.add(e.status());
        seen.add(state(machine.cpu()));
      }
      seen.add(machine.cpu().now());
      seen.add(output.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
    }
    return seen;
  }

  @ParameterizedTest
  @MethodSource("programs")
  void isExact(String name) throws Exception {
    List<Object> plain = run(name, false, 1_000_003);
    List<Object> instrumented = run(name, true, 1_000_003);
    assertEquals(plain.size(), instrumented.size(), "stops");
    for (int i = 0; i < plain.size(); i++) {
      assertEquals(plain.get(i), instrumented.get(i), "at stop " + i / 2);
    }
    assertTrue(plain.size() >= 4, () -> "too little has run: " + plain);
  }

  @Test
  void stopsAtEachInstruction() throws Exception {
    List<Object> plain = new ArrayList<>();
    List<Object> instrumented = new ArrayList<>();
    for (boolean tools : new boolean[] {false, true}) {
      try (Machine machine =
          new MachineBuilder()
              .jit(tools)
              .instrumented(tools)
              .console(new PrintStream(java.io.OutputStream.nullOutputStream()))
              .build()) {
        machine.load(Image.parse("mmu", Images.elf("tests/mmu")));
        for (int i = 0; i < 30_000; i++) {
          machine.executor().step();
          (tools ? instrumented : plain).add(state(machine.cpu()));
        }
      }
    }
    assertEquals(plain, instrumented);
  }
}
