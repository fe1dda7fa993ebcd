package org.curios.lab.script.model;

import java.util.List;
import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.Injector;

/**
 * Faults to inject into a machine.
 *
 * @param machine which
 */
@ScriptName(value = "Faults", doc = "Injects faults into a machine, and measures their outcomes.")
public record Faults(ScriptMachine machine) implements OfMachine {
  private static final int PRIVATE_BITS = 8 * 1024;
  private static final int WORD_BITS = 32;

  /** Returns the kinds of faults. */
  @Property("The kinds of faults, each with a function of that name.")
  public List<?> kinds() {
    return List.of("register", "memory", "ssr", "code", "abort", "crash");
  }

  /** Returns the kinds of crashes. */
  @Property("The kinds of crash.")
  public List<?> crashes() {
    return machine.view().words().names(Kind.CRASH);
  }

  /** Changes a bit of a register. */
  @ScriptMethod("Flips bit 0 to 31 of a register r0 to r15.")
  public void register(@Arg("register") Object register, @Arg("bit") long bit) {
    int number = ScriptRegisters.number(register);
    if (number > 15) {
      throw ScriptException.usage("register " + register + ": give r0 to r15, sp, lr or pc");
    }
    checkBit(bit, WORD_BITS);
    Cpu cpu = machine.cpu();
    machine.noteChange();
    if (number == 15) {
      cpu.pc ^= 1 << (int) bit;
    } else {
      cpu.setRegister(number, cpu.register(number) ^ 1 << (int) bit);
    }
  }

  /** Changes a bit of private memory. */
  @ScriptMethod("Flips bit 0 to 8191 of the private data of a service or client.")
  public void memory(@Arg("object") Object object, @Arg("bit") long bit) {
    checkBit(bit, PRIVATE_BITS);
    int home = object(object).struct().address() & -4096;
    flip(machine, home, bit);
  }

  /** Changes a bit of a state. */
  @ScriptMethod("Flips a bit of a server state region, as Ssr.flip does.")
  public void ssr(@Arg("ssr") Ssr ssr, @Arg("bit") long bit) {
    if (ssr.machine() != machine) {
      throw ScriptException.usage("this state is of another machine");
    }
    ssr.flip(bit);
  }

  /** Changes a bit of code. */
  @ScriptMethod("Flips bit 0 to 31 of the instruction at a place.")
  public void code(@Arg("place") Object place, @Arg("bit") long bit) {
    checkBit(bit, WORD_BITS);
    int address = machine.address(place);
    int physical = machine.physical(address);
    if (physical == -1) {
      throw ScriptException.guest(
          String.format(Locale.ROOT, "there is no code at %08x now", address));
    }
    flip(machine, physical, bit);
  }

  /** Lets a service abort. */
  @ScriptMethod("Makes the next request of a service end in a data abort.")
  public void abort(@Arg("service") Object service) {
    crash(service, null);
  }

  /** Lets a service crash. */
  @ScriptMethod(
      "Makes the next request of a service crash; the kinds are in crashes, the default is the"
          + " first.")
  public void crash(
      @Arg("service") Object service, @Arg(value = "kind", optional = true) String kind) {
    Dictionary words = machine.view().words();
    String chosen = kind == null ? words.names(Kind.CRASH).get(0) : kind;
    int number = number(words, chosen);
    Guest.Obj object = object(service);
    if (!object.isService()) {
      throw ScriptException.usage(object.name() + " is a client: nothing calls it");
    }
    if (object.struct().get("state") != words.number(Kind.OBJECT, "active")) {
      throw ScriptException.guest(
          object.name()
              + " is "
              + words.name(Kind.OBJECT, object.struct().get("state"))
              + " already");
    }
    machine.view().crashes().mustSuit(object, chosen);
    machine.noteChange();
    machine.view().crashes().arm(object, number);
  }

  private static int number(Dictionary words, String crash) {
    try {
      return words.number(Kind.CRASH, crash);
    } catch (LabException e) {
      throw ScriptException.usage(e.getMessage());
    }
  }

  /** Makes a trial. */
  @ScriptMethod(
      "Uses the current state as the start of trials, which end when the guest ends or after a number of ms (1000 by default), and runs the guest once undisturbed.")
  public Trials trials(@Arg(value = "ms", optional = true) Double ms) {
    return new Trials(machine, ms == null ? 1000 : ms);
  }

  /** Makes one trial. */
  @ScriptMethod(
      "One trial from the current state: calls a function with a machine in the same state, to inject a fault, and compares the run with the undisturbed run.")
  public ScriptOutcome measure(
      @Arg("function") Callback function, @Arg(value = "ms", optional = true) Double ms) {
    try (Trials trials = trials(ms)) {
      return trials.measure(function);
    }
  }

  private Guest.Obj object(Object named) {
    if (named instanceof Service s) {
      return machine.services().item(s.name()).object();
    }
    if (named instanceof Client c) {
      return machine.view().object(c.name());
    }
    if (machine.clients().has(named)) {
      return machine.view().object((String) named);
    }
    return machine.services().item(named).object();
  }

  private static void checkBit(long bit, int bits) {
    if (bit < 0 || bit >= bits) {
      throw ScriptException.usage("bit " + bit + ": from 0 to " + (bits - 1));
    }
  }

  static void flip(ScriptMachine machine, int physical, long bit) {
    machine.noteChange();
    Injector.flip(machine.machine(), physical + (int) (bit / 8), (int) (bit % 8));
  }

  @Override
  public String toString() {
    return "<faults: register, memory, ssr, code, abort, crash>";
  }
}
