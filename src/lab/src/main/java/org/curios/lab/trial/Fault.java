package org.curios.lab.trial;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;

/**
 * One fault: what is changed, where and when. Its text says all of it, as in {@code
 * register/store@4238114/r0.31}.
 *
 * @param kind what is struck
 * @param object the service that is struck; {@code kernel} for the kernel
 * @param tick the instruction before which it happens, since the machine's start
 * @param place a register; an address in hexadecimal (of code and private memory as the service
 *     sees it, of the kernel's memory in RAM); OWNER#N for the N-th state of a client in the
 *     service, from 0; or the kind of a crash
 * @param bit of a register, byte or state, from 0; 0 for a crash
 */
public record Fault(FaultClass kind, String object, long tick, String place, int bit) {
  /** What stands for the kernel in place of a service. */
  public static final String KERNEL = "kernel";

  private static final Pattern TEXT =
      Pattern.compile("([a-z_]+)/([a-z0-9]+)@(\\d{1,18})/([a-z0-9#]+)(?:\\.(\\d{1,6}))?");

  /**
   * Reads the text of a fault.
   *
   * @throws LabException when it is none
   */
  public static Fault parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new LabException(
          text + ": not a fault; give one as register/store@4238114/r0.31, as a trial prints it");
    }
    FaultClass kind = FaultClass.of(m.group(1));
    if (kind == null) {
      throw new LabException(
          m.group(1)
              + ": no such class of faults"
              + Nearest.hint(m.group(1), FaultClass.words())
              + "; there are "
              + String.join(", ", FaultClass.words()));
    }
    boolean hasBit = m.group(5) != null;
    if (hasBit == (kind == FaultClass.CRASH)) {
      throw new LabException(
          text + (hasBit ? ": a crash has no bit" : ": say which bit, as in ....31 at its end"));
    }
    return new Fault(
        kind,
        m.group(2),
        Long.parseLong(m.group(3)),
        m.group(4),
        hasBit ? Integer.parseInt(m.group(5)) : 0);
  }

  @Override
  public String toString() {
    return kind.word()
        + "/"
        + object
        + "@"
        + tick
        + "/"
        + place
        + (kind == FaultClass.CRASH ? "" : "." + bit);
  }
}
