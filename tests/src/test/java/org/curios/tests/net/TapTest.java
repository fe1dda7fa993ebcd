package org.curios.tests.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.kernel.Images;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TAP interface of the host, in its own network namespace. */
class TapTest {
  @TempDir Path folder;

  /** The kernel of the host answers the program's ARP request. */
  @Test
  void hostAnswers() throws Exception {
    Peers.needTap();
    Path image = folder.resolve("probe.elf");
    Path output = folder.resolve("output.txt");
    Files.write(image, Images.elf("ethernet/probe"));
    int status =
        Namespace.run(
            "exec \"$@\"",
            output,
            120,
            Curios.command("run", "--no-jit", image.toString(), "--net", "tap:tap9"));
    String text = Files.readString(output);
    assertEquals(0, status, text);
    assertTrue(text.contains("from 0a000202"), text);
  }

  @Test
  void busyInterfaceIsToldInALine() throws Exception {
    Peers.needTap();
    Path image = folder.resolve("echo.elf");
    Path output = folder.resolve("output.txt");
    Files.write(image, Images.elf("ethernet/echo"));
    int status =
        Namespace.run(
            "\"$@\" & p=$!; while ! ip link show tap9 2>/dev/null | grep -q LOWER_UP; do sleep 0.1; done;"
                + " \"$@\"; r=$?; kill $p; exit $r",
            output,
            120,
            Curios.command("run", "--no-jit", image.toString(), "--net", "tap:tap9"));
    String text = Files.readString(output);
    assertEquals(2, status, text);
    assertEquals(
        "curios: --net tap:tap9: another program has this interface open; close that one or give"
            + " another name\n",
        text);
  }
}
