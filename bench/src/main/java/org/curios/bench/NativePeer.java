package org.curios.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.curios.kernel.Images;

/**
 * The host itself, with programs that the same compiler has made of the same sources: the limit of
 * what an emulator can reach.
 */
final class NativePeer implements Peer {
  private static final String GUEST = "bench/";
  private static final String HOST = "host/";

  @Override
  public String name() {
    return "native";
  }

  /** Returns whether this build has programs for this host at all. */
  static boolean isThere() {
    return Images.has(HOST + "sieve");
  }

  @Override
  public boolean runs(String image) {
    return image.startsWith(GUEST) && Images.has(host(image));
  }

  private static String host(String image) {
    return HOST + image.substring(GUEST.length());
  }

  @Override
  public Run run(Job job) throws BenchException, InterruptedException {
    int repetitions = new GuestImage(job.name(), job.elf()).word(GuestImage.REPETITIONS);
    LineClock clock = new LineClock(job.prefix(), () -> {});
    Job mine =
        new Job(job.name(), Images.elf(host(job.name())), job.limit(), job.prefix(), job.clock());
    int status = Child.run(file -> command(file, repetitions), mine, clock);
    if (status != 0 && status != Child.ENDED) {
      throw new BenchException(
          job.name() + " found a wrong result on the host (status " + status + ")");
    }
    return clock.run(job, this);
  }

  private static List<String> command(Path file, int repetitions) throws IOException {
    Files.setPosixFilePermissions(
        file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
    return List.of(file.toString(), Integer.toString(repetitions));
  }
}
