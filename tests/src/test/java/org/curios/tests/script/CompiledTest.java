package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.kernel.Images;
import org.curios.lab.script.ScriptEnd;
import org.curios.lab.script.ScriptRunner;
import org.curios.lab.script.model.SessionPort;
import org.curios.lab.script.model.Workbench;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine that is run by a function that a script has called, in the middle of the script's
 * context, runs compiled code, and comes to the same state as one that is interpreted.
 */
class CompiledTest {
  private static final String SCRIPT =
      """
      let stops = 0;
      const begin = machine.breakpoint(machine.pc, b => stops++);
      while (machine.run(100000) === "ticks") stops++;
      print(machine.ticks, String(machine.registers), stops, begin.hits, machine.status);
      """;

  @TempDir Path folder;

  @Test
  void aScriptsRunIsCompiledAndTheSame() throws Exception {
    Path file = Files.writeString(folder.resolve("run.js"), SCRIPT);
    Image image = Image.parse("sieve", Images.elf("bench/sieve"));
    GuestConsole console = new GuestConsole();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Session session =
        new Session(() -> {
          Machine machine =
              new MachineBuilder()
                  .compileImmediately(true)
                  .console(new PrintStream(console.output(), false))
                  .build();
          machine.load(image);
          return machine;
        })) {
      ScriptEnd end =
          session.call(m -> {
            ScriptRunner runner =
                new ScriptRunner(
                    Scripts.options(folder), InputStream.nullInputStream(), out, System.err);
            try (Workbench workbench = new Workbench(null, false)) {
              return runner.run(
                  file,
                  List.of(),
                  workbench,
                  workbench.adopt(new SessionPort(session, m, console), image));
            }
          });
      assertEquals(0, end.status(), end.message());
      boolean compiled =
          session.call(m -> m.executor().regions() > 1 && m.compilations().compiled() > 1);
      assertTrue(compiled, "nothing was compiled");
    }
    assertEquals(interpreted(file, image), out.toString(StandardCharsets.UTF_8));
  }

  private String interpreted(Path file, Image image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Workbench workbench = new Workbench(image, false)) {
      ScriptEnd end =
          new ScriptRunner(Scripts.options(folder), InputStream.nullInputStream(), out, System.err)
              .run(file, List.of(), workbench, workbench.boot(null, null));
      assertEquals(0, end.status(), end.message());
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
