package org.curios.lab.trial;

import java.util.List;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.GuestException;
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
  private static final int PC = 15;
  private static final int SP = 13;
  private static final int WORD = 4;

  /** Fault status: external abort on a non-linefetch of a page (ARM DDI 0100, B4.6). */
  private static final int EXTERNAL = 0xa;

  /** Registers that all modes but FIQ share, and that can be stuck. */
  private static final int SHARED = 12;

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
    switch (fault.kind()) {
      case REGISTER, KERNEL_REGISTER -> strikeRegister(v.machine().cpu(), fault, host);
      case CODE, PRIVATE -> {
        int address = address(fault, fault.place());
        strikeBits(
            v, fault, new Extent(v.memory().physical(v.object(fault.object()), address), 1), host);
      }
      case BUFFER ->
          strikeBits(
              v, fault, new Extent(v.memory().physical(address(fault, fault.place())), 1), host);
      case KEPT -> {
        int offset = address(fault, fault.place());
        boolean inside = offset >>> 20 == 0;
        int physical = inside ? v.memory().kept(v.object(fault.object()), offset) : -1;
        strikeBits(v, fault, new Extent(physical, 1), host);
      }
      case MODE_REGISTER -> ModeRegisters.strike(v.machine().cpu(), fault, host);
      case KERNEL_MEMORY ->
          strikeBits(v, fault, new Extent(address(fault, fault.place()), 1), host);
      case PAGE_TABLE -> {
        strikeBits(v, fault, new Extent(address(fault, fault.place()), 1), host);
        v.machine().cpu().cp15.write(0, 8, 7, 0, 0); // else the TLB may hide it forever
      }
      case SSR -> {
        Struct s = state(v, fault, fault.place());
        strikeBits(v, fault, new Extent(v.states().address(s), (int) s.get("bytes")), host);
      }
      case FIELD -> strikeBits(v, fault, field(v, fault), host);
      case VARIABLE -> strikeBits(v, fault, variable(v, fault.object(), fault.place()), host);
      case ABORT -> abort(v.machine().cpu(), fault);
      case MUTATION -> mutate(v, fault);
      case INTERRUPT -> Interrupts.strike(v.machine(), fault, host);
      case CRASH -> crash(v, fault);
      case DEVICE -> DeviceRegisters.strike(v.machine(), fault, host);
      case CARD_BLOCK -> CardPlaces.strikeBlock(v.machine(), fault, host);
      case CARD_ERROR -> CardPlaces.strikeTransfer(v.machine(), fault);
      case PACKET -> PacketPlaces.strike(v.machine(), fault);
    }
  }

  static LabException nowhere(Fault fault) {
    return new LabException(
        fault + ": there is no such place at that tick; replay it on the system it was found on");
  }

  private static int address(Fault fault, String place) {
    try {
      return Integer.parseUnsignedInt(place, 16);
    } catch (NumberFormatException e) {
      throw nowhere(fault);
    }
  }

  /** Changes bits within a part of RAM, in one byte or in two. */
  private static void strikeBits(View v, Fault fault, Extent extent, FaultHost host) {
    Machine m = v.machine();
    boolean there = extent.address() != -1 && m.bus().isRam(extent.address());
    if (!there || fault.bit() + fault.bits() > 8 * extent.bytes()) {
      throw nowhere(fault);
    }
    Runnable change =
        () -> {
          int mask = fault.mask(8);
          int at = extent.address() + fault.bit() / 8;
          for (int i = 0; mask >>> 8 * i != 0; i++) {
            int before = m.bus().read(at + i, 1);
            int after = fault.mode().apply(before, mask >>> 8 * i & 0xff) & 0xff;
            if (after != before) {
              m.cpu().memory.patch(at + i, after);
            }
          }
        };
    host.change(fault, change);
  }

  /** Flips a bit of a byte in RAM. */
  public static void flip(Machine m, int physical, int bit) {
    m.cpu().memory.patch(physical, m.bus().read(physical, 1) ^ 1 << bit);
  }

  private static void strikeRegister(Cpu cpu, Fault fault, FaultHost host) {
    if (fault.bit() + fault.bits() > Integer.SIZE) {
      throw nowhere(fault);
    }
    int mask = fault.mask(Integer.SIZE);
    if (fault.place().equals("cpsr") && fault.isTransient()) {
      cpu.setCpsr(cpu.cpsr() ^ mask);
      return;
    }
    int number =
        fault.place().matches("r([0-9]|1[0-5])")
            ? Integer.parseInt(fault.place().substring(1))
            : -1;
    if (number < 0) {
      throw nowhere(fault);
    }
    if (!fault.isTransient()) {
      if (number > SHARED) {
        throw new LabException(fault + ": only r0 to r12 can be stuck");
      }
      Runnable change =
          () -> cpu.setRegister(number, fault.mode().apply(cpu.register(number), mask));
      host.change(fault, change);
    } else if (number == PC) {
      cpu.pc ^= mask;
    } else {
      cpu.setRegister(number, cpu.register(number) ^ mask);
    }
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

  /** Makes the current instruction end in an external abort. */
  private static void abort(Cpu cpu, Fault fault) {
    switch (fault.place()) {
      case "data" -> {
        cpu.cp15.write(0, 5, 0, 0, EXTERNAL);
        cpu.cp15.write(0, 6, 0, 0, cpu.register(SP));
        cpu.enter(GuestException.DATA_ABORT, (cpu.pc & ~1) + 2 * WORD);
      }
      case "prefetch" -> {
        cpu.cp15.prefetchAbort(EXTERNAL);
        cpu.enter(GuestException.PREFETCH_ABORT, (cpu.pc & ~1) + WORD);
      }
      default -> throw nowhere(fault);
    }
  }

  private static void mutate(View v, Fault fault) {
    String[] parts = fault.place().split(":", 2);
    Mutation mutation = parts.length < 2 ? null : Mutation.of(parts[1]);
    int physical =
        mutation == null
            ? -1
            : v.memory().physical(v.object(fault.object()), address(fault, parts[0]) & -WORD);
    Machine m = v.machine();
    if (physical == -1 || !m.bus().isRam(physical)) {
      throw nowhere(fault);
    }
    int word = m.bus().read(physical, WORD);
    if (!mutation.suits(word)) {
      throw nowhere(fault);
    }
    int mutated = mutation.apply(word);
    for (int i = 0; i < WORD; i++) {
      m.cpu().memory.patch(physical + i, mutated >>> 8 * i & 0xff);
    }
  }

  /** Returns the activation that runs; the processor is in user mode. */
  static Struct activation(View v) {
    return v.frame(v.machine().cpu().banked(Psr.SUPERVISOR, SP));
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
