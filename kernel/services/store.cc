// The store: words by key, separate for each client. A client's pairs are its state; the server stores nothing else.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 ROOM = 28;

struct State {
  Guarded guard;
  u32 count;
  struct {
    u32 key, value;
  } pairs[ROOM];   // in ascending order of keys
};

static u32 total;  // pairs of all clients: something to watch with a debugger
static void check_order(const State *s);

static u32 place(const State *s, u32 key) {
  u32 low = 0, high = s->count;
  while (low < high) {
    u32 middle = (low + high) / 2;
    if (s->pairs[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void set(State *s, u32 i, u32 key, u32 value) {
  s->guard.set(s->pairs[i].key, key);
  s->guard.set(s->pairs[i].value, value);
}

// Asserts that the key is the requested one, and that i is its place.
static void check_place(const State *s, u32 i, u32 key) {
  check(key == asked(1) && i <= s->count && (i == 0 || s->pairs[i - 1].key < key) &&
        (i == s->count || s->pairs[i].key >= key));
}

static i32 put(State *s, u32 key, u32 value) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 i = place(s, key);
  check_place(s, i, key);
  check(value == asked(2));
  if (i < s->count && s->pairs[i].key == key) {
    s->guard.balance -= value - s->pairs[i].value;
    s->pairs[i].value = value;
    check(s->pairs[i].key == asked(1) && s->pairs[i].value == asked(2));
    system(SYS_PUBLISH);
    return 0;
  }
  if (s->count == ROOM) return FULL;
  for (u32 j = s->count; j > i; j--) set(s, j, s->pairs[j - 1].key, s->pairs[j - 1].value);
  set(s, i, key, value);
  s->guard.set(s->count, s->count + 1);
  check(s->pairs[i].key == asked(1) && s->pairs[i].value == asked(2));
  check_order(s);
  total++;
  system(SYS_PUBLISH);
  return 1;
}

// The value is the second result.
static i64 get(State *s, u32 key) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 i = place(s, key);
  check_place(s, i, key);
  if (i == s->count || s->pairs[i].key != key) return static_cast<u32>(ABSENT);
  return static_cast<i64>(static_cast<u64>(s->pairs[i].value) << 32);
}

static i32 remove(State *s, u32 key) {
  if (s == nullptr) return NOT_CONNECTED;
  u32 i = place(s, key);
  check_place(s, i, key);
  if (i == s->count || s->pairs[i].key != key) return ABSENT;
  s->guard.set(s->count, s->count - 1);
  for (; i < s->count; i++) set(s, i, s->pairs[i + 1].key, s->pairs[i + 1].value);
  set(s, s->count, 0, 0);
  check_order(s);
  check(place(s, asked(1)) == s->count || s->pairs[place(s, asked(1))].key != asked(1));
  total--;
  system(SYS_PUBLISH);
  return OK;
}

static i32 count(State *s) { return s == nullptr ? static_cast<i32>(NOT_CONNECTED) : static_cast<i32>(s->count); }

// Asserts that the keys are still in ascending order.
[[gnu::noinline]] static void check_order(const State *s) {
  for (u32 i = 1; i < s->count; i++) check(s->pairs[i - 1].key < s->pairs[i].key);
}

static i32 recover(State *s, u32) {
  if (s->count > ROOM) return BAD_ARGUMENT;
  for (u32 i = 1; i < s->count; i++)
    if (s->pairs[i - 1].key >= s->pairs[i].key) return BAD_ARGUMENT;
  total += s->count;
  return OK;
}

INTROSPECTION = {
    FIELD_OF("store", State, count),
    ROW_OF("store", State, pairs, key),
    ROW_OF("store", State, pairs, value),
};

LIMITS = {
    WORD_LIMIT(State, count, 0, ROOM),
};

METHODS = {
    {ENTRY(put), NOT_CONNECTED, 1, "put"},
    {ENTRY(get), NOT_CONNECTED, OK, "get"},
    {ENTRY(remove), NOT_CONNECTED, OK, "remove"},
    {ENTRY(count), NOT_CONNECTED, ROOM, "count"},
};

SERVICE(store, STORE_ID, .recover = ENTRY(recover), .state_bytes = sizeof(State), .tag = 0x53540001, .deadline = 20, LIMITED,
        .checks = CHECK_CODE | CHECK_WRITES)

}  // namespace curios
