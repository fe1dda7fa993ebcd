package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Finds guests that are dead for good: the handlers of aborts and undefined instructions do nothing
 * but abort and meet undefined instructions themselves, and come back to the same state again and
 * again with no interrupt between. The cycle is found as by Brent (BIT 20, 1980): the registers are
 * kept over twice as many exceptions each time, and met again. All else is looked at only when they
 * have been met often, at two meetings one after the other: memory, the banks, the system control
 * coprocessor, and what was read of devices between. If anything is another, twice as many meetings
 * are waited for. A guest in whose loop interrupts are not masked is dead only if nothing is due.
 */
final class ExceptionLoop implements Stateful {
  /** How often the same registers are met before all else is looked at. */
  private static final int MEETINGS = 16;

  private static final int MASKS = Psr.I | Psr.F;

  private final Cpu cpu;

  /** A hash of the registers, and how many exceptions ago they were kept or met. */
  private int kept;

  private long since;
  private long span = 1;
  private long meetings;

  /** Whether an interrupt could have been taken since. */
  private boolean open;

  /** Meetings at which all is looked at, and at the next one again. */
  private long wanted = MEETINGS;

  /** A hash of what was read of devices between the last two meetings. */
  private int values;

  private long digest;
  private boolean asks;
  private boolean dead;

  ExceptionLoop(Cpu cpu) {
    this.cpu = cpu;
  }

  /**
   * An abort or undefined instruction of a handler of such exceptions has been entered. If all is
   * to be looked at, the processor is to be attended to before the next instruction.
   *
   * @param from the CPSR before it
   */
  @TruffleBoundary
  void nested(int from) {
    open |= (from & MASKS) != MASKS;
    if (registers() == kept) {
      since = 0;
      meetings++;
      values = cpu.bus.deviceValues;
      cpu.bus.deviceValues = 0;
      asks = meetings >= wanted;
      cpu.attention |= asks;
    } else if (++since >= span) {
      kept = registers();
      since = 0;
      span *= 2;
      meetings = 0;
      open = false;
    }
  }

  private int registers() {
    int hash = cpu.cpsr();
    for (int i = 0; i < 16; i++) {
      hash = 31 * hash + cpu.register(i);
    }
    return hash;
  }

  /** A number made of what makes up the machine but for the present registers and the time. */
  private long everything() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      cpu.saveSystem(new DataOutputStream(bytes));
      long system = Arrays.hashCode(bytes.toByteArray());
      return 31 * cpu.bus.digest() + 0x9e3779b97f4a7c15L * system + values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another exception, or one from another mode: not all is lost. */
  void outer() {
    if (span > 1 || since > 0) {
      meetings = 0;
      since = 0;
      span = 1;
      kept = 0;
      open = false;
      asks = false;
      dead = false;
    }
  }

  /** Returns whether there is no way out; to be asked before the next instruction. */
  boolean isDead() {
    if (!asks && !dead) {
      return false;
    }
    long now = everything();
    boolean same = now == digest && registers() == kept;
    if (dead) {
      dead = same; // unless a debugger has changed something
      return dead;
    }
    asks = false;
    boolean mayBeInterrupted = open && cpu.clock.next() != VirtualClock.NEVER;
    dead = meetings > wanted && same && !mayBeInterrupted;
    if (meetings > wanted) {
      wanted = 2 * meetings;
    }
    digest = now;
    return dead;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(kept);
    out.writeLong(since);
    out.writeLong(span);
    out.writeLong(meetings);
    out.writeBoolean(open);
    out.writeInt(values);
    out.writeInt(cpu.bus.deviceValues);
    out.writeLong(wanted);
    out.writeLong(digest);
    out.writeBoolean(asks);
    out.writeBoolean(dead);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    kept = in.readInt();
    since = in.readLong();
    span = in.readLong();
    meetings = in.readLong();
    open = in.readBoolean();
    values = in.readInt();
    cpu.bus.deviceValues = in.readInt();
    wanted = in.readLong();
    digest = in.readLong();
    asks = in.readBoolean();
    dead = in.readBoolean();
  }
}
