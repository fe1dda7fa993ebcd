package org.curios.arm.cold;

import org.curios.arm.bus.Bus;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.code.BlockCounts;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.CodeEntry;
import org.curios.arm.code.KnownJumps;
import org.curios.arm.code.WarmCode;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;
import org.curios.arm.core.SideExit;
import org.curios.arm.decode.ThumbWords;
import org.curios.arm.nodes.Block;
import org.curios.arm.nodes.Condition;
import org.curios.arm.nodes.Operands;

/**
 * Interprets instructions directly from memory. Rarely executed code is not worth a decoded form:
 * that would be many times as large as the code, and with a large guest the interpreter would wait
 * for memory. Only the executions of each block and the targets of its computed jumps are recorded.
 *
 * <p>It knows the most frequent instructions, in the cases that access only registers and memory
 * with a fast path. All others are left to the node of the single instruction, as {@link
 * CodeCache#single(int, int)} makes it.
 *
 * <p>Each instruction costs one jump that the host cannot predict, to the code of its kind; as much
 * as possible is computed before it, without branches.
 */
public final class WordInterpreter implements WarmCode.Slow {
  /** A value that no PC has. */
  public static final int NOWHERE = 2;

  private static final int ALWAYS = Condition.ALWAYS;

  /** By condition, one bit for each setting of N, Z, C, V, in the order of the PSR. */
  private static final int[] CONDITIONS = conditions();

  private final Cpu cpu;
  private final Memory memory;
  private final long ram;
  private final CodeCache code;
  private final ExecutionListener listener;
  private final BlockCounts counts;
  private final KnownJumps jumps;
  private final Operands operands = new Operands();

  /** Executions of a block after which they are reported. */
  private int mostCounted = BlockCounts.MOST;

  /** The nodes of single instructions that were needed last. */
  private final CodeEntry[] singles = new CodeEntry[1 << 14];

  /**
   * The start of the remainder of a block that was left midway, or {@link #NOWHERE}. There are many
   * remainders; they should neither be compiled nor count as blocks.
   */
  private int remainder = NOWHERE;

  /**
   * Addresses of instructions before which exceptions were taken, by their low bits: the handler
   * returns there, perhaps much later, and no block begins there for that reason.
   */
  private final int[] interrupted = new int[1 << 8];

  /** The end of the last block, unless a jump ends it. */
  private int end;

  /** Makes an interpreter that reports executions of blocks. */
  public WordInterpreter(Cpu cpu, CodeCache code, ExecutionListener listener) {
    this.cpu = cpu;
    this.memory = cpu.memory;
    this.ram = cpu.bus.ram;
    this.code = code;
    this.listener = listener;
    this.counts = code.counts;
    this.jumps = code.jumps;
  }

  /** Limits the executions of a block after which they are reported. */
  public void countTo(int most) {
    mostCounted = Math.min(most, BlockCounts.MOST);
  }

  /** Records whether a block was left midway, at the PC. */
  public void noteRemainder() {
    remainder = cpu.midway ? cpu.pc : NOWHERE;
    cpu.midway = false;
  }

  /** Records that an exception was taken before the instruction at an address. */
  public void noteInterrupted(int pc) {
    interrupted[slot(pc)] = pc;
  }

  private int slot(int pc) {
    return pc >>> 1 & interrupted.length - 1;
  }

  /** Returns whether a handler has returned to an address, and forgets that it may. */
  private boolean isResumed(int pc) {
    boolean is = interrupted[slot(pc)] == pc;
    if (is) {
      interrupted[slot(pc)] = NOWHERE;
    }
    return is;
  }

  /** Returns whether the remainder of a block starts at an address, and forgets it. */
  public boolean takeRemainder(int pc) {
    boolean isRemainder = pc == remainder;
    remainder = NOWHERE;
    return isRemainder;
  }

  private static int[] conditions() {
    int[] conditions = new int[16];
    Registers r = new Registers();
    for (int flags = 0; flags < 16; flags++) {
      r.n = flags << 28;
      r.z = ~flags & 4;
      r.setCarryOverflow(flags >>> 1 & 1, flags << 31);
      for (int condition = 0; condition <= ALWAYS; condition++) {
        conditions[condition] |= Condition.holds(r, condition) ? 1 << flags : 0;
      }
    }
    return conditions;
  }

  /**
   * Runs from the PC until something is to be examined, or the next block is not for this
   * interpreter: there is compiled code for it, or {@link #knows} says no.
   *
   * @param mayEnter whether that may be so of the first block
   * @return whether the next block is such a one
   */
  public boolean run(boolean mayEnter) {
    boolean mayEnterHere = mayEnter;
    int coldAt = NOWHERE;
    while (!cpu.attention && cpu.budget > 0) {
      int pc = cpu.pc;
      if (!knows(pc) || code.mayStop(pc)) {
        return true;
      }
      long at = fetch(pc);
      if (at == 0) {
        remainder = NOWHERE;
      } else if (pc != coldAt && isWarm((int) (at - ram))) {
        coldAt = runWarm(pc, (int) (at - ram));
        mayEnterHere = true;
        continue;
      } else if (count(pc, (int) (at - ram)) && mayEnterHere) {
        return true;
      } else {
        runFrom(pc, at);
      }
      coldAt = NOWHERE;
      mayEnterHere = true;
    }
    return false;
  }

  private boolean isWarm(int physical) {
    return counts.of(physical)[BlockCounts.place(physical)] == BlockCounts.WARM;
  }

  /**
   * Runs warm code, from one granule to the next, until something is to be examined or the next
   * block has none.
   *
   * @return where the interpreter is to run the next block itself, or {@link #NOWHERE}
   */
  private int runWarm(int start, int physical) {
    WarmCode warm = code.warmAt(physical);
    int pc = start;
    remainder = NOWHERE;
    do {
      warm.enteredAt(pc);
      int way = warm.run(cpu, pc, WarmCode.DEPTH);
      if (WarmCode.isAddress(way)) {
        pc = way;
        cpu.pc = pc;
      } else {
        pc = cpu.pc;
        if (way == WarmCode.NOT_HERE) {
          return pc;
        }
        if (way != WarmCode.OUT) {
          jumps.note(WarmCode.placeOfJump(way), pc);
        }
        if (cpu.attention || remainder != NOWHERE) {
          return NOWHERE;
        }
      }
      warm = code.nextWarm(pc);
    } while (warm != null);
    return NOWHERE;
  }

  @Override
  public boolean run(WarmCode warm, int pc, int physical, int remaining, boolean continues) {
    int size = 4 - ((pc & 1) << 1);
    cpu.budget += remaining;
    cpu.pc = pc;
    int drops = code.warmDrops();
    boolean isDone = runNode(pc, physical);
    if (!isDone || cpu.pc != pc + size) {
      return false;
    }
    int left = remaining - 1;
    if (!continues || cpu.attention || code.warmDrops() != drops || !warm.isValid()) {
      remainder = left == 0 ? NOWHERE : cpu.pc;
      end = cpu.pc + left * size;
      return false;
    }
    cpu.budget -= left;
    return true;
  }

  @Override
  public WarmCode next(int pc) {
    return code.nextWarm(pc);
  }

  /**
   * Runs one block, or the remainder of one, whether it has compiled code or not.
   *
   * @return the block that was begun; null for the remainder of one, or if the fetch has aborted
   */
  public CodeEntry step() {
    int pc = cpu.pc;
    boolean begins = pc != remainder;
    long at = fetch(pc);
    if (at == 0) {
      remainder = NOWHERE;
      return null;
    }
    runFrom(pc, at);
    return begins ? code.entry(pc, (int) (at - ram)) : null;
  }

  private void runFrom(int pc, long at) {
    int limit = Math.min(cpu.budget, begin(pc));
    if ((pc & 1) != 0) {
      runThumb(pc & ~1, at, limit);
    } else {
      run(pc, at, limit);
    }
  }

  /**
   * Begins a block, or continues with the remainder of one; returns the instructions to its end.
   */
  private int begin(int pc) {
    int size = 2 - (pc & 1); // of an instruction, as a power of two
    int inGranule = Bus.GRANULE - (pc & Bus.GRANULE - 2) >>> size;
    int longest = Math.min(inGranule, CodeCache.MAX_BLOCK);
    int left = pc == remainder ? end - pc >> size : 0;
    int count = left > 0 && left < longest ? left : longest;
    remainder = NOWHERE;
    end = pc + (count << size);
    return count;
  }

  /**
   * Returns whether an address is a valid place of ARM or Thumb code; the lowest is not, since it
   * is reserved: {@link WordOperands#BY_NODE}.
   */
  public static boolean knows(int pc) {
    return (pc & 3) == 0 || (pc & 1) != 0 && pc >>> Bus.GRANULE_SHIFT != 0;
  }

  /** Records that a block was left at the PC, which is its end or within it. */
  private void noteLeft() {
    remainder = cpu.pc == end ? NOWHERE : cpu.pc;
  }

  /** Returns the host address of an instruction, or 0 if the fetch has aborted. */
  private long fetch(int pc) {
    int address = pc & ~1;
    if (Memory.isFast(cpu.entries, address, 2)) {
      return memory.fastAddress(cpu.entries, address);
    }
    int physical = code.fetch(pc);
    return physical < 0 ? 0 : ram + physical;
  }

  /** Counts a block; returns whether it has compiled code. */
  private boolean count(int pc, int physical) {
    byte[] granule = counts.of(physical);
    int place = BlockCounts.place(physical);
    if (granule[place] == BlockCounts.WARM && !code.hasWarm(pc, physical)) {
      granule[place] = 0; // the mark is that of a block of the other state
    }
    if (granule[place] < 0) {
      return granule[place] == BlockCounts.COMPILED;
    }
    if (pc != remainder && !isResumed(pc) && ++granule[place] >= mostCounted) {
      int counted = granule[place];
      granule[place] = 0;
      listener.executed(pc, physical, counted);
      return granule[place] == BlockCounts.COMPILED;
    }
    return false;
  }

  /**
   * Runs a block.
   *
   * @param start address of its first instruction
   * @param from host address of it
   * @param limit most instructions, all of one granule
   */
  private void run(int start, long from, int limit) {
    Cpu cpu = this.cpu;
    cpu.budget -= limit;
    long end = from + 4L * limit;
    long at = from;
    int pc = start;
    while (at != end) {
      int word = HostMemory.getInt(at);
      at += 4;
      pc += 4;
      WordOperation operation = WordDecoder.operation(word);
      int condition = word >>> 28;
      if (condition != ALWAYS) {
        if (condition > ALWAYS) {
          operation = WordOperation.NODE;
        } else if (operation != WordOperation.NODE
            && (CONDITIONS[condition] >>> flags(cpu) & 1) == 0) {
          if (operation.endsBlock(word)) {
            break;
          }
          continue;
        }
      }
      if (WordOperands.rotatesThroughCarry(word)) {
        operation = WordOperation.NODE;
      }
      int next = operation.execute(cpu, word, pc);
      if (next != pc) {
        cpu.budget += (int) (end - at) >> 2;
        int to = next == WordOperands.JUMPS_TO_NEXT ? pc : next;
        leave(operation, to, pc - 4, (int) (at - 4 - ram));
        return;
      }
    }
    goOn(pc, (int) (end - at) >> 2);
  }

  /** The same in Thumb state; the start is without the T bit. */
  private void runThumb(int start, long from, int limit) {
    Cpu cpu = this.cpu;
    cpu.budget -= limit;
    long end = from + 2L * limit;
    long at = from;
    int pc = start;
    while (at != end) {
      int halfword = HostMemory.getShort(at) & 0xffff;
      at += 2;
      int word = HalfwordDecoder.word(halfword);
      WordOperation operation = HalfwordDecoder.operation(halfword);
      int condition = word >>> 28;
      int own = pc;
      if (condition != ALWAYS) {
        if (word == ThumbWords.UNDEFINED) {
          operation = WordOperation.NODE;
        } else if (condition == ThumbWords.ROUNDED) {
          own &= ~3;
        } else if ((CONDITIONS[condition] >>> flags(cpu) & 1) == 0) {
          pc += 2;
          break;
        }
      }
      int next = operation.execute(cpu, word, own);
      if (next != own) {
        cpu.budget += (int) (end - at) >> 1;
        if (operation.isSecondHalf() && at - 4 >= from) {
          boolean isWhole = HalfwordDecoder.isPrefix(HostMemory.getShort(at - 4) & 0xffff);
          operation = isWhole ? WordOperation.BL : operation;
        }
        int to = next == WordOperands.JUMPS_TO_NEXT ? own : next;
        leave(operation, to, pc | 1, (int) (at - 2 - ram));
        return;
      }
      pc += 2;
    }
    goOn(pc | 1, (int) (end - at) >> 1);
  }

  /**
   * Continues after the last instruction that was run of a block.
   *
   * @param refund instructions that were taken off the budget and have not begun
   */
  private void goOn(int pc, int refund) {
    cpu.budget += refund;
    cpu.pc = pc;
    if (refund == 0 && cpu.budget == 0) {
      noteLeft();
    }
  }

  /**
   * Leaves a block after an instruction.
   *
   * @param next what it has returned
   * @param pc its address, with the T bit
   * @param physical its place in RAM
   */
  private void leave(WordOperation operation, int next, int pc, int physical) {
    if (next == WordOperands.BY_NODE) {
      cpu.budget++;
      cpu.pc = pc;
      runNode(pc, physical);
      return;
    }
    cpu.pc = next;
    if (!operation.isDirect()) {
      jumps.note(physical, next);
    }
  }

  /** Executes the instruction at the PC by its node; returns whether it has completed. */
  private boolean runNode(int pc, int physical) {
    int at = physical >>> 1 & singles.length - 1;
    CodeEntry single = singles[at];
    if (single == null || single.pc != pc || single.physical != physical || !single.valid) {
      single = code.single(pc, physical);
      singles[at] = single;
    }
    Block block = single.block;
    try {
      block.interpret(cpu, operands);
    } catch (SideExit sideExit) {
      noteInterrupted(pc);
      noteRemainder();
      return false;
    }
    if (block.exit == Block.Exit.FALL) {
      noteLeft();
    } else if (block.exitNode != null) {
      jumps.note(physical, cpu.pc);
    }
    return true;
  }

  /** Returns N, Z, C, V as the low bits, in the order of the PSR. */
  private static int flags(Cpu cpu) {
    int n = cpu.n >>> 31;
    int z = (cpu.z | -cpu.z) >>> 31 ^ 1;
    int left = cpu.left;
    int right = cpu.right;
    int difference = left - right;
    int c = ((~left & right | ~(left ^ right) & difference) >>> 31) ^ 1;
    int v = ((left ^ right) & (left ^ difference)) >>> 31;
    return n << 3 | z << 2 | c << 1 | v;
  }
}
