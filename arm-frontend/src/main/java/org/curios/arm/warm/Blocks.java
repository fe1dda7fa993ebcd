package org.curios.arm.warm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.CodeCache;
import org.curios.arm.cold.WordOperation;

/** The blocks of a granule that are translated together, by the places where they begin. */
final class Blocks {
  private final byte[] granule;
  private final IntPredicate isConstant;
  private final IntPredicate allowed;
  private final IntPredicate hasRun;
  private final SortedMap<Integer, List<Instruction>> blocks = new TreeMap<>();
  private final BitSet halfwords = new BitSet(Bus.GRANULE / 2);

  /** The places of all instructions of blocks. */
  private final BitSet known = new BitSet(Bus.GRANULE);

  /**
   * Finds the blocks that are reached from some places without leaving the granule.
   *
   * @param granule its bytes
   * @param isConstant whether the word at a place, loaded from the granule itself, is a constant:
   *     whoever may fetch the instruction may load it, and a store to it drops the code
   * @param places where blocks begin, with the T bit
   * @param perhaps where blocks may begin, unless they are in the middle of others
   * @param allowed whether a block may be translated that begins at a place
   * @param hasRun whether it has run, so that it is worth it
   */
  Blocks(
      byte[] granule,
      IntPredicate isConstant,
      BitSet places,
      BitSet perhaps,
      IntPredicate allowed,
      IntPredicate hasRun) {
    this.granule = granule;
    this.isConstant = isConstant;
    this.allowed = allowed;
    this.hasRun = hasRun;
    Deque<Integer> open = new ArrayDeque<>();
    places.stream().forEach(place -> add(place, open));
    follow(open);
    for (int place = perhaps.nextSetBit(0); place >= 0; place = perhaps.nextSetBit(place + 1)) {
      if (!known.get(place)) {
        add(place, open);
        follow(open);
      }
    }
    cut();
  }

  private void follow(Deque<Integer> open) {
    while (!open.isEmpty()) {
      follow(open.pop(), open);
    }
  }

  private Instruction at(int place) {
    Instruction one = Instruction.at(granule, place);
    return one.literal() >= 0 && isConstant.test(one.literal()) ? one : one.withoutLiteral();
  }

  /** Returns the word that an instruction loads from its own granule. */
  int literal(Instruction one) {
    return Instruction.word(granule, one.literal());
  }

  private void add(int place, Deque<Integer> open) {
    if (hasRun.test(place)) {
      addUnseen(place, open);
    }
  }

  private void addUnseen(int place, Deque<Integer> open) {
    if (allowed.test(place) && blocks.putIfAbsent(place, new ArrayList<>()) == null) {
      open.push(place);
    }
  }

  private void follow(int begin, Deque<Integer> open) {
    List<Instruction> block = blocks.get(begin);
    int place = begin;
    while (true) {
      Instruction instruction = at(place);
      block.add(instruction);
      known.set(place);
      int target = target(instruction);
      if (target >= 0) {
        add(target, open);
      }
      if (!instruction.isFollowed()) {
        return;
      }
      place = instruction.after();
      if (instruction.endsBlock() || block.size() == CodeCache.MAX_BLOCK) {
        if (instruction.isNode()) {
          addUnseen(place, open); // the interpreter does not count what follows a node as a block
        } else if (instruction.mayContinue() || isCall(instruction.operation())) {
          add(place, open);
        }
        return;
      }
    }
  }

  /** Returns the target of a branch if it is in the granule and in the same state; otherwise -1. */
  static int target(Instruction instruction) {
    WordOperation operation = instruction.operation();
    int target =
        switch (operation) {
          case B, BL -> instruction.next() + 4 + (instruction.word() << 8 >> 6);
          case THUMB_B -> instruction.next() + 4 + (instruction.word() << 8 >> 7) | 1;
          default -> -1;
        };
    return target >= 0 && target < Bus.GRANULE ? target : -1;
  }

  /** Splits blocks where others begin, and records their contents. */
  private void cut() {
    for (List<Instruction> block : blocks.values()) {
      for (int i = 1; i < block.size(); i++) {
        if (blocks.containsKey(block.get(i).place())) {
          block.subList(i, block.size()).clear();
        }
      }
      for (Instruction one : block) {
        halfwords.set(one.place() / 2, (one.place() + one.size()) / 2);
        if (one.literal() >= 0) {
          halfwords.set(one.literal() / 2, one.literal() / 2 + 2);
        }
      }
    }
  }

  /**
   * Returns the places where the code can be entered, in ascending order: blocks to which no other
   * leads, loops, and return addresses. The others are reached through these. Another one that is
   * entered from outside is requested later.
   *
   * @param asked places that must be among them
   */
  int[] entrances(BitSet asked) {
    BitSet inner = new BitSet(Bus.GRANULE);
    BitSet entrances = new BitSet(Bus.GRANULE);
    blocks.forEach((place, block) -> {
      Instruction last = block.getLast();
      for (Instruction one : block) {
        int target = target(one);
        if (target > place) {
          inner.set(target);
        } else if (target >= 0) {
          entrances.set(target);
        }
      }
      int after = last.after();
      if (isCall(last.operation())) {
        entrances.set(after);
      } else if (last.isFollowed() && last.mayContinue()) {
        inner.set(after);
      }
    });
    blocks.keySet().stream().filter(place -> !inner.get(place)).forEach(entrances::set);
    entrances.or(asked);
    return entrances.stream().filter(blocks::containsKey).toArray();
  }

  private static boolean isCall(WordOperation operation) {
    return switch (operation) {
      case BL, BLX, THUMB_BLX, THUMB_BL_SUFFIX, THUMB_BLX_SUFFIX, NODE -> true;
      default -> false;
    };
  }

  /** Returns the blocks by the places where they begin, with the T bit. */
  SortedMap<Integer, List<Instruction>> all() {
    return blocks;
  }

  /** Returns the places where they begin, in ascending order. */
  int[] places() {
    return blocks.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns the instructions of each block. */
  int[] lengths() {
    return blocks.values().stream().mapToInt(List::size).toArray();
  }

  /** Returns whether the next block after a place begins at another. */
  boolean isNext(int place, int after) {
    SortedMap<Integer, List<Instruction>> more = blocks.tailMap(place + 1);
    return !more.isEmpty() && more.firstKey() == after;
  }

  /** Returns the halfwords of the granule that the blocks are made of. */
  BitSet halfwords() {
    return halfwords;
  }
}
