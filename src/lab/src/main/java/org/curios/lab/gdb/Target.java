package org.curios.lab.gdb;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.lab.gdb.GdbRegisters.Register;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;

/**
 * The machine as a debugger uses it. Its changes become part of the machine's past. To be used by
 * one thread; requests are executed on the machine's thread.
 */
final class Target {
  private final Session session;
  private final Guest guest;
  private final GuestThreads threads;
  private final GdbMemory memory;
  private final GdbBreakpoints breakpoints = new GdbBreakpoints();
  private final Set<Integer> exits;
  private boolean stepsMachine;

  Target(Session session, Symbols symbols) {
    this.session = session;
    this.guest = new Guest(symbols);
    this.threads = new GuestThreads(guest);
    this.memory = new GdbMemory(guest);
    this.exits = Context.GuestThread.exits(symbols);
  }

  Session session() {
    return session;
  }

  Guest guest() {
    return guest;
  }

  GdbBreakpoints breakpoints() {
    return breakpoints;
  }

  GuestThreads threads() {
    return threads;
  }

  /** Chooses whether a step is always one instruction of the machine. */
  void stepMachine(boolean always) {
    stepsMachine = always;
  }

  boolean stepsMachine() {
    return stepsMachine;
  }

  /** Removes all breakpoints. */
  void clear() {
    breakpoints.clear();
    session.call(m -> {
      breakpoints.settle(session.history().points());
      return null;
    });
  }

  // ---- threads

  /** Returns all threads. */
  List<GuestThreads.Listed> list() {
    return session.call(threads::list);
  }

  /** Returns whether there is a thread with a number. */
  boolean exists(int thread) {
    return session.call(m -> threads.exists(m, thread));
  }

  /** Returns the thread whose registers the processor has. */
  int current() {
    return session.call(threads::current);
  }

  // ---- registers

  /** Returns the activation that has a thread's registers; null if the processor has them. */
  private Struct saved(Machine m, int thread) {
    if (thread > GuestThreads.PROCESSOR && threads.frame(m, thread) == 0) {
      throw new SessionException("there is no thread " + thread);
    }
    return thread <= 0 ? null : threads.saved(m, thread);
  }

  /** Returns all registers of a thread in gdb's order, as digits. */
  String registers(int thread) {
    return session.call(m -> {
      Struct saved = saved(m, thread);
      StringBuilder text = new StringBuilder();
      for (Register r : GdbRegisters.ALL) {
        text.append(GdbRegisters.hex(GdbRegisters.read(m, saved, r), r.bits()));
      }
      return text.toString();
    });
  }

  /** Returns a register of a thread as digits. */
  String register(int thread, Register r) {
    return session.call(m -> GdbRegisters.hex(GdbRegisters.read(m, saved(m, thread), r), r.bits()));
  }

  /** Sets registers of a thread; those that already have the value are not written. */
  void setRegisters(int thread, Map<Register, Integer> values) {
    session.call(m -> {
      Map<Register, Integer> changed = new HashMap<>(values);
      changed
          .entrySet()
          .removeIf(e -> (int) GdbRegisters.read(m, saved(m, thread), e.getKey()) == e.getValue());
      if (!changed.isEmpty()) {
        session
            .history()
            .change(mm -> {
              for (Register r : GdbRegisters.ALL) {
                if (changed.containsKey(r)) {
                  GdbRegisters.write(mm, saved(mm, thread), r, changed.get(r));
                }
              }
            });
      }
      return null;
    });
  }

  // ---- memory

  /** Reads the accessible part of a range. */
  byte[] read(int address, int length) {
    return session.call(m -> memory.read(m, address, length));
  }

  /** Writes to memory; returns false if it is not there. */
  boolean write(int address, byte[] bytes) {
    return session.call(m -> {
      byte[] old = memory.read(m, address, bytes.length);
      if (old.length < bytes.length) {
        return false;
      }
      if (!Arrays.equals(old, bytes)) {
        session.history().change(mm -> memory.write(mm, address, bytes));
      }
      return true;
    });
  }

  // ---- moves

  Move forward() {
    return new Forward(breakpoints);
  }

  Move backward() {
    return new Backward(breakpoints);
  }

  /**
   * Steps a thread.
   *
   * @param from first address of the range to step through
   * @param length bytes of the range; 0 for one instruction
   */
  Move step(int thread, int from, int length) {
    return new Step(breakpoints, threads, thread, context(thread), from, length);
  }

  Move stepBack(int thread) {
    return new StepBack(breakpoints, threads, thread, context(thread));
  }

  private Context context(int thread) {
    return session.call(m -> {
      int last = threads.frame(m, thread);
      return stepsMachine || exits.isEmpty() || last == 0
          ? new Context.Processor(!stepsMachine)
          : new Context.GuestThread(threads, exits, threads.firstFrame(m, thread), last);
    });
  }

  // ---- stops

  /** Returns the stop reply for where the machine is stopped. */
  String stopReply(Machine m, StopReason reason) {
    int thread = threads.current(m);
    StringBuilder reply = new StringBuilder("T");
    reply.append(GdbRegisters.hex(reason.signal(), 8));
    for (int number :
        new int[] {GdbRegisters.SP, GdbRegisters.LR, GdbRegisters.PC, GdbRegisters.CPSR}) {
      Register r = GdbRegisters.find(number);
      reply.append(GdbRegisters.hex(number, 8)).append(':');
      reply.append(GdbRegisters.hex(r.reader().read(m), r.bits())).append(';');
    }
    reply.append("thread:").append(Integer.toHexString(thread)).append(';');
    return reply.append(reason.words()).toString();
  }
}
