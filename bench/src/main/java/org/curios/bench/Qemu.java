package org.curios.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** qemu-system-arm, a process for each run. */
final class Qemu implements Peer {
  private static final String COMMAND = "qemu-system-arm";

  /**
   * Makes the peer.
   *
   * @throws BenchException when it is not installed
   */
  Qemu() throws BenchException, InterruptedException {
    try {
      Process process = new ProcessBuilder(COMMAND, "--version").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      process.waitFor();
    } catch (IOException e) {
      throw new BenchException(
          COMMAND + " is not there; install it (apt-get install qemu-system-arm)", e);
    }
  }

  @Override
  public String name() {
    return "qemu";
  }

  @Override
  public Run run(Job job) throws BenchException, InterruptedException {
    LineClock clock = new LineClock(job.prefix(), () -> {});
    int status = Child.run(Qemu::command, job, clock);
    if (status != 0 && status != Child.ENDED) {
      throw new BenchException(
          job.name() + " found a wrong result on QEMU (status " + status + ")");
    }
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
