package org.curios.arm.warm;

import java.lang.invoke.MethodHandles;
import java.util.BitSet;
import org.curios.arm.code.BlockCounts;
import org.curios.arm.code.WarmCode;
import org.curios.arm.core.Cpu;
import org.curios.arm.warm.WarmTier.Job;
import org.curios.arm.warm.WarmTier.Result;

/** Makes the code of a granule; several threads may use it. */
final class GranuleTranslator {
  /** Executions of a block, at least, that is translated because others of its granule are warm. */
  private static final int NOT_COLD = 2;

  private final HostArea area;
  private final WarmCode.Slow slow;
  private final boolean foreground;

  /**
   * Makes a translator.
   *
   * @param area memory for machine code; null to make byte code
   * @param slow executes what has no fast path
   * @param foreground whether all blocks are translated, and byte code is not compiled in advance
   */
  GranuleTranslator(HostArea area, WarmCode.Slow slow, boolean foreground) {
    this.area = area;
    this.slow = slow;
    this.foreground = foreground;
  }

  /** Returns how often machine code was left so far for an instruction without a fast path. */
  long exits() {
    return area == null ? 0 : area.exits();
  }

  boolean isForHost() {
    return area != null;
  }

  /** Translates a granule, or as much of it as the host accepts. */
  Result translate(Job job) {
    BitSet perhaps = notCold(job);
    for (int limit = job.limit(); ; limit /= 2) {
      int end = limit;
      Blocks blocks =
          new Blocks(
              job.bytes(),
              job.isConstant(),
              job.warm(),
              perhaps,
              place -> place < end && !isCompiled(job.counts(), place),
              place -> hasRun(job, place));
      if (blocks.all().isEmpty()) {
        return new Result(job, limit, null, null, null);
      }
      HostCode hosted = area == null ? null : hosted(job, blocks);
      if (hosted != null) {
        return new Result(job, limit, hosted, blocks.halfwords(), null);
      }
      int[] entrances = blocks.entrances(job.entrances());
      GranuleWriter writer = new GranuleWriter(blocks, job.granule().number, entrances);
      byte[] bytes = writer.write();
      if (bytes != null) {
        WarmCode made = define(bytes);
        made.place(slow, job.bias(), job.granule().number);
        made.setBlocks(blocks.places(), entrances, blocks.lengths());
        if (foreground || HostCompiler.get() == null) {
          Rehearsal rehearsal = foreground ? null : new Rehearsal(made);
          return new Result(job, limit, made, blocks.halfwords(), rehearsal);
        }
        if (isCompiled(made.getClass())) {
          return new Result(job, limit, made, blocks.halfwords(), null);
        }
      }
    }
  }

  private HostCode hosted(Job job, Blocks blocks) {
    HostCode made = new HostWriter(area, blocks, job.granule().number, job.isUsual()).write();
    if (made != null) {
      made.place(slow, job.bias(), job.granule().number);
      made.setBlocks(blocks.places(), blocks.places(), blocks.lengths());
    }
    return made;
  }

  private static boolean isCompiled(byte[] counts, int place) {
    return counts != null && counts[BlockCounts.place(place)] == BlockCounts.COMPILED;
  }

  /** Returns whether a block has ever run: the others are not worth translating. */
  private boolean hasRun(Job job, int place) {
    return foreground
        || job.warm().get(place)
        || job.ran().get(place)
        || job.counts() != null && job.counts()[BlockCounts.place(place)] != 0;
  }

  /** Returns blocks of the same state as those that are warm that have run a few times. */
  private BitSet notCold(Job job) {
    int state = job.warm().stream().map(place -> 1 << (place & 1)).reduce(0, (x, y) -> x | y);
    if (foreground || job.counts() == null || state == 3) {
      return new BitSet();
    }
    return BlockCounts.places(job.counts(), state == 2, NOT_COLD);
  }

  private static WarmCode define(byte[] bytes) {
    try {
      Class<?> type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
      return (WarmCode) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isCompiled(Class<?> type) {
    try {
      return HostCompiler.get()
          .compile(type.getMethod(GranuleWriter.RUN, Cpu.class, int.class, int.class));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
