package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.tests.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands from the command line and from pipes: their output alone, and a status. */
class BatchTest {
  @TempDir Path folder;

  private static Curios.Result commands(String... lines) {
    String[] arguments = new String[3 + 2 * lines.length];
    arguments[0] = "shell";
    arguments[1] = "--no-jit";
    arguments[2] = "-S";
    for (int i = 0; i < lines.length; i++) {
      arguments[3 + 2 * i] = "-c";
      arguments[4 + 2 * i] = lines[i];
    }
    return Curios.run(arguments);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void theOutputAloneIsOnStandardOutput() throws IOException {
    Curios.Result given = commands("until @4000000 | head 0; services --json").expect(0);
    assertEquals("", given.err());
    List<String> lines = given.out().lines().toList();
    assertEquals(14, lines.size(), given.out());
    lines.forEach(l -> assertTrue(JsonReader.parse(l).toString().contains("service"), l));
    Curios.Result piped =
        Curios.runWith("until @4000000 | head 0\nservices --json\n", "--no-jit", "-S", "-q")
            .expect(0);
    assertEquals(given.out(), piped.out());
    assertEquals("", piped.err());
  }

  /** Without a command on the command line, options are those of the shell. */
  @Test
  void complaintsAreOnStandardErrorAndTheWorstIsTheStatus() {
    Curios.Result failed = commands("restore nosuch; regs | count").expect(1);
    assertTrue(failed.err().startsWith("curios: "), failed.err());
    assertFalse(failed.out().contains("nosuch") || failed.out().contains(">"), failed.out());
    Curios.Result misused = commands("servces; restore nosuch; regs | count").expect(2);
    assertTrue(
        misused.err().startsWith("curios: servces: no such command; did you mean services"),
        misused.err());
    assertEquals(2, misused.err().lines().count(), misused.err());
    commands("regs nosuch --nosuch").expect(2);
    commands("regs | nosuch").expect(1);
  }

  @Test
  void outputGoesToFilesAndPrograms() throws IOException {
    String out = file("out");
    Curios.Result result =
        commands(
                "regs > '" + out + "'; regs | head 1 >> '" + out + "'",
                "regs | grep r0 | !wc -l | tr -d ' '; regs | count",
                "print 5 > 3; print 3 > 5",
                "regs | !sed 's/.*/a;b/' | uniq",
                "echo > '" + file("no/folder") + "'",
                "regs | !exit 3")
            .expect(2);
    List<String> written = Files.readAllLines(Path.of(out));
    String first = written.getFirst();
    assertTrue(first.startsWith("r0"), first);
    assertEquals(first, written.getLast());
    assertTrue(result.out().startsWith("1\n"), result.out());
    assertTrue(result.out().contains("\na;b\n"), result.out());
    assertFalse(Files.exists(Path.of("3")) || Files.exists(Path.of("5")));
  }

  @Test
  void whatCannotBeWrittenIsSaid() {
    String out = file("no/such/folder");
    Curios.Result result =
        commands("regs > '" + out + "'", "regs >", "regs > a b", "regs | !", "> x").expect(2);
    assertEquals("", result.out());
    List<String> lines = result.err().lines().toList();
    assertEquals("curios: " + out + ": cannot be written; make its folder first", lines.get(0));
    assertEquals(5, lines.size(), result.err());
    commands("regs | !exit 3").expect(1);
    commands("regs > /dev/full").expect(1);
  }
}
