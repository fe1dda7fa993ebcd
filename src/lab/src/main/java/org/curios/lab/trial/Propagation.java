package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;

/**
 * Shows how a fault spreads. The undisturbed run and one with the fault are carried out side by
 * side, instruction by instruction, for as long as both execute the same instructions. What
 * registers and RAM contain is compared after each, so a step is a real difference, not one that
 * could be.
 */
public final class Propagation implements AutoCloseable {
  /** R0 and R1, and R1 to R3, with which user code returns and calls; and R12, which says what. */
  private static final long RETURNED = 0x1003;

  private static final long ARGUMENTS = 0x100e;

  /** Steps of a kind that are told. */
  private static final int MOST = 6;

  /** Ticks within which the next call is looked for. */
  private static final long PATIENCE = 200_000;

  private static final String OUTSIDE = "devices, the coprocessor, the card or the output";

  private final Baseline baseline;
  private final Program program;
  private final Bench undisturbed;
  private final Bench struck;

  /** Bytes of RAM that differ. */
  private final Set<Integer> memory = new HashSet<>();

  /** Bytes that the last instruction has stored in either run. */
  private final Set<Integer> stored = new LinkedHashSet<>();

  private final Set<String> named = new HashSet<>();
  private List<Step> steps;
  private RamNames names;
  private boolean follows;
  private long start;

  /** When devices and output are compared next. */
  private long compareAt;

  /** Address of the last instruction that both have carried out. */
  private int last;

  /** What a step is. */
  public enum What {
    /** A register differs that did not before. */
    REGISTER,
    /** A difference was stored. */
    STORE,
    /** A system call or protected call has other arguments. */
    CALL,
    /** The two runs go different ways. */
    PARTED,
    /** No register and no byte of RAM differs any more, but something outside them. */
    OUTSIDE,
    /** Nothing differs any more. */
    GONE,
    /** The runs still differ at the limit, or at the end of the workload. */
    STILL
  }

  /**
   * A step of a difference.
   *
   * @param ticks since the fault: instructions, and the time of waits
   * @param pc address of the instruction
   * @param what kind of step
   * @param text what is different, for people
   */
  public record Step(long ticks, int pc, What what, String text) {}

  /** Makes the two machines. */
  public Propagation(Baseline baseline, Program program) {
    this.baseline = baseline;
    this.program = program;
    undisturbed = new Bench(baseline.policy(), baseline.workload(), false);
    struck = new Bench(baseline.policy(), baseline.workload(), false);
    for (Bench b : List.of(undisturbed, struck)) {
      b.machine().cpu().memory.listen((physical, bytes, store) -> note(physical, bytes, store));
    }
  }

  private void note(int physical, int bytes, boolean store) {
    for (int i = 0; follows && store && i < bytes; i++) {
      stored.add(physical + i);
    }
  }

  /**
   * Follows a fault.
   *
   * @param fault a transient one
   * @param most ticks after which it gives up
   * @return the steps, in their order; {@code PARTED} is the last one or the last but one, or the
   *     last one is {@code GONE} or {@code STILL}
   * @throws LabException when the fault lasts, is outside the processor and RAM, or strikes where
   *     nothing is
   */
  public List<Step> follow(Fault fault, long most) {
    if (!fault.isTransient() || isHidden(fault)) {
      throw new LabException(
          fault + ": only a fault in a register or in RAM that is over at once can be followed");
    }
    steps = new ArrayList<>();
    memory.clear();
    named.clear();
    follows = false;
    start = fault.tick();
    compareAt = start;
    for (Bench b : List.of(undisturbed, struck)) {
      b.restore(baseline.before(start), baseline.printed());
      b.run(start);
    }
    names = new RamNames(undisturbed.view());
    Injector.strike(struck.view(), fault, struck);
    compareMemory();
    int pc = undisturbed.machine().cpu().pc;
    last = pc;
    memory.stream().sorted().limit(1).forEach(at -> tellStore(0, pc, at));
    long known = 0;
    long now = tellRegisters(0, pc, known);
    while (!hasEnded(now, most)) {
      known = now;
      long tick = undisturbed.now();
      int at = undisturbed.machine().cpu().pc;
      boolean returns = undisturbed.machine().cpu().register(12) == 0;
      if ((known & (returns ? RETURNED : ARGUMENTS)) != 0 && NextCall.isNext(undisturbed)) {
        tellCall(at);
      }
      stepBoth(tick, at);
      now = tellRegisters(tick - start, at, known);
    }
    return List.copyOf(steps);
  }

  private boolean hasEnded(long registers, long most) {
    Cpu one = undisturbed.machine().cpu();
    Cpu other = struck.machine().cpu();
    long now = undisturbed.now() - start;
    if (one.pc != other.pc || one.now() != other.now() || one.isWaiting() != other.isWaiting()) {
      part(now);
      return true;
    }
    if (registers == 0 && memory.isEmpty() && one.now() >= compareAt) {
      if (isSame()) {
        tell(now, one.pc, What.GONE, "nothing differs any more");
        return true;
      }
      if (named.add(OUTSIDE)) {
        tell(now, one.pc, What.OUTSIDE, "now only " + OUTSIDE);
      }
      compareAt = one.now() + Math.max(now, 1);
    }
    if (undisturbed.isOver() || struck.isOver() || one.now() >= baseline.ticks() || now >= most) {
      tell(now, one.pc, What.STILL, where(registers));
      return true;
    }
    return false;
  }

  private boolean isSame() {
    return Arrays.equals(undisturbed.printed(), struck.printed())
        && struck.machine().isAt(undisturbed.machine().snapshot());
  }

  private static boolean isHidden(Fault fault) {
    return switch (fault.kind()) {
      case CARD_BLOCK, CARD_ERROR, PACKET, DEVICE, INTERRUPT, ABORT, CRASH -> true;
      default -> false;
    };
  }

  private void stepBoth(long tick, int pc) {
    last = pc;
    stored.clear();
    follows = true;
    undisturbed.single(baseline.ticks());
    struck.single(baseline.ticks());
    follows = false;
    for (int physical : stored) {
      if (read(undisturbed, physical) == read(struck, physical)) {
        memory.remove(physical);
      } else if (memory.add(physical)) {
        tellStore(tick - start, pc, physical);
      }
    }
  }

  private void tellStore(long ticks, int pc, int physical) {
    if (named.add(names.at(physical))) {
      tell(ticks, pc, What.STORE, ofByte(physical));
    }
  }

  private static int read(Bench bench, int physical) {
    return bench.machine().bus().isRam(physical) ? bench.machine().bus().read(physical, 1) : 0;
  }

  /** Finds all bytes of RAM that differ. */
  private void compareMemory() {
    long one = undisturbed.machine().bus().ram;
    long other = struck.machine().bus().ram;
    int size = undisturbed.machine().bus().ramSize();
    for (int at = 0; at < size; at += Long.BYTES) {
      if (HostMemory.getLong(one + at) != HostMemory.getLong(other + at)) {
        for (int i = at; i < at + Long.BYTES; i++) {
          if (read(undisturbed, i) != read(struck, i)) {
            memory.add(i);
          }
        }
      }
    }
  }

  /** Returns which registers differ, and tells those that did not before. */
  private long tellRegisters(long ticks, int pc, long known) {
    int[] was = AllRegisters.of(undisturbed.machine().cpu());
    int[] is = AllRegisters.of(struck.machine().cpu());
    long all = AllRegisters.differing(was, is);
    for (long rest = all & ~known; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      tell(ticks, pc, What.REGISTER, values(AllRegisters.NAMES.get(i), is[i], was[i]));
    }
    return all;
  }

  private static String values(String name, int is, int was) {
    return String.format(Locale.ROOT, "%s is 0x%08x instead of 0x%08x", name, is, was);
  }

  private void tell(long ticks, int pc, What what, String text) {
    if (steps.stream().filter(s -> s.what == what).count() < MOST) {
      steps.add(new Step(ticks, pc & ~1, what, text));
    }
  }

  private String ofByte(int physical) {
    return String.format(
        Locale.ROOT,
        "%s: 0x%02x instead of 0x%02x",
        names.at(physical),
        read(struck, physical) & 0xff,
        read(undisturbed, physical) & 0xff);
  }

  private String where(long registers) {
    Set<String> all = new TreeSet<>();
    memory.forEach(physical -> all.add(names.at(physical)));
    for (long rest = registers; rest != 0; rest &= rest - 1) {
      all.add(AllRegisters.NAMES.get(Long.numberOfTrailingZeros(rest)));
    }
    return all.isEmpty() ? OUTSIDE : String.join(", ", all);
  }

  private void tellCall(int pc) {
    String is = NextCall.text(struck, program);
    String was = NextCall.text(undisturbed, program);
    String text = is + " instead of " + was;
    boolean isTold = // by the same instruction, before which an interrupt was taken
        !steps.isEmpty() && steps.getLast().pc == pc && steps.getLast().text.equals(text);
    if (!is.equals(was) && !isTold) {
      tell(undisturbed.now() - start, pc, What.CALL, text);
    }
  }

  private void part(long ticks) {
    int one = undisturbed.machine().cpu().pc;
    int other = struck.machine().cpu().pc;
    String text = place(other) + " instead of " + place(one);
    tell(ticks, last, What.PARTED, one == other ? "another time" : text);
    int thread = NextCall.thread(undisturbed);
    if (goesToCall(undisturbed) && goesToCall(struck)) {
      String is = NextCall.text(struck, program);
      String was = NextCall.text(undisturbed, program);
      boolean isSameThread =
          NextCall.thread(undisturbed) == thread && NextCall.thread(struck) == thread;
      if (isSameThread && !is.equals(was)) {
        int at = struck.machine().cpu().pc;
        steps.add(new Step(struck.now() - start, at, What.CALL, is + " instead of " + was));
      }
    }
  }

  /** Returns where code continues, for people. */
  private String place(int pc) {
    String known = program.describe(pc & ~1);
    String place = known.isEmpty() ? String.format(Locale.ROOT, "0x%08x", pc & ~1) : known;
    return (pc & 1) != 0 ? place + " in Thumb state" : place;
  }

  private boolean goesToCall(Bench bench) {
    long until = bench.now() + PATIENCE;
    while (!bench.isOver() && bench.now() < until && !NextCall.isNext(bench)) {
      bench.single(until);
    }
    return !bench.isOver() && NextCall.isNext(bench);
  }

  @Override
  public void close() {
    undisturbed.close();
    struck.close();
  }
}
