// A service with kept memory, for tests of it.
#include "tests.h"

namespace curios {

constexpr u32 SIZE = 0x3000;

static u32 words[4];  // kept memory must stay unchanged until the commit

static i32 put(void *, u32 offset, u32 value) {
  words[0] = value;
  i32 result = keep(offset, words, sizeof(u32));
  // Until the commit, reads return the old content.
  return result == OK && *kept_memory<KEEPER_ID, u32>(offset) == value ? static_cast<i32>(FULL) : result;
}

static i64 get(void *, u32 offset) { return static_cast<i64>(static_cast<u64>(*kept_memory<KEEPER_ID, u32>(offset)) << 32); }

// Writes two words, or one of them out of reach.
static i32 put_two(void *, u32 offset, u32 other, u32 value) {
  words[0] = words[1] = value;
  i32 result = keep(offset, words, sizeof(u32));
  return result != OK ? result : keep(other, words + 1, sizeof(u32));
}

static i32 put_and_die(void *, u32 offset, u32 value) {
  words[0] = value;
  keep(offset, words, sizeof(u32));
  check(false);
  return OK;
}

static i32 put_commit_and_die(void *, u32 offset, u32 value) {
  words[0] = value;
  keep(offset, words, sizeof(u32));
  if (!commit()) check(false);
  return OK;
}

// An error at every other run, without any change or with one.
static i32 hesitate(void *, u32 changes) {
  static u32 runs;
  if (changes != 0) keep(16, words, sizeof(u32));
  return ++runs % 2 != 0 ? FULL : OK;
}

static i32 fill(void *, u32 offset, u32 memory, u32 range) { return keep_from(offset, memory, range >> 16, range & 0xffff); }

static i32 store(void *, u32 offset, u32 value) {
  *const_cast<volatile u32 *>(kept_memory<KEEPER_ID, u32>(offset)) = value;
  return OK;
}

static i32 show(void *, u32 offset, u32 memory, u32 bytes) { return copy_out(memory, 0, kept_memory<KEEPER_ID>(offset), bytes); }

// Copies from the client's memory to its own and back, THROUGH_APART bytes further in the client's.
static i32 through(void *, u32 memory, u32 range, u32 place) {
  u32 offset = range >> 16, bytes = range & 0xffff;
  void *own = reinterpret_cast<void *>(section(KEEPER_ID) + HEAP + place);
  i32 result = copy_in(memory, offset, own, bytes);
  return result < 0 ? result : copy_out(memory, offset + THROUGH_APART, own, bytes);
}

static i32 recover(void *, u32) { return OK; }

METHODS = {
    {ENTRY(put), -100, OK, "put"},
    {ENTRY(get), -100, OK, "get"},
    {ENTRY(put_two), -100, OK, "put_two"},
    {ENTRY(put_and_die), -100, OK, "put_and_die"},
    {ENTRY(put_commit_and_die), -100, OK, "put_commit_and_die"},
    {ENTRY(fill), -100, OK, "fill"},
    {ENTRY(store), -100, OK, "store"},
    {ENTRY(show), -100, static_cast<i32>(SIZE), "show"},
    {ENTRY(hesitate), FULL, OK, "hesitate"},
    {ENTRY(through), -100, static_cast<i32>(PAGE_BYTES), "through"},
};

SERVICE(keeper, KEEPER_ID, .recover = ENTRY(recover), .heap_limit = 0x3000, .kept = SIZE, .deadline = 20, .checks = CHECK_PRIVATE)

}  // namespace curios
