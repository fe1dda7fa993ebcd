package org.curios.lab.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.curios.lab.LabException;
import org.curios.machine.net.Capture;
import org.curios.machine.net.Packets;

/** Writes recordings to files for other tools. */
public final class Exports {
  /** Ticks between two stacks: a prime, so that no loop synchronises with them. */
  public static final long EVERY = 997;

  /** Events about the state of a service. */
  private static final Set<String> NEWS =
      Set.of("armed", "fault", "quarantine", "recovered", "replay", "error", "failed");

  private Exports() {}

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  /**
   * Writes a trace for Perfetto.
   *
   * @param strikes faults from outside
   * @throws LabException when the file cannot be written
   */
  public static void perfetto(
      Path file, String name, Recording recording, List<Story.Strike> strikes) {
    guarded(
        file,
        () -> {
          try (BufferedWriter out = Files.newBufferedWriter(file)) {
            PerfettoTrace.write(out, name, recording, strikes);
          }
        });
  }

  /**
   * Writes stacks over time for speedscope.
   *
   * @throws LabException when the file cannot be written
   */
  public static void speedscope(Path file, String name, Recording recording) {
    guarded(
        file,
        () -> {
          try (BufferedWriter out = Files.newBufferedWriter(file)) {
            recording.samples().writeSpeedscope(out, name, recording.from());
          }
        });
  }

  /**
   * Writes packets, with faults and recoveries as comments.
   *
   * @param packets up to the end of the recording; null for a machine without a cable
   * @throws LabException when there is no cable, or the file cannot be written
   */
  public static void pcapng(
      Path file, Recording recording, List<Packets.Packet> packets, List<Story.Strike> strikes) {
    if (packets == null) {
      throw new LabException(
          file + ": there is no network cable; start with --net, such as --net stream:PATH");
    }
    List<Capture.Note> notes = new ArrayList<>();
    strikes.forEach(
        s -> notes.add(new Capture.Note(s.tick(), s.object() + " struck: " + s.text())));
    recording.events().stream()
        .filter(e -> NEWS.contains(e.kind()))
        .forEach(e ->
            notes.add(
                new Capture.Note(
                    e.tick(),
                    e.object() + " " + e.kind() + ": " + e.text() + ", tick " + e.tick())));
    notes.sort(Comparator.comparingLong(Capture.Note::tick));
    guarded(
        file,
        () ->
            Capture.save(
                file, packets.stream().filter(p -> p.tick() >= recording.from()).toList(), notes));
  }

  private static void guarded(Path file, Writing writing) {
    try {
      writing.write();
    } catch (NoSuchFileException e) {
      throw new LabException(file + ": cannot be written; make its folder first", e);
    } catch (IOException e) {
      throw new LabException(file + ": cannot be written (" + e.getMessage() + ")", e);
    }
  }
}
