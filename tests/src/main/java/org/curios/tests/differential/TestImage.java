package org.curios.tests.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An executable that runs test cases one after the other, each from registers, flags and memory of
 * its own, and prints a line of state after each. Faults are noted and stepped over.
 */
final class TestImage {
  /** One case: instructions of one set, registers and flags before. */
  record Case(boolean thumb, List<Integer> words, int[] registers, int flags) {}

  static final int SCRATCH = 0x00800000;
  private static final int SOFTWARE_INTERRUPT = 2;
  private static final int APPLICATION_EXIT = 0x20026;
  private static final int FAULTING = 0x00a00ff8;
  private static final int TABLE = 0x00700000;
  private static final int SAVED = 0x00600000;
  private static final int NOTES = 0x00610000;
  private static final int STACK = 0x00640000;
  private static final int CODE = 0x1000;
  private static final int NO_ACCESS = 0x1;
  private static final int UART = 0x101f1000;

  private final WordAssembler code = new WordAssembler(0x500000);
  private final int dump;

  private TestImage(boolean full) {
    vectors();
    code.at(CODE);
    int hex = hexRoutine();
    dump = dumpRoutine(hex, full);
  }

  /** Returns a random case. */
  static Case randomCase(Generator generator, boolean thumb) {
    Random random = generator.random();
    int[] registers = new int[13];
    for (int i = 0; i < 13; i++) {
      registers[i] =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(256);
            case 1 -> random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE;
            default -> random.nextInt();
          };
    }
    registers[8] = random.nextInt(16) * 8;
    registers[9] = FAULTING & ~7;
    for (int i = 10; i < 13; i++) {
      registers[i] = SCRATCH + 0x8000 + random.nextInt(32) * 8;
    }
    if (thumb) {
      for (int i = 4; i < 7; i++) {
        registers[i] = SCRATCH + 0x8000 + random.nextInt(32) * 8;
      }
      registers[7] = random.nextInt(16) * 8;
    }
    int flags = random.nextInt() & 0xf8000000;
    return new Case(thumb, generator.sequence(thumb, 8 + random.nextInt(24)), registers, flags);
  }

  /**
   * Returns the executable for cases.
   *
   * @param full whether each line has all registers rather than a checksum
   * @param user whether the cases run in user mode rather than system mode
   * @param passes how often all cases are run: compiled code needs more than one
   * @param mmuSeed chooses the pages around {@link #FAULTING}, their rights and their domain
   */
  static byte[] build(List<Case> cases, boolean full, boolean user, int passes, long mmuSeed) {
    TestImage image = new TestImage(full);
    int entry = image.code.here();
    image.start(user ? 0xd0 : 0xdf, new Random(mmuSeed ^ 0x4d4d55));
    image.code.constant(0, NOTES);
    image.code.constant(1, passes);
    image.code.word(0xe5801008); // str r1, [r0, #8]
    int first = image.code.here();
    for (Case c : cases) {
      image.emit(c);
    }
    image.end(first);
    return image.code.elf(entry);
  }

  /**
   * Vectors that lead to handlers which note what has happened and continue after the instruction.
   */
  private void vectors() {
    int[] handlers = new int[8];
    code.at(0x40);
    for (int i = 1; i < 5; i++) {
      handlers[i] = code.here();
      handler(i);
    }
    code.at(0);
    code.word(0xeafffffe);
    for (int i = 1; i < 8; i++) {
      code.branch(14, false, handlers[i] == 0 ? code.here() : handlers[i]);
    }
  }

  private void handler(int kind) {
    if (kind == SOFTWARE_INTERRUPT) {
      exitIfAsked();
    }
    code.word(0xe92d000f); // push {r0-r3}
    code.constant(0, NOTES);
    code.word(0xe5901000); // ldr r1, [r0]     number of notes so far
    code.word(0xe2811001); // add r1, r1, #1
    code.word(0xe5801000); // str r1, [r0]
    code.word(0xe5902004); // ldr r2, [r0, #4] checksum of notes
    code.word(0xe14f3000); // mrs r3, spsr
    code.word(0xe3c33c01); // bic r3, r3, #0x100
    mix(3);
    code.word(0xe1a0300e); // mov r3, lr
    mix(3);
    code.word(0xe3a03000 | kind); // mov r3, #kind
    mix(3);
    if (kind == 4) {
      code.word(0xee153f10); // mrc p15, 0, r3, c5, c0, 0
      mix(3);
      code.word(0xee163f10); // mrc p15, 0, r3, c6, c0, 0
      mix(3);
    }
    code.word(0xe5802004); // str r2, [r0, #4]
    code.word(0xe14f3000); // mrs r3, spsr
    code.word(0xe3130020); // tst r3, #T
    code.word(0xe8bd000f); // pop {r0-r3}
    if (kind == 4) {
      code.word(0x025ef004); // subseq pc, lr, #4
      code.word(0xe25ef006); // subs pc, lr, #6
    } else if (kind == 3) {
      code.word(0x01b0f00e); // movseq pc, lr        after an ARM BKPT
      code.word(0xe25ef002); // subs pc, lr, #2
    } else {
      code.word(0xe1b0f00e); // movs pc, lr
    }
  }

  /** The end of the run: semihosting is for privileged modes, and cases may run in user mode. */
  private void exitIfAsked() {
    code.word(0xe92d0004); // push {r2}
    code.constant(2, APPLICATION_EXIT);
    code.word(0xe1510002); // cmp r1, r2
    code.word(0xe8bd0004); // pop {r2}
    code.word(0x03500018); // cmpeq r0, #SYS_EXIT
    code.word(0x0f123456); // svceq 0x123456
  }

  /** r2 = ror(r2, 5) ^ register, plus 1 */
  private void mix(int register) {
    code.word(0xe02022e2 | register << 16 | 2 << 12); // eor r2, reg, r2, ror #5
    code.word(0xe2822001); // add r2, r2, #1
  }

  /** Prints r0 in hexadecimal; uses r1-r3. */
  private int hexRoutine() {
    int at = code.here();
    code.constant(1, UART);
    code.word(0xe3a02020); // mov r2, #32
    int loop = code.here();
    code.word(0xe2422004); // sub r2, r2, #4
    code.word(0xe1a03230); // lsr r3, r0, r2
    code.word(0xe203300f); // and r3, r3, #15
    code.word(0xe353000a); // cmp r3, #10
    code.word(0xa2833027); // addge r3, r3, #'a'-'0'-10
    code.word(0xe2833030); // add r3, r3, #'0'
    code.word(0xe5813000); // str r3, [r1]
    code.word(0xe3520000); // cmp r2, #0
    code.branch(1, false, loop);
    code.word(0xe12fff1e); // bx lr
    return at;
  }

  /** Saves the state, prints a line of it, and returns to r14. */
  private int dumpRoutine(int hex, boolean full) {
    int at = code.here();
    // r13 points to SAVED; r0 to r12 and the flags are the state, r14 is where to continue
    code.word(0xe88d1fff); // stm sp, {r0-r12}
    code.word(0xe10f0000); // mrs r0, cpsr
    code.word(0xe3c00c01); // bic r0, r0, #0x100: QEMU shows the A bit of ARMv6
    code.word(0xe58d0034); // str r0, [sp, #52]
    code.word(0xe1a0b00e); // mov r11, lr
    code.word(0xe1a0c00d); // mov r12, sp
    code.constant(4, NOTES);
    code.word(0xe5940004); // ldr r0, [r4, #4]
    code.word(0xe58c0038); // str r0, [r12, #56]
    code.word(0xe5940000); // ldr r0, [r4]
    code.word(0xe58c003c); // str r0, [r12, #60]
    // checksum of the scratch memory in use
    code.constant(4, SCRATCH + 0x8000 - 0x1000);
    code.constant(5, 0x3000);
    code.word(0xe3a02000); // mov r2, #0
    int loop = code.here();
    code.word(0xe4943004); // ldr r3, [r4], #4
    mix(3);
    code.word(0xe2555004); // subs r5, r5, #4
    code.branch(1, false, loop);
    code.word(0xe58c2040); // str r2, [r12, #64]
    int words = 17;
    if (full) {
      for (int i = 0; i < words; i++) {
        code.word(0xe59c0000 | 4 * i); // ldr r0, [r12, #4i]
        code.branch(14, true, hex);
        space(' ');
      }
    } else {
      code.word(0xe3a02000); // mov r2, #0
      for (int i = 0; i < words; i++) {
        code.word(0xe59c3000 | 4 * i);
        mix(3);
      }
      code.word(0xe1a00002); // mov r0, r2
      code.branch(14, true, hex);
    }
    space('\n');
    code.word(0xe12fff1b); // bx r11
    return at;
  }

  private void space(int character) {
    code.constant(1, UART);
    code.word(0xe3a00000 | character);
    code.word(0xe5810000);
  }

  /** A page of the MiB with the faulting address, in tables of its kind. */
  private static int page(Random random, int address, boolean present) {
    int rights = random.nextInt(256);
    return switch (present ? 1 + random.nextInt(3) : random.nextInt(4)) {
      case 0 -> 0; // translation fault
      case 1 -> address & 0xffff0000 | rights << 4 | 1; // large
      default -> address & 0xfffff000 | rights << 4 | 2; // small
    };
  }

  /** The second-level table for the faulting MiB, and what refers to it. */
  private void pages(Random random, boolean present) {
    boolean fine = random.nextInt(4) == 0;
    code.constant(0, TABLE + (FAULTING >>> 20) * 4);
    code.constant(1, TABLE + 0x4000 | 0x20 | (fine ? 3 : 1));
    code.word(0xe5801000); // str r1, [r0]
    code.constant(0, TABLE + 0x4000);
    for (int i = 0; i < (fine ? 8 : 2); i++) {
      int address = FAULTING & 0xfff00000 | i << (fine ? 10 : 12);
      int tiny = !present && random.nextInt(4) == 0 ? 0 : address | random.nextInt(4) << 4 | 3;
      code.constant(1, fine ? tiny : page(random, address, present));
      code.word(0xe4801004); // str r1, [r0], #4
    }
  }

  /**
   * Sets stacks and the MMU: everything mapped flat, except for one MiB with pages that fault in
   * different ways.
   */
  private void start(int mode, Random random) {
    for (int handling : new int[] {0xd3, 0xd7, 0xdb}) {
      code.word(0xe321f000 | handling); // msr cpsr_c, #mode
      code.constant(13, STACK + handling * 0x400);
    }
    // first-level table: sections, full access in domain 0 (client)
    code.constant(0, TABLE);
    code.constant(1, 0x00000c02);
    code.constant(2, 4096);
    int loop = code.here();
    code.word(0xe4801004); // str r1, [r0], #4
    code.word(0xe2811601); // add r1, r1, #1 MiB
    code.word(0xe2522001); // subs r2, r2, #1
    code.branch(1, false, loop);
    // Domain 1: client, no access, manager. Where there is no access all pages are present: QEMU
    // checks
    // the domain before the second level, the manual after it (ARM DDI 0100, B4.6).
    int[] access = {0x5, 0x5, 0x5, NO_ACCESS, 0xd};
    int chosen = access[random.nextInt(access.length)];
    pages(random, chosen == NO_ACCESS);
    code.constant(0, TABLE);
    code.word(0xee020f10); // mcr p15, 0, r0, c2, c0, 0
    code.constant(0, chosen);
    code.word(0xee030f10); // mcr p15, 0, r0, c3, c0, 0
    code.word(0xee080f17); // mcr p15, 0, r0, c8, c7, 0
    code.word(0xee110f10); // mrc p15, 0, r0, c1, c0, 0
    code.word(0xe3800001); // orr r0, r0, #M
    switch (random.nextInt(3)) {
      case 1 -> code.word(0xe3800c01); // orr r0, r0, #S
      case 2 -> code.word(0xe3800c02); // orr r0, r0, #R
      default -> {} // neither
    }
    code.word(0xee010f10); // mcr p15, 0, r0, c1, c0, 0
    code.word(0xe321f000 | mode); // msr cpsr_c, #mode
  }

  private void emit(Case c) {
    // fresh notes and scratch memory
    code.constant(0, NOTES);
    code.word(0xe3a01000); // mov r1, #0
    code.word(0xe5801000);
    code.word(0xe5801004);
    code.constant(0, SCRATCH + 0x8000 - 0x1000);
    code.constant(1, 0x3000 / 4);
    code.constant(2, c.registers[0] ^ 0x9e3779b9);
    int loop = code.here();
    code.word(0xe4802004); // str r2, [r0], #4
    code.word(0xe08222e2); // add r2, r2, r2, ror #5
    code.word(0xe2511001); // subs r1, r1, #1
    code.branch(1, false, loop);
    code.constant(13, SAVED);
    code.constant(0, c.flags);
    code.word(0xe128f000); // msr cpsr_f, r0
    int data = code.here() + 12;
    code.word(0xe28fe004); // add lr, pc, #4  (address of the data)
    code.word(0xe89e1fff); // ldm lr, {r0-r12}
    code.branch(14, false, code.here() + 4 + 52);
    if (code.here() != data) {
      throw new IllegalStateException("data are at " + code.here() + ", not " + data);
    }
    for (int value : c.registers) {
      code.word(value);
    }
    if (c.thumb) {
      code.word(0xe28fe001); // add lr, pc, #1
      code.word(0xe12fff1e); // bx lr
      for (int word : c.words) {
        code.half(word);
      }
      if (code.here() % 4 != 0) {
        code.half(0x46c0); // nop
      }
      code.half(0x4778); // bx pc
      code.half(0x46c0);
    } else {
      c.words.forEach(code::word);
    }
    code.branch(14, true, dump);
  }

  private void end(int first) {
    code.constant(0, NOTES);
    code.word(0xe5901008); // ldr r1, [r0, #8]
    code.word(0xe2511001); // subs r1, r1, #1
    code.word(0xe5801008); // str r1, [r0, #8]
    code.branch(1, false, first);
    code.word(0xe3a00018); // mov r0, #SYS_EXIT
    code.constant(1, APPLICATION_EXIT);
    code.word(0xef123456);
    code.word(0xeafffffe);
  }

  /** Returns cases of both instruction sets. */
  static List<Case> cases(long seed, int count) {
    Generator generator = new Generator(seed);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cases.add(randomCase(generator, i % 2 == 1));
    }
    return cases;
  }
}
