// The library of protected objects: calls, system calls, SSRs. Each object has its own copy of this code, since it
// cannot run another object's.
#pragma once
#include "abi.h"

namespace curios {
namespace {

struct Result {
  i32 value;
  u32 more;
};

// The only way into the kernel: R12 selects the operation, R1 to R3 are arguments; only R0 and R1 change.
[[maybe_unused]] inline Result trap(u32 what, u32 a, u32 b, u32 c) {
  register u32 r0 asm("r0") = 0;
  register u32 r1 asm("r1") = a;
  register u32 r2 asm("r2") = b;
  register u32 r3 asm("r3") = c;
  register u32 r12 asm("r12") = what;
  asm volatile("svc #0" : "+r"(r0), "+r"(r1) : "r"(r2), "r"(r3), "r"(r12) : "memory");
  return {static_cast<i32>(r0), r1};
}

[[maybe_unused]] inline Result call2(Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) {
  return trap(h | method << METHOD_SHIFT, a, b, c);
}
[[maybe_unused]] inline i32 call(Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) {
  return call2(h, method, a, b, c).value;
}
[[maybe_unused]] inline i32 system(System number, u32 a = 0, u32 b = 0, u32 c = 0) {
  return trap(static_cast<u32>(number), a, b, c).value;
}

[[maybe_unused]] inline u64 microseconds() {
  Result r = trap(static_cast<u32>(SYS_NOW), 0, 0, 0);
  return static_cast<u64>(r.more) << 32 | static_cast<u32>(r.value);
}
[[maybe_unused]] inline void yield() { system(SYS_YIELD); }
[[maybe_unused]] inline i32 wait(u32 key, u32 milliseconds = 0) { return system(SYS_WAIT, key, milliseconds); }
// Until a number of milliseconds after boot. Periodic work waits like this: its times do not depend on when it began.
[[maybe_unused]] inline i32 wait_until(u32 key, u32 milliseconds) { return system(SYS_WAIT, key, milliseconds, 1); }
[[maybe_unused]] inline i32 wake(u32 key) { return system(SYS_WAKE, key); }
[[maybe_unused]] inline i32 connect(Handle h) { return system(SYS_CONNECT, h); }
[[maybe_unused]] inline i32 disconnect(Handle h) { return system(SYS_DISCONNECT, h); }
[[maybe_unused]] inline Handle grant(const void *p, u32 bytes, bool writable = false) {
  return static_cast<Handle>(system(SYS_GRANT, reinterpret_cast<u32>(p), bytes, writable));
}
[[maybe_unused]] inline i32 drop(Handle h) { return system(SYS_DROP, h); }
[[maybe_unused]] inline i32 copy_in(Handle theirs, u32 offset, void *to, u32 bytes) {
  return system(SYS_COPY_IN, theirs, offset << 16 | bytes, reinterpret_cast<u32>(to));
}
[[maybe_unused]] inline i32 copy_out(Handle theirs, u32 offset, const void *from, u32 bytes) {
  return system(SYS_COPY_OUT, theirs, offset << 16 | bytes, reinterpret_cast<u32>(from));
}
// A call that commits the caller as it returns: it is not repeated after a crash of the caller.
[[maybe_unused]] inline i32 call_once(Handle h, u32 method, u32 a = 0, u32 b = 0, u32 c = 0) {
  return call(h | CALL_COMMITS, method, a, b, c);
}
// After a crash the request continues here; true if it has.
[[maybe_unused]] inline bool commit() { return system(SYS_COMMIT) == 1; }
// Commits what is not the request's own progress, such as a page of a cache: after a crash the request continues from its
// last commit() or its entry, and no register that a fault may have changed is kept.
[[maybe_unused]] inline void commit_only() { system(SYS_COMMIT, COMMIT_ONLY); }
// Calls of this activation fail with TIMED_OUT when this time is over; 0: no limit.
[[maybe_unused]] inline void within(u32 milliseconds) { system(SYS_WITHIN, milliseconds); }

// Access to a driver's devices, one page each. `take` is for registers that change when read, such as a FIFO: it
// commits, as `put` does.
[[maybe_unused]] inline u32 device_read(u32 offset, u32 width = 4, u32 page = 0) {
  return trap(static_cast<u32>(SYS_DEVICE_READ), offset | width << DEVICE_WIDTH_SHIFT, 0, page).more;
}
[[maybe_unused]] inline u32 device_take(u32 offset, u32 width = 4, u32 page = 0) {
  return device_read(offset | DEVICE_EFFECT, width, page);
}
[[maybe_unused]] inline i32 device_put(u32 offset, const void *from, u32 count, u32 width, u32 page = 0) {
  return system(SYS_DEVICE_WRITE, offset | width << DEVICE_WIDTH_SHIFT | count << DEVICE_COUNT_SHIFT,
                reinterpret_cast<u32>(from), page);
}
[[maybe_unused]] inline i32 device_write(u32 offset, u32 value, u32 page = 0) { return device_put(offset, &value, 1, 4, page); }
// Loads a constant that the compiler cannot take from another register, so a check does not share a faulty register
// with what it checks.
template <u32 constant>
[[gnu::always_inline]] inline u32 fresh() {
  u32 value;
  asm volatile("ldr %0, =%c1" : "=r"(value) : "i"(constant));
  return value;
}
// The same value, of which the compiler does not know that, so that what was computed from it is computed once more.
template <class T>
[[gnu::always_inline]] inline T anew(T value) {
  asm volatile("" : "+r"(value));
  return value;
}
// Reads into a word of the request's state, which must be 0, as part of the commit: even if the request faults, the
// state holds the value. The word is named by its offset, twice: what was read into a wrong one would be lost.
template <u32 word>
[[maybe_unused]] inline i32 device_take_into(u32 offset, u32 width = 4) {
  return system(SYS_DEVICE_READ, offset | width << DEVICE_WIDTH_SHIFT | DEVICE_EFFECT, fresh<word>(), fresh<~word>());
}
// Read or write a register `count` times; a crash may repeat it, since neither commits. Up to DEVICE_BYTES at a time,
// in bytes of count times width.
[[maybe_unused]] inline i32 device_get(u32 offset, void *to, u32 count, u32 width, u32 page = 0) {
  return system(SYS_DEVICE_READ, offset | width << DEVICE_WIDTH_SHIFT | count << DEVICE_COUNT_SHIFT,
                reinterpret_cast<u32>(to), page);
}
[[maybe_unused]] inline i32 device_fill(u32 offset, const void *from, u32 count, u32 width, u32 page = 0) {
  return device_put(offset, from, count, width, page | DEVICE_AGAIN);
}
[[maybe_unused]] inline i32 device_set(u32 offset, u32 value, u32 page = 0, u32 width = 4) {
  return device_fill(offset, &value, 1, width, page);
}
// Waits for an interrupt on one of these lines, one bit each: the number of the line, or an error.
[[maybe_unused]] inline i32 irq_wait(u32 lines) {
  Result r = trap(static_cast<u32>(SYS_IRQ_WAIT), lines, 0, 0);
  return r.value < 0 ? r.value : static_cast<i32>(r.more);
}

// Writes to kept memory (Descriptor::kept) take effect when the request commits, all or none. Until then reads return
// the old contents, and the source must not change.
[[maybe_unused]] inline i32 keep(u32 offset, const void *from, u32 bytes) {
  return system(SYS_KEEP, offset, reinterpret_cast<u32>(from), bytes);
}
[[maybe_unused]] inline i32 keep_from(u32 offset, Handle theirs, u32 theirs_offset, u32 bytes) {
  return system(SYS_KEEP_FROM, offset, theirs, theirs_offset << 16 | bytes);
}


[[maybe_unused]] inline i32 keep_all(const Keep *list, u32 count) {
  return system(SYS_KEEP_ALL, reinterpret_cast<u32>(list), count);
}
// For kept memory with checksums: QUARANTINED if some of it cannot be repaired.
[[maybe_unused]] inline i32 kept_mend(u32 offset, u32 bytes) { return system(SYS_KEPT_MEND, offset, bytes); }
// Another handle for the same object, connected.
[[maybe_unused]] inline Handle session(Handle h) { return static_cast<Handle>(system(SYS_SESSION, h)); }
[[maybe_unused]] inline i32 device_steps(const Step *list, u32 count, Handle theirs = 0) {
  return system(SYS_DEVICE_STEPS, reinterpret_cast<u32>(list), count, theirs);
}
template <u32 count>
[[maybe_unused]] inline i32 device_steps(const Step (&list)[count], Handle theirs = 0) {
  return device_steps(list, count, theirs);
}
// Returns from the request with this result and the last value read; the steps are part of its commit.
[[noreturn, maybe_unused]] inline void device_last(i32 result, const Step *list, u32 count, Handle theirs = 0) {
  register i32 r0 asm("r0") = result;
  register const Step *r1 asm("r1") = list;
  register u32 r2 asm("r2") = count | DEVICE_LAST;
  register u32 r3 asm("r3") = theirs;
  register i32 r12 asm("r12") = SYS_DEVICE_STEPS;
  asm volatile("svc #0" : : "r"(r0), "r"(r1), "r"(r2), "r"(r3), "r"(r12) : "memory");
  __builtin_unreachable();
}
// The number of words moved, and the last status.
[[maybe_unused]] inline Result stream(const Stream &s) {
  return trap(static_cast<u32>(SYS_DEVICE_STREAM), reinterpret_cast<u32>(&s), 0, 0);
}

[[maybe_unused]] inline u32 caller() { return static_cast<u32>(system(SYS_CALLER)); }
[[maybe_unused]] inline u32 self() { return static_cast<u32>(system(SYS_SELF)); }
[[maybe_unused]] inline i32 inspect(Inspect what, u32 object) { return system(SYS_INSPECT, static_cast<u32>(what), object); }
[[maybe_unused]] inline u32 milliseconds() { return static_cast<u32>(inspect(Inspect::NOW_MS, 0)); }
// The next time at which work with a period is due, whenever it began.
constexpr u32 next_multiple(u32 now, u32 period) { return now - now % period + period; }
[[maybe_unused]] inline void check(bool holds) {
  if (!holds) system(SYS_ASSERT);
}
// An argument of the request, read again from the caller: a service compares it with its own copy to detect a fault in
// its registers.
[[maybe_unused]] inline u32 asked(u32 n) { return trap(static_cast<u32>(SYS_ASKED), n, 0, 0).more; }
// Whether the kernel would do this request again if it returned this error now: a fault may have caused it.
[[maybe_unused]] inline bool would_repeat(i32 error) {
  return trap(static_cast<u32>(SYS_ASKED), ASKED_CONFIRMS, static_cast<u32>(error), 0).more != 0;
}
// Whether this request has committed before. One that starts again at its entry (Descriptor::from_entry) finds its
// progress in its state.
[[maybe_unused]] inline bool has_committed() { return asked(ASKED_COMMITTED) != 0; }
[[maybe_unused]] inline bool failed(Handle h) { return static_cast<i32>(h) < 0; }

// A state that detects stray writes: the sum of its words is zero after each set(). The kernel checks the sum when the
// state is committed and when its request waits (CHECK_WRITES): a word that was changed in any other way is a fault.
struct Guarded {
  u32 tag;
  u32 balance;

  template <class T>
  void set(T &field, T value) {
    static_assert(sizeof(T) <= 8);
    if constexpr (sizeof(T) == 8) {
      u64 from = static_cast<u64>(field), to = static_cast<u64>(value);
      balance -= static_cast<u32>(to) - static_cast<u32>(from);
      balance -= static_cast<u32>(to >> 32) - static_cast<u32>(from >> 32);
    } else {
      u32 shift = sizeof(T) == 4 ? 0 : (reinterpret_cast<u32>(&field) & 3) * 8;
      balance -= (static_cast<u32>(value) - static_cast<u32>(field)) << shift;
    }
    field = value;
  }

  // For words that are changed by other means, such as copy_in.
  template <class F>
  void change(void *from, u32 bytes, F how) {
    u32 before = sum(from, bytes);
    how();
    balance -= sum(from, bytes) - before;
  }

  // The sum of the words that contain these bytes.
  static u32 sum(const void *from, u32 bytes) {
    u32 start = reinterpret_cast<u32>(from), all = 0;
    for (u32 a = start & ~3u; a < start + bytes; a += sizeof(u32)) all += *reinterpret_cast<const u32 *>(a);
    return all;
  }
};

// Names have up to eight characters and are passed in two words.
struct Name {
  u32 low = 0, high = 0;
};
[[maybe_unused]] constexpr Name name(const char *text) {
  Name n;
  for (u32 i = 0; i < 8 && text[i] != 0; i++)
    (i < 4 ? n.low : n.high) |= static_cast<u32>(static_cast<u8>(text[i])) << i % 4 * 8;
  return n;
}
constexpr u32 NAMES_LOOKUP = 0;
// A handle to a service, or a negative error.
[[maybe_unused]] inline Handle lookup(const char *service) {
  Name n = name(service);
  return static_cast<Handle>(call(NAMES | CALL_TAKES, NAMES_LOOKUP, n.low, n.high));
}

}  // namespace

}  // namespace curios
