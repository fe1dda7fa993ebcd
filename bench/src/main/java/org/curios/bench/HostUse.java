package org.curios.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process takes of the host, in megabytes.
 *
 * @param resident memory that is present; NaN where the host does not tell
 * @param heap what is alive on the Java heap
 * @param code compiled code
 */
record HostUse(double resident, double heap, double code) {
  private static final double MEGABYTE = 1 << 20;

  /** Looks, after a collection of garbage. */
  static HostUse now() {
    System.gc();
    double code = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().startsWith("Code")) {
        code += pool.getUsage().getUsed();
      }
    }
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new HostUse(residentKilobytes() / 1024, heap / MEGABYTE, code / MEGABYTE);
  }

  private static double residentKilobytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(l -> l.startsWith("VmRSS:"))
          .mapToDouble(l -> Double.parseDouble(l.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
