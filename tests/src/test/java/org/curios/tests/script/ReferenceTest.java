package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.lab.script.Reference;
import org.junit.jupiter.api.Test;

/**
 * The reference in docs/scripting.md is what the code says; -Dcurios.reference=write makes it so.
 */
class ReferenceTest {
  private static final Path FILE =
      Path.of(System.getProperty("curios.root", "..")).resolve("docs/scripting.md");

  private static final String HEADING = "\n## Reference\n";

  @Test
  void saysWhatTheCodeSays() throws IOException {
    String text = Files.readString(FILE);
    int at = text.indexOf(HEADING) + HEADING.length();
    if ("write".equals(System.getProperty("curios.reference"))) {
      Files.writeString(FILE, text.substring(0, at) + Reference.markdown());
      return;
    }
    assertEquals(Reference.markdown(), text.substring(at));
  }
}
