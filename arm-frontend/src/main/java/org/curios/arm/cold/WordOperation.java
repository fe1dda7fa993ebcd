package org.curios.arm.cold;

import static org.curios.arm.cold.WordOperands.*;

import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;

/**
 * The semantics of the instructions that {@link WordInterpreter} knows, without their conditions
 * (ARM DDI 0100, A4.1, A5). Each is its own method, for the host's compiler: with one large switch
 * it would move common subexpressions of the cases before the jump, and run out of registers.
 *
 * <p>An operand may be a constant or a register that is shifted one way or another; it is computed
 * without a branch, which the host could not predict.
 */
public enum WordOperation {
  /** Anything that is left to the node of the instruction. */
  NODE {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return BY_NODE;
    }
  },
  AND(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
    }
  },
  EOR(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
    }
  },
  SUB(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) - right(cpu, word, next));
    }
  },
  RSB(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, right(cpu, word, next) - left(cpu, word, next));
    }
  },
  ADD(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) + right(cpu, word, next));
    }
  },
  ADC(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) + right(cpu, word, next) + cpu.carry());
    }
  },
  SBC(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(
          cpu, word, next, left(cpu, word, next) - right(cpu, word, next) - 1 + cpu.carry());
    }
  },
  RSC(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(
          cpu, word, next, right(cpu, word, next) - left(cpu, word, next) - 1 + cpu.carry());
    }
  },
  ORR(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) | right(cpu, word, next));
    }
  },
  MOV(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, right(cpu, word, next));
    }
  },
  BIC(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, left(cpu, word, next) & ~right(cpu, word, next));
    }
  },
  MVN(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return write(cpu, word, next, ~right(cpu, word, next));
    }
  },
  ANDS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
    }
  },
  EORS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
    }
  },
  SUBS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return subtract(cpu, word, next, left(cpu, word, next), right(cpu, word, next));
    }
  },
  RSBS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return subtract(cpu, word, next, right(cpu, word, next), left(cpu, word, next));
    }
  },
  ADDS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), right(cpu, word, next), 0);
    }
  },
  ADCS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), right(cpu, word, next), cpu.carry());
    }
  },
  SBCS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, left(cpu, word, next), ~right(cpu, word, next), cpu.carry());
    }
  },
  RSCS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return add(cpu, word, next, right(cpu, word, next), ~left(cpu, word, next), cpu.carry());
    }
  },
  TST {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      setLogical(cpu, word, next, left(cpu, word, next) & right(cpu, word, next));
      return next;
    }
  },
  TEQ {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      setLogical(cpu, word, next, left(cpu, word, next) ^ right(cpu, word, next));
      return next;
    }
  },
  CMP {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      setSubtraction(cpu, left(cpu, word, next), right(cpu, word, next));
      return next;
    }
  },
  CMN {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      setAddition(cpu, left(cpu, word, next), right(cpu, word, next), 0);
      return next;
    }
  },
  ORRS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) | right(cpu, word, next));
    }
  },
  MOVS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, right(cpu, word, next));
    }
  },
  BICS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, left(cpu, word, next) & ~right(cpu, word, next));
    }
  },
  MVNS(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return logical(cpu, word, next, ~right(cpu, word, next));
    }
  },
  LDR(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(isAsUser(word));
      if (!Memory.isFast(table, address, 4)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastInt(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRB(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(isAsUser(word));
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastByte(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  STR {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(isAsUser(word));
      if (!Memory.isFast(table, address, 4)) {
        return BY_NODE;
      }
      int rd = word >>> 12 & 15;
      cpu.memory.fastPutInt(table, address, rd == PC ? next + 8 : cpu.number(rd));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  STRB {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexed(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(isAsUser(word));
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int rd = word >>> 12 & 15;
      cpu.memory.fastPutByte(table, address, rd == PC ? next + 8 : cpu.number(rd));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  LDRH(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 2)) {
        return BY_NODE;
      }
      int value = cpu.memory.fastShort(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRSH(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 2)) {
        return BY_NODE;
      }
      int value = (short) cpu.memory.fastShort(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  LDRSB(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.loads(false);
      if (!Memory.isFast(table, address, 1)) {
        return BY_NODE;
      }
      int value = (byte) cpu.memory.fastByte(table, address);
      writeBack(cpu, word, indexed);
      return load(cpu, word, next, value);
    }
  },
  STRH {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int base = left(cpu, word, next);
      int indexed = indexedByHalf(cpu, word, next, base);
      int address = (word & PRE) != 0 ? indexed : base;
      long table = cpu.stores(false);
      if (!Memory.isFast(table, address, 2) || (word >>> 12 & 15) == PC) {
        return BY_NODE;
      }
      cpu.memory.fastPutShort(table, address, cpu.number(word >>> 12 & 15));
      writeBack(cpu, word, indexed);
      return next;
    }
  },
  LDM(Ends.BY_LIST) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return BlockTransfers.load(cpu, word, next);
    }
  },
  STM {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return BlockTransfers.store(cpu, word, next);
    }
  },
  MUL {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      setProduct(cpu, word, cpu.number(word & 15) * cpu.number(word >>> 8 & 15));
      return next;
    }
  },
  MLA {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int product = cpu.number(word & 15) * cpu.number(word >>> 8 & 15);
      setProduct(cpu, word, product + cpu.number(word >>> 12 & 15));
      return next;
    }
  },
  /** UMULL, UMLAL, SMULL, SMLAL. */
  MULL {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return WordArithmetic.multiplyLong(cpu, word, next);
    }
  },
  /** Data processing with an operand that is shifted by a register. */
  SHIFTED {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return WordArithmetic.process(cpu, word, next);
    }
  },
  /** Products of halfwords. */
  MUL_HALVES {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return WordArithmetic.multiplyHalves(cpu, word, next);
    }
  },
  CLZ {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      cpu.setNumber(word >>> 12 & 15, Integer.numberOfLeadingZeros(cpu.number(word & 15)));
      return next;
    }
  },
  B(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return jump(next + 4 + (word << 8 >> 6), next);
    }
  },
  BL(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      cpu.r14 = next;
      return jump(next + 4 + (word << 8 >> 6), next);
    }
  },
  BX(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return exchange(base(cpu, word, next), next);
    }
  },
  BLX(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int target = exchange(base(cpu, word, next), next);
      cpu.r14 = next;
      return target;
    }
  },

  // ---- operations that only Thumb has: the word is the halfword, or HalfwordDecoder's form of it

  /** ADD of any two registers. */
  THUMB_ADD(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return writeInThumb(cpu, word, next, left(cpu, word, next) + base(cpu, word, next));
    }
  },
  /** MOV of any register to any other. */
  THUMB_MOV(Ends.BY_RD) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return writeInThumb(cpu, word, next, base(cpu, word, next));
    }
  },
  THUMB_B(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      return next + 4 + (word << 8 >> 7) | 1;
    }
  },
  /** The first half of BL and BLX. */
  THUMB_BL_PREFIX {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      cpu.r14 = next + 4 + (word << 21 >> 9);
      return next;
    }
  },
  THUMB_BL_SUFFIX(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int target = cpu.r14 + 2 * (word & 0x7ff);
      cpu.r14 = next + 2 | 1;
      return target | 1;
    }
  },
  THUMB_BLX_SUFFIX(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int target = cpu.r14 + 2 * (word & 0x7ff);
      cpu.r14 = next + 2 | 1;
      return jump(target & ~3, next);
    }
  },
  THUMB_BLX(Ends.ALWAYS) {
    @Override
    public int execute(Cpu cpu, int word, int next) {
      int target = exchange(base(cpu, word, next), next);
      cpu.r14 = next + 2 | 1;
      return target;
    }
  };

  private final Ends ends;

  WordOperation() {
    this(Ends.NEVER);
  }

  WordOperation(Ends ends) {
    this.ends = ends;
  }

  /**
   * Executes an instruction whose condition holds.
   *
   * @param next the address of the next instruction; of a Thumb instruction its own: what it reads
   *     as the PC is 4 more in both
   * @return {@code next} to continue with the next one, otherwise the address of the instruction to
   *     continue with, with the T bit, {@link WordOperands#JUMPS_TO_NEXT} or {@link
   *     WordOperands#BY_NODE}
   */
  public abstract int execute(Cpu cpu, int word, int next);

  /** Returns whether an instruction ends its block, even where its condition does not hold. */
  public boolean endsBlock(int word) {
    return ends.block(word);
  }

  /** Returns whether this is the second half of a call in Thumb. */
  public boolean isSecondHalf() {
    return this == THUMB_BL_SUFFIX || this == THUMB_BLX_SUFFIX;
  }

  /** Returns whether an instruction jumps to a target in its word. */
  public boolean isDirect() {
    return this == B || this == BL || this == THUMB_B;
  }
}
