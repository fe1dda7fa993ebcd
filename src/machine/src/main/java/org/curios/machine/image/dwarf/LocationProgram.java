package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.curios.machine.image.dwarf.Location.Piece;
import org.curios.machine.image.dwarf.Location.Place;

/** Executes a location expression (DWARF 5, sections 2.5 and 2.6). */
final class LocationProgram {
  /** An expression needs something that is not known here. */
  private static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unknown() {
      super(null, null, false, false);
    }
  }

  private static final int DEEPEST = 8;

  private final Variables all;
  private final Unit unit;
  private final Entry function;
  private final Frame frame;
  private final int depth;
  private final Deque<Long> stack = new ArrayDeque<>();

  /** The location of the current piece so far. */
  private Place place = Place.MEMORY;

  private boolean empty = true;

  LocationProgram(Variables all, Unit unit, Entry function, Frame frame) {
    this(all, unit, function, frame, 0);
  }

  private LocationProgram(Variables all, Unit unit, Entry function, Frame frame, int depth) {
    this.all = all;
    this.unit = unit;
    this.function = function;
    this.frame = frame;
    this.depth = depth;
  }

  /** Returns the location of a value of a given size. */
  Location locate(ByteBuffer expression, int size) {
    DwarfReader in = new DwarfReader(expression);
    List<Piece> pieces = new ArrayList<>();
    int known = 0;
    while (in.hasMore(in.size())) {
      Piece piece;
      try {
        piece = piece(in, size);
      } catch (Unknown e) {
        if (!skipToPiece(in)) {
          return pieces.isEmpty() ? Location.none(size) : filled(pieces, known, size);
        }
        piece = new Piece(Place.NOWHERE, 0, (int) in.uleb());
      }
      pieces.add(piece);
      known += piece.size();
      stack.clear();
      place = Place.MEMORY;
      empty = true;
    }
    return pieces.isEmpty() ? Location.none(size) : filled(pieces, known, size);
  }

  private static Location filled(List<Piece> pieces, int known, int size) {
    if (known < size) {
      pieces.add(new Piece(Place.NOWHERE, 0, size - known));
    }
    return new Location(pieces);
  }

  /** Runs up to a DW_OP_piece or the end. */
  private Piece piece(DwarfReader in, int size) {
    while (in.hasMore(in.size())) {
      int code = in.u8();
      if (code == OperandSizes.PIECE) {
        return finished((int) in.uleb());
      }
      operation(in, code);
    }
    return finished(size);
  }

  private Piece finished(int size) {
    return empty ? new Piece(Place.NOWHERE, 0, size) : new Piece(place, pop(), size);
  }

  /** Skips operations that could not be executed, up to the size of the piece. */
  private static boolean skipToPiece(DwarfReader in) {
    while (in.hasMore(in.size())) {
      int code = in.u8();
      if (code == OperandSizes.PIECE) {
        return true;
      }
      OperandSizes.skip(in, code);
    }
    return false;
  }

  /** Returns the value of an expression, as that of a call's argument is. */
  private long value(ByteBuffer expression) {
    DwarfReader in = new DwarfReader(expression);
    while (in.hasMore(in.size())) {
      operation(in, in.u8());
    }
    long top = pop();
    return place == Place.REGISTER ? register((int) top) : top;
  }

  private long pop() {
    Long top = stack.pollLast();
    if (top == null) {
      throw new Unknown();
    }
    return top;
  }

  private void push(long value) {
    stack.addLast(value);
    empty = false;
  }

  private Frame frame() {
    if (frame == null) {
      throw new Unknown();
    }
    return frame;
  }

  private long register(int number) {
    if (number > 15) {
      throw new Unknown();
    }
    return Integer.toUnsignedLong(frame().registers()[number]);
  }

  private static long word(long value) {
    return value & 0xffff_ffffL;
  }

  private void operation(DwarfReader in, int code) {
    if (code >= 0x30 && code <= 0x4f) { // DW_OP_lit0..31
      push(code - 0x30);
    } else if (code >= 0x50 && code <= 0x6f) { // DW_OP_reg0..31
      inRegister(code - 0x50);
    } else if (code >= 0x70 && code <= 0x8f) { // DW_OP_breg0..31
      long offset = in.sleb();
      push(word(register(code - 0x70) + offset));
    } else if (code >= 0x1a && code <= 0x27 || code >= 0x29 && code <= 0x2e) {
      calculate(code);
    } else {
      other(in, code);
    }
  }

  private void inRegister(int number) {
    push(number);
    place = Place.REGISTER;
  }

  /** The operations of two values, and the comparisons. */
  private void calculate(int code) {
    if (code == 0x1f) { // DW_OP_neg
      push(-pop());
      return;
    }
    if (code == 0x20) { // DW_OP_not
      push(~pop());
      return;
    }
    long b = pop();
    long a = pop();
    push(
        switch (code) {
          case 0x1a -> a & b;
          case 0x1b -> quotient((int) a, (int) b);
          case 0x1c -> a - b;
          case 0x1d -> remainder(a, b);
          case 0x1e -> a * b;
          case 0x21 -> a | b;
          case 0x22 -> a + b;
          case 0x24 -> a << b;
          case 0x25 -> b > 63 ? 0 : a >>> b;
          case 0x26 -> (int) a >> Math.min(b, 31);
          case 0x27 -> a ^ b;
          case 0x29 -> (int) a == (int) b ? 1 : 0;
          case 0x2a -> (int) a >= (int) b ? 1 : 0;
          case 0x2b -> (int) a > (int) b ? 1 : 0;
          case 0x2c -> (int) a <= (int) b ? 1 : 0;
          case 0x2d -> (int) a < (int) b ? 1 : 0;
          case 0x2e -> (int) a != (int) b ? 1 : 0;
          default -> throw new Unknown();
        });
  }

  private static long quotient(int a, int b) {
    if (b == 0) {
      throw new Unknown();
    }
    return a / b;
  }

  private static long remainder(long a, long b) {
    if (word(b) == 0) {
      throw new Unknown();
    }
    return Long.remainderUnsigned(word(a), word(b));
  }

  private void other(DwarfReader in, int code) {
    switch (code) {
      case 0x03 -> push(word(in.u32())); // DW_OP_addr
      case 0x06 -> push(word(frame().word((int) pop()))); // DW_OP_deref
      case 0x08 -> push(in.u8());
      case 0x09 -> push(in.s8());
      case 0x0a -> push(in.u16());
      case 0x0b -> push((short) in.u16());
      case 0x0c -> push(word(in.u32()));
      case 0x0d -> push(in.u32());
      case 0x0e, 0x0f -> push(in.u64());
      case 0x10 -> push(in.uleb());
      case 0x11 -> push(in.sleb());
      case 0x12 -> push(stackAt(0)); // DW_OP_dup
      case 0x13 -> pop();
      case 0x14 -> push(stackAt(1)); // DW_OP_over
      case 0x15 -> push(stackAt(in.u8())); // DW_OP_pick
      case 0x16 -> { // DW_OP_swap
        long a = pop();
        long b = pop();
        push(a);
        push(b);
      }
      case 0x19 -> push(Math.abs((int) pop()));
      case 0x23 -> { // DW_OP_plus_uconst
        long more = in.uleb();
        push(word(pop() + more));
      }
      case 0x28 -> { // DW_OP_bra
        int distance = (short) in.u16();
        if (pop() != 0) {
          in.seek(in.at() + distance);
        }
      }
      case 0x2f -> { // DW_OP_skip
        int distance = (short) in.u16();
        in.seek(in.at() + distance);
      }
      case 0x90 -> inRegister((int) in.uleb()); // DW_OP_regx
      case 0x91 -> { // DW_OP_fbreg
        long offset = in.sleb();
        push(word(frameBase() + offset));
      }
      case 0x92 -> { // DW_OP_bregx
        int number = (int) in.uleb();
        long offset = in.sleb();
        push(word(register(number) + offset));
      }
      case 0x94 -> { // DW_OP_deref_size
        int bytes = in.u8();
        long mask = bytes >= 4 ? 0xffff_ffffL : (1L << 8 * bytes) - 1;
        push(frame().word((int) pop()) & mask);
      }
      case 0x96 -> {} // DW_OP_nop
      case 0x9c -> push(word(frameAddress())); // DW_OP_call_frame_cfa
      case 0x9e -> { // DW_OP_implicit_value
        push(Form.number(in.block((int) in.uleb())));
        place = Place.VALUE;
      }
      case 0x9f -> place = Place.VALUE; // DW_OP_stack_value
      case 0xa1 -> push(word(unit.address(in.uleb()))); // DW_OP_addrx
      case 0xa2 -> push(word(unit.address(in.uleb()))); // DW_OP_constx
      case 0xa3, 0xf3 -> entryValue(in.block((int) in.uleb()));
      case 0xa5, 0xf5 -> { // DW_OP_regval_type
        int number = (int) in.uleb();
        convert(register(number), (int) in.uleb());
      }
      case 0xa8, 0xf7 -> convert(pop(), (int) in.uleb()); // DW_OP_convert
      case 0xa9, 0xf9 -> in.uleb(); // DW_OP_reinterpret: the bits stay
      default -> {
        OperandSizes.skip(in, code);
        throw new Unknown();
      }
    }
  }

  private long stackAt(int depthBelow) {
    Long[] values = stack.toArray(new Long[0]);
    if (depthBelow >= values.length) {
      throw new Unknown();
    }
    return values[values.length - 1 - depthBelow];
  }

  /** Converts a value to a base type, at an offset of the unit; 0 is that of addresses. */
  private void convert(long value, int offset) {
    Entry type = offset == 0 ? null : all.entry(unit.start + offset);
    int bits = type == null ? 32 : (int) (8 * type.number(Entry.BYTE_SIZE, 4));
    boolean signed = type != null && type.number(Entry.ENCODING, 7) == 5;
    if (bits > 64 || bits == 0) {
      throw new Unknown();
    }
    push(signed ? value << 64 - bits >> 64 - bits : value << 64 - bits >>> 64 - bits);
  }

  private long frameBase() {
    if (function == null || depth > DEEPEST) {
      throw new Unknown();
    }
    ByteBuffer expression = function.unit.location(function, Entry.FRAME_BASE, frame().pc());
    if (expression == null) {
      throw new Unknown();
    }
    return new LocationProgram(all, function.unit, null, frame, depth + 1).value(expression);
  }

  private int frameAddress() {
    Integer address = all.frames().frameAddress(frame().registersWithin());
    if (address == null) {
      throw new Unknown();
    }
    return address;
  }

  /**
   * The value of a register at the entry of the function, from the caller's description
   * (DW_TAG_call_site_parameter), as far as it can still be computed.
   */
  private void entryValue(ByteBuffer expression) {
    int code = new DwarfReader(expression.duplicate().order(expression.order())).u8();
    int register = code - 0x50;
    if (register < 0 || register > 15 || depth > DEEPEST) {
      throw new Unknown();
    }
    int[] registers =
        all.frames().caller(frame().registersWithin(), address -> frame().word(address));
    if (registers == null) {
      throw new Unknown();
    }
    Frame caller = new Frame(registers, registers[15] - 2, frame().memory());
    Variables.CallSite site = all.callSite(registers[15]);
    if (site == null || !site.leadsTo(function)) {
      throw new Unknown();
    }
    ByteBuffer given = site.argument(register);
    if (given == null) {
      throw new Unknown();
    }
    push(
        word(
            new LocationProgram(all, site.entry().unit, site.function(), caller, depth + 1)
                .value(given)));
  }
}
