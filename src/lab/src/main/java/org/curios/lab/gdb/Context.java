package org.curios.lab.gdb;

import java.util.LinkedHashSet;
import java.util.Set;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/**
 * The instructions that a step counts. A step of a guest thread skips the kernel's work, on its
 * behalf or for others, and the services that it calls: the thread is in user mode, in the same
 * activation or one that this has returned to. That of the processor passes over interrupts only.
 */
sealed interface Context {
  /** The processor's state before a step. */
  record Before(int pc, int psr, int sp) {
    static Before of(Machine m) {
      Cpu cpu = m.cpu();
      return new Before(cpu.register(GdbRegisters.PC), cpu.cpsr(), cpu.register(GdbRegisters.SP));
    }

    boolean isNow(Machine m) {
      Before now = of(m);
      return now.pc == pc && now.sp == sp && ((now.psr ^ psr) & Psr.MODE) == 0;
    }
  }

  /** Returns whether the processor executes the context's instructions. */
  boolean isOn(Machine m, Before before);

  /** Returns whether the machine, one instruction before, executed the context's. */
  boolean wasOn(Machine m, Before before);

  /** Returns the addresses at which the machine must stop to notice that the context resumes. */
  Set<Integer> returns(Before before);

  /** Returns whether the machine, at one of these addresses, resumes the context. */
  boolean isReturning(Machine m, Before before);

  /** Returns the number of instructions from there to the context. */
  int distance();

  /** Returns whether the machine, at the vector of an exception, has just left the context. */
  boolean hasLeft(Machine m, Before before);

  /** The whole machine, each instruction; interrupts, too, if they are not to be passed over. */
  record Processor(boolean passesInterrupts) implements Context {
    @Override
    public boolean isOn(Machine m, Before before) {
      return !passesInterrupts || !hasLeft(m, before);
    }

    @Override
    public boolean wasOn(Machine m, Before before) {
      return !passesInterrupts || !isInterrupt(m, before);
    }

    private static boolean isInterrupt(Machine m, Before before) {
      int mode = m.cpu().mode();
      return (mode == Psr.IRQ || mode == Psr.FIQ) && (before.psr & Psr.MODE) != mode;
    }

    @Override
    public Set<Integer> returns(Before before) {
      return Set.of(before.pc);
    }

    @Override
    public boolean isReturning(Machine m, Before before) {
      return before.isNow(m);
    }

    @Override
    public int distance() {
      return 0;
    }

    @Override
    public boolean hasLeft(Machine m, Before before) {
      Cpu cpu = m.cpu();
      return isInterrupt(m, before)
          && cpu.spsr() == before.psr
          && cpu.register(GdbRegisters.LR) == before.pc + 4;
    }
  }

  /**
   * A guest thread.
   *
   * @param threads the guest's threads
   * @param exits where the kernel goes back to user mode, in the activation that the supervisor's
   *     stack pointer says
   * @param first address of the thread's first activation
   * @param last address of the one that is stepped
   */
  record GuestThread(GuestThreads threads, Set<Integer> exits, int first, int last)
      implements Context {
    /** Where entry.S goes back to user mode. */
    private static final String[] EXITS = {"call_entered", "call_returned", "resumed"};

    /**
     * Returns the addresses at which the kernel goes back to user mode; empty if one is unknown.
     */
    static Set<Integer> exits(Symbols symbols) {
      Set<Integer> exits = new LinkedHashSet<>();
      for (String name : EXITS) {
        Image.Symbol symbol = symbols.find(name);
        if (symbol == null) {
          return Set.of();
        }
        exits.add(symbol.address());
      }
      return exits;
    }

    private boolean holds(int frame) {
      return frame >= first && frame <= last;
    }

    @Override
    public boolean isOn(Machine m, Before before) {
      return holds(threads.runningFrame(m));
    }

    @Override
    public boolean wasOn(Machine m, Before before) {
      return isOn(m, before);
    }

    @Override
    public Set<Integer> returns(Before before) {
      return exits;
    }

    @Override
    public boolean isReturning(Machine m, Before before) {
      return exits.contains(m.cpu().register(GdbRegisters.PC))
          && holds(m.cpu().banked(Psr.SUPERVISOR, GdbRegisters.SP));
    }

    @Override
    public int distance() {
      return 1;
    }

    @Override
    public boolean hasLeft(Machine m, Before before) {
      return m.cpu().hasSpsr()
          && (m.cpu().spsr() & Psr.MODE) == Psr.USER
          && holds(m.cpu().banked(Psr.SUPERVISOR, GdbRegisters.SP));
    }
  }
}
