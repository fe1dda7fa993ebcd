package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The sessions that the documents show are what the shell says, to the byte, interpreted and
 * compiled. With {@code -Dcurios.update=true} they are rewritten.
 */
class GuideTest {
  private static final Path ROOT = Path.of(System.getProperty("curios.root", ".."));
  private static final String SESSIONS = "tests/src/test/resources/org/curios/tests/command/";

  @ParameterizedTest
  @CsvSource({"guide.curios, docs/user-guide.md", "readme.curios, README.md"})
  void documentsShowWhatTheShellSays(String session, String document) throws IOException {
    Path commands = ROOT.resolve(SESSIONS + session);
    String said = Curios.runWith(commands, "shell", "-S", "--no-jit").expect(0).out();
    assertEquals(said, Curios.runWith(commands, "shell", "-S").expect(0).out(), "compiled");
    Path file = ROOT.resolve(document);
    String text = Files.readString(file);
    String begin = "<!-- what " + session + " gives: -Dcurios.update=true writes it -->\n";
    String end = "<!-- end of " + session + " -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    assertTrue(from >= begin.length() && to >= from, () -> document + " has no " + begin + end);
    String shown = shown(session, said);
    if (Boolean.getBoolean("curios.update")) {
      Files.writeString(file, text.substring(0, from) + shown + text.substring(to));
      return;
    }
    assertEquals(
        text.substring(from, to),
        shown,
        document + " shows another session; if that is right, say -Dcurios.update=true");
  }

  /** The session as a block of Markdown. */
  private static String shown(String session, String said) {
    StringBuilder block = new StringBuilder("\n    $ ./curios shell -S < " + session + "\n");
    said.lines().forEach(l -> block.append("    ".concat(l).stripTrailing()).append('\n'));
    return block.append('\n').toString();
  }
}
