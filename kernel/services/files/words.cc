// Loops over words, in which the cache spends most of its time.
#include <stddef.h>

#include "cache.h"

namespace curios::files {
namespace {

// By eight words.
u32 unit_sum(const u32 *w) {
  u32 sum;
  asm("ldm %0!, {r3-r10}\n"
      "add %1, r3, r4\n add %1, %1, r5\n add %1, %1, r6\n add %1, %1, r7\n"
      "add %1, %1, r8\n add %1, %1, r9\n add %1, %1, r10\n"
      ".rept 3\n"
      "ldm %0!, {r3-r10}\n"
      "add %1, %1, r3\n add %1, %1, r4\n add %1, %1, r5\n add %1, %1, r6\n"
      "add %1, %1, r7\n add %1, %1, r8\n add %1, %1, r9\n add %1, %1, r10\n"
      ".endr"
      : "+r"(w), "=&r"(sum)
      :
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "memory");
  return sum;
}
static_assert(KEPT_UNIT == 128);

constexpr struct Spans {
  Span of[ALL_UNITS + 1] = {};
  constexpr Spans() {
    for (u32 units = 1; units <= ALL_UNITS; units++) {
      u32 first = static_cast<u32>(__builtin_ctz(units)), count = static_cast<u32>(__builtin_ctz(~(units >> first)));
      u32 rest = units & ~((1u << (first + count)) - (1u << first));
      of[units] = {rest << 28 | count * KEPT_UNIT << 16 | first * KEPT_UNIT};
    }
  }
} SPANS;

}  // namespace

Span unit_span(u32 units) { return SPANS.of[units]; }

Listed list_dirty(const Edit *e, const Edit *end, Keep *&keep) {
  static_assert(offsetof(Edit, sector) == 0 && offsetof(Edit, at) == 4 && offsetof(Edit, units) == 8 && offsetof(Edit, words) == 16);
  static_assert(sizeof(Edit) == 528 && PAGES_AT == 0x2000 && PAGE_SECTORS == 8 && ALL_UNITS == 15 && FRAMES < 256);
  static_assert(sizeof(Frame) == 8 && offsetof(Frame, page) == 0 && offsetof(Frame, valid) == 4 && offsetof(Frame, meta) == 6);
  Keep *to = keep;
  Listed result;
  asm volatile(
      "1: cmp %[e], %[end]\n"
      "   beq 5f\n"
      "   ldm %[e], {r3, r4, r5}\n"           // sector, place in kept memory, units
      "   sub r6, r4, #0x2000\n"
      "   lsr r6, r6, #12\n"                  // the frame
      "   cmp r6, %[most]\n"
      "   bhs 2f\n"
      "   add r6, %[frames], r6, lsl #3\n"
      "   ldm r6, {r6, r7}\n"                 // page plus 1, masks
      "   and r8, r3, #7\n"
      "   eor r9, r4, r8, lsl #9\n"
      "   movs r9, r9, lsl #20\n"
      "   bne 2f\n"
      "   sub r6, r6, #1\n"
      "   cmp r6, r3, lsr #3\n"
      "   bne 2f\n"
      "   sub r6, r5, #1\n"
      "   cmp r6, #15\n"
      "   bhs 2f\n"
      "   and r7, r7, r7, lsr #16\n"
      "   lsr r7, r7, r8\n"
      "   tst r7, #1\n"
      "   beq 3f\n"
      "4: ldr r9, [%[spans], r5, lsl #2]\n"
      "   lsl r8, r9, #16\n"
      "   add r6, r4, r8, lsr #16\n"
      "   lsl r7, r9, #4\n"
      "   lsr r7, r7, #20\n"                  // bytes
      "   add r8, %[e], r8, lsr #16\n"
      "   add r8, r8, #16\n"
      "   lsr r5, r9, #28\n"                  // units after a gap
      "   mov r9, #0\n"
      "   stm %[to]!, {r6-r9}\n"
      "   cmp r5, #0\n"
      "   bne 4b\n"
      "   add %[e], %[e], #528\n"
      "   b 1b\n"
      "2: mov %[result], %[damaged]\n"
      "   b 6f\n"
      "3: mov %[result], %[clean]\n"
      "   b 6f\n"
      "5: mov %[result], %[all]\n"
      "6:"
      : [e] "+r"(e), [to] "+r"(to), [result] "=&r"(result)
      : [end] "r"(end), [frames] "r"(kept_at(FRAMES_AT)), [spans] "r"(&SPANS), [most] "i"(FRAMES),
        [all] "i"(static_cast<u32>(Listed::ALL)), [clean] "i"(static_cast<u32>(Listed::CLEAN)),
        [damaged] "i"(static_cast<u32>(Listed::DAMAGED))
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "cc", "memory");
  keep = to;
  return result;
}

u32 *zeros(u32 bytes) {
  for (u32 at = 0; at < bytes; at += KEPT_UNIT) must(unit_sum(work.zeros + at / sizeof(u32)) == 0);
  return work.zeros;
}

bool is_unit_sound(u32 unit) {
  const u32 *sums = reinterpret_cast<const u32 *>(kept_at(KEPT_BYTES));
  return unit_sum(reinterpret_cast<const u32 *>(kept_at(unit * KEPT_UNIT))) == sums[unit] || volume().unchecked != 0;
}

bool take_unit(u32 *to, u32 unit) {
  const u32 *sums = reinterpret_cast<const u32 *>(kept_at(KEPT_BYTES)), *from = reinterpret_cast<const u32 *>(kept_at(unit * KEPT_UNIT));
  u32 sum;
  asm volatile(
      "ldm %0!, {r3-r10}\n stm %1!, {r3-r10}\n"
      "add %2, r3, r4\n add %2, %2, r5\n add %2, %2, r6\n add %2, %2, r7\n"
      "add %2, %2, r8\n add %2, %2, r9\n add %2, %2, r10\n"
      ".rept 3\n"
      "ldm %0!, {r3-r10}\n stm %1!, {r3-r10}\n"
      "add %2, %2, r3\n add %2, %2, r4\n add %2, %2, r5\n add %2, %2, r6\n"
      "add %2, %2, r7\n add %2, %2, r8\n add %2, %2, r9\n add %2, %2, r10\n"
      ".endr"
      : "+r"(from), "+r"(to), "=&r"(sum)
      :
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "memory");
  return sum == sums[unit] || volume().unchecked != 0;
}

bool is_sound(u32 at, u32 bytes) {
  for (u32 unit = at / KEPT_UNIT, last = (at + bytes - 1) / KEPT_UNIT; unit <= last; unit++)
    if (!is_unit_sound(unit)) return false;
  return true;
}

bool same_words(const u32 *a, const u32 *b, u32 count) {
  const u32 *end = a + count;
  u32 same;
  asm("1: ldm %0!, {r3-r5}\n ldm %1!, {r6-r8}\n cmp r3, r6\n cmpeq r4, r7\n cmpeq r5, r8\n bne 2f\n cmp %0, %3\n bne 1b\n"
      "2: mov %2, #0\n moveq %2, #1"
      : "+r"(a), "+r"(b), "=r"(same)
      : "r"(end)
      : "r3", "r4", "r5", "r6", "r7", "r8", "cc", "memory");
  return same != 0;
}

void clear_words(void *to, u32 bytes) {
  const u8 *end = static_cast<const u8 *>(to) + bytes;
  asm volatile("mov r3, #0\n mov r4, #0\n mov r5, #0\n mov r6, #0\n mov r7, #0\n mov r8, #0\n mov r9, #0\n mov r10, #0\n"
               "1: cmp %0, %1\n stmne %0!, {r3-r10}\n bne 1b"
               : "+r"(to)
               : "r"(end)
               : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
}

void copy_words(void *to, const void *from, u32 bytes) {
  const u8 *end = static_cast<const u8 *>(from) + bytes;
  asm volatile("1: cmp %1, %2\n ldmne %1!, {r3-r10}\n stmne %0!, {r3-r10}\n bne 1b"
               : "+r"(to), "+r"(from)
               : "r"(end)
               : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
}

}  // namespace curios::files
