package org.curios.lab.foreign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignBench.Moment;
import org.curios.lab.trial.Liveness;
import org.curios.lab.trial.Spans;

/**
 * The undisturbed run of an image from its reset: snapshots placed through it, the code that it
 * executes, the memory that it uses, and its end. Machines of several threads may use it.
 */
public final class ForeignRun {
  /** Ticks that a run may take without a limit in the plan: ten virtual seconds. */
  private static final long LONGEST = 2_000_000_000;

  /** Snapshots of a run, unless they would be too close to each other. */
  private static final int SNAPSHOTS = 256;

  private static final long CLOSEST = 1000;

  private final ForeignImage image;
  private final NavigableMap<Long, Moment> moments = new TreeMap<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final Liveness liveness;
  private final Usage usage;
  private final ForeignSummary summary;
  private final byte[] printed;
  private final List<MemoryRange> watched = new ArrayList<>();
  private final List<byte[]> memory;

  /**
   * Runs an image undisturbed, as fast as it goes.
   *
   * @param memory parts of memory to look at in the end, as {@link MemoryRange} reads them
   * @param limit tick at which the run ends if the guest has not ended; 0 for none
   * @throws LabException when it does not end, or crashes
   */
  public static ForeignSummary measure(ForeignImage image, List<String> memory, long limit) {
    try (ForeignBench bench = new ForeignBench(image, true)) {
      bench.run(limit == 0 ? LONGEST : limit);
      mustBeSound(image, bench);
      if (!bench.isOver() && limit == 0) {
        throw new LabException(
            "%s: it does not end within %,d instructions; say where the run ends, as in ticks: 20000000"
                .formatted(image.file(), LONGEST));
      }
      List<MemoryRange> ranges = new ArrayList<>();
      memory.forEach(text -> ranges.add(bench.physical(MemoryRange.of(text, image.image()))));
      return summary(bench, ranges);
    }
  }

  private static void mustBeSound(ForeignImage image, ForeignBench bench) {
    if (!bench.exception().isEmpty() || bench.isDead()) {
      throw new LabException(
          image.file()
              + ": it crashes undisturbed: "
              + (bench.isDead() ? "exceptions without end" : bench.exception()));
    }
  }

  private static ForeignSummary summary(ForeignBench bench, List<MemoryRange> ranges) {
    Map<String, String> digests = new LinkedHashMap<>();
    List<byte[]> content = bench.content(ranges);
    for (int i = 0; i < content.size(); i++) {
      digests.put(ranges.get(i).name(), ForeignImage.digest(content.get(i)));
    }
    return new ForeignSummary(
        bench.now(),
        bench.status() == null ? ForeignSummary.RUNS_ON : bench.status(),
        bench.printedBytes(),
        ForeignImage.digest(bench.printed()),
        digests);
  }

  /**
   * Runs an image undisturbed, instruction by instruction, and records what trials need.
   *
   * @param memory parts of memory to look at in the end
   * @param known how it runs
   * @throws LabException when it runs otherwise
   */
  public ForeignRun(ForeignImage image, List<String> memory, ForeignSummary known) {
    this.image = image;
    try (ForeignBench bench = new ForeignBench(image, false)) {
      liveness = new Liveness(bench.machine().bus().ramSize());
      usage = new Usage(bench.machine());
      long stride = Math.max(CLOSEST, known.ticks() / SNAPSHOTS);
      while (!bench.isOver() && bench.now() < known.ticks()) {
        Moment moment = bench.moment();
        moment.snapshot().makeIndex();
        numbers.put(moment.tick(), moments.size());
        moments.put(moment.tick(), moment);
        usage.trace(liveness);
        bench.run(Math.min(known.ticks(), bench.now() + stride));
        usage.end(liveness);
        if (bench.isOver() || bench.now() >= known.ticks()) {
          memory.forEach(text -> watched.add(bench.physical(MemoryRange.of(text, image.image()))));
          watched.forEach(this::noteWatched);
        }
        liveness.end(moments.size() - 1);
      }
      summary = summary(bench, watched);
      printed = bench.printed();
      this.memory = bench.content(watched);
    }
    if (!summary.equals(known)) {
      throw new LabException(
          image.file()
              + ": it runs otherwise than before ("
              + summary.text()
              + "; before: "
              + known.text()
              + ")");
    }
  }

  /** The bytes that are compared in the end count as read there. */
  private void noteWatched(MemoryRange range) {
    for (int i = 0; i < range.bytes(); i++) {
      liveness.noteRead(range.address() + i, 1);
    }
  }

  /**
   * Runs it again, and returns the ticks of certain instructions.
   *
   * @param counts tells it by their addresses
   */
  public Spans where(IntPredicate counts) {
    Spans found = new Spans();
    try (ForeignBench bench = new ForeignBench(image, false)) {
      Cpu cpu = bench.machine().cpu();
      Executor executor = bench.machine().executor();
      executor.instrument(() -> {
        while (executor.mayGoOn() && !executor.stopsHere()) {
          if (counts.test(cpu.pc & ~1)) {
            found.add(cpu.now());
          }
          executor.single();
        }
      });
      bench.run(ticks());
    }
    return found;
  }

  /**
   * Returns a part of memory at its physical address, by the translation shortly before the end.
   *
   * @param text as {@link MemoryRange} reads it
   * @throws LabException when there is no such part
   */
  public MemoryRange range(String text) {
    try (ForeignBench bench = new ForeignBench(image, false)) {
      bench.restore(moments.lastEntry().getValue(), printed);
      return bench.physical(MemoryRange.of(text, image.image()));
    }
  }

  ForeignImage image() {
    return image;
  }

  /** Returns the number of instructions to its end; a fault strikes before one of them. */
  public long ticks() {
    return summary.ticks();
  }

  /** Returns how it ends. */
  public ForeignSummary summary() {
    return summary;
  }

  /** Returns what it executes and uses. */
  public Usage usage() {
    return usage;
  }

  /** Returns everything that it prints. */
  byte[] printed() {
    return printed;
  }

  /** Returns the parts of memory that are compared, at their physical addresses. */
  List<MemoryRange> watched() {
    return watched;
  }

  /** Returns the content of these parts at the end. */
  List<byte[]> memory() {
    return memory;
  }

  Liveness liveness() {
    return liveness;
  }

  /** Returns the number of a moment, from 0. */
  int number(Moment moment) {
    return numbers.get(moment.tick());
  }

  /** Returns the last moment at a tick or before. */
  Moment floor(long tick) {
    return moments.floorEntry(tick).getValue();
  }

  /** Returns the first moment after a tick; null after the last one. */
  Moment higher(long tick) {
    Map.Entry<Long, Moment> entry = moments.higherEntry(tick);
    return entry == null ? null : entry.getValue();
  }
}
