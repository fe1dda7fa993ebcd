package org.curios.shell;

import static org.curios.shell.CampaignCommand.guarded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.curios.arm.core.Psr;
import org.curios.campaign.result.Row;
import org.curios.lab.LabException;
import org.curios.lab.debug.CoreFile;
import org.curios.lab.export.Exports;
import org.curios.lab.export.Recording;
import org.curios.lab.export.Story;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.History;
import org.curios.lab.session.Session;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curios campaign export}: a trial as files for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Run a trial again, and export it for other tools: a Perfetto trace (ui.perfetto.dev) with objects",
      "as tracks, protected calls as slices and an arrow from the fault through its detection and the",
      "recovery to the request that continues; stacks over time for speedscope (speedscope.app); an ELF",
      "core for gdb-multiarch, taken before the instruction at which the fault was detected, or at the",
      "fault if it was not detected. In a shell session with a network cable, export also writes the",
      "packets."
    },
    footer = {
      "",
      "Examples:",
      "  curios campaign export results 4711 --perfetto trace.json",
      "  curios campaign export results 4711 --speedscope stacks.json --core crash.core"
    })
final class ExportCommand implements Callable<Integer> {
  /** Ticks after the last fault that are recorded by default, at most. */
  private static final long AFTER = 20_000_000;

  /** Ticks before the detection in which the last instruction of a service is looked for. */
  private static final long SEARCHED = 50_000;

  @Mixin private TrialOptions options;

  @Option(names = "--perfetto", paramLabel = "FILE", description = "Perfetto trace, JSON.")
  private Path perfetto;

  @Option(names = "--speedscope", paramLabel = "FILE", description = "Stacks for speedscope.")
  private Path speedscope;

  @Option(
      names = "--core",
      paramLabel = "FILE",
      description = "ELF core; the image is written next to it.")
  private Path core;

  @Option(
      names = "--before",
      paramLabel = "TICKS",
      description = "Ticks recorded before the fault; default ${DEFAULT-VALUE}.")
  private long before = 1_000_000;

  @Option(
      names = "--after",
      paramLabel = "TICKS",
      description = "Ticks recorded after it; default up to the trial's end, at most 20000000.")
  private long after = -1;

  @Override
  public Integer call() throws Exception {
    return guarded(this::export);
  }

  private int export() throws ImageException {
    if (perfetto == null && speedscope == null && core == null) {
      throw new LabException(
          "campaign export: give at least one of --perfetto FILE, --speedscope FILE, --core FILE");
    }
    if (before < 0 || after < -1) {
      throw new LabException("campaign export: give --before and --after numbers of instructions");
    }
    RecordedTrial found = options.trial();
    ReplayedTrial recorded = found.trial();
    if (!recorded.isOfCurios()) {
      throw new LabException(
          "campaign export: only trials of CuriOS can be exported; campaign replay opens the shell at"
              + " the fault of others");
    }
    GuestConsole console = new GuestConsole();
    console.silentWhen(() -> true);
    try (Session session = recorded.session(console, options.jit())) {
      recorded.prepare(session);
      export(found, session);
    }
    return 0;
  }

  private void export(RecordedTrial recorded, Session session) {
    ReplayedTrial trial = recorded.trial();
    Row row = recorded.row();
    if (core != null) {
      writeCore(recorded, session);
    }
    if (perfetto != null || speedscope != null) {
      long last = trial.faults().getLast().tick();
      long until = after >= 0 ? last + after : Math.min(row.endTick(), last + AFTER);
      session.runTo(Math.max(until, last + 1));
      Recording recording =
          session.call(m ->
              Recording.of(
                  session.history(),
                  m,
                  new Guest(new Symbols(trial.image())),
                  trial.image(),
                  row.tick() - before,
                  speedscope == null ? 0 : Exports.EVERY));
      String name = "trial " + row.trial() + " under " + row.policy() + ": " + row.outcome();
      if (perfetto != null) {
        Exports.perfetto(perfetto, name, recording, strikes(trial.faults()));
        tell(perfetto, recording);
      }
      if (speedscope != null) {
        Exports.speedscope(speedscope, name, recording);
        tell(speedscope, recording);
      }
    }
  }

  /** Writes the machine before the instruction of the service that the kernel noticed. */
  private void writeCore(RecordedTrial recorded, Session session) {
    ReplayedTrial trial = recorded.trial();
    Row row = recorded.row();
    Path image = core.resolveSibling(trial.image().name());
    long detected = row.tick() + Math.max(0, row.detectTicks());
    session.runTo(detected);
    long at =
        session.call(m -> {
          History history = session.history();
          // An external abort takes its exception at once: the instruction ahead is what is left.
          boolean isTaken = trial.faults().getFirst().kind() == FaultClass.ABORT;
          long[] last = {isTaken ? row.tick() - 1 : row.tick()};
          history.review(
              Math.max(row.tick(), detected - SEARCHED),
              points -> {},
              1,
              x -> last[0] = x.cpu().mode() == Psr.USER ? x.cpu().now() : last[0]);
          history.back(last[0]);
          try {
            CoreFile.write(m, trial.image().name(), core);
            Files.write(image, trial.elf());
          } catch (IOException e) {
            throw new LabException(core + ": cannot be written (" + e.getMessage() + ")", e);
          }
          return last[0];
        });
    System.out.printf(Locale.ROOT, "%s: tick %,d; gdb-multiarch %s %s%n", core, at, image, core);
  }

  private static void tell(Path file, Recording recording) {
    System.out.printf(
        Locale.ROOT, "%s: ticks %,d to %,d%n", file, recording.from(), recording.to());
  }

  private static List<Story.Strike> strikes(List<Fault> faults) {
    List<Story.Strike> all = new ArrayList<>();
    for (Fault f : faults) {
      all.add(new Story.Strike(f.tick(), f.object(), f.toString()));
    }
    return all;
  }
}
