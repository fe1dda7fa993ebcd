package org.curios.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Processes that run an image from a file; none outlives this one. */
final class Child {
  /** Status of a run that was ended by its limit. */
  static final int ENDED = -1;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private Child() {}

  /** Makes the command that runs an image. */
  interface Command {
    List<String> of(Path image) throws IOException;
  }

  /**
   * Runs an executable and hands over what it prints.
   *
   * @return its exit status, or {@link #ENDED}
   * @throws BenchException when it cannot be started
   */
  static int run(Command command, Job job, LineClock clock)
      throws BenchException, InterruptedException {
    Path image = null;
    try {
      image = Files.createTempFile("curios", ".elf");
      Files.write(image, job.elf());
      return run(command.of(image), job, clock);
    } catch (IOException e) {
      throw new BenchException(job.name() + " cannot be run (" + e.getMessage() + ")", e);
    } finally {
      delete(image);
    }
  }

  private static int run(List<String> command, Job job, LineClock clock)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    RUNNING.add(process);
    clock.timeBy(job.clock().ofProcess(process.pid()));
    try (InputStream output = process.getInputStream();
        // By its handle, which leaves what it has printed to the reader.
        Deadline deadline =
            new Deadline(job, clock, () -> false, process.toHandle()::destroyForcibly)) {
      byte[] buffer = new byte[4096];
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        clock.write(buffer, 0, n);
      }
      int status = process.waitFor();
      return deadline.passed() ? ENDED : status;
    } finally {
      process.destroyForcibly();
      RUNNING.remove(process);
    }
  }

  private static void delete(Path file) throws BenchException {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new BenchException(file + " cannot be deleted", e);
    }
  }
}
