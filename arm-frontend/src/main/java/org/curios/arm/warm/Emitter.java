package org.curios.arm.warm;

import java.util.Arrays;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.WarmCode;
import org.curios.arm.cold.WordOperands;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Registers;
import org.curios.arm.core.TranslationTable;

/** Byte code for the building blocks of operations. */
final class Emitter {
  /** Locals: the object itself, the processor, the address of the granule. */
  static final int THIS = 0;

  static final int CPU = 1;
  static final int BASE = 2;

  /** How many other classes may be run from here, within each other. */
  static final int DEPTH = 3;

  /** Locals within an instruction; LEFT and RIGHT outlive it, as the operands of a comparison. */
  static final int RESULT = 4;

  static final int LEFT = 5;
  static final int RIGHT = 6;
  static final int ADDRESS = 7;
  static final int INDEXED = 8;
  static final int ENTRY = 9;
  static final int HOST = 10;

  /** Locals of a jump to another granule. */
  static final int LINK = 12;

  /** Null and the bias, which are shorter as locals than as constants. */
  static final int NULL = 13;

  private static final int BIAS = 14;
  private static final int WORD = 16;

  static final String CPU_CLASS = nameOf(Cpu.class);
  static final String CODE_CLASS = nameOf(WarmCode.class);
  private static final String REGISTERS = nameOf(Registers.class);
  private static final String ACCESS = nameOf(Access.class);

  /**
   * Accesses to host memory that each of the host's compilers has as intrinsics. Those of {@link
   * org.curios.arm.bus.HostMemory} are methods that would take longer to compile.
   */
  static final String UNSAFE_CLASS = "jdk/internal/misc/Unsafe";

  static final String UNSAFE_TYPE = "Ljdk/internal/misc/Unsafe;";

  private static final String OPERANDS = nameOf(WordOperands.class);

  private static final String ADDITION = "(" + typeOf(Cpu.class) + "III)I";
  private static final String OPERATE = "(I" + typeOf(Cpu.class) + "II)I";
  private static final String SET_CARRY = "(" + typeOf(Cpu.class) + "I)V";
  private static final String STATUS = "(" + typeOf(Cpu.class) + ")I";
  private static final String SET_CONTROL = "(" + typeOf(Cpu.class) + "I)Z";
  private static final String SET_SAVED = "(" + typeOf(Cpu.class) + "II)V";
  private static final String PLACE = "(Ljava/lang/Object;J";

  private static final String[] FIELDS = new String[WordOperands.PC + 1];

  static {
    Arrays.setAll(FIELDS, number -> "r".concat(Integer.toString(number)));
  }

  /** The field that holds the object with these accesses. */
  static final String UNSAFE = "unsafe";

  final Assembler b;
  private final String name;

  /**
   * Makes an emitter.
   *
   * @param name the class, which has the field {@link #UNSAFE}
   */
  Emitter(Assembler builder, String name) {
    this.b = builder;
    this.name = name;
  }

  /** Returns the internal name of a class. */
  static String nameOf(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  static String typeOf(Class<?> type) {
    return type.descriptorString();
  }

  /** Pushes the processor. */
  void cpu() {
    b.aload(CPU);
  }

  /** Reads a field of the processor on the stack. */
  void get(String field) {
    b.getfield(CPU_CLASS, field, "I");
  }

  /** Writes a field of the processor on the stack. */
  void put(String field) {
    b.putfield(CPU_CLASS, field, "I");
  }

  /** Pushes a register's field, whatever its number. */
  void field(int number) {
    cpu();
    get(FIELDS[number]);
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
    put(FIELDS[number]);
  }

  /** Pushes the address of a place, which may be outside the granule. */
  void baseAnd(int place) {
    b.iload(BASE).loadConstant(place).iadd();
  }

  /** Calls a method of the registers on the stack that takes nothing. */
  void call(String method, String result) {
    b.invokevirtual(REGISTERS, method, "()".concat(result));
  }

  /** Turns the processor on the stack into its C flag, 0 or 1. */
  void carry() {
    b.invokestatic(ACCESS, "carry", STATUS);
  }

  /** Sets C of the processor on the stack. */
  void setCarry() {
    b.invokestatic(ACCESS, "setCarry", SET_CARRY);
  }

  /** Adds two operands and a carry and sets the flags of the processor below them. */
  void setAddition() {
    b.invokestatic(OPERANDS, "setAddition", ADDITION);
  }

  /**
   * Pushes the entry for loads of the address in a local, or that for stores beside it.
   *
   * @param asUser whether it is that of user mode, whatever the mode is
   */
  void entry(boolean forStores, boolean asUser, int distance) {
    unsafe();
    cpu();
    b.getfield(CPU_CLASS, asUser ? "userEntries" : forStores ? "storeEntries" : "entries", "J");
    if (asUser && forStores) {
      b.loadConstant((long) TranslationTable.STORES).ladd();
    }
    entryAt(ADDRESS, distance);
  }

  /** Pushes the entry for loads of a granule at a distance from this one. */
  void entryOf(int distance) {
    loadNull();
    unsafe();
    cpu();
    b.getfield(CPU_CLASS, "entries", "J");
    entryAt(BASE, distance);
  }

  private void entryAt(int local, int distance) {
    b.iload(local);
    if (distance != 0) {
      b.loadConstant(distance).iadd();
    }
    b.loadConstant(Bus.GRANULE_SHIFT - 3).iushr().loadConstant(-8).iand().i2l().ladd();
    get("getInt", "I");
  }

  /**
   * Pushes a value that is negative if the access whose entry and address are in locals is a fast
   * one.
   */
  void isFast(int mask) {
    if (mask != 0) {
      b.iload(ADDRESS).loadConstant(mask).iand();
    } else {
      b.iconst_0();
    }
    b.iload(ENTRY).iconst_1().iand().isub();
  }

  /**
   * Pushes the host address of the access whose entry and address are in locals: their sum is a
   * place in RAM, which is never negative.
   */
  void place() {
    b.lload(BIAS).iload(ENTRY).iload(ADDRESS).iadd().i2l().ladd();
  }

  /** Pushes the object whose methods access host memory, and null for their object argument. */
  void unsafe() {
    b.getstatic(name, UNSAFE, UNSAFE_TYPE).aload(NULL);
  }

  /** Sets the locals for accesses to memory: they live within a block. */
  void beginAccesses() {
    loadNull();
    b.aload(THIS).getfield(CODE_CLASS, "bias", "J").lstore(BIAS);
  }

  private void loadNull() {
    b.aload(THIS).getfield(CODE_CLASS, "nothing", "Ljava/lang/Object;").astore(NULL);
  }

  /** Sets the local for {@link #step}. */
  void beginSteps() {
    b.aload(THIS).getfield(CODE_CLASS, "wordSize", "J").lstore(WORD);
  }

  /** Reads at the host address on the stack above {@link #unsafe}. */
  void get(String method, String type) {
    b.invokevirtual(UNSAFE_CLASS, method, PLACE.concat(")").concat(type));
  }

  /** Writes the value on the stack above a host address and {@link #unsafe}. */
  void put(String method, String type) {
    b.invokevirtual(UNSAFE_CLASS, method, PLACE.concat(type).concat(")V"));
  }

  /** Turns {@link #place} into a host address in its local. */
  void host() {
    b.lstore(HOST);
  }

  /** Pushes the host address in its local above {@link #unsafe}. */
  void hostAddress() {
    unsafe();
    b.lload(HOST);
  }

  /** Steps the host address to the next word. */
  void step() {
    b.lload(HOST).lload(WORD).ladd().lstore(HOST);
  }

  /** Pushes the word at the host address. */
  void hostWord() {
    hostAddress();
    get("getInt", "I");
  }

  /** Turns the processor on the stack into whether its mode is a privileged one. */
  void isPrivileged() {
    b.invokevirtual(CPU_CLASS, "isPrivileged", "()Z");
  }

  /** Turns the processor on the stack into its mode. */
  void mode() {
    b.invokevirtual(CPU_CLASS, "mode", "()I");
  }

  /** Turns the processor on the stack into its CPSR in ARM state, or its SPSR. */
  void status(boolean saved) {
    b.invokestatic(ACCESS, saved ? "savedStatus" : "status", STATUS);
  }

  /** Sets masks and mode of the processor below them, and pushes whether that is done. */
  void setControl() {
    b.invokestatic(ACCESS, "setControl", SET_CONTROL);
  }

  /** Sets the SPSR from the processor, a value, and a mask on the stack. */
  void setSaved() {
    b.invokestatic(ACCESS, "setSaved", SET_SAVED);
  }

  /** Raises the exception from the processor, two addresses and a number on the stack. */
  void softwareInterrupt() {
    b.invokevirtual(CPU_CLASS, "softwareInterrupt", "(III)V");
  }

  /** Returns from an exception; the processor, its PC, and the address are on the stack. */
  void exceptionReturn() {
    b.invokevirtual(CPU_CLASS, "exceptionReturn", "(II)V");
  }

  /** Turns the processor and a number on the stack into a register of user mode. */
  void userRegister() {
    b.invokevirtual(CPU_CLASS, "userRegister", "(I)I");
  }

  /** Sets a register of user mode; the processor, a number, and the value are on the stack. */
  void putUserRegister() {
    b.invokevirtual(CPU_CLASS, "setUserRegister", "(II)V");
  }

  /** Sets the domain access control register of the processor below the value. */
  void setDomains() {
    b.invokestatic(ACCESS, "setDomains", SET_CARRY);
  }

  /** Flushes a page of the processor below the address; pushes whether code was on it. */
  void flushPage() {
    b.invokestatic(ACCESS, "flushPage", SET_CONTROL);
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
    b.invokestatic(ACCESS, name, "(II)I");
  }

  /** Makes the state of a target agree with its bit 0. */
  void exchange() {
    b.invokestatic(ACCESS, "exchange", "(I)I");
  }

  /** Calls the operation of the interpreter; pushes what it returns, and that if it continues. */
  void operate(Instruction one) {
    b.loadConstant(one.operation().ordinal());
    cpu();
    b.loadConstant(one.word());
    baseAnd(one.next());
    b.invokestatic(ACCESS, "operate", OPERATE);
    baseAnd(one.next());
  }

  /** Executes an instruction with its node (see {@link #RESULT}), and then leaves the code. */
  void slow() {
    b.aload(THIS).iload(BASE).iload(RESULT).invokevirtual(name, "leaveSlowly", "(II)V");
  }

  /** Executes an instruction by its node, and pushes whether to continue. */
  void slow(int where) {
    b.aload(THIS).iload(BASE).loadConstant(where).invokevirtual(name, "isDoneSlowly", "(II)Z");
  }
}
