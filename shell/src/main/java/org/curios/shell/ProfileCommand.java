package org.curios.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.debug.SourceFiles;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.lab.profile.FlameGraph;
import org.curios.lab.profile.ProfileReport;
import org.curios.lab.profile.Profiler;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curios profile}: where a guest spends its instructions. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Sample a guest at exact instructions, and report its hottest functions and lines. The same run",
      "gives the same profile. Under CuriOS stacks go from the client through the service to the",
      "kernel."
    },
    footer = {
      "",
      "Exit status: 0; 2 bad usage or image; 3 the guest can never continue.",
      "",
      "Examples:",
      "  curios profile embedded --flame kernel.svg",
      "  curios profile program.elf --every 1009 --json"
    })
final class ProfileCommand implements Callable<Integer> {
  private static final String EMBEDDED = "embedded";
  private static final int DEAD = 3;

  @Parameters(
      paramLabel = "IMAGE",
      description = "An image as for run, or the word embedded for the built-in image of CuriOS.")
  private String image;

  @Option(
      names = "--every",
      paramLabel = "TICKS",
      defaultValue = "" + Profiler.EVERY,
      description = "Instructions between two samples; default ${DEFAULT-VALUE}, a prime.")
  private String every;

  @Option(
      names = "--max-ticks",
      paramLabel = "N",
      defaultValue = "60000000",
      description =
          "Stop after N instructions if the guest has not ended; default ${DEFAULT-VALUE}.")
  private String maxTicks;

  @Option(
      names = "--policy",
      defaultValue = "ssr-packed",
      paramLabel = "NAME",
      description = "Recovery policy of the embedded image; default ${DEFAULT-VALUE}.")
  private String policy;

  @Option(
      names = "--run",
      defaultValue = "mixed,timers,stores,scheds",
      paramLabel = "CLIENTS",
      description = "Clients of the embedded image; default ${DEFAULT-VALUE}.")
  private String run;

  @Option(
      names = "--ram",
      paramLabel = "SIZE",
      defaultValue = "128M",
      description = "Size of RAM up to 256M; default ${DEFAULT-VALUE}.")
  private String ram;

  @Mixin private CardOption card;

  @Option(
      names = "--flame",
      paramLabel = "FILE.svg",
      description = "Write a flame graph; open it in a browser to zoom and search.")
  private Path flame;

  @Option(
      names = "--folded",
      paramLabel = "FILE",
      description = "Write folded stacks, a line per stack, for other tools.")
  private Path folded;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "Functions in the table; default ${DEFAULT-VALUE}.")
  private int top;

  @Option(names = "--idle", description = "Include the time in which the processor waits.")
  private boolean idle;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Override
  public Integer call() {
    try {
      return profile();
    } catch (ImageException | IllegalArgumentException | LabException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
  }

  private int profile() throws ImageException {
    long period = RunCommand.number("--every", every);
    if (period < 1) {
      throw new ImageException("--every " + every + ": give at least 1 instruction");
    }
    if (top < 1) {
      throw new ImageException("--top " + top + ": give at least 1 function");
    }
    Boot.mustBePolicy("--policy", policy);
    long limit = RunCommand.number("--max-ticks", maxTicks);
    boolean embedded = image.equals(EMBEDDED);
    Image loaded =
        embedded
            ? Image.parse("curios", Images.curios(Boot.checked(policy, run).arguments()))
            : Image.read(Path.of(image));
    SourceFiles sources = embedded ? SourceFiles.embedded() : SourceFiles.of(Path.of(image));
    Profiler.Result result;
    try (Machine machine =
        new MachineBuilder()
            .ram(RunCommand.size("--ram", ram))
            .card(card.open(embedded ? EmbeddedCard.base() : null))
            .jit(!noJit)
            .console(new PrintStream(OutputStream.nullOutputStream(), false))
            .build()) {
      machine.load(loaded);
      result = Profiler.run(machine, loaded, period, limit, idle);
    }
    if (flame != null) {
      String title = embedded ? "CuriOS, policy " + policy + ", clients " + run : image;
      write("--flame", flame, FlameGraph.svg(result.profile(), title));
    }
    if (folded != null) {
      write("--folded", folded, result.profile().folded());
    }
    ProfileReport report = new ProfileReport(result, sources);
    System.out.print(json ? report.json() + "\n" : report.text(top));
    if (result.stop() == Stop.DEAD || result.stop() == Stop.IDLE) {
      System.err.println(
          result.stop() == Stop.DEAD
              ? "curios: the guest is dead: it is in an endless loop of exceptions"
              : "curios: the guest waits for an interrupt that can never come");
      return DEAD;
    }
    return 0;
  }

  private static void write(String option, Path file, String text) throws ImageException {
    try {
      Files.writeString(file, text);
    } catch (NoSuchFileException e) {
      throw new ImageException(option + " " + file + ": cannot be written; make its folder first");
    } catch (IOException e) {
      throw new ImageException(
          option + " " + file + ": cannot be written (" + e.getMessage() + "); check the path");
    }
  }
}
