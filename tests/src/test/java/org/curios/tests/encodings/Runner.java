package org.curios.tests.encodings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.arm.run.Executor;
import org.curios.machine.Machine;
import org.curios.machine.image.ImageException;
import org.curios.tests.differential.Ours;

/** Runs cases on a machine, one after the other, and compares the result with what should have. */
final class Runner implements AutoCloseable {
  private static final int LOOP = 0xeafffffe;
  private static final int THUMB_LOOP = 0xe7fe;

  /** Instructions that a run takes at least: the case, and the loop that it ends in. */
  private static final int TICKS = 40;

  /** Runs after which a block that is going to be compiled has been. */
  private static final int RUNS = 6;

  /** Something for loads and stores to work on while a block gets hot. */
  private static final int HARMLESS = 0x00200000;

  private final Machine machine;
  private final Cpu cpu;

  Runner(Ours.Mode mode) throws ImageException {
    machine =
        Ours.builder(mode)
            .ram(16 << 20)
            .console(new PrintStream(OutputStream.nullOutputStream()))
            .build();
    cpu = machine.cpu();
    if (mode == Ours.Mode.NODES) {
      Ours.byNodes(cpu);
    }
  }

  /** Puts the code of a case into memory, with loops at every place where it may end. */
  private void prepare(Case c) {
    cpu.reset();
    for (int vector = 0; vector < 0x20; vector += 4) {
      poke(vector, LOOP, 4);
    }
    int size = c.thumb() ? 2 : 4;
    int at = Case.CODE;
    for (int word : c.words()) {
      poke(at, word, size);
      at += size;
    }
    poke(at, size == 2 ? THUMB_LOOP : LOOP, size);
    if (c.end() != (size == 2 ? at | 1 : at)) {
      boolean thumb = (c.end() & 1) != 0;
      poke(c.end() & ~1, thumb ? THUMB_LOOP : LOOP, thumb ? 2 : 4);
    }
  }

  private void poke(int address, int value, int size) {
    for (int i = 0; i < size; i++) {
      cpu.memory.poke(address + i, value >>> 8 * i);
    }
  }

  private void set(Map<String, Integer> state) {
    state.forEach((name, value) -> {
      if (name.startsWith("[")) {
        machine.bus().write(address(name), value, 4);
      }
    });
    for (String mode : State.MODES) {
      cpu.setCpsr(State.modeBits(mode) == Psr.USER ? Psr.SYSTEM : State.modeBits(mode));
      for (int i = 0; i < 15; i++) {
        Integer value = state.get(name(i, mode));
        if (value != null) {
          cpu.setRegister(i, value);
        }
      }
      if (cpu.hasSpsr()) {
        cpu.setSpsr(state.get("spsr_" + mode));
      }
    }
    for (int register : new int[] {2, 3, 5, 6, 13, 1}) {
      cpu.cp15.write(0, register, 0, 0, state.get("c" + register));
    }
    cpu.setCpsr(state.get("cpsr"));
    cpu.pc = state.get("pc");
  }

  private static int address(String name) {
    return Integer.parseUnsignedInt(name.substring(1, 9), 16);
  }

  private static String name(int register, String mode) {
    if (register < 8) {
      return "r" + register;
    }
    return "r" + register + "_" + (register < 13 && !mode.equals("fiq") ? "usr" : mode);
  }

  /**
   * Returns the state with the same names as another; leaves the processor in a mode of no meaning.
   */
  private Map<String, Integer> get(Map<String, Integer> like) {
    Map<String, Integer> state = new TreeMap<>();
    state.put("pc", cpu.pc);
    state.put("cpsr", cpu.cpsr());
    for (int register : State.CP15) {
      state.put("c" + register, (int) cpu.cp15.read(0, register, 0, 0));
    }
    for (String mode : State.MODES) {
      cpu.setCpsr(State.modeBits(mode) == Psr.USER ? Psr.SYSTEM : State.modeBits(mode));
      for (int i = 0; i < 15; i++) {
        state.put(name(i, mode), cpu.register(i));
      }
      if (cpu.hasSpsr()) {
        state.put("spsr_" + mode, cpu.spsr());
      }
    }
    for (String name : like.keySet()) {
      if (name.startsWith("[")) {
        state.put(name, machine.bus().read(address(name), 4));
      }
    }
    return state;
  }

  private void run(Case c) {
    set(c.before());
    assertEquals(Executor.Stop.TICKS, machine.run(cpu.now() + TICKS), c.toString());
    check(c);
  }

  private void check(Case c) {
    Map<String, Integer> actual = get(c.after());
    List<String> expectedLines = new ArrayList<>();
    List<String> actualLines = new ArrayList<>();
    c.after()
        .forEach((name, value) -> {
          int found = actual.get(name);
          if (value != null && value != found) {
            expectedLines.add("%s=%08x".formatted(name, value));
            actualLines.add("%s=%08x".formatted(name, found));
          }
        });
    assertEquals(String.join(" ", expectedLines), String.join(" ", actualLines), c.toString());
    assertEquals(c.after().keySet(), actual.keySet(), "names of the state");
  }

  /** Runs the instructions of a case one by one. */
  void step(Case c) {
    prepare(c);
    set(c.before());
    for (int i = 0; i < c.words().size(); i++) {
      assertEquals(Executor.Stop.TICKS, machine.run(machine.cpu().now() + 1), c.toString());
    }
    check(c);
  }

  /**
   * Runs a case as part of a block, more than once: the first access of a page takes another way
   * than the others.
   */
  void runBlock(Case c) {
    prepare(c);
    for (int i = 0; i < RUNS; i++) {
      run(c);
    }
  }

  /**
   * Runs a case until it has been translated to host byte code, and then some more.
   *
   * @return whether it has been translated
   */
  boolean runTranslated(Case c) {
    long before = machine.executor().translations();
    runBlock(c);
    return machine.executor().translations() > before;
  }

  /**
   * Runs a case until it has been compiled and then again.
   *
   * @return whether it has been compiled: what ends with an abort each time is not
   */
  boolean runCompiled(Case c) {
    prepare(c);
    run(c);
    long loops = machine.compilations().compiled();
    for (int i = 0; i < RUNS && machine.compilations().compiled() == loops; i++) {
      run(c);
    }
    boolean compiled = machine.compilations().compiled() > loops;
    for (int i = 0; i < RUNS && !compiled; i++) {
      runHarmlessly(c);
      compiled = machine.compilations().compiled() > loops;
    }
    run(c);
    run(c);
    assertEquals(0, machine.compilations().failed(), "failed compilations");
    return compiled;
  }

  /**
   * Runs the instructions of a case, but in system mode, with the MMU off and with registers that
   * are addresses of free memory, so that they do not abort.
   */
  private void runHarmlessly(Case c) {
    Map<String, Integer> state = new TreeMap<>(c.before());
    state.replaceAll((name, value) -> name.startsWith("r") ? Integer.valueOf(HARMLESS) : value);
    state.put("c1", c.before().get("c1") & ~1);
    state.put("cpsr", Psr.SYSTEM);
    set(state);
    machine.run(cpu.now() + TICKS);
  }

  @Override
  public void close() {
    machine.close();
  }
}
