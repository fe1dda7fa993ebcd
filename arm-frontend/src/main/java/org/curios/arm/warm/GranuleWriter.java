package org.curios.arm.warm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.WarmCode;
import org.curios.arm.core.Cpu;
import org.curios.arm.warm.Assembler.Label;

/**
 * Writes the class of a granule: one method that can be entered at any of its blocks. Each block
 * first subtracts its whole length from the budget, so that a run stops at the exact tick.
 */
final class GranuleWriter implements Exits {
  /** The package of the classes; the launcher names it to the host's compilers. */
  private static final String NAME = "org/curios/arm/warm/GuestCode";

  private static final String SUPER = Emitter.nameOf(WarmCode.class);

  /** The name of the method that runs the code. */
  static final String RUN = "run";

  private static final String RUN_TYPE = "(" + Emitter.typeOf(Cpu.class) + "I)I";

  private final Blocks blocks;
  private final int[] places;
  private final int[] entrances;
  private final long bias;
  private Emitter e;
  private Assembler b;

  /** Labels of blocks by their places, and of exits. */
  private final Map<Integer, Label> begins = new LinkedHashMap<>();

  private final Map<Integer, Label> outside = new LinkedHashMap<>();

  /** Code after the blocks. */
  private final List<Runnable> tails = new ArrayList<>();

  /** Exits that all blocks share, since each takes room: to the block at a place. */
  private Label leave;

  /** To the interpreter, for the block at a place. */
  private Label stay;

  /** To the interpreter, at entry. */
  private Label notHere;

  /** To the node of an instruction. */
  private Label slow;

  /** To the block at the PC, which is in the local RESULT. */
  private Label again;

  /** To the following code, with the PC set. */
  private Label left;

  /**
   * Makes a writer.
   *
   * @param entrances the places where it can be entered, in ascending order
   * @param bias see {@link org.curios.arm.core.Memory#bias}
   */
  GranuleWriter(Blocks blocks, int[] entrances, long bias) {
    this.blocks = blocks;
    this.entrances = entrances;
    this.places = blocks.all().keySet().stream().mapToInt(Integer::intValue).toArray();
    this.bias = bias;
  }

  /** Returns the places of the blocks, with the T bit, in ascending order. */
  int[] places() {
    return places;
  }

  /** Returns the instructions of each block. */
  int[] lengths() {
    return blocks.all().values().stream().mapToInt(List::size).toArray();
  }

  /** Returns the class; null if its code would be too long. */
  byte[] write() {
    ClassWriter c = new ClassWriter(NAME, SUPER);
    c.field(ClassWriter.STATIC | ClassWriter.FINAL, Emitter.UNSAFE, Emitter.UNSAFE_TYPE);
    for (int i = 0; i < places.length; i++) {
      c.field(ClassWriter.PRIVATE, count(i), "I");
    }
    c.method(ClassWriter.STATIC, "<clinit>", "()V", GranuleWriter::initialise);
    c.method(
        ClassWriter.PUBLIC,
        "<init>",
        "()V",
        m -> m.aload(0).invokespecial(SUPER, "<init>", "()V").return_());
    boolean fits = c.method(ClassWriter.PUBLIC, RUN, RUN_TYPE, this::run);
    fits &= c.method(ClassWriter.PROTECTED, "drain", "([I)V", this::drain);
    return fits ? c.finish() : null;
  }

  private static String count(int number) {
    return "c".concat(Integer.toString(number));
  }

  private static void initialise(Assembler m) {
    m.invokestatic(Emitter.UNSAFE_CLASS, "getUnsafe", "()".concat(Emitter.UNSAFE_TYPE))
        .putstatic(NAME, Emitter.UNSAFE, Emitter.UNSAFE_TYPE)
        .return_();
  }

  private void drain(Assembler d) {
    for (int i = 0; i < places.length; i++) {
      d.aload(1).loadConstant(i).dup2().iaload();
      d.aload(0).getfield(NAME, count(i), "I").iadd().iastore();
      d.aload(0).iconst_0().putfield(NAME, count(i), "I");
    }
    d.return_();
  }

  private void run(Assembler builder) {
    begins.clear();
    outside.clear();
    tails.clear();
    b = builder;
    e = new Emitter(b, NAME, bias);
    leave = b.newLabel();
    stay = b.newLabel();
    notHere = b.newLabel();
    slow = b.newLabel();
    left = b.newLabel();
    again = b.newLabel();
    for (int place : places) {
      begins.put(place, b.newLabel());
    }
    b.iload(Emitter.BASE).istore(Emitter.RESULT);
    b.iload(Emitter.BASE).loadConstant(-Bus.GRANULE).iand().istore(Emitter.BASE);
    b.labelBinding(again);
    b.iload(Emitter.RESULT).loadConstant(Bus.GRANULE - 1).iand().istore(Emitter.RESULT);
    select(0, entrances.length);
    int number = 0;
    for (Map.Entry<Integer, List<Instruction>> entry : blocks.all().entrySet()) {
      block(entry.getKey(), number++, entry.getValue());
    }
    tails.forEach(Runnable::run);
    outside.forEach((place, label) -> leaveAt(label, place, leave));
    b.labelBinding(leave);
    setPc();
    b.goto_(left);
    b.labelBinding(stay);
    setPc();
    b.labelBinding(notHere);
    b.loadConstant(WarmCode.NOT_HERE).ireturn();
    b.labelBinding(slow);
    e.slow();
    b.labelBinding(left);
    b.loadConstant(WarmCode.LEFT).ireturn();
  }

  /** Connects a label to one of the exits, with a number in {@link Emitter#RESULT}. */
  private void leaveAt(Label label, int number, Label wayOut) {
    b.labelBinding(label);
    b.loadConstant(number).istore(Emitter.RESULT).goto_(wayOut);
  }

  private void setPc() {
    e.cpu();
    b.iload(Emitter.BASE).iload(Emitter.RESULT).iadd();
    e.put("pc");
  }

  /**
   * Finds the entrance by binary search: the host's first compiler tests the cases of a switch one
   * after another.
   */
  private void select(int from, int to) {
    if (to - from == 1) {
      b.iload(Emitter.RESULT).loadConstant(entrances[from]).if_icmpeq(begins.get(entrances[from]));
      b.goto_(notHere);
      return;
    }
    int middle = from + to >>> 1;
    Label above = b.newLabel();
    b.iload(Emitter.RESULT).loadConstant(entrances[middle]).if_icmpge(above);
    select(from, middle);
    b.labelBinding(above);
    select(middle, to);
  }

  private void block(int place, int number, List<Instruction> instructions) {
    b.labelBinding(begins.get(place));
    Label noBudget = b.newLabel();
    e.cpu();
    e.get("budget");
    b.loadConstant(instructions.size()).isub().dup().istore(Emitter.RESULT).iflt(noBudget);
    e.cpu();
    b.iload(Emitter.RESULT);
    e.put("budget");
    b.aload(Emitter.THIS).dup().getfield(NAME, count(number), "I");
    b.iconst_1().iadd().putfield(NAME, count(number), "I");
    new BlockWriter(e, this).write(instructions);
    int after = instructions.getLast().after();
    Label next = begins.get(after);
    if (next == null || after <= place || !follows(place, after)) {
      b.goto_(to(after));
    }
    tails.add(() -> leaveAt(noBudget, place, stay));
  }

  /** Returns whether a block is written right after another. */
  private boolean follows(int place, int after) {
    return blocks.all().tailMap(place + 1).firstKey() == after;
  }

  @Override
  public Label slow(int where) {
    Label label = b.newLabel();
    tails.add(() -> leaveAt(label, where, slow));
    return label;
  }

  @Override
  public int literal(Instruction one) {
    return blocks.literal(one);
  }

  @Override
  public Label computed() {
    return again;
  }

  @Override
  public Label left() {
    return left;
  }

  @Override
  public Label to(int place) {
    Label inside = begins.get(place);
    return inside != null ? inside : outside.computeIfAbsent(place, at -> b.newLabel());
  }
}
