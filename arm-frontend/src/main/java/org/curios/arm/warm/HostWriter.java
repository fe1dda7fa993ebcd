package org.curios.arm.warm;

import static org.curios.arm.warm.Amd64.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.WarmCode;

/**
 * Writes the machine code of a granule. Each block first subtracts its whole length from the
 * budget, so that a run stops at the exact tick.
 */
final class HostWriter {
  private final HostArea area;
  private final Blocks blocks;
  private final int physical;
  private final boolean isUsual;
  private final int[] places;
  private final HostCode code;
  private final Amd64 a = new Amd64();
  private final Map<Integer, Label> begins = new LinkedHashMap<>();
  private final Map<Integer, Label> outside = new LinkedHashMap<>();
  private final List<Runnable> tails = new ArrayList<>();
  private final SortedMap<Integer, Label> resumes = new TreeMap<>();
  private final Label slow = new Label();
  private final long links;
  private final int linkBytes;

  /**
   * Makes a writer; its code has room for its data.
   *
   * @param isUsual whether most accesses are expected to find the entry of the granule itself
   */
  HostWriter(HostArea area, Blocks blocks, int granule, boolean isUsual) {
    this.area = area;
    this.isUsual = isUsual;
    this.blocks = blocks;
    this.physical = granule << Bus.GRANULE_SHIFT;
    this.places = blocks.places();
    this.code = new HostCode(area);
    this.linkBytes = HostCode.LINK_BYTES * mostLinks();
    this.links = area.dataRoom(linkBytes);
  }

  /** Each block has at most two ways out that need a link. */
  private int mostLinks() {
    return 2 * places.length;
  }

  /** Returns the code; null if there is no room for it. */
  HostCode write() {
    HostCode made = links == 0 ? null : writeAll();
    if (made == null) {
      area.free(code.number(), links, linkBytes);
    }
    return made;
  }

  private HostCode writeAll() {
    for (int place : places) {
      begins.put(place, new Label());
    }
    for (Map.Entry<Integer, List<Instruction>> entry : blocks.all().entrySet()) {
      block(entry.getKey(), entry.getValue());
    }
    List<Integer> linked = new ArrayList<>();
    outside.forEach((place, label) -> {
      a.bind(label);
      if (place >>> Bus.GRANULE_SHIFT == 0) {
        leave(place);
      } else {
        link(place, linked.size());
        linked.add(place);
      }
    });
    for (int i = 0; i < tails.size(); i++) {
      tails.get(i).run();
    }
    a.bind(slow);
    a.moveConstant(field(HostArea.CODE), code.number());
    area.exit(a, HostArea.SLOW);
    long at = area.codeRoom(a.size());
    if (at == 0) {
      return null;
    }
    byte[] bytes = a.finish(at);
    area.write(at, bytes);
    int[] resumeAt = resumes.values().stream().mapToInt(Label::at).toArray();
    int[] blockAt = begins.values().stream().mapToInt(Label::at).toArray();
    HostCode.Parts parts =
        new HostCode.Parts(
            bytes.length,
            blockAt,
            resumes.keySet().stream().mapToInt(Integer::intValue).toArray(),
            resumeAt,
            linked.stream().mapToInt(Integer::intValue).toArray());
    code.put(parts, at, links, linkBytes);
    return code;
  }

  private void block(int place, List<Instruction> instructions) {
    a.bind(begins.get(place));
    Label noBudget = new Label();
    int length = instructions.size();
    a.operateConstant(SUB, HostArea.BUDGET_REGISTER, length);
    a.jumpIf(SIGN, noBudget);
    new HostBlockWriter(a, this).write(instructions);
    int after = instructions.getLast().after();
    if (!blocks.isNext(place, after)) {
      a.jump(to(after));
    }
    tails.add(() -> {
      a.bind(noBudget);
      a.operateConstant(ADD, HostArea.BUDGET_REGISTER, length);
      a.moveConstant(field(HostArea.WHERE), place);
      a.jumpOutside(area.stay);
    });
  }

  /** Returns whether accesses are expected to find {@link HostArea#USUAL_ENTRY}. */
  boolean isUsual() {
    return isUsual;
  }

  /** Returns {@link HostArea#ramDistance}. */
  int ramDistance() {
    return area.ramDistance();
  }

  /** Returns where to jump for a place inside or outside the granule. */
  Label to(int place) {
    Label inside = begins.get(place);
    return inside != null ? inside : outside.computeIfAbsent(place, at -> new Label());
  }

  /** Writes code after all blocks. */
  void later(Runnable more) {
    tails.add(more);
  }

  /**
   * Returns where to jump to execute an instruction by its node.
   *
   * @param where its place, and above it the instructions to the end of its block
   * @param next where to continue after it
   */
  Label slow(int where, Label next) {
    Label label = new Label();
    resumes.put(where & Bus.GRANULE - 1, next);
    tails.add(() -> {
      a.bind(label);
      a.moveConstant(field(HostArea.WHERE), where);
      a.jump(slow);
    });
    return label;
  }

  /** Returns the word that an instruction loads from its own granule. */
  int literal(Instruction one) {
    return blocks.literal(one);
  }

  private void leave(int place) {
    a.move(RAX, field(HostArea.BASE));
    a.operateConstant(ADD, RAX, place);
    a.jumpOutside(area.toAddress);
  }

  private void link(int place, int number) {
    long at = links + (long) number * HostCode.LINK_BYTES;
    Label unknown = new Label();
    a.move(RAX, field(HostArea.BASE));
    a.sum(RCX, RAX, place & -Bus.GRANULE);
    a.move(RDX, RCX);
    a.shift(SHR, RDX, Bus.GRANULE_SHIFT);
    a.loadIndexed(RDX, HostArea.ENTRIES_REGISTER, RDX, 8, 0);
    a.operate(ADD, RDX, RAX);
    a.compareRdx(at);
    a.jumpIf(NOT_EQUAL, unknown);
    a.store(field(HostArea.BASE), RCX);
    a.jumpAt(at + HostCode.LINK_TARGET);
    tails.add(() -> {
      a.bind(unknown);
      a.moveConstant(field(HostArea.WHERE), number);
      a.moveConstant(field(HostArea.CODE), code.number());
      area.exit(a, HostArea.LINK);
    });
  }

  /**
   * Continues at the address in RAX, with the T bit.
   *
   * @param place the place of the instruction that jumps there
   */
  void jumpComputed(int place) {
    Label due = new Label();
    a.operateConstant(CMP, field(HostArea.SAMPLING), 0);
    a.jumpIf(NOT_EQUAL, due);
    tails.add(() -> {
      a.bind(due);
      a.store(field(HostArea.PC), RAX);
      a.moveConstant(field(HostArea.WHERE), WarmCode.jumpFrom(physical | place & ~1));
      area.exit(a, HostArea.SAMPLED);
    });
    jumpTo();
  }

  /** Continues at the address in RAX, with the T bit. */
  void jumpTo() {
    a.move(RCX, RAX);
    a.shift(SHL, RCX, HostArea.JUMPS_SHIFT);
    a.operateConstant(AND, RCX, HostArea.JUMPS_MASK);
    a.compareIndexed(RAX, CONTEXT, RCX, HostArea.JUMPS);
    a.jumpOutsideIf(NOT_EQUAL, area.toAddress);
    a.move(RDX, RAX);
    a.shift(SHR, RDX, Bus.GRANULE_SHIFT);
    a.loadIndexed(RDX, HostArea.ENTRIES_REGISTER, RDX, 8, 0);
    a.compareIndexed(RDX, CONTEXT, RCX, HostArea.JUMPS + HostArea.JUMP_ENTRY);
    a.jumpOutsideIf(NOT_EQUAL, area.toAddress);
    a.operateConstant(AND, RAX, -Bus.GRANULE);
    a.store(field(HostArea.BASE), RAX);
    a.jumpIndexed(CONTEXT, RCX, HostArea.JUMPS + HostArea.JUMP_TARGET);
  }
}
