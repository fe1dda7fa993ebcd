package org.curios.arm.warm;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.code.WarmCode;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;

/**
 * The warm blocks of a granule as machine code of the host. The code of one granule jumps to that
 * of another; it returns here for everything else.
 */
final class HostCode extends WarmCode {
  /** Bytes of a link in the data of code: the expected entry, and the host address. */
  static final int LINK_BYTES = 16;

  static final int LINK_TARGET = 8;

  private static final Cleaner CLEANER = Cleaner.create();

  /** Links that are recorded without a look at old ones. */
  private static final int MANY = 64;

  /** A link of some code to this one. */
  private record Incoming(HostCode from, int number) {
    boolean isOf(HostCode to) {
      return from.targets[number] == to;
    }
  }

  /**
   * The code for a granule.
   *
   * @param bytes how many bytes of machine code there are
   * @param blocks where each block begins in it
   * @param slow the places of instructions without a fast path, ascending
   * @param resumes where the code continues after each of these
   * @param links the places of the targets of the links
   */
  record Parts(int bytes, int[] blocks, int[] slow, int[] resumes, int[] links) {}

  private final HostArea area;
  private final int number;
  private long at;
  private long links;
  private Parts parts;
  private HostCode[] targets;
  private int[] sampled;
  private List<Incoming> incoming = new ArrayList<>();
  private int mostIncoming = MANY;

  /** Virtual addresses of the granule that the table of jumps may have. */
  private int[] bases = new int[0];

  /** Makes code of which nothing is known but its number. */
  HostCode(HostArea area) {
    this.area = area;
    this.number = area.number(this);
  }

  /** Returns the number by which the code names itself. */
  int number() {
    return number;
  }

  /**
   * Sets the code.
   *
   * @param address where it is
   * @param linksAt where its links are
   * @param linkBytes bytes for links
   */
  void put(Parts made, long address, long linksAt, int linkBytes) {
    parts = made;
    at = address;
    links = linksAt;
    sampled = new int[made.blocks.length];
    targets = new HostCode[made.links.length];
    for (int i = 0; i < targets.length; i++) {
      unlink(i);
    }
    HostArea owner = area;
    int name = number;
    int codeBytes = made.bytes;
    CLEANER.register(this, () -> owner.free(name, address, codeBytes, linksAt, linkBytes));
  }

  @Override
  public int run(Cpu cpu, int start, int depth) {
    if (!has(start) || !HostArea.isPossible(cpu)) {
      cpu.pc = start;
      return NOT_HERE;
    }
    area.put(HostArea.BASE, start & -Bus.GRANULE);
    long to = hostAddress(start);
    while (true) {
      area.copyIn(cpu);
      area.expect(cpu.memory);
      int control = copyControl(cpu);
      int kind = area.run(to);
      area.copyOut(cpu);
      if (area.get(HostArea.CONTROL) != control) {
        cpu.setControl(area.get(HostArea.CONTROL));
      }
      int where = area.get(HostArea.WHERE);
      int base = area.get(HostArea.BASE);
      switch (kind) {
        case HostArea.TO_ADDRESS -> {
          int pc = area.get(HostArea.PC);
          HostCode next = codeAt(pc);
          if (next == null) {
            return pc;
          }
          to = next.enter(pc);
        }
        case HostArea.STAY -> {
          HostCode next = area.isSampleDue() ? codeAt(base + where) : null;
          if (next == null) {
            cpu.pc = base + where;
            return NOT_HERE;
          }
          next.sampled(base + where);
          to = next.enter(base + where);
        }
        case HostArea.LINK -> {
          HostCode code = area.code(area.get(HostArea.CODE));
          int pc = base + code.parts.links[where];
          HostCode next = codeAt(pc);
          if (next == null) {
            return pc;
          }
          to = next.enter(pc);
          code.link(where, next, to);
        }
        case HostArea.SAMPLED -> {
          area.put(HostArea.SAMPLING, 0);
          cpu.pc = area.get(HostArea.PC);
          return where;
        }
        default -> {
          area.countExit();
          HostCode code = area.code(area.get(HostArea.CODE));
          if (!code.isDoneSlowly(base, where)) {
            return OUT;
          }
          if (!HostArea.isPossible(cpu)) {
            cpu.budget += (where >>> Bus.GRANULE_SHIFT) - 1;
            return OUT;
          }
          to = code.resume(where & Bus.GRANULE - 1);
        }
      }
    }
  }

  /** Counts executions of a block: as many as would take the instructions since the last sample. */
  private void sampled(int pc) {
    int block = blockAt(pc & Bus.GRANULE - 1);
    sampled[block] += Math.max(1, area.takeSample() / length(block));
  }

  private int copyControl(Cpu cpu) {
    int control = cpu.controlBits();
    area.put(HostArea.CONTROL, control);
    area.put(HostArea.PRIVILEGED, cpu.isPrivileged() ? 1 : 0);
    area.put(HostArea.REQUESTED, cpu.interruptRequested() ? 1 : 0);
    area.putLong(HostArea.ENTRIES, cpu.entries);
    area.putLong(HostArea.USER_ENTRIES, cpu.userEntries);
    return control;
  }

  /** Returns the code that has the block at an address; null for none that is known. */
  private HostCode codeAt(int pc) {
    return next(pc) instanceof HostCode next && next.has(pc) ? next : null;
  }

  /** Records that the block at an address is entered, and returns its host address. */
  private long enter(int pc) {
    int base = pc & -Bus.GRANULE;
    long to = hostAddress(pc);
    enteredAt(pc);
    enteredFrom(base);
    area.putJump(pc, granule() * Bus.GRANULE - base + 1, to);
    area.put(HostArea.BASE, base);
    return to;
  }

  private boolean has(int pc) {
    return blockAt(pc & Bus.GRANULE - 1) >= 0;
  }

  private void enteredFrom(int base) {
    for (int known : bases) {
      if (known == base) {
        return;
      }
    }
    bases = Arrays.copyOf(bases, bases.length + 1);
    bases[bases.length - 1] = base;
  }

  private long hostAddress(int pc) {
    return at + parts.blocks[blockAt(pc & Bus.GRANULE - 1)];
  }

  private long resume(int place) {
    return at + parts.resumes[Arrays.binarySearch(parts.slow, place)];
  }

  /** Sets a link of this code. */
  private void link(int number, HostCode to, long address) {
    long link = links + (long) number * LINK_BYTES;
    int distance = parts.links[number] & -Bus.GRANULE;
    HostMemory.putInt(link, to.granule() * Bus.GRANULE - distance + 1);
    HostMemory.putLong(link + LINK_TARGET, address);
    if (targets[number] != to) {
      targets[number] = to;
      to.incoming(new Incoming(this, number));
    }
  }

  private void unlink(int number) {
    HostMemory.putInt(links + (long) number * LINK_BYTES, Memory.NO_ENTRY);
    targets[number] = null;
  }

  private void incoming(Incoming link) {
    if (incoming.size() >= mostIncoming) {
      incoming = new ArrayList<>(incoming.stream().filter(one -> one.isOf(this)).toList());
      mostIncoming = 2 * incoming.size() + MANY;
    }
    incoming.add(link);
  }

  @Override
  protected void cutHere() {
    for (Incoming link : incoming) {
      if (link.from.targets[link.number] == this) {
        link.from.unlink(link.number);
      }
    }
    incoming.clear();
    if (!isValid()) {
      for (int i = 0; i < targets.length; i++) {
        unlink(i);
      }
    }
    for (int base : bases) {
      for (int place : places()) {
        area.forgetJump(base | place);
      }
    }
    bases = new int[0];
  }

  /** Samples say little about blocks that run seldom; what was translated has run. */
  @Override
  public boolean hasRun(int number) {
    return true;
  }

  @Override
  protected void drain(int[] into) {
    for (int i = 0; i < sampled.length; i++) {
      into[i] += sampled[i];
      sampled[i] = 0;
    }
  }
}
