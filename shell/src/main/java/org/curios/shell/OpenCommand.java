package org.curios.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.measure.OpenCosts;
import org.curios.lab.measure.OpenCosts.Costs;
import org.curios.lab.measure.OpenCosts.Memory;
import org.curios.lab.measure.OpenCosts.Recovery;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate open}: what open files and sockets cost. */
@Command(
    name = "open",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Instructions until the file service and the network service answer again after a crash, by the",
      "number of open files and sockets of a client; and memory of open files, sockets and services. A",
      "client opens them one after the other; at some numbers its next request crashes at its entry.",
      "Counted is what follows the faulting instruction, up to the client's next instruction, under the",
      "policy ssr-packed. Checks of code, private data and stacks are counted separately, as is the card",
      "driver. Memory of services is that of all their frames, without kept memory (the cache, control",
      "blocks and buffers)."
    },
    footer = {"", "Exit status: 0; 1 if the client sees an error or a limit is exceeded."})
final class OpenCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final String POLICY = "ssr-packed";
  private static final int TEN = 10;
  private static final long MOST_WITH_TEN = 20_000;
  private static final long MOST_FURTHER = 500;
  private static final long MOST_OF_A_FILE = 384;
  private static final long MOST_OF_A_SOCKET = 512;
  private static final long MOST_OF_A_SERVICE = 64 << 10;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Costs costs;
    try {
      costs = OpenCosts.measure(POLICY);
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return FAILED;
    }
    if (json) {
      System.out.println(Json.of(object(costs)));
    } else {
      print(costs);
    }
    return isExceeded(costs) ? FAILED : 0;
  }

  private static boolean isExceeded(Costs costs) {
    Memory memory = costs.memory();
    return costs.recoveries().stream()
            .anyMatch(r ->
                r.open() == TEN && r.instructions() > MOST_WITH_TEN
                    || costs.further(r.service()) > MOST_FURTHER)
        || memory.file() > MOST_OF_A_FILE
        || memory.socket() > MOST_OF_A_SOCKET
        || memory.services().values().stream().anyMatch(n -> n > MOST_OF_A_SERVICE);
  }

  private static Map<String, Object> object(Costs costs) {
    List<Object> recoveries = new ArrayList<>();
    Map<String, Object> further = new LinkedHashMap<>();
    for (Recovery r : costs.recoveries()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("service", r.service());
      row.put("open", r.open());
      row.put("instructions", r.instructions());
      row.put("checks", r.checks());
      row.put("card", r.card());
      recoveries.add(row);
      further.putIfAbsent(r.service(), costs.further(r.service()));
    }
    Memory memory = costs.memory();
    Map<String, Object> bytes = new LinkedHashMap<>();
    bytes.put("open_file", memory.file());
    bytes.put("socket", memory.socket());
    bytes.put("socket_buffers", memory.buffers());
    bytes.put("services", memory.services());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("recovery", recoveries);
    all.put("recovery_per_further", further);
    all.put("memory", bytes);
    return all;
  }

  private static void print(Costs costs) {
    System.out.printf(
        "%-10s%6s%14s%10s%8s%n", "crash of", "open", "instructions", "checks", "card");
    for (Recovery r : costs.recoveries()) {
      System.out.printf(
          Locale.ROOT,
          "%-10s%6d%,14d%,10d%,8d%s%n",
          r.service(),
          r.open(),
          r.instructions(),
          r.checks(),
          r.card(),
          r.open() == TEN ? limit(r.instructions(), MOST_WITH_TEN) : "");
    }
    costs.recoveries().stream()
        .map(Recovery::service)
        .distinct()
        .forEach(service -> row(service + ", each further", costs.further(service), MOST_FURTHER));
    Memory memory = costs.memory();
    System.out.printf("%nbytes%n");
    row("an open file", memory.file(), MOST_OF_A_FILE);
    row("a socket", memory.socket(), MOST_OF_A_SOCKET);
    row("  its buffers", memory.buffers(), Long.MAX_VALUE);
    memory.services().forEach((name, n) -> row(name + " at rest", n, MOST_OF_A_SERVICE));
  }

  private static void row(String what, long value, long most) {
    System.out.printf(
        Locale.ROOT,
        "%-30s%,10d%s%n",
        what,
        value,
        most == Long.MAX_VALUE ? "" : limit(value, most));
  }

  private static String limit(long value, long most) {
    return String.format(Locale.ROOT, "  at most %,d%s", most, value > most ? ": EXCEEDED" : "");
  }
}
