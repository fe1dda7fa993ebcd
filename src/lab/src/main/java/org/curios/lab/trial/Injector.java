package org.curios.lab.trial;

import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/** Applies a fault to a machine. */
public final class Injector {
  private static final int SP = 13;

  private Injector() {}

  /**
   * Applies a transient fault.
   *
   * @throws LabException if the place does not exist at this moment, or the fault is not transient
   */
  public static void strike(View v, Fault fault) {
    strike(
        v,
        fault,
        new FaultHost() {
          @Override
          public void pin(Runnable again) {
            throw new LabException(fault + ": it lasts, which only trials can do");
          }

          @Override
          public void later(long ticks, Runnable action) {
            pin(action);
          }
        });
  }

  /**
   * Applies a fault.
   *
   * @param host carries on with what lasts
   * @throws LabException when there is no such place at this moment
   */
  public static void strike(View v, Fault fault, FaultHost host) {
    Machine m = v.machine();
    switch (fault.kind()) {
      case REGISTER, KERNEL_REGISTER -> MachineInjector.strikeRegister(m.cpu(), fault, host);
      case CODE, PRIVATE -> strikeByte(v, fault, virtual(v, fault, fault.place()), host);
      case BUFFER -> strikeByte(v, fault, v.memory().physical(address(fault, fault.place())), host);
      case KEPT -> {
        int offset = address(fault, fault.place());
        boolean inside = offset >>> 20 == 0;
        strikeByte(v, fault, inside ? v.memory().kept(v.object(fault.object()), offset) : -1, host);
      }
      case KERNEL_MEMORY -> strikeByte(v, fault, address(fault, fault.place()), host);
      case PAGE_TABLE -> {
        strikeByte(v, fault, address(fault, fault.place()), host);
        m.cpu().cp15.write(0, 8, 7, 0, 0); // else the TLB may hide it forever
      }
      case SSR -> {
        Struct s = state(v, fault, fault.place());
        strikeBits(v, fault, new Extent(v.states().address(s), (int) s.get("bytes")), host);
      }
      case FIELD -> strikeBits(v, fault, field(v, fault), host);
      case VARIABLE -> strikeBits(v, fault, variable(v, fault.object(), fault.place()), host);
      case MUTATION -> MachineInjector.mutate(m, fault, virtual(v, fault, fault.address()));
      case CRASH -> crash(v, fault);
      case CARD_BLOCK -> CardPlaces.strikeBlock(m, fault, host);
      case CARD_ERROR -> CardPlaces.strikeTransfer(m, fault);
      case PACKET -> PacketPlaces.strike(m, fault);
      case MODE_REGISTER, ABORT, INTERRUPT, DEVICE, MEMORY ->
          MachineInjector.strike(m, fault, host);
    }
  }

  static LabException nowhere(Fault fault) {
    return MachineInjector.nowhere(fault);
  }

  private static int address(Fault fault, String place) {
    return MachineInjector.address(fault, place);
  }

  /** Returns the physical address of one of a service; -1 if there is none. */
  private static int virtual(View v, Fault fault, String place) {
    return v.memory().physical(v.object(fault.object()), address(fault, place));
  }

  private static void strikeByte(View v, Fault fault, int physical, FaultHost host) {
    MachineInjector.strikeBits(v.machine(), fault, physical, 1, host);
  }

  private static void strikeBits(View v, Fault fault, Extent extent, FaultHost host) {
    MachineInjector.strikeBits(v.machine(), fault, extent.address(), extent.bytes(), host);
  }

  /** Flips a bit of a byte in RAM. */
  public static void flip(Machine m, int physical, int bit) {
    m.cpu().memory.patch(physical, m.bus().read(physical, 1) ^ 1 << bit);
  }

  /** Returns the state that OWNER#N names. */
  private static Struct state(View v, Fault fault, String place) {
    int hash = place.indexOf('#');
    if (hash > 0) {
      long owner = v.object(place.substring(0, hash)).struct().get("id");
      String number = place.substring(hash + 1);
      return v.states().of(v.object(fault.object())).stream()
          .filter(s -> s.get("owner") == owner)
          .skip(number.matches("\\d{1,4}") ? Integer.parseInt(number) : Integer.MAX_VALUE)
          .findFirst()
          .orElseThrow(() -> nowhere(fault));
    }
    throw nowhere(fault);
  }

  /** Returns where the field lies that TYPE.FIELD or TYPE.FIELD:OWNER#N names. */
  private static Extent field(View v, Fault fault) {
    String[] parts = fault.place().split(":", 2);
    int dot = parts[0].indexOf('.');
    if (dot < 0) {
      throw nowhere(fault);
    }
    String type = parts[0].substring(0, dot);
    String name = parts[0].substring(dot + 1);
    if (parts.length == 1) {
      return v.extent(type, v.object(fault.object()).struct().address(), name);
    }
    Struct s = state(v, fault, parts[1]);
    return type.equals("state") ? v.states().extent(s, name) : v.extent(type, s.address(), name);
  }

  /**
   * Returns where a global variable of a service lies.
   *
   * @throws LabException when the service has none of that name
   */
  public static Extent variable(View v, String service, String name) {
    Obj o = v.object(service);
    for (Image.Symbol s : v.symbols().all(name)) {
      if (!s.function() && s.address() >>> 20 == v.memory().section(o) && s.size() > 0) {
        return new Extent(v.memory().physical(o, s.address()), s.size());
      }
    }
    List<String> known =
        v.symbols().names().stream()
            .filter(n ->
                v.symbols().all(n).stream()
                    .anyMatch(s ->
                        !s.function()
                            && s.address() >>> 20 == v.memory().section(o)
                            && s.size() > 0))
            .toList();
    throw new LabException(
        name
            + ": "
            + service
            + " has no such variable"
            + Nearest.hint(name, known)
            + (known.isEmpty() ? "; it has none" : "; there are " + String.join(", ", known)));
  }

  /** Returns the activation that runs; the processor is in user mode. */
  static Struct activation(View v) {
    return v.frame(v.machine().cpu().banked(Psr.SUPERVISOR, SP));
  }

  /**
   * Returns whether the code of a service runs; or that of the kernel, which does not wait.
   *
   * @param inMethod whether it must be in a method
   */
  public static boolean runs(View v, String service, boolean inMethod) {
    Cpu cpu = v.machine().cpu();
    if (service.equals(Fault.KERNEL)) {
      return cpu.mode() != Psr.USER && !cpu.isWaiting();
    }
    Obj running = running(v);
    return running != null
        && running.name().equals(service)
        && (!inMethod || activation(v).get("method") != 0);
  }

  /** Returns the object whose code runs, or null in the kernel and before any object exists. */
  static Obj running(View v) {
    return v.machine().cpu().mode() == Psr.USER ? v.objectAt(activation(v).get("object")) : null;
  }

  /** Returns the client at the bottom of the thread that runs. */
  static Obj client(View v) {
    Struct thread = v.threadOf(activation(v).address());
    return v.objectAt(v.frame(thread.addressOf("frames")).get("object"));
  }

  /** Makes the current method continue with the crash that would be armed at its entry. */
  private static void crash(View v, Fault fault) {
    Obj running = running(v);
    if (!v.words().names(Kind.CRASH).contains(fault.place())
        || running == null
        || !running.name().equals(fault.object())) {
      throw nowhere(fault);
    }
    Cpu cpu = v.machine().cpu();
    Struct frame = activation(v);
    int state = 0;
    if (frame.get("ssr") != 0) {
      Struct s = v.struct("Ssr", (int) frame.get("ssr"));
      state =
          (int)
              (v.words().name(Kind.MODE, s.get("kind")).equals("packed")
                  ? frame.get("stack")
                  : s.get("address"));
    }
    cpu.setRegister(0, state);
    if (fault.place().equals("contract") || fault.place().equals("state")) {
      cpu.setRegister(
          SP, (int) frame.get("stack")); // it returns normally, except for what it breaks
    }
    cpu.pc = v.symbol("crash_" + fault.place());
  }
}
