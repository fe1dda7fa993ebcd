package org.curios.arm.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;

/**
 * The warm blocks of a granule, translated to a method of the host: generated classes extend this
 * one. A mode that may fetch its first instruction may fetch all of it, since it lies in one
 * granule; and nothing in it depends on where the granule is mapped.
 */
public abstract class WarmCode {
  /** What {@link #run} returns when the interpreter is to run the block at the PC. */
  public static final int NOT_HERE = -2;

  /** What it returns when something is to be examined before anything else runs. */
  public static final int OUT = -6;

  /**
   * The low bits of these, and of a computed jump that is to be recorded: of no address of code.
   */
  private static final int KIND = 3;

  private static final int NO_ADDRESS = 2;

  /** Returns what {@link #run} returns for a computed jump from a place in RAM to the PC. */
  public static int jumpFrom(int physical) {
    return physical << 1 & -4 | NO_ADDRESS;
  }

  /** Returns the place in RAM of {@link #jumpFrom}. */
  public static int placeOfJump(int way) {
    return way >>> 1 & ~1;
  }

  /** Returns whether {@link #run} has returned the address of the next block. */
  public static boolean isAddress(int way) {
    return (way & KIND) != NO_ADDRESS;
  }

  /** Most classes that run within each other. */
  public static final int DEPTH = 64;

  /** A PC that no instruction has: {@link #run} does nothing. */
  public static final int NOWHERE = 2;

  /**
   * What a link leads to that leads nowhere. It is also a second class that extends this one: were
   * there only one, the host would compile calls for that class, and drop the code with the next.
   */
  static final WarmCode NONE =
      new WarmCode() {
        @Override
        public int run(Cpu cpu, int pc, int depth) {
          return pc;
        }

        @Override
        protected void drain(int[] into) {}
      };

  /** Links that are recorded without a look at duplicates. */
  private static final int MANY = 64;

  /** Bits of the place of a slow instruction, see {@link #isDoneSlowly}. */
  private static final int PLACE = Bus.GRANULE_SHIFT;

  /** Executes instructions that have no fast path. */
  public interface Slow {
    /**
     * Executes one instruction.
     *
     * @param code the code it is part of
     * @param pc its address with the T bit
     * @param physical its offset in RAM
     * @param remaining instructions of the block from this one on, which the budget has paid for
     * @param continues whether the code would continue with the next instruction
     * @return whether it may, and the budget has paid for the rest of the block
     */
    boolean run(WarmCode code, int pc, int physical, int remaining, boolean continues);

    /** Returns the code to enter at an address in any granule; null if that must be found out. */
    WarmCode next(int pc);
  }

  /** Null, which the host's compiler does not know: it keeps it in a register. */
  protected Object nothing;

  /** The bytes of a word, for the same reason. */
  protected long wordSize = 4;

  /** See {@link org.curios.arm.core.Memory#bias}. */
  protected long bias;

  private Slow slow;
  private int physical;
  private int[] places;
  private int[] entrances;
  private int[] lengths;
  private int[] counts;
  private int[] reported;
  private int[] looked;
  private int[] least;
  private boolean valid;

  /** Links that lead here, or have led here. */
  private List<WarmLink> incoming = new ArrayList<>();

  private int mostIncoming = MANY;

  /** Virtual address of the granule at the last entry. */
  private int base;

  /**
   * Sets the origin of the code, before it is run.
   *
   * @param ramBias see {@link org.curios.arm.core.Memory#bias}
   */
  public final void place(Slow runner, long ramBias, int granule) {
    this.slow = runner;
    this.bias = ramBias;
    this.physical = granule << Bus.GRANULE_SHIFT;
  }

  /**
   * Sets the blocks of the code, before it is run.
   *
   * @param places the places where its blocks begin: the low bits of the PC, with the T bit, in
   *     ascending order
   * @param entrances those of them where it can be entered, in ascending order
   * @param lengths the instructions of each block
   */
  public final void setBlocks(int[] places, int[] entrances, int[] lengths) {
    this.places = places;
    this.entrances = entrances;
    this.lengths = lengths;
    this.counts = new int[places.length];
    this.reported = new int[places.length];
    this.looked = new int[places.length];
    this.least = new int[places.length];
  }

  /**
   * Runs from the PC until something is to be examined, or code outside the granule follows.
   *
   * @param cpu the processor; its PC is written at each exit
   * @param pc the PC
   * @param depth how many classes may be run within each other, with this one
   * @return the address of the next block, when it is to be looked up, and nothing has happened
   *     that another tier must see; otherwise {@link #NOT_HERE}, {@link #OUT}, or {@link
   *     #jumpFrom}, and the address is in the PC
   */
  public abstract int run(Cpu cpu, int pc, int depth);

  /**
   * Sets a link, if the code at an address is known.
   *
   * @param base virtual address of this granule
   * @param place the address as a distance from that
   * @return the address
   */
  protected final int find(WarmLink link, int base, int place) {
    int pc = base + place;
    WarmCode next = slow.next(pc);
    if (next != null) {
      next.enteredAt(pc);
      next.incoming(link);
      link.key = next.physical - (place & -Bus.GRANULE) + 1;
    }
    return pc;
  }

  /** Records a link that leads here from now on. */
  private void incoming(WarmLink link) {
    if (link.target != this) {
      link.target = this;
      if (incoming.size() >= mostIncoming) {
        incoming = new ArrayList<>(incoming.stream().filter(this::isTarget).distinct().toList());
        mostIncoming = 2 * incoming.size() + MANY;
      }
      incoming.add(link);
    }
  }

  private boolean isTarget(WarmLink link) {
    return link.target == this;
  }

  /** Cuts the links that lead here. */
  final void cut() {
    for (WarmLink link : incoming) {
      if (isTarget(link)) {
        link.key = 0;
        link.target = NONE;
      }
    }
    incoming.clear();
    cutHere();
  }

  /** Cuts other ways that lead here. */
  protected void cutHere() {}

  /** Returns the code to enter at an address in any granule; null if that must be found out. */
  protected final WarmCode next(int pc) {
    return slow.next(pc);
  }

  /** Continues at an address in another granule; returns as {@link #run} does. */
  protected final int go(Cpu cpu, int pc, int depth) {
    WarmCode next = slow.next(pc);
    if (next == null) {
      return pc;
    }
    next.enteredAt(pc);
    return next.run(cpu, pc, depth);
  }

  /** Adds to each element the executions of the block of that number since the last call. */
  protected abstract void drain(int[] into);

  /**
   * Executes an instruction that has no fast path.
   *
   * @param at the address of the granule
   * @param where the instruction's place in the granule with the T bit; above it the number of
   *     instructions from it to the end of its block
   * @return whether to continue with the next one; if not, the processor is ready to be left
   */
  protected final boolean isDoneSlowly(int at, int where) {
    int place = where & (1 << PLACE) - 1;
    return slow.run(this, at | place, physical | place & ~1, where >>> PLACE, true);
  }

  /** Executes an instruction after which the code is left; as {@link #isDoneSlowly}. */
  protected final void leaveSlowly(int at, int where) {
    int place = where & (1 << PLACE) - 1;
    slow.run(this, at | place, physical | place & ~1, where >>> PLACE, false);
  }

  /** Returns the number of the granule in RAM. */
  public final int granule() {
    return physical >>> Bus.GRANULE_SHIFT;
  }

  /** Returns the places where its blocks begin. */
  public final int[] places() {
    return places;
  }

  /** Returns the number of the block that begins at a place; negative for none. */
  public final int blockAt(int place) {
    return Arrays.binarySearch(places, place);
  }

  /** Returns the number of instructions of a block. */
  public final int length(int number) {
    return lengths[number];
  }

  /** Returns the places where it can be entered. */
  public final int[] entrances() {
    return entrances;
  }

  /** Records the address of the next entry. */
  public final void enteredAt(int pc) {
    base = pc & -Bus.GRANULE;
  }

  /** Returns the virtual address of the granule at the last entry. */
  public final int base() {
    return base;
  }

  /** Returns whether the bytes in RAM are still those that it was made of. */
  public final boolean isValid() {
    return valid;
  }

  final void setValid(boolean isTrue) {
    valid = isTrue;
    cut();
  }

  /** Returns the executions of each block. */
  public final int[] counts() {
    drain(counts);
    return counts;
  }

  /** Returns whether a block has run. */
  public boolean hasRun(int number) {
    return counts[number] > 0;
  }

  /** Returns the executions of a block since the last call for it, to find the hottest. */
  public final int countSinceLook(int number) {
    int since = counts[number] - looked[number];
    looked[number] = counts[number];
    return since;
  }

  /** Continues the counts of the code that was there before, which is of the same bytes. */
  final void continueCounts(WarmCode before) {
    before.counts();
    for (int i = 0; i < places.length; i++) {
      int was = before.blockAt(places[i]);
      if (was >= 0) {
        counts[i] += before.counts[was];
        reported[i] += before.reported[was];
        looked[i] += before.looked[was];
        least[i] = before.least[was];
      }
    }
  }

  /** Returns whether a block has not been left out, see {@link #leaveOut}. */
  public final boolean isCompilable(int number) {
    return counts[number] >= least[number];
  }

  /** Requires a further number of executions of a block before it is considered again. */
  public final void leaveOut(int number, long more) {
    least[number] = (int) Math.min(Integer.MAX_VALUE, counts[number] + more);
  }

  /** Returns the offset in RAM of a block. */
  public final int physicalOf(int number) {
    return physical | places[number] & ~1;
  }

  /** Returns the executions of a block since the last call for it. */
  final int takeCount(int number) {
    int taken = counts[number] - reported[number];
    reported[number] = counts[number];
    return taken;
  }
}
