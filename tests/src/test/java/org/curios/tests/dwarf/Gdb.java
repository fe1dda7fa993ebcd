package org.curios.tests.dwarf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks gdb-multiarch, the independent reader of debug information. */
public final class Gdb {
  private static final String COMMAND = "gdb-multiarch";
  private static final long SECONDS = 120;

  private Gdb() {}

  /**
   * Carries out commands on an image.
   *
   * @return the lines that they print
   */
  public static List<String> ask(Path folder, byte[] elf, List<String> commands)
      throws IOException, InterruptedException {
    Path image = Files.write(folder.resolve("image.elf"), elf);
    List<String> script =
        new ArrayList<>(List.of("set pagination off", "set width 0", "set confirm off"));
    script.addAll(commands);
    Path file = Files.write(folder.resolve("commands.gdb"), script);
    Path out = folder.resolve("gdb.out");
    Process process =
        new ProcessBuilder(COMMAND, "-nx", "-batch", "-x", file.toString(), image.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("gdb did not end; it said:\n" + Files.readString(out));
    }
    return Files.readAllLines(out);
  }
}
