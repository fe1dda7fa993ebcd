package org.curios.arm.warm;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.curios.arm.bus.Bus;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;
import org.curios.arm.core.TranslationTable;

/** Byte code for the parts that operations are made of. */
final class Emitter {
  /** Locals: the object itself, the processor, the address of the granule. */
  static final int THIS = 0;

  static final int CPU = 1;
  static final int BASE = 2;

  /** Locals within an instruction; LEFT and RIGHT outlive it, as the operands of a comparison. */
  static final int RESULT = 3;

  static final int LEFT = 4;
  static final int RIGHT = 5;
  static final int ADDRESS = 6;
  static final int INDEXED = 7;
  static final int ENTRY = 8;
  static final int HOST = 9;

  static final ClassDesc CD_CPU = of(Cpu.class);
  private static final ClassDesc CD_REGISTERS = of(Registers.class);
  private static final ClassDesc CD_ACCESS = of(Access.class);

  /**
   * Accesses to host memory that each of the host's compilers knows as its own. Those of {@link
   * org.curios.arm.bus.HostMemory} are methods that it would take longer to compile.
   */
  static final ClassDesc CD_UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");

  private static final ClassDesc CD_OPERANDS = of(WordOperands.class);

  private static final MethodTypeDesc ADDITION =
      MethodTypeDesc.of(CD_int, of(Cpu.class), CD_int, CD_int, CD_int);
  private static final MethodTypeDesc OPERATE =
      MethodTypeDesc.of(CD_int, CD_int, CD_CPU, CD_int, CD_int);

  /** The field that holds the object with these accesses. */
  static final String UNSAFE = "unsafe";

  final CodeBuilder b;
  private final ClassDesc name;
  private final long bias;

  /**
   * Makes an emitter.
   *
   * @param name the class, which has the field {@link #UNSAFE}
   * @param bias see {@link org.curios.arm.core.Memory#bias}
   */
  Emitter(CodeBuilder builder, ClassDesc name, long bias) {
    this.b = builder;
    this.name = name;
    this.bias = bias;
  }

  static ClassDesc of(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /** Pushes the processor. */
  void cpu() {
    b.aload(CPU);
  }

  /** Reads a field of the processor on the stack. */
  void get(String field) {
    b.getfield(CD_CPU, field, CD_int);
  }

  /** Writes a field of the processor on the stack. */
  void put(String field) {
    b.putfield(CD_CPU, field, CD_int);
  }

  /** Pushes a register's field, whatever its number. */
  void field(int number) {
    cpu();
    get("r" + number);
  }

  /** Pushes a register; R15 is the address of the next instruction and 4. */
  void register(int number, int next) {
    if (number == WordOperands.PC) {
      baseAnd(next + 4);
    } else {
      field(number);
    }
  }

  /** Writes a register of the processor on the stack. */
  void putRegister(int number) {
    put("r" + number);
  }

  /** Pushes the address of a place, which may be outside the granule. */
  void baseAnd(int place) {
    b.iload(BASE).loadConstant(place).iadd();
  }

  /** Calls a method of the registers on the stack that takes nothing. */
  void call(String method, ClassDesc result) {
    b.invokevirtual(CD_REGISTERS, method, MethodTypeDesc.of(result));
  }

  /** Sets C of the processor on the stack. */
  void setCarry() {
    b.invokestatic(CD_ACCESS, "setCarry", MethodTypeDesc.of(CD_void, CD_CPU, CD_int));
  }

  /** Adds two operands and a carry and sets the flags of the processor below them. */
  void setAddition() {
    b.invokestatic(CD_OPERANDS, "setAddition", ADDITION);
  }

  /** Pushes the entry for loads of the address in a local, or that for stores beside it. */
  void entry(boolean forStores, int distance) {
    unsafe();
    cpu();
    b.getfield(CD_CPU, "entries", CD_long);
    if (forStores) {
      b.loadConstant((long) TranslationTable.STORES).ladd();
    }
    b.iload(ADDRESS);
    if (distance != 0) {
      b.loadConstant(distance).iadd();
    }
    b.loadConstant(Bus.GRANULE_SHIFT).iushr().iconst_3().ishl().i2l().ladd();
    get("getInt", CD_int);
  }

  /** Pushes what is not 0 if the access whose entry and address are in locals is a slow one. */
  void misses(int mask) {
    b.iload(ENTRY).iconst_m1().ixor().iconst_1().iand();
    if (mask != 0) {
      b.iload(ADDRESS).loadConstant(mask).iand().ior();
    }
  }

  /** Pushes the host address that the access whose entry and address are in locals leads to. */
  void place() {
    b.loadConstant(bias).iload(ENTRY).iload(ADDRESS).iadd().i2l().loadConstant(0xffffffffL);
    b.land().ladd();
  }

  /** Pushes what the accesses to host memory are methods of, and no object. */
  void unsafe() {
    b.getstatic(name, UNSAFE, CD_UNSAFE).aconst_null();
  }

  /** Reads at the host address on the stack above {@link #unsafe}. */
  void get(String method, ClassDesc type) {
    b.invokevirtual(CD_UNSAFE, method, MethodTypeDesc.of(type, CD_Object, CD_long));
  }

  /** Writes the value on the stack above a host address and {@link #unsafe}. */
  void put(String method, ClassDesc type) {
    b.invokevirtual(CD_UNSAFE, method, MethodTypeDesc.of(CD_void, CD_Object, CD_long, type));
  }

  /** Turns {@link #place} into a host address in its local. */
  void host() {
    b.lstore(HOST);
  }

  /** Pushes the host address and a distance above {@link #unsafe}. */
  void hostAddress(int distance) {
    unsafe();
    b.lload(HOST);
    if (distance != 0) {
      b.loadConstant((long) distance).ladd();
    }
  }

  /** Pushes the word at a distance from the host address. */
  void hostWord(int distance) {
    hostAddress(distance);
    get("getInt", CD_int);
  }

  /** Shifts by a register: 0 LSL, 1 LSR, 2 ASR, 3 ROR. */
  void shift(int kind) {
    String name =
        switch (kind) {
          case 0 -> "shiftLeft";
          case 1 -> "shiftRight";
          case 2 -> "shiftSigned";
          default -> "rotate";
        };
    b.invokestatic(CD_ACCESS, name, MethodTypeDesc.of(CD_int, CD_int, CD_int));
  }

  /** Makes the state of a target agree with its bit 0. */
  void exchange() {
    b.invokestatic(CD_ACCESS, "exchange", MethodTypeDesc.of(CD_int, CD_int));
  }

  /** Calls an operation of the interpreter: number, processor, word, next are on the stack. */
  void operate() {
    b.invokestatic(CD_ACCESS, "operate", OPERATE);
  }

  /** Has an instruction done by its node, as {@link #RESULT} says, to leave the code then. */
  void slow() {
    b.aload(THIS)
        .iload(BASE)
        .iload(RESULT)
        .invokevirtual(name, "leaveSlowly", MethodTypeDesc.of(CD_void, CD_int, CD_int));
  }

  /** Has an instruction done by its node, and pushes whether to continue. */
  void slow(int where) {
    b.aload(THIS)
        .iload(BASE)
        .loadConstant(where)
        .invokevirtual(name, "isDoneSlowly", MethodTypeDesc.of(CD_boolean, CD_int, CD_int));
  }
}
