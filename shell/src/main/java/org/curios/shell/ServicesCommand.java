package org.curios.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.lab.measure.LinuxImages;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ServiceCosts;
import org.curios.lab.measure.ServiceCosts.Column;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate services}: operations of files and networks, compared with Linux. */
@Command(
    name = "services",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Instructions of operations on files and sockets, in CuriOS and in stock Linux 6.1 on the same",
      "machine: from the entry of their system calls to the exit, the median of 20 repetitions. The",
      "instructions with which CuriOS checks the code of its services are counted separately. If a",
      "system cannot be measured, its column gives the reason. Linux must be",
      "in the folder linux-6.1 within the folder named by the environment variable CURIOS_IMAGES, or",
      "within ../shared/images."
    },
    footer = {"", "Exit status: 0; 1 if no system could be measured."})
final class ServicesCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final String NOT_AVAILABLE = "n/a";

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    List<Column> columns = ServiceCosts.measure(LinuxImages.find());
    if (json) {
      System.out.println(Json.of(object(columns)));
    } else {
      print(columns);
    }
    return columns.stream().allMatch(c -> c.instructions().isEmpty()) ? FAILED : 0;
  }

  private static Map<String, Object> object(List<Column> columns) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Column column : columns) {
      Map<String, Object> fields = new LinkedHashMap<>();
      if (column.unavailable() != null) {
        fields.put("unavailable", column.unavailable());
      }
      column.instructions().forEach((operation, n) -> fields.put(operation.key(), n));
      if (!column.counts().checks().isEmpty()) {
        Map<String, Object> checks = new LinkedHashMap<>();
        column.counts().checks().forEach((operation, n) -> checks.put(operation.key(), n));
        fields.put("checks_of_code", checks);
      }
      all.put(column.system(), fields);
    }
    return all;
  }

  private static void print(List<Column> columns) {
    StringBuilder head = new StringBuilder("%-40s".formatted("instructions"));
    columns.forEach(c -> head.append("%12s".formatted(c.system())));
    System.out.println(head);
    for (Operation operation : Operation.values()) {
      StringBuilder line = new StringBuilder("%-40s".formatted(operation.text()));
      for (Column column : columns) {
        Long n = column.instructions().get(operation);
        line.append("%12s".formatted(n == null ? NOT_AVAILABLE : number(n)));
      }
      System.out.println(line);
    }
    columns.stream()
        .filter(c -> !c.counts().checks().isEmpty())
        .forEach(ServicesCommand::printChecks);
    columns.stream()
        .filter(c -> c.unavailable() != null)
        .forEach(c -> System.out.println(c.system() + ": not available: " + c.unavailable()));
  }

  /** What is not in the table: that a request's code is compared with what was loaded. */
  private static void printChecks(Column column) {
    if (column.counts().checks().values().stream().allMatch(n -> n == 0)) {
      return;
    }
    System.out.printf("%nchecks of code in %s, counted separately%n", column.system());
    column
        .counts()
        .checks()
        .forEach((operation, n) -> System.out.printf("%-40s%12s%n", operation.text(), number(n)));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
