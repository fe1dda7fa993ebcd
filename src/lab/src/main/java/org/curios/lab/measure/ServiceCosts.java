package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.curios.lab.LabException;

/** The cost of file and network operations, in one system compared with the other. */
public final class ServiceCosts {
  private static final List<String> POLICIES = List.of("none", "ssr-packed", "ssr-twice");

  private ServiceCosts() {}

  /** Returns the recovery policies under which CuriOS is measured. */
  public static List<String> policies() {
    return POLICIES;
  }

  /**
   * A system and its counts.
   *
   * @param system its name
   * @param counts of the operations; empty if they could not be measured
   * @param unavailable why they could not be measured; null if they were
   */
  public record Column(String system, Counts counts, String unavailable) {
    /** Returns instructions from the entry of the system calls of an operation to their exits. */
    public Map<Operation, Long> instructions() {
      return counts.instructions();
    }
  }

  /**
   * Instructions by operation; one that a system cannot do has none.
   *
   * @param instructions of the operation
   * @param checks of it, counted separately: the code that a request has run is compared with what
   *     was loaded; empty in systems without such checks
   */
  public record Counts(Map<Operation, Long> instructions, Map<Operation, Long> checks) {}

  /**
   * Measures all systems; for one that cannot be measured, records the reason.
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
   * @param images where Linux is
   */
  public static Column linux(LinuxImages images) {
    return column("linux", () -> new Counts(new LinuxServices(images).measure(), Map.of()));
  }

  /** Measures CuriOS under a policy. */
  public static Column curios(String policy) {
    return column(policy, () -> new CuriosServices(policy, null).measure());
  }

  /**
   * A part of an operation.
   *
   * @param place the object whose code it is, {@code library} for code that all share, or {@code
   *     kernel}; and the function
   * @param instructions of it in one operation, the mean of all repetitions
   */
  public record Part(String place, long instructions) {}

  /**
   * Counts, and one operation by function.
   *
   * @param counts of all operations
   * @param parts of the one, its checks included; the largest first
   */
  public record Profile(Counts counts, List<Part> parts) {}

  /**
   * Measures CuriOS under a policy, and counts one operation by function.
   *
   * @throws LabException when it cannot be measured
   */
  public static Profile profile(String policy, Operation operation) {
    CuriosServices services = new CuriosServices(policy, operation);
    return new Profile(services.measure(), services.parts());
  }

  /**
   * Returns an order for the functions of large services, by their symbols, in which as few
   * granules of their code as possible are checked: what the linker is given.
   *
   * @throws LabException when the services cannot be measured
   */
  public static List<String> order() {
    return new CuriosServices("ssr-packed", null).order();
  }

  private static Column column(String system, Supplier<Counts> measurement) {
    try {
      return new Column(system, measurement.get(), null);
    } catch (LabException e) {
      return new Column(system, new Counts(Map.of(), Map.of()), e.getMessage());
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
      medians.put(operation, list.get(list.size() / 2) * operation.times());
    });
    return medians;
  }
}
