package org.curios.arm.warm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.WarmCode;
import org.curios.arm.code.WarmLink;
import org.curios.arm.core.Cpu;
import org.curios.arm.warm.Assembler.Label;

/**
 * Writes the class of a granule: one method that can be entered at any of its blocks. Each block
 * first subtracts its whole length from the budget, so that a run stops at the exact tick.
 */
final class GranuleWriter implements Exits {
  /** The package of the classes; the launcher names it to the host's compilers. */
  private static final String NAME = "org/curios/arm/warm/GuestCode";

  private static final String SUPER = Emitter.CODE_CLASS;

  /** The name of the method that runs the code. */
  static final String RUN = "run";

  private static final String RUN_TYPE = "(" + Emitter.typeOf(Cpu.class) + "II)I";
  private static final String LINK = Emitter.nameOf(WarmLink.class);
  private static final String LINK_TYPE = Emitter.typeOf(WarmLink.class);
  private static final String TARGET_TYPE = Emitter.typeOf(WarmCode.class);

  /** One in this number of computed jumps is reported. */
  private static final int SAMPLE = 64;

  private final Blocks blocks;
  private final int physical;
  private final int[] places;
  private final int[] entrances;
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

  /** To the following code, whose address is in RESULT. */
  private Label left;

  /** To whoever examines what has happened. */
  private Label out;

  /** To the code in another granule at the PC, which is in RESULT. */
  private Label far;

  /** To the code in other granules at the place in RESULT, by their distance in granules. */
  private final Map<Integer, Label> farther = new LinkedHashMap<>();

  /** To find out what a link leads to. */
  private Label unknown;

  /** Out of the code with a computed jump to be recorded. */
  private Label sampled;

  /** The links to other granules, by their distance in granules. */
  private final Map<Integer, Integer> links = new LinkedHashMap<>();

  /** The number of the current block. */
  private int current;

  /**
   * Makes a writer.
   *
   * @param entrances the places where it can be entered, in ascending order
   */
  GranuleWriter(Blocks blocks, int granule, int[] entrances) {
    this.blocks = blocks;
    this.physical = granule << Bus.GRANULE_SHIFT;
    this.entrances = entrances;
    this.places = blocks.places();
  }

  /** Returns the class; null if its code would be too long. */
  byte[] write() {
    ClassWriter c = new ClassWriter(NAME, SUPER);
    c.field(ClassWriter.STATIC | ClassWriter.FINAL, Emitter.UNSAFE, Emitter.UNSAFE_TYPE);
    for (int i = 0; i < places.length; i++) {
      c.field(ClassWriter.PRIVATE, count(i), "I");
    }
    c.method(ClassWriter.STATIC, "<clinit>", "()V", GranuleWriter::initialise);
    boolean fits = c.method(ClassWriter.PUBLIC, RUN, RUN_TYPE, this::run);
    for (int number : links.values()) {
      c.field(ClassWriter.PRIVATE | ClassWriter.FINAL, link(number), LINK_TYPE);
    }
    c.method(ClassWriter.PUBLIC, "<init>", "()V", this::construct);
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

  private void construct(Assembler m) {
    m.aload(0).invokespecial(SUPER, "<init>", "()V");
    for (int number : links.values()) {
      m.aload(0).invokestatic(LINK, "make", "()".concat(LINK_TYPE));
      m.putfield(NAME, link(number), LINK_TYPE);
    }
    m.return_();
  }

  private static String link(int number) {
    return "l".concat(Integer.toString(number));
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
    e = new Emitter(b, NAME);
    leave = b.newLabel();
    stay = b.newLabel();
    notHere = b.newLabel();
    slow = b.newLabel();
    left = b.newLabel();
    out = b.newLabel();
    far = b.newLabel();
    unknown = b.newLabel();
    sampled = b.newLabel();
    farther.clear();
    links.clear();
    again = b.newLabel();
    for (int place : places) {
      begins.put(place, b.newLabel());
    }
    b.iload(Emitter.BASE).istore(Emitter.RESULT);
    b.iload(Emitter.DEPTH).iconst_m1().iadd().dup().istore(Emitter.DEPTH).iflt(left);
    b.iload(Emitter.BASE).loadConstant(-Bus.GRANULE).iand().istore(Emitter.BASE);
    b.labelBinding(again);
    b.iload(Emitter.RESULT).loadConstant(Bus.GRANULE - 1).iand().istore(Emitter.RESULT);
    select(0, entrances.length);
    int number = 0;
    for (Map.Entry<Integer, List<Instruction>> entry : blocks.all().entrySet()) {
      block(entry.getKey(), number++, entry.getValue());
    }
    outside.forEach(this::jump);
    for (int i = 0; i < tails.size(); i++) {
      tails.get(i).run();
    }
    farther.forEach(this::far);
    b.labelBinding(far);
    go();
    b.ireturn();
    b.labelBinding(unknown);
    b.aload(Emitter.THIS).aload(Emitter.LINK).iload(Emitter.BASE).iload(Emitter.RESULT);
    b.invokevirtual(SUPER, "find", "(" + LINK_TYPE + "II)I").ireturn();
    b.labelBinding(sampled);
    e.cpu();
    b.iload(Emitter.RESULT);
    e.put("pc");
    b.iload(Emitter.LEFT).ireturn();
    b.labelBinding(leave);
    b.iload(Emitter.BASE).iload(Emitter.RESULT).iadd().istore(Emitter.RESULT);
    b.labelBinding(left);
    b.iload(Emitter.RESULT).ireturn();
    b.labelBinding(notHere);
    b.labelBinding(stay);
    setPc();
    b.loadConstant(WarmCode.NOT_HERE).ireturn();
    b.labelBinding(slow);
    e.slow();
    b.labelBinding(out);
    b.loadConstant(WarmCode.OUT).ireturn();
  }

  /** Continues at a place that has no code in this class. */
  private void jump(int place, Label label) {
    if (place >>> Bus.GRANULE_SHIFT == 0) {
      leaveAt(label, place, leave);
      return;
    }
    int granule = place >> Bus.GRANULE_SHIFT;
    leaveAt(label, place, farther.computeIfAbsent(granule, number -> b.newLabel()));
  }

  /** Continues in another granule, at the place in RESULT. */
  private void far(int granule, Label label) {
    b.labelBinding(label);
    enter(granule);
    b.ireturn();
  }

  /** Runs the code in another granule at the place in RESULT, and pushes its result. */
  private void enter(int granule) {
    links.putIfAbsent(granule, links.size());
    b.aload(Emitter.THIS).getfield(NAME, link(links.get(granule)), LINK_TYPE);
    b.dup().astore(Emitter.LINK).getfield(LINK, "key", "I");
    e.entryOf(granule * Bus.GRANULE);
    b.iload(Emitter.BASE).iadd().if_icmpne(unknown);
    b.aload(Emitter.LINK).getfield(LINK, "target", TARGET_TYPE);
    b.aload(Emitter.CPU).iload(Emitter.BASE).iload(Emitter.RESULT).iadd().iload(Emitter.DEPTH);
    b.invokevirtual(SUPER, RUN, RUN_TYPE);
  }

  /** Runs the code in another granule at the address in RESULT, and pushes its result. */
  private void go() {
    b.aload(Emitter.THIS).aload(Emitter.CPU).iload(Emitter.RESULT).iload(Emitter.DEPTH);
    b.invokevirtual(SUPER, "go", RUN_TYPE);
  }

  @Override
  public void call(int place, int after) {
    if (begins.containsKey(place) || place >>> Bus.GRANULE_SHIFT == 0) {
      b.goto_(to(place));
      return;
    }
    b.loadConstant(place).istore(Emitter.RESULT);
    enter(place >> Bus.GRANULE_SHIFT);
    returnTo(after);
  }

  @Override
  public void callFar(int after) {
    go();
    returnTo(after);
  }

  /** Continues after a call, whose result is on the stack, if it has returned to a place. */
  private void returnTo(int after) {
    Label next = begins.get(after);
    if (next == null) {
      b.ireturn();
      return;
    }
    b.dup().istore(Emitter.RESULT);
    e.baseAnd(after);
    b.if_icmpne(left).goto_(next);
  }

  @Override
  public void sample(int place) {
    Label due = b.newLabel();
    b.aload(Emitter.THIS).getfield(NAME, count(current), "I");
    b.loadConstant(SAMPLE - 1).iand().ifeq(due);
    tails.add(() -> {
      b.labelBinding(due);
      b.loadConstant(WarmCode.jumpFrom(physical | place & ~1));
      b.istore(Emitter.LEFT).goto_(sampled);
    });
  }

  @Override
  public void later(Runnable code) {
    tails.add(code);
  }

  @Override
  public Label out() {
    return out;
  }

  @Override
  public Label far() {
    return far;
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
    current = number;
    Label noBudget = b.newLabel();
    e.cpu();
    e.get("budget");
    b.loadConstant(instructions.size()).isub().dup().istore(Emitter.RESULT).iflt(noBudget);
    e.cpu();
    b.iload(Emitter.RESULT);
    e.put("budget");
    b.aload(Emitter.THIS).dup().getfield(NAME, count(number), "I");
    b.iconst_1().iadd().putfield(NAME, count(number), "I");
    if (instructions.stream().anyMatch(Instruction::mayAccess)) {
      e.beginAccesses();
    }
    new BlockWriter(e, this).write(instructions);
    int after = instructions.getLast().after();
    Label next = begins.get(after);
    if (next == null || after <= place || !blocks.isNext(place, after)) {
      b.goto_(to(after));
    }
    tails.add(() -> leaveAt(noBudget, place, stay));
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
