package org.curios.lab.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.LabException;

/** What the operations of files and networks cost, a system beside the other. */
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
   * @param linux folder with a zImage, a device tree and an initrd.gz
   */
  public static List<Column> measure(Path linux) {
    List<Column> columns = new ArrayList<>();
    try {
      columns.add(new Column("linux", new LinuxServices(linux).measure(), null));
    } catch (LabException e) {
      columns.add(new Column("linux", Map.of(), e.getMessage()));
    }
    for (String policy : POLICIES) {
      columns.add(
          new Column(
              policy, Map.of(), "CuriOS has no client that measures file system and network"));
    }
    return columns;
  }
}
