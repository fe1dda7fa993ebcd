package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.curios.lab.LabException;

/** What the operations of files and networks cost, one system against the other. */
public final class ServiceCosts {
  private static final List<String> POLICIES = List.of("ssr-packed", "ssr-twice");

  private ServiceCosts() {}

  /**
   * A system and its counts.
   *
   * @param system its name
   * @param instructions from the entry of the system calls of an operation to their exits; empty if
   *     they could not be measured
   * @param unavailable why they could not be measured; null if they were
   */
  public record Column(String system, Map<Operation, Long> instructions, String unavailable) {}

  /**
   * Measures all systems; one that cannot be measured says why.
   *
   * @param linux the images of Linux, which may be missing
   */
  public static List<Column> measure(LinuxImages linux) {
    List<Column> columns = new ArrayList<>();
    columns.add(linux(linux));
    POLICIES.forEach(policy -> columns.add(curios(policy)));
    return columns;
  }

  /**
   * Measures Linux.
   *
   * @param folder with a zImage, a device tree and an initrd.gz
   */
  public static Column linux(LinuxImages images) {
    return column("linux", () -> new LinuxServices(images).measure());
  }

  /** Measures CuriOS under a policy. */
  public static Column curios(String policy) {
    return column(policy, () -> new CuriosServices(policy).measure());
  }

  private static Column column(String system, Supplier<Map<Operation, Long>> measurement) {
    try {
      return new Column(system, measurement.get(), null);
    } catch (LabException e) {
      return new Column(system, Map.of(), e.getMessage());
    }
  }

  /**
   * Returns the median of each operation.
   *
   * @param counts instructions by operation and repetition, as {@link Operation#of} takes them
   */
  static Map<Operation, Long> medians(Map<Integer, Long> counts) {
    Map<Operation, List<Long>> all = new EnumMap<>(Operation.class);
    counts.forEach(
        (word, n) -> all.computeIfAbsent(Operation.of(word), o -> new ArrayList<>()).add(n));
    Map<Operation, Long> medians = new EnumMap<>(Operation.class);
    all.forEach((operation, list) -> {
      list.sort(null);
      medians.put(operation, list.get(list.size() / 2));
    });
    return medians;
  }
}
