package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.curios.lab.export.Exports;
import org.curios.lab.export.Recording;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.Image;
import org.curios.machine.net.Packets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The past as files for other tools. */
@Command(name = "exports")
final class ExportCommands {
  private static final long MOST_TICKS = 1_000_000_000;

  private final Shell shell;
  private final Image image;

  ExportCommands(Shell shell, Image image) {
    this.shell = shell;
    this.image = image;
  }

  @Command(
      description = {
        "Export the history up to this moment for other tools; the machine runs it again for that.",
        "",
        "A Perfetto trace (ui.perfetto.dev, chrome://tracing) has objects as tracks, protected calls as"
            + " slices, and an arrow from each fault through its detection and the recovery to the request that continues. speedscope (speedscope.app) shows stacks over time. Wireshark shows the packets, with faults and recoveries as comments. gdb takes the core together with the image."
      },
      footer = {
        "Examples:",
        "  export --perfetto trace.json",
        "  export --ticks 2,000,000 --perfetto trace.json --speedscope stacks.json",
        "  export --core now.core"
      })
  void export(
      @Option(names = "--perfetto", paramLabel = "FILE", description = "Perfetto trace, JSON")
          Path perfetto,
      @Option(names = "--speedscope", paramLabel = "FILE", description = "stacks for speedscope")
          Path speedscope,
      @Option(names = "--pcapng", paramLabel = "FILE", description = "packets with comments")
          Path pcapng,
      @Option(names = "--core", paramLabel = "FILE", description = "ELF core of this moment")
          Path core,
      @Option(
              names = "--ticks",
              paramLabel = "COUNT",
              defaultValue = "20,000,000",
              description = "how much of the history")
          String ticks) {
    if (perfetto == null && speedscope == null && pcapng == null && core == null) {
      throw new SessionException(
          "export: give an output, as in export --perfetto trace.json; help export lists all");
    }
    long most = Count.of("export", ticks, MOST_TICKS);
    shell.mustStand();
    if (core != null) {
      shell.writeCore(core);
    }
    if (perfetto == null && speedscope == null && pcapng == null) {
      return;
    }
    shell.mustBeCurios();
    String name = shell.program().name();
    Recording recorded =
        shell
            .session()
            .call(m -> {
              Recording recording =
                  Recording.of(
                      shell.session().history(),
                      m,
                      shell.guest(),
                      image,
                      m.cpu().now() - most,
                      speedscope == null ? 0 : Exports.EVERY);
              if (perfetto != null) {
                Exports.perfetto(perfetto, name, recording, List.of());
              }
              if (speedscope != null) {
                Exports.speedscope(speedscope, name, recording);
              }
              if (pcapng != null) {
                List<Packets.Packet> packets =
                    m.packets() == null ? null : m.packets().upTo(recording.to());
                Exports.pcapng(pcapng, recording, packets, List.of());
              }
              return recording;
            });
    Stream.of(perfetto, speedscope, pcapng)
        .filter(Objects::nonNull)
        .forEach(f -> shell.say(format("%s: ticks %,d to %,d", f, recorded.from(), recorded.to())));
  }
}
