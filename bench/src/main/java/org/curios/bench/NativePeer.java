package org.curios.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.curios.kernel.Images;

/**
 * The host itself, with the same programs compiled for it by the same compiler: an upper bound for
 * an emulator. For the growth of code it has a program that writes the same mixture of operations
 * in the host's own instructions.
 */
final class NativePeer implements Peer {
  private static final String GUEST = "bench/";
  private static final String GROWTH = "growth/";
  private static final String HOST = "host/";
  private static final String CODE = "bench_code";
  private static final String INSTRUCTION = "bench_instruction";
  private static final int ARM_INSTRUCTION = 4;
  private static final String SMALL = GUEST + "sieve";

  @Override
  public String name() {
    return "native";
  }

  /** Returns why the benchmark programs cannot be run on this host, or null if they can. */
  static String whyNot() throws InterruptedException {
    return whyNot(SMALL);
  }

  /** Returns why the host's form of an image cannot be run here, or null if it can. */
  static String whyNot(String image) throws InterruptedException {
    if (!Images.has(host(image))) {
      return "this build has none for " + image;
    }
    try {
      new NativePeer().run(Job.of(GuestImage.of(image).repeated(1), 1));
      return null;
    } catch (BenchException e) {
      return e.getMessage();
    }
  }

  @Override
  public boolean runs(String image) {
    return (image.startsWith(GUEST) || image.startsWith(GROWTH)) && Images.has(host(image));
  }

  private static String host(String image) {
    return image.startsWith(GROWTH) ? HOST + "growth" : HOST + image.substring(GUEST.length());
  }

  @Override
  public Run run(Job job) throws BenchException, InterruptedException {
    LineClock clock = new LineClock(job.prefix(), () -> {});
    Job mine =
        new Job(job.name(), Images.elf(host(job.name())), job.limit(), job.prefix(), job.clock());
    List<String> arguments = arguments(new GuestImage(job.name(), job.elf()));
    Child.run(file -> command(file, arguments), mine, name(), clock);
    return clock.run(job, this);
  }

  /** The values of words in the guest's image. */
  private static List<String> arguments(GuestImage image) throws BenchException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(image.word(GuestImage.REPETITIONS)));
    if (image.has(CODE)) {
      int instructions = image.word(CODE) / image.word(INSTRUCTION);
      arguments.add(Integer.toString(instructions * ARM_INSTRUCTION));
    }
    return arguments;
  }

  private static List<String> command(Path file, List<String> arguments) throws IOException {
    Files.setPosixFilePermissions(
        file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
    List<String> command = new ArrayList<>();
    command.add(file.toString());
    command.addAll(arguments);
    return command;
  }
}
