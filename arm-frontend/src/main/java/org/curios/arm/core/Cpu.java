package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.CompilationFinal;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;

/**
 * The programmer's model of the ARM926EJ-S (ARM DDI 0100, A2): registers of the current mode, banks
 * of the others, the status registers, the count of instructions, and what translated code needs of
 * the memory system.
 *
 * <p>The object is a constant of all translated code, so that each field is one host memory
 * operand. The fields are public for the nodes; other readers use the methods. {@link #pc} is
 * written before each exit from translated code; inside it the node knows its own address.
 */
public final class Cpu extends Registers implements Stateful {
  /**
   * Address of the next instruction; bit 0 is the T bit, as in BX. Exact outside translated code
   * only.
   */
  public int pc;

  /**
   * Instructions from the one that is in a slow path to the end of its block; 0 outside of those.
   */
  public int remaining;

  /**
   * What the node that called a slow path must do: {@link #DONE}, {@link #ABORTED} or {@link
   * #LEAVE}.
   */
  public int outcome;

  /**
   * Whether the last slow path is likely to be taken again: it has reached a device, or a page that
   * had been flushed singly, like pages that are granted and revoked.
   */
  public boolean recurring;

  /** Whether compiled code was left before a memory access that has no fast path. */
  public boolean missed;

  /** Whether a block was left in its middle: after an instruction, or before one that missed. */
  public boolean midway;

  /** Host address of the entries of the current mode's {@link TranslationTable}. */
  public long entries;

  /** The first of the entries for stores among these. */
  public long storeEntries;

  /** The same for user mode, as LDRT and STRT use them. */
  public long userEntries;

  /** The table of the current mode, for translated code. */
  public TranslationTable table;

  /** The access is done. */
  public static final int DONE = 0;

  /**
   * The access has ended in an abort, which has been taken: nothing of the instruction may happen
   * any more.
   */
  public static final int ABORTED = 1;

  /** The access is done, and translated code is to be left after the instruction. */
  public static final int LEAVE = 2;

  /** Translation tables. */
  public final AddressSpaces spaces;

  /** The memory system. */
  public final Memory memory;

  /** The system control coprocessor. */
  public final Cp15 cp15;

  /** Virtual time. */
  public final VirtualClock clock;

  /** Translated code, which is notified of stores into RAM; set once, before any code runs. */
  @CompilationFinal public TranslatedCode code = new Untranslated();

  /** The physical address space. */
  public final Bus bus;

  private int mode = Psr.SUPERVISOR;

  private boolean irqMasked = true;
  private boolean fiqMasked = true;
  private boolean irq;
  private boolean fiq;
  private final Banks banks = new Banks(mode);

  /** Tick at which the budget is used up. */
  private long stopTick;

  /** Something other than a timed event must be handled before the next instruction. */
  public boolean attention;

  /** The end of the run that a device has requested, or null. */
  public GuestExit exit;

  /** Whether the processor waits for an interrupt. */
  public boolean waiting;

  /** Tick at which an unanswered semihosting call is repeated, or 0. */
  public long callsAgain;

  /** Detects fault handlers that only cause further faults. */
  public final ExceptionLoop exceptionLoop = new ExceptionLoop(this);

  /** Answers semihosting calls, or null. */
  public Semihosting semihosting;

  /** Takes exceptions without a handler, or null. */
  public NoHandler noHandler;

  /**
   * Makes a processor in its reset state.
   *
   * @param bus the physical address space
   */
  public Cpu(Bus bus, java.lang.foreign.Arena arena) {
    this.bus = bus;
    this.clock = new VirtualClock(this::now, this::rebudget);
    this.cp15 = new Cp15(this);
    this.spaces = new AddressSpaces(this, arena);
    this.memory = new Memory(this);
    reset();
  }

  /** Puts the processor into its state after reset; memory and devices stay. */
  public void reset() {
    put(new int[COUNT]);
    cp15.reset();
    setCpsr(Psr.SUPERVISOR | Psr.I | Psr.F);
    pc = 0;
    waiting = false;
    callsAgain = 0;
  }

  /** Returns the table for loads, as {@link Memory} takes it. */
  public long loads(boolean asUser) {
    return asUser ? userEntries : entries;
  }

  /** Returns the table for stores. */
  public long stores(boolean asUser) {
    return loads(asUser) + TranslationTable.STORES;
  }

  /** Returns a register 0 to 15 of the current mode; 15 is the address of the next instruction. */
  public int register(int number) {
    return number == 15 ? pc & ~1 : get(offset(number));
  }

  /** Sets a register 0 to 15 of the current mode; 15 keeps the T bit. */
  public void setRegister(int number, int value) {
    if (number == 15) {
      pc = value & ~1 | pc & 1;
    } else {
      set(offset(number), value);
    }
  }

  /** Sets CPSR, and continues in the state of its T bit, as a debugger or a fault does. */
  public void setStatus(int psr) {
    setCpsr(psr);
    pc = pc & ~1 | ((psr & Psr.T) != 0 ? 1 : 0);
  }

  /** Returns a register 0 to 14 of user mode. */
  public int userRegister(int number) {
    if (!isBanked(number)) {
      return get(offset(number));
    }
    return number < 13 ? banks.middle(false, number) : banks.stackOrLink(Psr.USER, number);
  }

  /** Returns whether a register 0 to 14 of the current mode is not that of user mode. */
  public boolean isBanked(int number) {
    return number >= 8 && number <= 12 && mode == Psr.FIQ || number >= 13 && hasSpsr();
  }

  /** Sets a register 0 to 14 of user mode. */
  public void setUserRegister(int number, int value) {
    if (!isBanked(number)) {
      set(offset(number), value);
    } else if (number < 13) {
      banks.setMiddle(false, number, value);
    } else {
      banks.setStackOrLink(Psr.USER, number, value);
    }
  }

  /** Returns the current mode, one of the constants of {@link Psr}. */
  public int mode() {
    return mode;
  }

  /** Returns whether the current mode is not user mode. */
  public boolean isPrivileged() {
    return mode != Psr.USER;
  }

  /** Returns the CPSR; its T bit is that of {@link #pc}. */
  public int cpsr() {
    return flags() | controlBits() | (pc & 1) * Psr.T;
  }

  /** Returns the I, F and mode bits at their positions in the CPSR. */
  public int controlBits() {
    return (irqMasked ? Psr.I : 0) | (fiqMasked ? Psr.F : 0) | mode;
  }

  /**
   * Sets the CPSR except for the T bit, which is the caller's to set in {@link #pc}; changes banks.
   * An invalid mode keeps the current one (UNPREDICTABLE by the manual).
   */
  public void setCpsr(int psr) {
    setFlags(psr);
    setControl(psr);
  }

  /** Sets the I, F and mode bits of the CPSR as {@link #setCpsr} does. */
  public void setControl(int psr) {
    irqMasked = (psr & Psr.I) != 0;
    fiqMasked = (psr & Psr.F) != 0;
    attention |= irq && !irqMasked || fiq && !fiqMasked;
    if (Psr.isMode(psr)) {
      setMode(psr & Psr.MODE);
    }
  }

  private void setMode(int next) {
    if (next == mode) {
      return;
    }
    boolean privilegeChanges = mode == Psr.USER || next == Psr.USER;
    banks.exchange(this, next);
    mode = next;
    if (privilegeChanges) {
      spaces.selectPrivilege();
    }
  }

  /** Returns whether the current mode has an SPSR: not user or system mode. */
  public boolean hasSpsr() {
    return banks.hasSpsr();
  }

  /**
   * Returns the SPSR of the current mode; that of user and system mode reads as the CPSR
   * (UNPREDICTABLE).
   */
  public int spsr() {
    return hasSpsr() ? banks.spsr() : cpsr();
  }

  /** Sets the SPSR of the current mode; nothing happens in user and system mode (UNPREDICTABLE). */
  public void setSpsr(int psr) {
    if (hasSpsr()) {
      banks.setSpsr(psr);
    }
  }

  /**
   * Returns from an exception to an address, with the SPSR as CPSR.
   *
   * @param at address of this instruction, with the T bit, which a mode without an SPSR keeps
   */
  public void exceptionReturn(int at, int address) {
    pc = at;
    setStatus(spsr());
    pc = (pc & 1) != 0 ? address | 1 : address & ~3;
  }

  /**
   * Enters an exception (ARM DDI 0100, A2.6).
   *
   * @param link the value of R14 in the exception's mode
   */
  public void enter(GuestException exception, int link) {
    int old = cpsr();
    int at = pc;
    setControl(old & ~Psr.MODE | exception.mode() | Psr.I | (exception.masksFiq() ? Psr.F : 0));
    banks.setSpsr(old);
    r14 = link;
    pc = exception.vector() + (cp15.highVectors() ? 0xffff0000 : 0);
    exceptionLoop.entered(old & Psr.MODE, exception.mode());
    if (noHandler != null && !cp15.mmuEnabled() && isEmpty(pc)) {
      reportNoHandler(exception, at);
    }
  }

  private boolean isEmpty(int vector) {
    return bus.isRam(vector) && HostMemory.getInt(bus.ram + vector) == 0;
  }

  @TruffleBoundary
  private void reportNoHandler(GuestException exception, int at) {
    noHandler.report(exception, at, pc);
  }

  /** SWI at an address: a semihosting call, which a privileged mode may make; or the exception. */
  public void softwareInterrupt(int at, int next, int number) {
    boolean isThumb = (at & 1) != 0;
    boolean isCall = number == (isThumb ? 0xab : 0x123456) && mode() != Psr.USER;
    if (isCall && semihosting != null) {
      callHost(at, next);
      return;
    }
    pc = at;
    enter(GuestException.SOFTWARE_INTERRUPT, next & ~1);
  }

  @TruffleBoundary
  private void callHost(int at, int next) {
    pc = next;
    try {
      r0 = semihosting.call(this, r0, r1);
    } catch (GuestExit e) {
      requestExit(e);
    } catch (NotYet e) {
      pc = at;
      callsAgain = now() + NotYet.TICKS;
      attention = true;
    }
  }

  /** BKPT at an address: a prefetch abort with the status of a debug event. */
  public void breakpoint(int at) {
    pc = at;
    cp15.prefetchAbort(2);
    enter(GuestException.PREFETCH_ABORT, (at & ~1) + 4);
  }

  /** An undefined instruction at an address. */
  public void undefined(int at, int next) {
    pc = at;
    enter(GuestException.UNDEFINED_INSTRUCTION, next & ~1);
  }

  /** Returns whether the processor waits for an interrupt. */
  public boolean isWaiting() {
    return waiting;
  }

  /** Returns whether something must be handled before the next instruction. */
  public boolean wantsAttention() {
    return attention;
  }

  /** Returns the number of instructions begun since reset, including the current one. */
  public long now() {
    return stopTick - budget - remaining;
  }

  /** Moves virtual time to a tick, as reset, restore and waiting do. */
  public void setNow(long tick) {
    stopTick = tick + budget;
    rebudget();
  }

  /** Requests a new budget: the next event has changed. */
  private void rebudget() {
    attention = true;
  }

  /** Lets instructions run up to a tick, as far as the budget's range allows. */
  public void runUntil(long tick) {
    long now = now();
    budget = Math.clamp(tick - now, 0, 1 << 30);
    stopTick = now + budget;
  }

  /** Refunds the part of the block after the current instruction, which counts as executed. */
  public void account(int blockRemaining) {
    budget += blockRemaining - 1;
    remaining = 0;
  }

  /** The interrupt request input: normally from the vectored interrupt controller. */
  public void setIrq(boolean raised) {
    irq = raised;
    attention |= raised;
  }

  /** The fast interrupt request input. */
  public void setFiq(boolean raised) {
    fiq = raised;
    attention |= raised;
  }

  /** Returns whether an interrupt is requested, masked or not: that ends a wait for interrupt. */
  public boolean interruptRequested() {
    return irq || fiq;
  }

  /** Takes an interrupt if one is requested and not masked. */
  public boolean takeInterrupt() {
    boolean fast = fiq && !fiqMasked;
    if (!fast && !(irq && !irqMasked)) {
      return false;
    }
    enter(fast ? GuestException.FIQ : GuestException.IRQ, (pc & ~1) + 4);
    return true;
  }

  /** Ends the run as soon as the current instruction is complete. */
  public void requestExit(GuestExit request) {
    exit = request;
    attention = true;
  }

  /** Forgets which granules of RAM were written, and starts to record again. */
  public void watchStores() {
    bus.forgetDirty();
    spaces.protectAll();
  }

  /** Restores a granule of RAM; code made of other bytes is dropped. */
  public void putGranule(int number, byte[] bytes) {
    if (!bus.holds(number, bytes)) {
      HostMemory.copyIn(bytes, bus.ram + (long) number * Bus.GRANULE);
      code.replaced(number);
    }
  }

  /** Saves the system state: all but the present registers and the time. */
  void saveSystem(DataOutput out) throws IOException {
    banks.save(out);
    cp15.save(out);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int value : values()) {
      out.writeInt(value);
    }
    out.writeInt(pc);
    out.writeInt(cpsr());
    banks.save(out);
    out.writeBoolean(irq);
    out.writeBoolean(fiq);
    out.writeBoolean(waiting);
    out.writeLong(callsAgain);
    out.writeLong(now());
    cp15.save(out);
    exceptionLoop.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int[] registers = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      registers[i] = in.readInt();
    }
    int nextPc = in.readInt();
    int psr = in.readInt();
    setMode(psr & Psr.MODE);
    banks.restore(in);
    put(registers);
    setCpsr(psr);
    pc = nextPc;
    irq = in.readBoolean();
    fiq = in.readBoolean();
    waiting = in.readBoolean();
    callsAgain = in.readLong();
    exit = null;
    remaining = 0;
    budget = 0;
    setNow(in.readLong());
    cp15.restore(in);
    exceptionLoop.restore(in);
  }

  /**
   * Returns a banked register of a mode for debuggers.
   *
   * @param register 8 to 12 of FIQ mode, 13 or 14 of any; 16 for the SPSR
   */
  public int banked(int ofMode, int register) {
    return banks.read(this, ofMode, register);
  }

  /** Sets what {@link #banked} returns. */
  public void setBanked(int ofMode, int register, int value) {
    banks.write(this, ofMode, register, value);
  }
}
