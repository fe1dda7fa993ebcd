package org.curios.arm.core;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;

/**
 * Detects dead guests: the handlers of aborts and undefined instructions only cause such exceptions
 * themselves, and return to the same state repeatedly with no interrupt in between. Brent's
 * algorithm (BIT 20, 1980) finds the cycle in the registers. After a while, in which timers may
 * have expired, everything else is hashed, and again after the same time: memory, the banks, the
 * system control coprocessor, and the values read from devices in the last round. If the hashes are
 * equal, the state will never change again.
 */
public final class ExceptionLoop implements Stateful {
  /** Ticks from the first exception to the first check, and between two checks: 5 ms. */
  private static final long PATIENCE = VirtualClock.HZ / 200;

  private final Cpu cpu;

  /** A hash of the registers, and the number of exceptions since it was taken or met. */
  private int kept;

  private long since;
  private long span = 1;

  /** Tick of the first meeting, or -1; and the number of full checks. */
  private long first = -1;

  private int looks;

  /** A hash of the values read from devices between the last two meetings. */
  private int values;

  private long digest;
  private boolean asks;
  private boolean dead;

  ExceptionLoop(Cpu cpu) {
    this.cpu = cpu;
  }

  /**
   * An exception has been entered.
   *
   * @param from the mode before it
   * @param to the mode of the exception
   */
  void entered(int from, int to) {
    if (isFaultMode(to) && isFaultMode(from)) {
      nested();
    } else {
      outer();
    }
  }

  private static boolean isFaultMode(int mode) {
    return mode == Psr.ABORT || mode == Psr.UNDEFINED;
  }

  /**
   * An abort or undefined instruction of a handler of such exceptions has been entered. If a full
   * check is due, it is made before the next instruction.
   */
  @TruffleBoundary
  private void nested() {
    int now = registers();
    if (now == kept) {
      since = 0;
      first = first < 0 ? cpu.now() : first;
      values = cpu.bus.deviceValues;
      cpu.bus.deviceValues = 0;
      asks = cpu.now() - first >= (looks + 1) * PATIENCE;
      cpu.attention |= asks;
    } else if (++since >= span) {
      span *= 2;
      keep(now);
    }
  }

  /** Waits for the current registers to recur. */
  private void keep(int registers) {
    kept = registers;
    since = 0;
    first = -1;
    looks = 0;
    asks = false;
  }

  private int registers() {
    int hash = cpu.cpsr();
    for (int i = 0; i < 16; i++) {
      hash = 31 * hash + cpu.register(i);
    }
    return hash;
  }

  /** A hash of the machine's state except for the current registers and the time. */
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

  /** Any other exception, or one from another mode: the guest is alive. */
  private void outer() {
    if (span > 1 || since > 0) {
      keep(0);
      span = 1;
      dead = false;
    }
  }

  /** Returns whether the guest cannot recover; to be called before the next instruction. */
  public boolean isDead() {
    if (!asks && !dead) {
      return false;
    }
    long now = everything();
    boolean same = looks > 0 && now == digest && registers() == kept;
    if (!dead) {
      asks = false;
      digest = now;
      first = looks == 0 ? first : cpu.now() - PATIENCE;
      looks = 1;
    }
    dead = same; // once it is, a debugger may still change something
    return dead;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(kept);
    out.writeLong(since);
    out.writeLong(span);
    out.writeLong(first);
    out.writeInt(looks);
    out.writeInt(first < 0 ? 0 : values);
    out.writeInt(first < 0 ? 0 : cpu.bus.deviceValues); // they count between two meetings
    out.writeLong(digest);
    out.writeBoolean(asks);
    out.writeBoolean(dead);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    kept = in.readInt();
    since = in.readLong();
    span = in.readLong();
    first = in.readLong();
    looks = in.readInt();
    values = in.readInt();
    cpu.bus.deviceValues = in.readInt();
    digest = in.readLong();
    asks = in.readBoolean();
    dead = in.readBoolean();
  }
}
