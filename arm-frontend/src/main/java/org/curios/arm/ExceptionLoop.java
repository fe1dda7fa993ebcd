package org.curios.arm;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Finds guests that are dead for good: the handlers of aborts and undefined instructions do nothing
 * but abort and meet undefined instructions themselves, and come back to the same state again and
 * again with no interrupt between. The cycle is found as by Brent (BIT 20, 1980): the registers are
 * kept over twice as many exceptions each time, and met again. Whether memory is the same, too, is
 * looked at only when they have been met often, at two meetings one after the other; as long as it
 * is not, twice as many meetings are waited for.
 */
final class ExceptionLoop implements Stateful {
  /** How often the same registers are met before memory is looked at. */
  private static final int MEETINGS = 16;

  private final Cpu cpu;
  private int kept;
  private long since;
  private long span = 1;
  private long meetings;

  /** Meetings at which memory is looked at, and at the next one again. */
  private long wanted = MEETINGS;

  private long digest;
  private boolean asks;
  private boolean dead;

  ExceptionLoop(Cpu cpu) {
    this.cpu = cpu;
  }

  /**
   * An abort or undefined instruction of a handler of such exceptions has been entered. If memory
   * is to be looked at, the processor is to be attended to before the next instruction.
   */
  @TruffleBoundary
  void nested() {
    int state = cpu.cpsr();
    for (int i = 0; i < 16; i++) {
      state = 31 * state + cpu.register(i);
    }
    if (state == kept) {
      meetings++;
      asks = meetings >= wanted;
      cpu.attention |= asks;
    } else if (meetings == 0 && ++since >= span) {
      kept = state;
      since = 0;
      span *= 2;
    }
  }

  /** Another exception, or one from another mode: not all is lost. */
  void outer() {
    meetings = 0;
    wanted = MEETINGS;
    since = 0;
    span = 1;
    kept = 0;
    asks = false;
    dead = false;
  }

  /** Returns whether there is no way out; to be asked before the next instruction. */
  boolean isDead() {
    if (asks) {
      asks = false;
      long now = cpu.bus.digest();
      dead = meetings > wanted && now == digest;
      if (meetings > wanted) {
        wanted = 2 * meetings;
      }
      digest = now;
    }
    return dead;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(kept);
    out.writeLong(since);
    out.writeLong(span);
    out.writeLong(meetings);
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
    wanted = in.readLong();
    digest = in.readLong();
    asks = in.readBoolean();
    dead = in.readBoolean();
  }
}
