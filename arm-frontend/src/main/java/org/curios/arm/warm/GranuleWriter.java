package org.curios.arm.warm;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.WarmCode;

/**
 * Writes the class of a granule: one method that is entered at any of its blocks. Each block begins
 * with a look at the budget, which pays for all of it, so that a run stops at the exact tick.
 */
final class GranuleWriter implements Exits {
  /** Where the classes are; the launcher names it to the host's compilers. */
  private static final ClassDesc NAME = ClassDesc.of("org.curios.arm.warm.GuestCode");

  private static final ClassDesc SUPER = Emitter.of(WarmCode.class);
  private static final String COUNT = "c";

  private final Blocks blocks;
  private final int[] places;
  private final long bias;
  private Emitter e;
  private CodeBuilder b;

  /** Labels of blocks by their places, and of ways out. */
  private final Map<Integer, Label> begins = new LinkedHashMap<>();

  private final Map<Integer, Label> outside = new LinkedHashMap<>();

  /** Code behind the blocks. */
  private final List<Runnable> behind = new ArrayList<>();

  /** Ways out that all blocks share, since each takes room: to the block at a place. */
  private Label leave;

  /** To the interpreter, for the block at a place. */
  private Label stay;

  /** To the interpreter, where nothing has been done. */
  private Label notHere;

  /** To the node of an instruction. */
  private Label slow;

  /** To what follows, where the PC is set. */
  private Label left;

  GranuleWriter(Blocks blocks, long bias) {
    this.blocks = blocks;
    this.places = blocks.all().keySet().stream().mapToInt(Integer::intValue).toArray();
    this.bias = bias;
  }

  /** Returns the places of the blocks, with the T bit, in ascending order. */
  int[] places() {
    return places;
  }

  /** Returns the class. */
  byte[] write() {
    return ClassFile.of().build(NAME, this::writeClass);
  }

  private void writeClass(ClassBuilder c) {
    c.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(SUPER);
    c.withField(Emitter.UNSAFE, Emitter.CD_UNSAFE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    c.withMethodBody(
        "<clinit>",
        MTD_void,
        ClassFile.ACC_STATIC,
        m ->
            m.invokestatic(Emitter.CD_UNSAFE, "getUnsafe", MethodTypeDesc.of(Emitter.CD_UNSAFE))
                .putstatic(NAME, Emitter.UNSAFE, Emitter.CD_UNSAFE)
                .return_());
    for (int i = 0; i < places.length; i++) {
      c.withField(COUNT + i, CD_int, ClassFile.ACC_PRIVATE);
    }
    c.withMethodBody(
        "<init>",
        MTD_void,
        ClassFile.ACC_PUBLIC,
        m -> m.aload(0).invokespecial(SUPER, "<init>", MTD_void).return_());
    c.withMethodBody(
        "run", MethodTypeDesc.of(CD_int, Emitter.CD_CPU, CD_int), ClassFile.ACC_PUBLIC, this::run);
    c.withMethodBody(
        "drain",
        MethodTypeDesc.of(java.lang.constant.ConstantDescs.CD_void, CD_int.arrayType()),
        ClassFile.ACC_PROTECTED,
        this::drain);
  }

  private void drain(CodeBuilder d) {
    for (int i = 0; i < places.length; i++) {
      d.aload(1).loadConstant(i).dup2().iaload();
      d.aload(0).getfield(NAME, COUNT + i, CD_int).iadd().iastore();
      d.aload(0).iconst_0().putfield(NAME, COUNT + i, CD_int);
    }
    d.return_();
  }

  private void run(CodeBuilder builder) {
    begins.clear();
    outside.clear();
    behind.clear();
    b = builder;
    e = new Emitter(b, NAME, bias);
    leave = b.newLabel();
    stay = b.newLabel();
    notHere = b.newLabel();
    slow = b.newLabel();
    left = b.newLabel();
    for (int place : places) {
      begins.put(place, b.newLabel());
    }
    b.iload(Emitter.BASE).loadConstant(Bus.GRANULE - 1).iand().istore(Emitter.RESULT);
    b.iload(Emitter.BASE).loadConstant(-Bus.GRANULE).iand().istore(Emitter.BASE);
    select(0, places.length);
    int number = 0;
    for (Map.Entry<Integer, List<Instruction>> entry : blocks.all().entrySet()) {
      block(entry.getKey(), number++, entry.getValue());
    }
    behind.forEach(Runnable::run);
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

  /** Has a label lead to one of the ways out, with a number in {@link Emitter#RESULT}. */
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
   * Finds the block by halves: the host's first compiler looks at the cases of a switch in turn.
   */
  private void select(int from, int to) {
    if (to - from == 1) {
      b.iload(Emitter.RESULT).loadConstant(places[from]).if_icmpeq(begins.get(places[from]));
      b.goto_(notHere);
      return;
    }
    int middle = from + to >>> 1;
    Label above = b.newLabel();
    b.iload(Emitter.RESULT).loadConstant(places[middle]).if_icmpge(above);
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
    b.aload(Emitter.THIS).dup().getfield(NAME, COUNT + number, CD_int);
    b.iconst_1().iadd().putfield(NAME, COUNT + number, CD_int);
    new BlockWriter(e, this).write(instructions);
    int after = instructions.getLast().after();
    Label next = begins.get(after);
    if (next == null || after <= place || !follows(place, after)) {
      b.goto_(to(after));
    }
    behind.add(() -> leaveAt(noBudget, place, stay));
  }

  /** Returns whether a block is written right behind another. */
  private boolean follows(int place, int after) {
    return blocks.all().tailMap(place + 1).firstKey() == after;
  }

  @Override
  public Label slow(int where) {
    Label label = b.newLabel();
    behind.add(() -> leaveAt(label, where, slow));
    return label;
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
