package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.inspect.RegisterNames;
import org.curios.lab.program.Program;

/**
 * Shows how a fault spreads. The undisturbed run and one with the fault are carried out side by
 * side, instruction by instruction, for as long as both execute the same instructions. What
 * registers and RAM contain is compared after each, so a step is a real difference, not one that
 * could be.
 */
public final class Propagation implements AutoCloseable {
  private static final int REGISTERS = 15;
  private static final int STATUS = 1 << 15;

  /** Registers with which user code calls: R0 to R3 and R12. */
  private static final int ARGUMENTS = 0x100f;

  private static final int STACK_POINTER = 13;
  private static final int SPSR = 16;
  private static final int[] MODES = {
    Psr.USER, Psr.FIQ, Psr.IRQ, Psr.SUPERVISOR, Psr.ABORT, Psr.UNDEFINED
  };

  /** Steps of a kind that are told. */
  private static final int MOST = 6;

  /** Instructions within which the next system call is looked for. */
  private static final long PATIENCE = 200_000;

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
    /** No register and no byte of RAM differs any more. */
    GONE,
    /** The runs still differ at the limit, or at the end of the workload. */
    STILL
  }

  /**
   * A step of a difference.
   *
   * @param instructions since the fault
   * @param pc address of the instruction
   * @param what kind of step
   * @param text what is different, for people
   */
  public record Step(long instructions, int pc, What what, String text) {}

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
   * @param most instructions after which it gives up
   * @return the steps, in their order; one of the last two is {@code PARTED}, or the last one is
   *     {@code GONE} or {@code STILL}
   * @throws LabException when the fault lasts, or is outside the processor and RAM
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
    for (Bench b : List.of(undisturbed, struck)) {
      b.restore(baseline.floor(fault.tick()), baseline.printed());
      b.run(fault.tick());
    }
    start = fault.tick();
    names = new RamNames(undisturbed.view());
    Injector.strike(struck.view(), fault, struck);
    compareMemory();
    int pc = undisturbed.machine().cpu().pc;
    last = pc;
    memory.stream().sorted().limit(1).forEach(at -> tell(0, pc, What.STORE, ofByte(at)));
    int known = differing();
    tellRegisters(0, pc, known);
    while (!hasEnded(known, most)) {
      long tick = undisturbed.now();
      int at = undisturbed.machine().cpu().pc;
      if (isCall(undisturbed) && (known & ARGUMENTS) != 0) {
        tellCall(at);
      }
      stepBoth(tick, at);
      int now = differing();
      tellRegisters(tick - start, at, now & ~known);
      known = now;
    }
    return List.copyOf(steps);
  }

  private boolean hasEnded(int registers, long most) {
    Cpu one = undisturbed.machine().cpu();
    Cpu other = struck.machine().cpu();
    long now = undisturbed.now() - start;
    if (one.pc != other.pc || one.now() != other.now() || one.isWaiting() != other.isWaiting()) {
      part(now);
      return true;
    }
    if (registers == 0 && memory.isEmpty() && !differsElsewhere()) {
      tell(now, one.pc, What.GONE, "nothing differs any more");
      return true;
    }
    if (undisturbed.isOver() || struck.isOver() || one.now() >= baseline.ticks() || now >= most) {
      tell(now, one.pc, What.STILL, where(registers));
      return true;
    }
    return false;
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
      } else if (memory.add(physical) && named.add(names.at(physical))) {
        tell(tick - start, pc, What.STORE, ofByte(physical));
      }
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

  /** Returns which of R0 to R14 differ, a bit for each, and the status as bit 15. */
  private int differing() {
    Cpu one = undisturbed.machine().cpu();
    Cpu other = struck.machine().cpu();
    int all = one.cpsr() == other.cpsr() ? 0 : STATUS;
    for (int i = 0; i < REGISTERS; i++) {
      all |= one.register(i) == other.register(i) ? 0 : 1 << i;
    }
    return all;
  }

  /** Returns whether a register of another mode differs. */
  private boolean differsElsewhere() {
    Cpu one = undisturbed.machine().cpu();
    Cpu other = struck.machine().cpu();
    for (int mode : MODES) {
      for (int register : new int[] {STACK_POINTER, STACK_POINTER + 1, SPSR}) {
        if ((mode != Psr.USER || register != SPSR)
            && one.banked(mode, register) != other.banked(mode, register)) {
          return true;
        }
      }
    }
    return false;
  }

  private void tellRegisters(long instructions, int pc, int registers) {
    Cpu one = undisturbed.machine().cpu();
    Cpu other = struck.machine().cpu();
    for (int i = 0; i < REGISTERS; i++) {
      if ((registers >>> i & 1) != 0) {
        String name = RegisterNames.name(i).substring(1);
        tell(instructions, pc, What.REGISTER, values(name, other.register(i), one.register(i)));
      }
    }
    if ((registers & STATUS) != 0) {
      tell(instructions, pc, What.REGISTER, values("cpsr", other.cpsr(), one.cpsr()));
    }
  }

  private static String values(String name, int is, int was) {
    return String.format(Locale.ROOT, "%s is 0x%08x instead of 0x%08x", name, is, was);
  }

  private void tell(long instructions, int pc, What what, String text) {
    if (what == What.PARTED || steps.stream().filter(s -> s.what == what).count() < MOST) {
      steps.add(new Step(instructions, pc & ~1, what, text));
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

  private String where(int registers) {
    Set<String> all = new TreeSet<>();
    memory.forEach(physical -> all.add(names.at(physical)));
    if (registers != 0) {
      all.add("registers");
    }
    return all.isEmpty() ? "a register of another mode" : String.join(", ", all);
  }

  /** Returns whether the next instruction of user code enters the kernel. */
  private static boolean isCall(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    if (cpu.mode() != Psr.USER || (cpu.pc & 1) != 0 || cpu.isWaiting()) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1
        && bench.machine().bus().isRam(physical)
        && (bench.machine().bus().read(physical, 4) & 0x0f000000) == 0x0f000000;
  }

  private void tellCall(int pc) {
    String is = call(struck);
    String was = call(undisturbed);
    if (!is.equals(was)) {
      tell(undisturbed.now() - start, pc, What.CALL, is + " instead of " + was);
    }
  }

  /** Returns the call that comes next, for people. */
  private String call(Bench bench) {
    View v = bench.view();
    Cpu cpu = bench.machine().cpu();
    int word = cpu.register(12);
    if (word > 0) {
      Obj caller = Injector.running(v);
      Obj target = caller == null ? null : v.target(caller, word);
      String name =
          target == null
              ? String.format(Locale.ROOT, "a call by the handle 0x%x", v.handle(word))
              : target.name() + "." + v.methodName(target, word >>> 24);
      return name + arguments(cpu);
    }
    String name = program.variables().constantType("SYS_RETURN").enumerators().get((long) word);
    return (name == null ? "system call " + word : name.substring(4).toLowerCase(Locale.ROOT))
        + arguments(cpu);
  }

  private static String arguments(Cpu cpu) {
    return String.format(
        Locale.ROOT, "(0x%x, 0x%x, 0x%x)", cpu.register(1), cpu.register(2), cpu.register(3));
  }

  private void part(long instructions) {
    int one = undisturbed.machine().cpu().pc;
    int other = struck.machine().cpu().pc;
    String text = program.describe(other & ~1) + " instead of " + program.describe(one & ~1);
    tell(instructions, last, What.PARTED, one == other ? "another time" : text);
    String is = nextCall(struck);
    String was = nextCall(undisturbed);
    if (!is.isEmpty() && !was.isEmpty() && !is.equals(was)) {
      int at = struck.machine().cpu().pc;
      tell(struck.now() - start, at, What.CALL, is + " instead of " + was);
    }
  }

  private String nextCall(Bench bench) {
    long until = bench.now() + PATIENCE;
    while (!bench.isOver() && bench.now() < until && !isCall(bench)) {
      bench.single(until);
    }
    return bench.isOver() || bench.now() >= until ? "" : call(bench);
  }

  @Override
  public void close() {
    undisturbed.close();
    struck.close();
  }
}
