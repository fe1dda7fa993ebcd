package org.curios.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** qemu-system-arm, a process for each run. */
final class Qemu implements Peer {
  private static final String COMMAND = "qemu-system-arm";
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

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
    int status = run(job, clock);
    if (status != 0 && status != ENDED) {
      throw new BenchException(
          job.name() + " found a wrong result on QEMU (status " + status + ")");
    }
    return clock.run(job, this);
  }

  /** Status of a run that was ended by its limit. */
  private static final int ENDED = -1;

  private static int run(Job job, LineClock clock) throws BenchException, InterruptedException {
    Path image = null;
    Process process = null;
    try {
      image = Files.createTempFile("curios", ".elf");
      Files.write(image, job.elf());
      process =
          new ProcessBuilder(command(image))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      RUNNING.add(process);
      Process started = process;
      boolean[] late = {false};
      Thread alarm =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  if (!started.waitFor((long) (job.limit() * 1000), TimeUnit.MILLISECONDS)) {
                    late[0] = true;
                    started.toHandle().destroyForcibly(); // leaves its output to the reader
                  }
                } catch (InterruptedException e) {
                  // the run is over
                }
              });
      try (InputStream output = process.getInputStream()) {
        byte[] buffer = new byte[4096];
        for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
          clock.write(buffer, 0, n);
        }
      }
      int status = process.waitFor();
      alarm.interrupt();
      alarm.join();
      return late[0] ? ENDED : status;
    } catch (IOException e) {
      throw new BenchException(COMMAND + " cannot be run (" + e.getMessage() + ")", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
        RUNNING.remove(process);
      }
      delete(image);
    }
  }

  /** Returns the command that runs an image. */
  static List<String> command(Path image) {
    List<String> words = new ArrayList<>(List.of(COMMAND, "-M", "versatilepb", "-nographic"));
    words.addAll(List.of("-monitor", "none", "-audiodev", "none,id=none"));
    words.addAll(List.of("-semihosting-config", "enable=on", "-kernel", image.toString()));
    return words;
  }

  private static void delete(Path file) throws BenchException {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new BenchException(file + " cannot be deleted", e);
    }
  }
}
