package org.curios.tests.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Its own network namespace, with a TAP interface {@code tap9} that has 10.0.2.2. */
public final class Namespace {
  private static final String MAKE =
      "ip link set lo up && ip tuntap add dev tap9 mode tap && ip addr add 10.0.2.2/24 dev tap9"
          + " && ip link set tap9 up && ";

  private Namespace() {}

  /**
   * Runs a script in a new namespace.
   *
   * @param script for sh
   * @param output takes what it prints
   * @param arguments of the script
   * @return the exit status
   */
  public static int run(String script, Path output, long seconds, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "-n", "sh", "-c", MAKE + script, "sh"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          "did not end within " + seconds + " s; it said:\n" + Files.readString(output));
    }
    return process.exitValue();
  }
}
