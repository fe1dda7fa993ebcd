package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.Names;

/** Draws random faults: each a function of the seed and its number alone. */
public final class Sampler {
  private static final int GRANULE = 1024;
  private static final int FRAME = 4096;
  private static final int STATE_TRIES = 1000;
  private static final int SP = 13;

  /** Bits of R0 to R14; then those of the PC that ARM code has; then N, Z, C and V. */
  private static final int GENERAL_BITS = 15 * 32;

  private static final int PC_BITS = 30;
  private static final int FLAG_BITS = 4;

  private final Baseline baseline;
  private final List<FaultClass> classes;
  private final List<String> services;
  private final long seed;

  /**
   * Makes a sampler.
   *
   * @param services to strike
   * @throws LabException when code of one of them never runs
   */
  public Sampler(Baseline baseline, List<FaultClass> classes, List<String> services, long seed) {
    for (String s : services) {
      if (!baseline.services().contains(s)) {
        throw new LabException(
            s
                + ": no such service in the workload; there are "
                + String.join(", ", baseline.services()));
      }
    }
    this.baseline = baseline;
    this.classes = List.copyOf(classes);
    this.services = List.copyOf(services);
    this.seed = seed;
  }

  /** Returns the class of the trial with a number. */
  public FaultClass kind(int number) {
    return classes.get(number % classes.size());
  }

  /** Makes the trial with a number. */
  public Trial.Result run(Trial trial, int number) {
    SplittableRandom random =
        new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number * 0xbf58476d1ce4e5b9L);
    FaultClass kind = kind(number);
    for (int i = 0; i < STATE_TRIES; i++) {
      String service =
          kind.isKernel() ? Fault.KERNEL : services.get(random.nextInt(services.size()));
      long tick = tick(kind, service, random);
      Trial.Result result = trial.run(tick, v -> choose(v, kind, service, tick, random));
      if (result != null) {
        return result;
      }
    }
    throw new LabException(kind.word() + ": none of the services has anything to strike");
  }

  private long tick(FaultClass kind, String service, SplittableRandom random) {
    Spans spans =
        switch (kind) {
          case REGISTER, CODE, PRIVATE -> baseline.spans(service);
          case CRASH -> baseline.methods(service);
          case KERNEL_REGISTER -> baseline.kernel();
          case SSR, KERNEL_MEMORY -> null;
        };
    return spans == null
        ? random.nextLong(baseline.start(), baseline.ticks())
        : spans.tick(random.nextLong(spans.total()));
  }

  /** Chooses a place; null if there is none now. */
  private static Fault choose(
      View v, FaultClass kind, String service, long tick, SplittableRandom random) {
    return switch (kind) {
      case REGISTER, KERNEL_REGISTER -> register(kind, service, tick, random);
      case CODE -> {
        Obj o = v.object(service);
        long start = o.descriptor().get("code_start");
        yield memory(
            kind, service, tick, List.of(new Range(start, o.descriptor().get("code_end"))), random);
      }
      case PRIVATE -> memory(kind, service, tick, privateRanges(v, v.object(service)), random);
      case SSR -> state(v, service, tick, random);
      case CRASH ->
          new Fault(
              kind, service, tick, Names.CRASHES.get(random.nextInt(Names.CRASHES.size())), 0);
      case KERNEL_MEMORY -> memory(kind, service, tick, kernelRanges(v), random);
    };
  }

  private static Fault register(
      FaultClass kind, String service, long tick, SplittableRandom random) {
    int bit = random.nextInt(GENERAL_BITS + PC_BITS + FLAG_BITS);
    if (bit < GENERAL_BITS) {
      return new Fault(kind, service, tick, "r" + bit / 32, bit % 32);
    }
    bit -= GENERAL_BITS;
    return bit < PC_BITS
        ? new Fault(kind, service, tick, "r15", bit + 2)
        : new Fault(kind, service, tick, "cpsr", bit - PC_BITS + 28);
  }

  /** Addresses from one up to another. */
  private record Range(long start, long end) {}

  private static Fault memory(
      FaultClass kind, String object, long tick, List<Range> ranges, SplittableRandom random) {
    long total = ranges.stream().mapToLong(r -> r.end - r.start).sum();
    if (total == 0) {
      return null;
    }
    long at = random.nextLong(8 * total);
    for (Range r : ranges) {
      long bits = 8 * (r.end - r.start);
      if (at < bits) {
        return new Fault(
            kind,
            object,
            tick,
            String.format(Locale.ROOT, "%08x", r.start + at / 8),
            (int) (at % 8));
      }
      at -= bits;
    }
    throw new IllegalStateException();
  }

  /** The private data that the program has, the heap, and the stack that is in use. */
  private static List<Range> privateRanges(View v, Obj o) {
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(o.descriptor().get("data_start"), o.descriptor().get("data_end")));
    long region = Integer.toUnsignedLong(Injector.region(o) << 20);
    for (long a = region + 0x10000; a < region + 0x40000; a += FRAME) {
      if (v.physical(o, (int) a) != -1) {
        ranges.add(new Range(a, a + FRAME));
      }
    }
    Cpu cpu = v.machine().cpu();
    long sp = Integer.toUnsignedLong(cpu.register(SP));
    if (sp >>> 20 == region >>> 20) {
      boolean home = (sp & 0xfffff) <= 3 * GRANULE;
      long top = home ? region + 3 * GRANULE : (sp + FRAME - 1) / FRAME * FRAME;
      ranges.add(new Range(sp, Math.max(sp, top)));
    }
    return ranges;
  }

  /** What the kernel itself uses: its image, and frames that no object's code can reach. */
  private static List<Range> kernelRanges(View v) {
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(v.symbol("_start"), v.symbol("__bss_end")));
    for (Obj o : v.objects()) {
      long home = o.struct().address() & -FRAME;
      ranges.add(new Range(home + GRANULE, home + 2 * GRANULE));
      ranges.add(new Range(home + 3 * GRANULE, home + FRAME));
    }
    for (Struct t : v.threads()) {
      ranges.add(new Range(t.address(), t.address() + v.size("Thread")));
    }
    for (Obj o : v.objects()) {
      for (Struct s : v.states(o)) {
        ranges.add(new Range(s.address(), s.address() + v.size("Ssr")));
      }
    }
    return ranges;
  }

  private static Fault state(View v, String service, long tick, SplittableRandom random) {
    Obj o = v.object(service);
    List<Struct> resting = v.states(o).stream().filter(s -> !v.isBusy(s)).toList();
    if (resting.isEmpty()) {
      return null;
    }
    Struct chosen = resting.get(random.nextInt(resting.size()));
    long owner = chosen.get("owner");
    int n = 0;
    for (Struct s : v.states(o)) {
      if (s.address() == chosen.address()) {
        break;
      }
      n += s.get("owner") == owner ? 1 : 0;
    }
    return new Fault(
        FaultClass.SSR,
        service,
        tick,
        v.nameOf((int) owner) + "#" + n,
        random.nextInt(8 * (int) chosen.get("bytes")));
  }
}
