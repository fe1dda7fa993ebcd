package org.curios.lab.session;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.session.EventLog.Event;
import org.curios.lab.session.Points.Point;
import org.curios.machine.Machine;

/**
 * Performs the crashes that the kernel cannot perform itself: when an armed crash strikes its
 * request, the kernel reports it, and the machine is changed from outside. The description of the
 * crash is in the guest's memory ({@code armed_with}), so that snapshots include it.
 */
public final class ArmedCrashes {
  /** A permanently undefined instruction (ARM DDI 0100, A3.16.5). */
  private static final int UNDEFINED = 0xe7f000f0;

  /** In place of a bit of an instruction: all of it. */
  public static final int WHOLE = 0xff;

  /** Number of the CPSR after R0 to R15. */
  public static final int CPSR = 16;

  private final Session session;
  private Point pending;

  /** Waits for armed crashes. */
  public ArmedCrashes(Session session, EventLog log) {
    this.session = session;
    log.listen(this::note);
    session.post(m -> session.history().onForget(t -> cancel()));
  }

  /** Words for {@code armed_with}: a bit of a register, after a given number of instructions. */
  public static int[] register(int number, int bit, int instructions) {
    return new int[] {number | bit << 8, instructions};
  }

  /**
   * Words for {@code armed_with}: a bit of an instruction; address 0 is where the method begins.
   */
  public static int[] code(int address, int bit) {
    return new int[] {address, bit};
  }

  /** Words for {@code armed_with}: a bit of a state. */
  public static int[] state(int record, int offset, int bit) {
    return new int[] {record, offset * 8 + bit};
  }

  private void cancel() {
    if (pending != null) {
      session.history().points().remove(pending);
      pending = null;
    }
  }

  private void note(View v, Event e) {
    if (!v.words().name(Kind.EVENT, e.kind()).equals("armed")) {
      return;
    }
    Obj o = v.object(v.nameOf(e.object()));
    int a = (int) o.struct().get("armed_with", 0);
    int b = (int) o.struct().get("armed_with", 1);
    Struct frame = v.structure("Frame", v.threadOfObject(e.b()).get("frame") + v.size("Frame"));
    switch (v.words().crash(e.a())) {
      case "bitflip" -> flipSoon((int) frame.get("pc") >>> 20, a, b);
      case "code" -> {
        int address = v.memory().physical(o, a == 0 ? (int) frame.get("pc") : a);
        session.history().change(m -> damage(m, address, b));
      }
      case "ssr" -> flipState(v, a, b, frame);
      default -> {}
    }
  }

  private static void damage(Machine m, int address, int bit) {
    int word = m.bus().read(address & ~3, 4);
    int damaged = bit == WHOLE ? UNDEFINED : word ^ 1 << bit;
    for (int i = 0; i < 4; i++) {
      m.cpu().memory.patch((address & ~3) + i, damaged >>> 8 * i & 0xff);
    }
  }

  /** Flips a bit of a state: where the request that is about to begin sees it, if it does. */
  private void flipState(View v, int record, int bit, Struct frame) {
    Struct s = v.states().at(record);
    if (s == null) {
      return;
    }
    boolean inWindow =
        frame.get("ssr") == record && v.words().name(Kind.MODE, s.get("kind")).equals("packed");
    int address =
        inWindow
            ? v.memory().physical(v.objectAt(frame.get("object")), (int) frame.get("stack"))
            : v.states().address(s);
    session.history().change(m -> flip(m, address + bit / 8, bit % 8));
  }

  /** Flips a bit of a byte in RAM. */
  public static void flip(Machine m, int address, int bit) {
    m.cpu().memory.patch(address, m.bus().read(address, 1) ^ 1 << bit);
  }

  /** Flips a bit of a register after a given number of the service's own instructions. */
  private void flipSoon(int region, int what, int instructions) {
    cancel();
    int[] done = {0};
    pending =
        session
            .history()
            .points()
            .observeSteps(m -> {
              Cpu cpu = m.cpu();
              if (cpu.mode() != Psr.USER || cpu.pc >>> 20 != region) {
                return;
              }
              if (done[0]++ == instructions) {
                cancel();
                session.history().change(n -> flipRegister(n.cpu(), what & 0xff, what >>> 8));
              }
            });
  }

  private static void flipRegister(Cpu cpu, int number, int bit) {
    if (number == CPSR) {
      cpu.setStatus(cpu.cpsr() ^ 1 << bit);
    } else {
      cpu.setRegister(number, cpu.register(number) ^ 1 << bit);
    }
  }
}
