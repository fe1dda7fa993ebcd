package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.Nearest;

/**
 * The registers of the current mode.
 *
 * @param machine whose
 */
@ScriptName(
    value = "Registers",
    doc =
        "Registers r0 to r15, sp, lr, pc, cpsr of the current mode, by name; a loop iterates over the names.")
public record ScriptRegisters(ScriptMachine machine) implements OfMachine, Keyed, Listed {
  private static final List<String> NAMES = new ArrayList<>();

  private static final List<Integer> MODES =
      List.of(Psr.USER, Psr.FIQ, Psr.IRQ, Psr.SUPERVISOR, Psr.ABORT, Psr.UNDEFINED, Psr.SYSTEM);

  static {
    for (int i = 0; i < 16; i++) {
      NAMES.add("r" + i);
    }
    NAMES.addAll(List.of("sp", "lr", "pc", "cpsr"));
  }

  /** Returns the number of a register; 16 for the CPSR. */
  static int number(Object key) {
    String name = String.valueOf(key).toLowerCase(Locale.ROOT);
    int index = NAMES.indexOf(name.matches("\\d+") ? "r" + name : name);
    if (index < 0) {
      throw ScriptException.name(
          key + ": no such register" + Nearest.hint(name, NAMES) + "; r0 to r15, sp, lr, pc, cpsr");
    }
    return index < 16 ? index : index == 19 ? 16 : 13 + index - 16;
  }

  @Override
  public List<?> items() {
    return List.copyOf(NAMES);
  }

  @Override
  public boolean has(Object key) {
    return NAMES.contains(String.valueOf(key));
  }

  @Override
  public Object item(Object key) {
    int number = number(key);
    Cpu cpu = machine.cpu();
    return (number == 16 ? cpu.cpsr() : cpu.register(number)) & 0xffffffffL;
  }

  @Override
  public void setItem(Object key, Object value) {
    int number = number(key);
    int bits = ScriptMemory.word(key, value);
    machine.noteChange();
    Cpu cpu = machine.cpu();
    if (number < 16) {
      cpu.setRegister(number, bits);
    } else if (MODES.contains(bits & Psr.MODE)) {
      cpu.setStatus(bits);
    } else {
      throw ScriptException.usage(
          String.format(Locale.ROOT, "cpsr: %08x names no mode of the processor", bits));
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String name : NAMES.subList(0, 16)) {
      text.append(String.format(Locale.ROOT, "%s=%08x ", name, (Long) item(name)));
    }
    return text.append(String.format(Locale.ROOT, "cpsr=%08x", (Long) item("cpsr"))).toString();
  }
}
