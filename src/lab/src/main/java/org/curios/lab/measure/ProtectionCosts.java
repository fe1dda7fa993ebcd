package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.measure.ProtectionParts.Part;

/** What protection costs in operations on files and sockets. */
public final class ProtectionCosts {
  /**
   * An operation, in instructions.
   *
   * @param operation which one
   * @param work what would be left without protection
   * @param domains changes of domains and page tables
   * @param grants access to memory of clients through handles
   * @param copies copies of states, queued writes, second copies
   * @param checksums checksums, limits, and arguments that are read again
   * @param checks of code, private data and stacks
   */
  public record Row(
      Operation operation,
      long work,
      long domains,
      long grants,
      long copies,
      long checksums,
      long checks) {
    /** Returns what isolation adds: domains, grants and copies, in per cent of the work. */
    public double isolation() {
      return 100.0 * (domains + grants + copies) / work;
    }

    /** Returns what all protection adds but the checks, in per cent of the work. */
    public double protection() {
      return 100.0 * (domains + grants + copies + checksums) / work;
    }
  }

  private ProtectionCosts() {}

  /**
   * Measures all operations.
   *
   * @param policy the recovery policy
   * @throws LabException if they cannot be measured
   */
  public static List<Row> measure(String policy) {
    CuriosServices services = new CuriosServices(policy, null);
    List<Row> rows = new ArrayList<>();
    services.parted().forEach((operation, parts) -> rows.add(row(operation, parts)));
    return rows;
  }

  private static Row row(Operation operation, Map<Part, Long> parts) {
    return new Row(
        operation,
        parts.get(Part.WORK),
        parts.get(Part.DOMAINS),
        parts.get(Part.GRANTS),
        parts.get(Part.COPIES),
        parts.get(Part.CHECKSUMS),
        parts.get(Part.CHECKS));
  }
}
