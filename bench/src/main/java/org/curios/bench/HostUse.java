package org.curios.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory use of this process, in megabytes.
 *
 * @param resident memory that is present; NaN if unknown
 * @param heap live objects on the Java heap
 * @param code compiled code
 */
record HostUse(double resident, double heap, double code) {
  private static final double MEGABYTE = 1 << 20;

  /** Measures. The resident memory is read before garbage is collected to find the live objects. */
  static HostUse now() {
    double resident = residentKilobytes() / 1024;
    System.gc();
    double code = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().startsWith("Code")) {
        code += pool.getUsage().getUsed();
      }
    }
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new HostUse(resident, heap / MEGABYTE, code / MEGABYTE);
  }

  /** Returns the kind of processor and how many there are. */
  static String processor() {
    int count = Runtime.getRuntime().availableProcessors();
    String name;
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      name =
          lines
              .filter(l -> l.startsWith("model name"))
              .map(l -> l.substring(l.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      name = System.getProperty("os.arch");
    }
    return "%d of %s".formatted(count, name);
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
