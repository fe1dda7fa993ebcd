package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.trial.FaultClass;
import org.junit.jupiter.api.Test;

/** Lists in the documents that name words of the guest have exactly the words of its image. */
class DocumentedWordsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Returns the lines of the table that starts with a line, without its two lines of header. */
  private static List<String> rows(String document, String header) throws IOException {
    List<String> lines = Files.readAllLines(DOCS.resolve(document));
    int start = lines.indexOf(header);
    assertEquals(start, lines.lastIndexOf(header), header);
    return lines.subList(start + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  /** Returns the words in the first cell of each row. */
  private static List<String> firstCells(List<String> rows) {
    List<String> words = new ArrayList<>();
    for (String row : rows) {
      Matcher word = CODE.matcher(row.substring(1, row.indexOf('|', 1)));
      while (word.find()) {
        words.add(word.group(1));
      }
    }
    return words;
  }

  /** The shell can also lose an interrupt, which is a fault of the board and not of the guest. */
  @Test
  void theGuideNamesTheKindsOfCrash() throws IOException {
    String row =
        rows("user-guide.md", "| task | commands |").stream()
            .filter(line -> line.startsWith("| inject a crash |"))
            .findFirst()
            .orElseThrow();
    String[] kinds = row.substring(row.indexOf('[') + 1, row.indexOf(']')).split(", ", -1);
    List<String> words = new ArrayList<>(Dictionary.embedded().crashes());
    words.add("interrupt");
    assertEquals(
        new TreeSet<>(words),
        new TreeSet<>(Arrays.stream(kinds).map(kind -> kind.split(" ", -1)[0]).toList()));
  }

  @Test
  void thePoliciesAreThoseOfTheKernel() throws IOException {
    String header = "| policy | modelled on | states | the request that faulted |";
    assertEquals(Dictionary.embedded().names(Kind.POLICY), firstCells(rows("kernel.md", header)));
  }

  @Test
  void theGuideNamesTheFaultsOfRecovery() throws IOException {
    assertEquals(
        FaultClass.basic().stream().map(FaultClass::word).toList(),
        firstCells(rows("user-guide.md", "| class | what is changed | when |")));
  }

  @Test
  void campaignsNameAllKindsOfFaults() throws IOException {
    assertEquals(
        new TreeSet<>(FaultClass.words()),
        new TreeSet<>(firstCells(rows("campaigns.md", "| kind | target | `places` |"))));
  }
}
