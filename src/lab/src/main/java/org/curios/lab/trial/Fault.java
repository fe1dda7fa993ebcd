package org.curios.lab.trial;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;

/**
 * One fault: what is changed, where and when. Its text describes it completely, as in {@code
 * register/store@4238114/r0.31}.
 *
 * @param kind what is struck
 * @param object the service that is struck; {@code kernel} for the kernel, {@code board} for what
 *     is outside the processor and memory; {@code image} for an image other than CuriOS
 * @param tick the instruction before which it happens, since the machine's start; or since the
 *     kernel noticed the first fault of a trial
 * @param inRecovery whether the tick counts from there
 * @param place a register; an address in hexadecimal (of code and private memory as the service
 *     sees it, of the kernel's memory and page tables in RAM); OWNER#N for the N-th state of a
 *     client in the service, from 0; the kind of a crash; {@code data} or {@code prefetch} for an
 *     abort; ADDRESS:HOW for a mutation; TYPE.FIELD of a structure; the name of a variable; {@code
 *     lost:N} or {@code spurious:N} for an interrupt of the primary controller; DEVICE.REGISTER of
 *     {@link DeviceRegisters}; bN for block N of the card; {@code read:crc} and so on for a
 *     transfer of the card; {@code in:loss} and so on of {@link PacketPlaces}; a register of {@link
 *     ModeRegisters}; eight digits of a byte of a buffer as its owner sees it, and of one in kept
 *     memory from its start
 * @param bit of a register, byte, state, field or variable, from 0; 0 where there are no bits
 * @param bits how many adjacent bits, from 1
 * @param mode what happens to the bits
 */
public record Fault(
    FaultClass kind,
    String object,
    long tick,
    boolean inRecovery,
    String place,
    int bit,
    int bits,
    Mode mode) {
  /** Represents the kernel instead of a service. */
  public static final String KERNEL = "kernel";

  /** Represents the board instead of a service. */
  public static final String BOARD = "board";

  /** Represents an image other than CuriOS instead of a service. */
  public static final String IMAGE = "image";

  /** The largest number of adjacent bits of one fault. */
  public static final int MOST_BITS = 8;

  private static final Pattern TEXT =
      Pattern.compile(
          "([a-z_]+)/([a-z0-9]+)@(recovery\\+)?(\\d{1,18})/([A-Za-z0-9_#:.]*[A-Za-z0-9_])");
  private static final Pattern WITH_BITS =
      Pattern.compile("(.+)\\.(\\d{1,6})(?:-(\\d{1,6}))?(?:=([01]))?");
  private static final Pattern ALL = Pattern.compile("([^/]+/[^/]+/)(.+)");

  /** What happens to a bit. */
  public enum Mode {
    /** It changes once. */
    FLIP(""),
    /** It is 0 from then on. */
    STUCK_AT_0("=0"),
    /** It is 1 from then on. */
    STUCK_AT_1("=1");

    private final String suffix;

    Mode(String suffix) {
      this.suffix = suffix;
    }

    /** Returns the bits of a byte or word that this makes of others. */
    int apply(int value, int mask) {
      return switch (this) {
        case FLIP -> value ^ mask;
        case STUCK_AT_0 -> value & ~mask;
        case STUCK_AT_1 -> value | mask;
      };
    }
  }

  /** Creates a fault that flips one bit at a tick, or has no bits. */
  public Fault(FaultClass kind, String object, long tick, String place, int bit) {
    this(kind, object, tick, false, place, bit, 1, Mode.FLIP);
  }

  /** Returns the place without the kind of a mutation: an address, for faults of code. */
  public String address() {
    return place.replaceFirst(":.*", "");
  }

  /** Returns the same with other bits and another mode. */
  public Fault with(int count, Mode what) {
    return new Fault(kind, object, tick, inRecovery, place, bit, count, what);
  }

  /** Returns the same at a tick since the machine's start. */
  public Fault at(long when) {
    return new Fault(kind, object, when, false, place, bit, bits, mode);
  }

  /** Returns the same a given number of ticks after the first fault of its trial is detected. */
  public Fault inRecovery(long after) {
    return new Fault(kind, object, after, true, place, bit, bits, mode);
  }

  /** Returns whether it is over at once, so that the guest may return to the undisturbed run. */
  public boolean isTransient() {
    return mode == Mode.FLIP;
  }

  /** Returns its bits as a mask, relative to the byte or word that contains the first. */
  int mask(int width) {
    return ((1 << bits) - 1) << bit % width;
  }

  /**
   * Reads the text of a fault.
   *
   * @throws LabException when it is none
   */
  public static Fault parse(String text) {
    Matcher whole = ALL.matcher(text);
    String place = whole.matches() ? whole.group(2) : "";
    FaultClass kind = kind(text, whole.matches());
    Matcher end = WITH_BITS.matcher(place);
    boolean hasBit = end.matches();
    String bare = hasBit ? end.group(1) : place;
    boolean hasBits = kind.hasBits(bare);
    if (hasBit && !hasBits) {
      throw new LabException(text + ": " + article(kind) + " has no bit");
    }
    if (!hasBit && hasBits) {
      throw new LabException(text + ": say which bit, as in ....31 at its end");
    }
    Matcher m = TEXT.matcher(whole.group(1) + bare);
    int bit = hasBit ? Integer.parseInt(end.group(2)) : 0;
    int last = hasBit && end.group(3) != null ? Integer.parseInt(end.group(3)) : bit;
    if (!m.matches() || last < bit || last - bit >= MOST_BITS) {
      throw none(text);
    }
    Mode mode = Mode.FLIP;
    if (hasBit && end.group(4) != null) {
      mode = end.group(4).equals("0") ? Mode.STUCK_AT_0 : Mode.STUCK_AT_1;
      if (!kind.canBeStuck()) {
        throw new LabException(text + ": the bits of " + article(kind) + " cannot be stuck");
      }
    }
    return new Fault(
        kind,
        m.group(2),
        Long.parseLong(m.group(4)),
        m.group(3) != null,
        m.group(5),
        bit,
        last - bit + 1,
        mode);
  }

  private static String article(FaultClass kind) {
    return switch (kind) {
      case ABORT, INTERRUPT -> "an " + kind.word();
      default -> "a " + kind.word();
    };
  }

  private static LabException none(String text) {
    return new LabException(
        text + ": not a fault; give one as register/store@4238114/r0.31, as a trial prints it");
  }

  private static FaultClass kind(String text, boolean looksLikeOne) {
    if (!looksLikeOne) {
      throw none(text);
    }
    String word = text.substring(0, text.indexOf('/'));
    FaultClass kind = FaultClass.of(word);
    if (kind == null) {
      throw new LabException(
          word
              + ": no such class of faults"
              + Nearest.hint(word, FaultClass.words())
              + "; there are "
              + String.join(", ", FaultClass.words()));
    }
    return kind;
  }

  @Override
  public String toString() {
    return kind.word()
        + "/"
        + object
        + "@"
        + (inRecovery ? "recovery+" : "")
        + tick
        + "/"
        + place
        + (kind.hasBits(place)
            ? "." + bit + (bits > 1 ? "-" + (bit + bits - 1) : "") + mode.suffix
            : "");
  }
}
