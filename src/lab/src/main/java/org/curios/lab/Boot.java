package org.curios.lab;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.curios.machine.Machine;

/**
 * How CuriOS is booted. The arguments are written into the loaded image, so that snapshots of all
 * of them are of one image.
 *
 * @param policy recovery policy, one of {@link #POLICIES}
 * @param run clients to start, with commas between
 */
public record Boot(String policy, String run) {
  /** The policies that the kernel carries out. */
  public static final List<String> POLICIES =
      Names.POLICIES.stream().filter(p -> !p.equals("snapshot")).toList();

  /** Ticks by which the clients have connected to their services: 10 virtual milliseconds. */
  public static final long BOOTED = 2_000_000;

  /** Bytes of {@code boot_arguments} in the kernel. */
  private static final int ROOM = 256;

  /**
   * Checks the arguments.
   *
   * @throws LabException when there is no such policy, or they are too long
   */
  public Boot {
    if (!POLICIES.contains(policy)) {
      throw new LabException(
          policy
              + ": no such policy"
              + Nearest.hint(policy, POLICIES)
              + "; there are "
              + String.join(", ", POLICIES));
    }
    if (run.indexOf(' ') >= 0 || text(policy, run).length() >= ROOM) {
      throw new LabException(
          run + ": names of clients with commas between, 200 characters at most");
    }
  }

  private static String text(String policy, String run) {
    return "policy=" + policy + " run=" + run;
  }

  /** Writes the arguments into the memory of a machine that is about to boot. */
  public void write(Machine m, Symbols symbols) {
    int address = symbols.require("boot_arguments").address();
    byte[] text = text(policy, run).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < ROOM; i++) {
      m.bus().write(address + i, i < text.length ? text[i] : 0, 1);
    }
  }

  /** Returns the same with another policy. */
  public Boot withPolicy(String other) {
    return new Boot(other, run);
  }
}
