package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * Call frame information of an image (DWARF 5, section 6.4; .debug_frame): finds the registers of a
 * caller from those of the function it has called.
 */
public final class FrameTable {
  static final FrameTable EMPTY = new FrameTable();

  private static final int SP = 13;
  private static final int PC = 15;
  private static final int UNDEFINED = -1;

  /** The common part of several functions. */
  private record Common(
      int codeAlignment, int dataAlignment, int returnRegister, int instructions, int end) {}

  /** A function. */
  private record Function(Common common, int start, int size, int instructions, int end) {}

  private final NavigableMap<Long, Function> functions = new TreeMap<>();
  private ByteBuffer section;

  private FrameTable() {}

  static FrameTable parse(ByteBuffer section) {
    FrameTable table = new FrameTable();
    table.section = section;
    Map<Integer, Common> commons = new HashMap<>();
    DwarfReader in = new DwarfReader(section.duplicate().order(section.order()));
    while (in.hasMore(in.size())) {
      int start = in.at();
      int length = in.u32();
      int end = in.at() + length;
      int id = in.u32();
      if (id == UNDEFINED) {
        commons.put(start, common(in, end));
      } else {
        int address = in.u32();
        int size = in.u32();
        Common common = commons.get(id);
        if (common != null && address != 0) {
          table.functions.put(
              Integer.toUnsignedLong(address), new Function(common, address, size, in.at(), end));
        }
      }
      in.seek(end);
    }
    return table;
  }

  private static Common common(DwarfReader in, int end) {
    int version = in.u8();
    in.text(); // augmentation: clang and gcc have none in .debug_frame
    if (version >= 4) {
      in.u8(); // address size
      in.u8(); // segment size
    }
    int code = (int) in.uleb();
    int data = (int) in.sleb();
    int register = version == 1 ? in.u8() : (int) in.uleb();
    return new Common(code, data, register, in.at(), end);
  }

  /** Returns whether there is information on the function that an address lies in. */
  public boolean covers(int address) {
    return find(address) != null;
  }

  private Function find(int address) {
    Map.Entry<Long, Function> e = functions.floorEntry(Integer.toUnsignedLong(address));
    return e != null && Integer.compareUnsigned(address - e.getValue().start, e.getValue().size) < 0
        ? e.getValue()
        : null;
  }

  /**
   * Returns whether the function has saved its return address at an address; otherwise it is in
   * R14, as long as the function has made no call.
   */
  public boolean savesReturnAddress(int address) {
    Function function = find(address);
    if (function == null) {
      return false;
    }
    Rule rule = rulesAt(function, address).rules[function.common.returnRegister];
    return rule != null && rule.kind != Kind.SAME;
  }

  private Rules rulesAt(Function function, int address) {
    Rules rules = new Rules(function.common, address);
    rules.run(function.common.instructions, function.common.end, function.start);
    rules.initial = rules.rules.clone();
    rules.run(function.instructions, function.end, function.start);
    return rules;
  }

  /**
   * Returns the registers of the caller.
   *
   * @param registers R0 to R15 of a function; R15 is the address for the table lookup: that of the
   *     next instruction in the innermost function, and one inside the call in the others
   * @param memory returns the word at a virtual address
   * @return R0 to R15 of the caller, R15 being the return address without the T bit; null if the
   *     function has no information or no caller
   */
  public int[] caller(int[] registers, IntUnaryOperator memory) {
    Function function = find(registers[PC]);
    if (function == null) {
      return null;
    }
    Rules rules = rulesAt(function, registers[PC]);
    int cfa = registers[rules.cfaRegister] + rules.cfaOffset;
    int[] caller = registers.clone();
    for (int i = 0; i < PC; i++) {
      Rule rule = rules.rules[i];
      if (rule != null) {
        caller[i] =
            switch (rule.kind) {
              case SAVED -> memory.applyAsInt(cfa + rule.value);
              case REGISTER -> registers[rule.value];
              case SAME, UNDEFINED -> registers[i];
            };
      }
    }
    caller[SP] = cfa;
    Rule back = rules.rules[function.common.returnRegister];
    if (back != null && back.kind == Kind.UNDEFINED) {
      return null;
    }
    caller[PC] = caller[function.common.returnRegister] & ~1;
    return caller;
  }

  /**
   * Returns the canonical frame address of a function: the stack pointer of its caller at the call.
   *
   * @param registers as for {@link #caller}
   * @return null if the function has no information
   */
  public Integer frameAddress(int[] registers) {
    Function function = find(registers[PC]);
    if (function == null) {
      return null;
    }
    Rules rules = rulesAt(function, registers[PC]);
    return registers[rules.cfaRegister] + rules.cfaOffset;
  }

  private enum Kind {
    SAVED,
    REGISTER,
    SAME,
    UNDEFINED
  }

  /** How to find a register of the caller. */
  private record Rule(Kind kind, int value) {}

  /** A saved row. */
  private record State(Rule[] rules, int cfaRegister, int cfaOffset) {}

  /** The row of the table for an address (6.4.2). */
  private final class Rules {
    private final Common common;
    private final int wanted;
    private final DwarfReader in = new DwarfReader(section.duplicate().order(section.order()));
    private final List<State> stack = new ArrayList<>();
    private Rule[] rules = new Rule[16];
    private Rule[] initial = new Rule[16];
    private int cfaRegister = SP;
    private int cfaOffset;
    private int location;

    Rules(Common common, int wanted) {
      this.common = common;
      this.wanted = wanted;
    }

    void run(int from, int end, int start) {
      in.seek(from);
      location = start;
      while (in.hasMore(end) && Integer.compareUnsigned(location, wanted) <= 0) {
        int code = in.u8();
        int low = code & 0x3f;
        switch (code >>> 6) {
          case 1 -> advance(low);
          case 2 -> set(low, new Rule(Kind.SAVED, (int) in.uleb() * common.dataAlignment));
          case 3 -> restore(low);
          default -> other(low);
        }
      }
    }

    private void advance(int delta) {
      location += delta * common.codeAlignment;
    }

    private void set(int register, Rule rule) {
      if (register < rules.length) { // others are those of coprocessors
        rules[register] = rule;
      }
    }

    private void restore(int register) {
      if (register < rules.length) {
        rules[register] = initial[register];
      }
    }

    private void other(int code) {
      switch (code) {
        case 0x00 -> {} // DW_CFA_nop
        case 0x01 -> location = in.u32(); // DW_CFA_set_loc
        case 0x02 -> advance(in.u8()); // DW_CFA_advance_loc1
        case 0x03 -> advance(in.u16()); // DW_CFA_advance_loc2
        case 0x04 -> advance(in.u32()); // DW_CFA_advance_loc4
        case 0x05 -> // DW_CFA_offset_extended
            set((int) in.uleb(), new Rule(Kind.SAVED, (int) in.uleb() * common.dataAlignment));
        case 0x06 -> restore((int) in.uleb()); // DW_CFA_restore_extended
        case 0x07 -> set((int) in.uleb(), new Rule(Kind.UNDEFINED, 0)); // DW_CFA_undefined
        case 0x08 -> set((int) in.uleb(), new Rule(Kind.SAME, 0)); // DW_CFA_same_value
        case 0x09 -> // DW_CFA_register
            set((int) in.uleb(), new Rule(Kind.REGISTER, (int) in.uleb()));
        case 0x0a -> { // DW_CFA_remember_state
          stack.add(new State(rules.clone(), cfaRegister, cfaOffset));
        }
        case 0x0b -> { // DW_CFA_restore_state
          State kept = stack.remove(stack.size() - 1);
          rules = kept.rules;
          cfaRegister = kept.cfaRegister;
          cfaOffset = kept.cfaOffset;
        }
        case 0x0c -> { // DW_CFA_def_cfa
          cfaRegister = (int) in.uleb();
          cfaOffset = (int) in.uleb();
        }
        case 0x0d -> cfaRegister = (int) in.uleb(); // DW_CFA_def_cfa_register
        case 0x0e -> cfaOffset = (int) in.uleb(); // DW_CFA_def_cfa_offset
        case 0x13 -> cfaOffset = (int) in.sleb() * common.dataAlignment; // DW_CFA_def_cfa_offset_sf
        default -> throw new IllegalArgumentException("call frame instruction " + code);
      }
    }
  }
}
