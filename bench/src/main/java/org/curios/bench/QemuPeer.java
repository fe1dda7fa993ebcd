package org.curios.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** qemu-system-arm, a process for each run. */
final class QemuPeer implements Peer {
  private static final String COMMAND = "qemu-system-arm";

  /**
   * Returns its version.
   *
   * @throws BenchException when it is not installed
   */
  static String version() throws BenchException, InterruptedException {
    try {
      Process process = new ProcessBuilder(COMMAND, "--version").redirectErrorStream(true).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new BenchException(COMMAND + " cannot be run (status " + status + "): " + text);
      }
      return text.lines().findFirst().orElse(COMMAND);
    } catch (IOException e) {
      throw new BenchException(
          COMMAND + " is missing; install it (apt-get install qemu-system-arm)", e);
    }
  }

  @Override
  public String name() {
    return "qemu";
  }

  @Override
  public Run run(Job job) throws BenchException, InterruptedException {
    LineClock clock = new LineClock(job.prefix(), () -> {});
    Child.run(QemuPeer::command, job, name(), clock);
    return clock.run(job, this);
  }

  /** Returns the command that runs an image. */
  private static List<String> command(Path image) {
    return List.of(
        COMMAND,
        "-M",
        "versatilepb",
        "-nographic",
        "-monitor",
        "none",
        "-audiodev",
        "none,id=none",
        "-semihosting-config",
        "enable=on",
        "-kernel",
        image.toString());
  }
}
