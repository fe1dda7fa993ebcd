package org.curios.tests.differential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.curios.machine.image.ImageException;
import org.curios.machine.text.Disassembler;
import org.curios.shell.StandardOutput;
import org.curios.tests.differential.TestImage.Case;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curios differential}: our machine against qemu-system-arm on random instructions. */
@Command(
    name = "curios differential",
    mixinStandardHelpOptions = true,
    description =
        "Compare the machine with qemu-system-arm on random ARM and Thumb instructions, with random"
            + " registers, flags and memory. A difference is shrunk and printed.",
    footer = {"", "Exit status: 0 all agree; 1 a difference; 2 bad usage, or no QEMU."})
public final class Main implements Callable<Integer> {
  static final int CASES = 2000;

  /** Instructions of a case on average. */
  static final int LENGTH = 19;

  /** Compiling each block of each case takes its time. */
  static final int COMPILED_CASES = 60;

  private static final int DIFFERENT = 1;
  private static final int UNUSABLE = 2;
  private static final int SECONDS = 120;
  private static final long MAX_TICKS = 2_000_000_000L;

  @Parameters(
      index = "0",
      paramLabel = "INSTRUCTIONS",
      description = "How many to compare, at least.")
  private long wanted;

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "1",
      paramLabel = "SEED",
      description = "Of the first image; the next ones count up. Default ${DEFAULT-VALUE}.")
  private long seed;

  private Main() {}

  /** Runs the command line. */
  public static void main(String[] arguments) {
    StandardOutput output = StandardOutput.install(System::exit);
    output.end(
        new CommandLine(new Main())
            .setExecutionExceptionHandler((e, command, result) -> {
              command.getErr().println("curios differential: " + e.getMessage());
              return UNUSABLE;
            })
            .execute(arguments));
  }

  /** Runs as many images as the instructions need. */
  @Override
  public Integer call() throws IOException, ImageException, InterruptedException {
    if (!Qemu.isThere()) {
      throw new IOException("there is no qemu-system-arm; apt-get install qemu-system-arm");
    }
    long done = 0;
    for (long s = seed; done < wanted; s++) {
      String difference = compare(s, CASES, Ours.Mode.INTERPRETED);
      boolean inAllModes = s % 10 == seed % 10;
      if (difference == null && inAllModes) {
        difference = compare(s, CASES, Ours.Mode.NODES);
      }
      if (difference == null && inAllModes) {
        difference = compare(s, COMPILED_CASES, Ours.Mode.BYTE_CODE);
      }
      if (difference == null && inAllModes) {
        difference = compare(s, COMPILED_CASES, Ours.Mode.HOST_CODE);
      }
      if (difference == null && inAllModes) {
        difference = compare(s, COMPILED_CASES, Ours.Mode.COMPILED);
      }
      if (difference != null) {
        System.out.println(difference);
        return DIFFERENT;
      }
      done += (long) CASES * LENGTH;
      System.out.printf("%,d instructions agree (seed %d)%n", done, s);
    }
    return 0;
  }

  /**
   * Runs the cases of a seed on both machines.
   *
   * @return null if they agree; otherwise the smallest case that does not, and how to run it again
   */
  static String compare(long seed, int count, Ours.Mode mode)
      throws IOException, ImageException, InterruptedException {
    List<Case> cases = TestImage.cases(seed, count);
    boolean user = seed % 2 == 0;
    int passes = passes(mode);
    byte[] elf = TestImage.build(cases, false, user, passes, seed);
    List<String> theirs = lines(Qemu.run(elf, SECONDS));
    List<String> ours = lines(Ours.run("cases", elf, mode, MAX_TICKS).output());
    if (theirs.size() != count * passes) {
      throw new IOException(
          "qemu-system-arm printed "
              + theirs.size()
              + " lines of "
              + count
              + " (seed "
              + seed
              + ")");
    }
    for (int i = 0; i < theirs.size(); i++) {
      if (i >= ours.size() || !theirs.get(i).equals(ours.get(i))) {
        return shrink(cases.get(i % count), seed, i % count, user, mode);
      }
    }
    return null;
  }

  private static int passes(Ours.Mode mode) {
    return switch (mode) {
      case COMPILED, BYTE_CODE, HOST_CODE -> 4;
      default -> 1;
    };
  }

  private static List<String> lines(byte[] output) {
    return new String(output, StandardCharsets.ISO_8859_1).lines().toList();
  }

  /** Takes away instructions as long as the machines differ. */
  private static String shrink(Case failing, long seed, int index, boolean user, Ours.Mode mode)
      throws IOException, ImageException, InterruptedException {
    Case smallest = failing;
    String[] lines = bothLines(smallest, seed, user, mode);
    for (int i = smallest.words().size() - 1; i >= 0 && smallest.words().size() > 1; i--) {
      var words = new java.util.ArrayList<>(smallest.words());
      words.subList(i, i + 1).clear();
      Case candidate = new Case(smallest.thumb(), words, smallest.registers(), smallest.flags());
      String[] candidateLines = bothLines(candidate, seed, user, mode);
      if (!candidateLines[0].equals(candidateLines[1])) {
        smallest = candidate;
        lines = candidateLines;
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "seed %d case %d (%s, %s mode) differs%n"
            .formatted(seed, index, mode, user ? "user" : "system"));
    try (Disassembler disassembler = new Disassembler()) {
      for (int word : smallest.words()) {
        text.append(
            "  %08x %s%n".formatted(word, disassembler.disassemble(0, word, smallest.thumb())));
      }
    }
    text.append("flags %08x before:".formatted(smallest.flags()));
    for (int r : smallest.registers()) {
      text.append(" %08x".formatted(r));
    }
    text.append(
            "%n       r0       r1       r2       r3       r4       r5       r6       r7       r8       r9       "
                .formatted())
        .append("r10      r11      r12      cpsr     faults   number   memory")
        .append("%nqemu   %s%nours   %s%n".formatted(lines[0], lines[1]));
    return text.toString();
  }

  private static String[] bothLines(Case one, long seed, boolean user, Ours.Mode mode)
      throws IOException, ImageException, InterruptedException {
    byte[] elf = TestImage.build(List.of(one), true, user, passes(mode), seed);
    return new String[] {
      String.join("|", lines(Qemu.run(elf, SECONDS))),
      String.join("|", lines(Ours.run("case", elf, mode, MAX_TICKS).output()))
    };
  }
}
