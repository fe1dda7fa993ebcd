package org.curios.arm.warm;

import static org.curios.arm.warm.Amd64.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.bus.HostMemory;
import org.curios.arm.core.Memory;
import org.curios.arm.core.Registers;

/**
 * Memory of one machine for machine code of the host: the code, its data, and the context, the part
 * of the processor's state that the code works on. Code never calls anything: whatever it has no
 * fast path for, it returns to {@link HostCode}. So it runs without a transition of the thread's
 * state, and no safepoint can come in between.
 */
final class HostArea {
  /** A property that chooses byte code, for comparisons. */
  private static final String BYTE_CODE = "curios.byteCode";

  private static final long CODE_BYTES = 47L << 20;
  private static final long DATA_BYTES = 15L << 20;
  private static final long BYTES = 64L << 20;

  /** Bytes of a unit of each kind of memory. */
  private static final int CODE_UNIT = 512;

  private static final int DATA_UNIT = 128;

  /** From the beginning of the context to the address that code has of it. */
  private static final int CENTRE = 128;

  // Distances from there.
  private static final int REGISTERS = -128;

  /** The N flag is the sign of this; the Z flag is set if it is 0. */
  static final int NZ = -64;

  static final int LEFT = -56;
  static final int RIGHT = -52;

  /** Virtual address of the granule. */
  static final int BASE = -48;

  /** What the exit is about. */
  static final int WHERE = -44;

  /** The address of an exit to an address. */
  static final int PC = -40;

  /** The number of the code that was left. */
  static final int CODE = -36;

  /** 1 if the next computed jump is to be recorded, otherwise 0. */
  static final int SAMPLING = -32;

  static final int ENTRIES = -24;
  static final int USER_ENTRIES = -16;
  static final int BUDGET = -8;

  /** The I, F and mode bits of the CPSR. */
  static final int CONTROL = -4;

  /** 1 in a privileged mode, otherwise 0. */
  static final int PRIVILEGED = 0;

  /** 1 if an interrupt is requested, otherwise 0. */
  static final int REQUESTED = 4;

  static final int Q = 8;

  /** Minus the bytes of a block of words that are in the first of two granules. */
  static final int SPLIT = 12;

  /** The host address of guest address 0, as the usual entry has it. */
  private static final int USUAL_BASE = 16;

  /** The entry that most accesses are expected to find; {@link Memory#NO_ENTRY} for none. */
  static final int USUAL_ENTRY = -60;

  /** The operands that stand for C and V, by C plus twice V. */
  static final int CARRIES = 24;

  /** The table of code by virtual address: address, entry of its granule, host address. */
  static final int JUMPS = 128;

  /** Bits of a virtual address, times 4, that choose its place in the table. */
  static final int JUMPS_MASK = 0xffff0;

  static final int JUMPS_SHIFT = 2;

  static final int JUMP_ENTRY = 4;

  static final int JUMP_TARGET = 8;

  /** What code returns: to the address in PC. */
  static final int TO_ADDRESS = 0;

  /** The block at the place in WHERE is to be interpreted. */
  static final int STAY = 1;

  /** The instruction at the place in WHERE is to be executed by its node. */
  static final int SLOW = 2;

  /** The link of the number in WHERE leads nowhere yet. */
  static final int LINK = 3;

  /** The computed jump in WHERE, to the address in PC, is to be recorded. */
  static final int SAMPLED = 4;

  /** Registers of the host for registers of the guest; the others are in the context. */
  private static final int[] HOST = {RBX, RSI, RDI, R8, R9, R10, R11, 0, 0, 0, 0, 0, 0, R13};

  private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  /** The register of the budget. */
  static final int BUDGET_REGISTER = R15;

  /** The register of the entries for loads. */
  static final int ENTRIES_REGISTER = R14;

  /** The register of the host address of guest address 0, as the usual entry has it. */
  static final int USUAL_REGISTER = R12;

  private final MemorySegment memory;
  private final long start;
  private final long context;
  private final long ramBias;
  private final HostPool codePool;
  private final HostPool dataPool;
  private final MemorySegment enter;

  /** Host addresses of the code that all share. */
  private final long exit;

  /** Exits: to the address in RAX. */
  final long toAddress;

  final long stay;

  private final HostSampler sampler = new HostSampler();

  /** The part of the budget that the code was not given. */
  private int held;

  private long exits;
  private int codes;
  private final Map<Integer, WeakReference<HostCode>> byNumber = new HashMap<>();

  private HostArea(MemorySegment memory, long ramBias) {
    this.memory = memory;
    this.start = memory.address();
    this.context = start + CODE_BYTES + DATA_BYTES + CENTRE;
    this.dataPool = new HostPool(start + CODE_BYTES, start + CODE_BYTES + DATA_BYTES, DATA_UNIT);
    this.ramBias = ramBias;
    for (long at = context + JUMPS; at <= context + JUMPS + JUMPS_MASK; at += 16) {
      HostMemory.putInt(at + JUMP_ENTRY, Memory.NO_ENTRY);
    }
    Registers r = new Registers();
    for (int i = 0; i < 4; i++) {
      r.setCarryOverflow(i & 1, i << 30);
      HostMemory.putInt(context + CARRIES + 8L * i, r.left);
      HostMemory.putInt(context + CARRIES + 8L * i + 4, r.right);
    }
    Amd64 a = new Amd64();
    for (int register : SAVED) {
      a.push(register);
    }
    a.moveLong(RBP, RDI);
    a.moveLong(RAX, RSI);
    a.moveLong(USUAL_REGISTER, field(USUAL_BASE));
    a.moveLong(ENTRIES_REGISTER, field(ENTRIES));
    a.move(BUDGET_REGISTER, field(BUDGET));
    for (int i = 0; i < HOST.length; i++) {
      if (HOST[i] != 0) {
        a.move(HOST[i], field(REGISTERS + 4 * i));
      }
    }
    a.jumpRegister(RAX);
    exit = start + a.size();
    for (int i = 0; i < HOST.length; i++) {
      if (HOST[i] != 0) {
        a.store(field(REGISTERS + 4 * i), HOST[i]);
      }
    }
    a.store(field(BUDGET), BUDGET_REGISTER);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.ret();
    toAddress = start + a.size();
    a.store(field(PC), RAX);
    exit(a, TO_ADDRESS);
    stay = start + a.size();
    exit(a, STAY);
    write(start, a.finish(start));
    this.enter = MemorySegment.ofAddress(start);
    this.codePool = new HostPool(start + 4096, start + CODE_BYTES, CODE_UNIT);
  }

  /** Returns an area; null if the host is of another kind or does not allow it. */
  static HostArea make(long ramBias) {
    MemorySegment memory = isKnown() ? Host.allocate(BYTES, ramBias) : null;
    return memory == null ? null : new HostArea(memory, ramBias);
  }

  private static boolean isKnown() {
    return System.getProperty("os.arch").equals("amd64")
        && System.getProperty("os.name").equals("Linux")
        && !Boolean.getBoolean(BYTE_CODE)
        && HostArea.class.getModule().isNativeAccessEnabled();
  }

  /** Returns the operand of a register of the guest, R15 apart. */
  static int register(int number) {
    int host = number < HOST.length ? HOST[number] : 0;
    return host != 0 ? host : field(REGISTERS + 4 * number);
  }

  /**
   * Returns what is to be added to the sum of an address and its entry, from the context on, to get
   * the host address.
   */
  int ramDistance() {
    return (int) (ramBias - context);
  }

  /** Expects accesses by the entry of the granule that is entered. */
  void expect(Memory guest) {
    guest.expect(get(BASE));
    put(USUAL_ENTRY, guest.usualEntry());
    putLong(USUAL_BASE, guest.usualBase());
  }

  /** Leaves the code for a reason. */
  void exit(Amd64 a, int kind) {
    a.moveConstant(RAX, kind);
    a.jumpOutside(exit);
  }

  void write(long address, byte[] code) {
    MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, address - start, code.length);
  }

  /** Runs code from a host address on until it is left; returns the reason. */
  int run(long at) {
    try {
      return (int) Host.CALL.invokeExact(enter, context, at);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  int get(int field) {
    return HostMemory.getInt(context + field);
  }

  void put(int field, int value) {
    HostMemory.putInt(context + field, value);
  }

  void putLong(int field, long value) {
    HostMemory.putLong(context + field, value);
  }

  /** Returns whether code can run: N and Z are not both set, as no result sets them. */
  static boolean isPossible(Registers r) {
    return r.n >= 0 || r.z != 0;
  }

  /** Copies registers, flags and budget into the context. */
  void copyIn(Registers r) {
    put(NZ, r.z == 0 ? 0 : r.n | 1);
    long at = context + REGISTERS;
    HostMemory.putInt(at, r.r0);
    HostMemory.putInt(at + 4, r.r1);
    HostMemory.putInt(at + 8, r.r2);
    HostMemory.putInt(at + 12, r.r3);
    HostMemory.putInt(at + 16, r.r4);
    HostMemory.putInt(at + 20, r.r5);
    HostMemory.putInt(at + 24, r.r6);
    HostMemory.putInt(at + 28, r.r7);
    HostMemory.putInt(at + 32, r.r8);
    HostMemory.putInt(at + 36, r.r9);
    HostMemory.putInt(at + 40, r.r10);
    HostMemory.putInt(at + 44, r.r11);
    HostMemory.putInt(at + 48, r.r12);
    HostMemory.putInt(at + 52, r.r13);
    HostMemory.putInt(at + 56, r.r14);
    HostMemory.putInt(at + 60, r.r15);
    put(LEFT, r.left);
    put(RIGHT, r.right);
    put(Q, r.q);
    int slice = sampler.slice(r.budget);
    held = r.budget - slice;
    put(BUDGET, slice);
  }

  /** Copies them back. */
  void copyOut(Registers r) {
    long at = context + REGISTERS;
    r.r0 = HostMemory.getInt(at);
    r.r1 = HostMemory.getInt(at + 4);
    r.r2 = HostMemory.getInt(at + 8);
    r.r3 = HostMemory.getInt(at + 12);
    r.r4 = HostMemory.getInt(at + 16);
    r.r5 = HostMemory.getInt(at + 20);
    r.r6 = HostMemory.getInt(at + 24);
    r.r7 = HostMemory.getInt(at + 28);
    r.r8 = HostMemory.getInt(at + 32);
    r.r9 = HostMemory.getInt(at + 36);
    r.r10 = HostMemory.getInt(at + 40);
    r.r11 = HostMemory.getInt(at + 44);
    r.r12 = HostMemory.getInt(at + 48);
    r.r13 = HostMemory.getInt(at + 52);
    r.r14 = HostMemory.getInt(at + 56);
    r.r15 = HostMemory.getInt(at + 60);
    r.n = get(NZ);
    r.z = r.n;
    r.left = get(LEFT);
    r.right = get(RIGHT);
    r.q = get(Q);
    int left = get(BUDGET);
    sampler.ran(r.budget - held - left);
    r.budget = left + held;
  }

  /** Returns whether code has used up what it was given, and there is more. */
  boolean isSampleDue() {
    return held > 0;
  }

  /** Counts an instruction that had no fast path. */
  void countExit() {
    exits++;
  }

  /** Returns the instructions that had no fast path so far. */
  long exits() {
    return exits;
  }

  /** Begins the time to the next sample; returns the instructions that this one stands for. */
  int takeSample() {
    put(SAMPLING, 1);
    return sampler.take();
  }

  // ---- the table of code by virtual address

  /** Records where the code of an address is, while a granule's entry for loads has a value. */
  void putJump(int pc, int entry, long target) {
    long at = context + JUMPS + (pc << JUMPS_SHIFT & JUMPS_MASK);
    HostMemory.putInt(at, pc);
    HostMemory.putInt(at + JUMP_ENTRY, entry);
    HostMemory.putLong(at + JUMP_TARGET, target);
  }

  /** Forgets where the code of an address is. */
  void forgetJump(int pc) {
    long at = context + JUMPS + (pc << JUMPS_SHIFT & JUMPS_MASK);
    if (HostMemory.getInt(at) == pc) {
      HostMemory.putInt(at + JUMP_ENTRY, Memory.NO_ENTRY);
    }
  }

  // ---- memory for code and data

  synchronized int number(HostCode code) {
    int number = ++codes;
    byNumber.put(number, new WeakReference<>(code));
    return number;
  }

  synchronized HostCode code(int number) {
    return byNumber.get(number).get();
  }

  /** Returns the address of room for code; 0 if there is none. */
  synchronized long codeRoom(int bytes) {
    return codePool.take(bytes);
  }

  synchronized long dataRoom(int bytes) {
    long at = dataPool.take(bytes);
    for (int i = 0; at != 0 && i < bytes; i += 8) {
      HostMemory.putLong(at + i, 0);
    }
    return at;
  }

  /** Frees the memory of code that could not be made. */
  synchronized void free(int number, long data, int dataBytes) {
    byNumber.remove(number);
    if (data != 0) {
      dataPool.free(data, dataBytes);
    }
  }

  synchronized void free(int number, long code, int codeBytes, long data, int dataBytes) {
    byNumber.remove(number);
    codePool.free(code, codeBytes);
    dataPool.free(data, dataBytes);
  }
}
