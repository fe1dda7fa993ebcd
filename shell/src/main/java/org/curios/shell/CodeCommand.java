package org.curios.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.curios.lab.LabException;
import org.curios.lab.measure.RecoveryCode;
import org.curios.lab.measure.RecoveryCode.Group;
import org.curios.lab.measure.RecoveryCode.Part;
import org.curios.shell.session.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curios evaluate code}: how much code there is for the failures of services. */
@Command(
    name = "code",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Lines and bytes of the code for failures of services: what the clients of trials need under the",
      "policy aware, beside the clients without it; the routines with which services rebuild their",
      "private data; and what the kernel does for all services. A line counts if it has code, inlined",
      "lines of headers included; bytes are of ARM code with its literals."
    },
    footer = {"", "Exit status: 0; 1 if the image cannot be read."})
final class CodeCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    List<Part> parts;
    try {
      parts = RecoveryCode.measure();
    } catch (LabException e) {
      System.err.println("curios: " + e.getMessage());
      return FAILED;
    }
    if (json) {
      System.out.println(Json.of(object(parts)));
      return 0;
    }
    for (Group group : Group.values()) {
      List<Part> of = parts.stream().filter(p -> p.group() == group).toList();
      row(
          group.toString(),
          of.stream().mapToInt(Part::lines).sum(),
          of.stream().mapToInt(Part::bytes).sum());
      of.forEach(p -> row("  " + p.name(), p.lines(), p.bytes()));
    }
    return 0;
  }

  private static void row(String what, int lines, int bytes) {
    System.out.printf(Locale.ROOT, "%-32s %5d lines %7d bytes%n", what, lines, bytes);
  }

  private static Map<String, Object> object(List<Part> parts) {
    Map<String, Object> groups = new LinkedHashMap<>();
    for (Group group : Group.values()) {
      Map<String, Object> of = new LinkedHashMap<>();
      parts.stream()
          .filter(p -> p.group() == group)
          .forEach(
              p -> of.put(p.name(), new TreeMap<>(Map.of("lines", p.lines(), "bytes", p.bytes()))));
      groups.put(group.name().toLowerCase(Locale.ROOT), of);
    }
    return groups;
  }
}
