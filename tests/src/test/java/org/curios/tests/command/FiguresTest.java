package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.measure.CallCosts;
import org.junit.jupiter.api.Test;

/**
 * The figures of the README are those of {@code curios evaluate calls}. With {@code
 * -Dcurios.update=true} they are rewritten.
 */
class FiguresTest {
  private static final Path README =
      Path.of(System.getProperty("curios.root", "..")).resolve("README.md");

  /** A row of the README, and the measurements in it. */
  private static final Map<String, List<String>> ROWS =
      Map.of(
          "protected call and return", List.of("call"),
          "the same with a mapped SSR", List.of("call_ssr_mapped"),
          "the same with a packed SSR of 64 bytes", List.of("call_ssr_packed_64"),
          "context switch", List.of("context_switch"),
          "from the fault until the request has been repeated, one client",
              List.of("recovery_1_client"),
          "each further client", List.of("recovery_per_client"),
          "memory of an idle object, of a client", List.of("bytes_per_object", "bytes_per_client"));

  @Test
  void readmeShowsWhatIsMeasured() throws IOException {
    Map<String, Long> costs = CallCosts.measure();
    String text = Files.readString(README);
    String updated = text;
    for (Map.Entry<String, List<String>> row : ROWS.entrySet()) {
      Matcher m =
          Pattern.compile("(?m)^\\| " + Pattern.quote(row.getKey()) + " \\| ([^|]*?) \\|")
              .matcher(updated);
      assertTrue(m.find(), () -> "README.md has no row: " + row.getKey());
      StringBuilder cell = new StringBuilder();
      Matcher numbers = Pattern.compile("[0-9]+").matcher(m.group(1));
      for (String name : row.getValue()) {
        assertTrue(numbers.find(), () -> "a number in the row: " + row.getKey());
        numbers.appendReplacement(cell, Long.toString(costs.get(name)));
      }
      numbers.appendTail(cell);
      updated = updated.substring(0, m.start(1)) + cell + updated.substring(m.end(1));
    }
    if (Boolean.getBoolean("curios.update")) {
      Files.writeString(README, updated);
      return;
    }
    assertEquals(text, updated, "if that is right, say -Dcurios.update=true");
  }
}
