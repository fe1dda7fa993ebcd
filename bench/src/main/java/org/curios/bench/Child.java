package org.curios.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

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
      return run(command.of(image), job.limit(), clock);
    } catch (IOException e) {
      throw new BenchException(job.name() + " cannot be run (" + e.getMessage() + ")", e);
    } finally {
      delete(image);
    }
  }

  private static int run(List<String> command, double limit, LineClock clock)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    RUNNING.add(process);
    try (InputStream output = process.getInputStream()) {
      boolean[] late = {false};
      Thread alarm = Thread.ofPlatform().daemon().start(() -> late[0] = endIfLate(process, limit));
      byte[] buffer = new byte[4096];
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        clock.write(buffer, 0, n);
      }
      int status = process.waitFor();
      alarm.interrupt();
      alarm.join();
      return late[0] ? ENDED : status;
    } finally {
      process.destroyForcibly();
      RUNNING.remove(process);
    }
  }

  private static boolean endIfLate(Process process, double limit) {
    try {
      if (process.waitFor((long) (limit * 1000), TimeUnit.MILLISECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      return false;
    }
    process.toHandle().destroyForcibly(); // leaves what it has printed to the reader
    return true;
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
