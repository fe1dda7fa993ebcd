package org.curios.campaign.space;

import java.util.List;
import java.util.Locale;
import org.curios.campaign.plan.FaultSet;
import org.curios.lab.trial.DeviceRegisters;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.ModeRegisters;

/** The places at which faults of a set can strike the processor, RAM and the board. */
public final class MachinePlaces {
  /** Bits of R0 to R14; then those of the PC that ARM code has; then N, Z, C and V. */
  private static final int GENERAL_BITS = 15 * 32;

  private static final int PC_BITS = 30;
  private static final int FLAG_BITS = 4;

  /** R0 to R12: those that can be stuck. */
  private static final int SHARED_BITS = 13 * 32;

  private static final List<String> ABORTS = List.of("data", "prefetch");

  /** Timers, the first UART and a device that is not used, each lost or spurious. */
  private static final List<String> INTERRUPTS =
      List.of("lost:4", "spurious:4", "lost:12", "spurious:12", "spurious:24");

  private final FaultSet set;
  private final String object;

  /**
   * A drawn fault.
   *
   * @param fault the fault
   * @param outOf the number of places from which it was drawn
   */
  public record Drawn(Fault fault, long outOf) {}

  /**
   * Addresses from one up to another.
   *
   * @param start the first
   * @param end the one after the last
   */
  public record Range(long start, long end) {
    /** Returns the number of bytes. */
    public long bytes() {
      return end - start;
    }
  }

  /**
   * Knows the places of a set.
   *
   * @param object what faults name as struck
   */
  public MachinePlaces(FaultSet set, String object) {
    this.set = set;
    this.object = object;
  }

  /** Returns a fault of the set at a place. */
  public Fault fault(long tick, String place, int bit) {
    return new Fault(set.kind(), object, tick, place, bit)
        .with(set.kind().hasBits() ? set.bits() : 1, set.mode());
  }

  /** Moves all bits of a fault into what it strikes. */
  int fit(int bit, int width) {
    return Math.min(bit, width - set.bits());
  }

  /**
   * Draws a bit of the current registers.
   *
   * @param share which one, 0 to below 1
   */
  public Drawn register(long tick, double share) {
    if (!set.places().isEmpty()) {
      long bits = 32L * set.places().size();
      int at = (int) (share * bits);
      return new Drawn(fault(tick, set.places().get(at / 32), fit(at % 32, 32)), bits);
    }
    int bits = (int) registerBits();
    int at = (int) (share * bits);
    if (at < GENERAL_BITS) {
      return new Drawn(fault(tick, "r" + at / 32, fit(at % 32, 32)), bits);
    }
    int rest = at - GENERAL_BITS;
    return rest < PC_BITS
        ? new Drawn(fault(tick, "r15", fit(rest + 2, 32)), bits)
        : new Drawn(fault(tick, "cpsr", fit(rest - PC_BITS + 28, 32)), bits);
  }

  /** Returns how many bits the current registers have. */
  public long registerBits() {
    if (!set.places().isEmpty()) {
      return 32L * set.places().size();
    }
    return set.mode() == Fault.Mode.FLIP ? GENERAL_BITS + PC_BITS + FLAG_BITS : SHARED_BITS;
  }

  private List<String> modeRegisters() {
    return set.places().isEmpty() ? ModeRegisters.names() : set.places();
  }

  /** Draws a bit of the banked registers. */
  public Drawn modeRegister(long tick, double share) {
    long bits = modeRegisterBits();
    int at = (int) (share * bits);
    return new Drawn(fault(tick, modeRegisters().get(at / 32), fit(at % 32, 32)), bits);
  }

  /** Returns how many bits the banked registers have. */
  public long modeRegisterBits() {
    return 32L * modeRegisters().size();
  }

  /** Draws a bit of memory; null if there is none. */
  public Drawn memory(long tick, double share, List<Range> ranges) {
    long bits = bits(ranges);
    long at = (long) (share * bits);
    for (Range r : ranges) {
      if (at < 8 * r.bytes()) {
        return new Drawn(fault(tick, hex(r.start() + at / 8), fit((int) (at % 8), 8)), bits);
      }
      at -= 8 * r.bytes();
    }
    return null;
  }

  /** Returns the number of bits of memory. */
  public static long bits(List<Range> ranges) {
    return 8 * ranges.stream().mapToLong(Range::bytes).sum();
  }

  /** Writes an address as faults have it. */
  public static String hex(long address) {
    return String.format(Locale.ROOT, "%08x", address);
  }

  /** Draws an external abort. */
  public Drawn abort(long tick, double share) {
    return word(tick, share, ABORTS);
  }

  /** Draws a lost or a spurious interrupt. */
  public Drawn interrupt(long tick, double share) {
    return word(tick, share, INTERRUPTS);
  }

  /** Draws a place from those of the plan, or else from those that are known. */
  Drawn word(long tick, double share, List<String> known) {
    List<String> words = set.places().isEmpty() ? known : set.places();
    return new Drawn(fault(tick, words.get((int) (share * words.size())), 0), words.size());
  }

  private List<String> registers() {
    return set.places().isEmpty() ? DeviceRegisters.names() : set.places();
  }

  /** Draws a bit of a device register. */
  public Drawn device(long tick, double share) {
    long bits = deviceBits();
    long at = (long) (share * bits);
    for (String name : registers()) {
      int own = DeviceRegisters.bits(name);
      if (at < own) {
        return new Drawn(fault(tick, name, fit((int) at, own)), bits);
      }
      at -= own;
    }
    return null;
  }

  /** Returns how many bits the device registers have. */
  public long deviceBits() {
    return registers().stream().mapToLong(DeviceRegisters::bits).sum();
  }
}
