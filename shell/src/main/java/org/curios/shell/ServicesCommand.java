package org.curios.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.lab.measure.LinuxImages;
import org.curios.lab.measure.Operation;
import org.curios.lab.measure.ServiceCosts;
import org.curios.lab.measure.ServiceCosts.Column;
import org.curios.lab.measure.ServiceCosts.Part;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Option(
      names = "--profile",
      paramLabel = "OPERATION",
      description =
          "Count the instructions of one operation by function instead, checks included."
              + " OPERATION is a key of the JSON object, such as udp_round_trip_wire.")
  private String profile;

  @Option(
      names = "--order",
      paramLabel = "FILE",
      description =
          "Write the order in which the functions of large services should lie, so that little of"
              + " their code has to be checked. The build reads it from kernel/cuik/order.txt.")
  private Path order;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "ssr-packed",
      description = "Recovery policy of the profile; default ${DEFAULT-VALUE}.")
  private String policy;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (order != null) {
      return writeOrder();
    }
    if (profile != null) {
      return profile();
    }
    List<Column> columns = ServiceCosts.measure(LinuxImages.find());
    if (json) {
      System.out.println(Json.of(object(columns)));
    } else {
      print(columns);
    }
    return columns.stream().allMatch(c -> c.instructions().isEmpty()) ? FAILED : 0;
  }

  private int writeOrder() {
    try {
      Files.write(order, ServiceCosts.order());
      return 0;
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--order %s: cannot be written (%s); check the path".formatted(order, e.getMessage()));
    }
  }

  private int profile() {
    Operation operation = Operation.of(profile);
    if (operation == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--profile %s: no such operation; there are %s"
              .formatted(profile, String.join(", ", Operation.keys())));
    }
    if (!ServiceCosts.policies().contains(policy)) {
      throw new ParameterException(
          spec.commandLine(),
          "--policy %s: services are measured under %s"
              .formatted(policy, String.join(", ", ServiceCosts.policies())));
    }
    List<Part> parts = ServiceCosts.profile(policy, operation).parts();
    long all = parts.stream().mapToLong(Part::instructions).sum();
    if (json) {
      Map<String, Object> places = new LinkedHashMap<>();
      parts.forEach(part -> places.put(part.place(), part.instructions()));
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("operation", operation.key());
      object.put("policy", policy);
      object.put("instructions", all);
      object.put("places", places);
      System.out.println(Json.of(object));
      return 0;
    }
    System.out.printf("%s, %s instructions under %s%n", operation.text(), number(all), policy);
    for (Part part : parts) {
      double share = 100.0 * part.instructions() / all;
      System.out.printf(
          Locale.ROOT, "%12s %5.1f %%  %s%n", number(part.instructions()), share, part.place());
    }
    return 0;
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
        fields.put("checks", checks);
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

  /** What is not in the table: that code, private data and stacks are as they were left. */
  private static void printChecks(Column column) {
    if (column.counts().checks().values().stream().allMatch(n -> n == 0)) {
      return;
    }
    System.out.printf(
        "%nchecks of code, private data and stacks in %s, counted separately%n", column.system());
    column
        .counts()
        .checks()
        .forEach((operation, n) -> System.out.printf("%-40s%12s%n", operation.text(), number(n)));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
