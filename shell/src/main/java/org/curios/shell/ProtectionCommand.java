package org.curios.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.measure.ProtectionCosts;
import org.curios.lab.measure.ProtectionCosts.Row;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate protection}: what protection adds to operations of services. */
@Command(
    name = "protection",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "What protection adds to operations on files and sockets, under the policy ssr-packed. Each",
      "executed instruction belongs to one column. Work: what the same services would execute if their",
      "clients still called them by svc, but all shared their memory and nothing was checked; the data",
      "of a request are moved once there. Domains: changes of domains and page tables. Grants: access to",
      "clients' memory through handles. Copies: states copied to and fro, writes queued until the commit,",
      "second copies. Sums: checksums of kept memory and of states, limits, arguments that are read",
      "again. Stores into guarded structures, which adjust a sum, are inlined and count as work.",
      "Isolation is domains, grants and copies, all is with sums, in per cent of work. Checks of code,",
      "private data and stacks are in none of the two."
    },
    footer = {"", "Exit status: 0; 1 if the services cannot be measured."})
final class ProtectionCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final String POLICY = "ssr-packed";

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    List<Row> rows;
    try {
      rows = ProtectionCosts.measure(POLICY);
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return FAILED;
    }
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      rows.forEach(row -> all.put(row.operation().key(), object(row)));
      System.out.println(Json.of(all));
      return 0;
    }
    List<String> head =
        List.of("work", "domains", "grants", "copies", "sums", "isolation", "all", "checks");
    System.out.printf("%-38s", "instructions");
    head.forEach(name -> System.out.printf("%10s", name));
    System.out.println();
    for (Row row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(number(row.work()));
      cells.add(number(row.domains()));
      cells.add(number(row.grants()));
      cells.add(number(row.copies()));
      cells.add(number(row.checksums()));
      cells.add(percent(row.isolation()));
      cells.add(percent(row.protection()));
      cells.add(number(row.checks()));
      System.out.printf("%-38s", row.operation().text());
      cells.forEach(cell -> System.out.printf("%10s", cell));
      System.out.println();
    }
    return 0;
  }

  private static Map<String, Object> object(Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("work", row.work());
    fields.put("domains", row.domains());
    fields.put("grants", row.grants());
    fields.put("copies", row.copies());
    fields.put("checksums", row.checksums());
    fields.put("checks", row.checks());
    fields.put("isolation_percent", row.isolation());
    fields.put("protection_percent", row.protection());
    return fields;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f %%", value);
  }
}
