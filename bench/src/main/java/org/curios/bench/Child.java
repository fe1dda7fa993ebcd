package org.curios.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Processes that run an image from a file; neither they nor the file outlive this process. */
final class Child {
  /** Statuses by which a program reports that its own result is wrong. */
  private static final Set<Integer> WRONG = Set.of(1, 2);

  /** Maximum characters of error output that are passed on. */
  private static final int MOST_COMPLAINTS = 500;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final Set<Path> FILES = ConcurrentHashMap.newKeySet();
  private static volatile boolean closing;

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              synchronized (Child.class) {
                closing = true;
                RUNNING.forEach(Process::destroyForcibly);
                FILES.forEach(f -> f.toFile().delete());
              }
            }));
  }

  private Child() {}

  /** Makes the command that runs an image. */
  interface Command {
    List<String> of(Path image) throws IOException;
  }

  /**
   * Runs an executable to its end or its limit, and passes on its output.
   *
   * @param peer what runs it, for messages
   * @throws BenchException when it cannot be started, or ends with another status than 0
   */
  static void run(Command command, Job job, String peer, LineClock clock)
      throws BenchException, InterruptedException {
    Path image = null;
    Path complaints = null;
    try {
      image = file(".elf", job.elf());
      complaints = file(".err", new byte[0]);
      int status = run(command.of(image), complaints, job, clock);
      if (status != 0) {
        throw new BenchException(failure(job, peer, status, complaints));
      }
    } catch (IOException e) {
      throw new BenchException(
          "%s cannot be run on %s (%s)".formatted(job.name(), peer, e.getMessage()), e);
    } finally {
      delete(image);
      delete(complaints);
    }
  }

  private static String failure(Job job, String peer, int status, Path complaints)
      throws IOException {
    String text = Files.readString(complaints, StandardCharsets.ISO_8859_1).strip();
    if (text.isEmpty() && WRONG.contains(status)) {
      return "%s found a wrong result on %s (status %d)".formatted(job.name(), peer, status);
    }
    String end = text.substring(Math.max(0, text.length() - MOST_COMPLAINTS));
    return "%s could not be run on %s: it ended with status %d%s"
        .formatted(job.name(), peer, status, end.isEmpty() ? " and said nothing" : ": " + end);
  }

  private static int run(List<String> command, Path complaints, Job job, LineClock clock)
      throws IOException, InterruptedException {
    Process process = start(command, complaints);
    clock.timeBy(job.clock().ofProcess(process.pid()));
    try (InputStream output = process.getInputStream();
        // Through its handle, which leaves its output to the reader.
        Deadline deadline =
            new Deadline(job, clock, () -> false, process.toHandle()::destroyForcibly)) {
      byte[] buffer = new byte[4096];
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        clock.write(buffer, 0, n);
      }
      int status = process.waitFor();
      return deadline.passed() ? 0 : status;
    } finally {
      process.destroyForcibly();
      haltIfClosing();
      RUNNING.remove(process);
    }
  }

  private static Process start(List<String> command, Path complaints) throws IOException {
    return unlessClosing(() -> {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(complaints.toFile())
              .start();
      RUNNING.add(process);
      return process;
    });
  }

  private static Path file(String ending, byte[] content) throws IOException {
    return unlessClosing(() -> {
      Path file = Files.createTempFile("curios", ending);
      FILES.add(file);
      return Files.write(file, content);
    });
  }

  /** Creates something that must be removed when this process ends. */
  private interface Maker<T> {
    T make() throws IOException;
  }

  private static <T> T unlessClosing(Maker<T> maker) throws IOException {
    synchronized (Child.class) {
      if (!closing) {
        return maker.make();
      }
    }
    haltIfClosing();
    throw new IllegalStateException("this process has ended");
  }

  /**
   * Never returns while this process is being terminated: the effects on other processes must not
   * count as results.
   */
  private static void haltIfClosing() {
    while (closing) {
      LockSupport.park();
    }
  }

  private static void delete(Path file) throws BenchException {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
        FILES.remove(file);
      }
    } catch (IOException e) {
      throw new BenchException(file + " cannot be deleted", e);
    }
  }
}
