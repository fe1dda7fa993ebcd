// The interface between CuiK and the protected objects: the address map, handles, system calls, the words of words.h,
// and the descriptor of an object.
#pragma once

namespace curios {

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;
using i32 = int;
using i64 = long long;

}  // namespace curios

#include "words.h"

namespace curios {

// Marks the end of the stack for debuggers, in functions that never return and need not keep the caller's address.
// Emits no instruction.
#define NO_CALLER asm volatile(".cfi_undefined lr")

// For functions that seldom run: they are kept apart from others, whose code the kernel checks more often.
#define SELDOM [[gnu::noinline, gnu::cold]]

// The single address space. RAM is mapped at its physical address, for the kernel only.
constexpr u32 GRANULE = 1024;             // unit of protection: a subpage of a small page
constexpr u32 PAGE_BYTES = 4096;         // unit of allocation: a small page
constexpr u32 SECTION = 1u << 20;
constexpr u32 LIBRARY = 0x3ff00000;       // shared code of all objects, read-only; within reach of a branch from the
                                          // first 31 objects
constexpr u32 CLIENT_CODE = 0x31000000;   // shared code of all clients; services cannot access it
constexpr u32 SECTIONS = 0x40000000;       // object n owns the MiB at SECTIONS + n MiB
constexpr u32 MAX_OBJECTS = 128;
constexpr u32 KEPT_UNIT = 128;            // bytes of kept memory per checksum
constexpr u32 KEPT = 0x50000000;         // kept memory of object n, up to a MiB, at KEPT + n MiB

// Layout of a section. An idle object needs only its home frame: private data, its page table (kernel only, so it is
// also the guard of the stack above it), a stack, and its record (kernel only).
constexpr u32 HOME_DATA = 0 * GRANULE;
constexpr u32 HOME_TABLE = 1 * GRANULE;
constexpr u32 HOME_STACK = 2 * GRANULE;
constexpr u32 HOME_RECORD = 3 * GRANULE;
constexpr u32 HEAP = 0x4000;              // grows on demand, up to the object's limit
constexpr u32 HEAP_END = 0x34000;
constexpr u32 STATES = 0x34000;           // mapped SSRs
constexpr u32 STATES_END = 0x80000;
constexpr u32 CODE = 0x80000;
constexpr u32 STACKS = 0xa0000;           // further stacks, one frame each, with an unmapped frame below
constexpr u32 STACK_STRIDE = 2 * PAGE_BYTES;
constexpr u32 MAX_STACKS = 40;            // besides the home stack
constexpr u32 STACKS_END = STACKS + (MAX_STACKS + 1) * STACK_STRIDE;


constexpr u32 section(u32 id) { return SECTIONS + id * SECTION; }
constexpr u32 kept_section(u32 id) { return KEPT + id * SECTION; }

// A handle names an entry of its owner's table in the kernel: index in bits 0-7, generation in bits 8-23. A call word
// is a handle with the number of the method in bits 24-28 and flags in bits 29 and 30.
using Handle = u32;
constexpr u32 METHOD_SHIFT = 24, METHOD_MASK = 0x1f;
constexpr u32 HANDLE_MASK = 0x00ffffff;
constexpr u32 CALL_TAKES = 1u << 29;      // call word: the callee may give the caller one handle
constexpr u32 CALL_COMMITS = 1u << 30;    // call word: the caller commits as the call returns (SYS_COMMIT)
constexpr Handle NAMES = 1 << 8;          // the first handle of every object: the name service

// System calls: the number in R12, arguments in R1 to R3, the result in R0. 0 returns from a protected call.
enum System : i32 {
  SYS_RETURN = 0,
  SYS_YIELD = -1,
  SYS_EXIT = -2,        // ends the thread
  SYS_WAIT = -3,        // key, milliseconds or 0: leaves the object to others until woken; 1 after a time-out; with 1 as
                        // third argument the milliseconds count from boot
  SYS_WAKE = -4,        // key: wakes the threads of this object that wait for it; their number
  SYS_NOW = -5,         // microseconds since boot, 64 bits in R0 and R1
  SYS_CONNECT = -6,     // handle: creates the client's SSR
  SYS_DISCONNECT = -7,  // handle
  SYS_GIVE = -8,        // handle, methods: gives a copy to the caller of the current request
  SYS_GRANT = -9,       // address, bytes, writable: a handle for a range of the object's own memory, to pass on
  SYS_COPY_IN = -10,    // memory handle of the client, (offset << 16 | bytes), destination
  SYS_COPY_OUT = -11,   // memory handle of the client, (offset << 16 | bytes), source
  SYS_DROP = -12,       // handle
  SYS_CALLER = -13,     // number of the object that made the current request
  SYS_ASSERT = -14,     // an assertion of the object has failed: a fault
  SYS_PUBLISH = -15,    // policy `datastore`: keep a copy of this request's state
  SYS_IRQ_WAIT = -16,   // lines, one bit each: waits for one of them; its number in R1
  SYS_SCHEDULE = -17,   // object, priority: for the scheduler
  SYS_CRASH = -18,      // object, kind: for tests
  SYS_INSPECT = -19,    // what, object
  SYS_HALT = -20,       // status: ends the run
  SYS_SELF = -21,       // number of the running object
  SYS_LOOKUP = -22,     // for the name service: gives the caller a handle for the service named in the caller's R1 and R2
  SYS_ARGUMENT = -24,   // word of the boot arguments
  SYS_COMMIT = -25,     // 0: commits this request's state and registers: after a crash it continues here, and the result is
                        // 1; COMMIT_ONLY: no registers
  SYS_DEVICE_READ = -26,   // offset | width << 12 | count << 16 | DEVICE_EFFECT, destination, page: reads a register of
                           // the driver's devices, count times into memory; with count 0, once into R1 (and with
                           // DEVICE_EFFECT into the word of the state at this offset; instead of the page, its complement)
  SYS_DEVICE_WRITE = -27,  // offset | width << 12 | count << 16, source, page | DEVICE_AGAIN: writes a register count times
  SYS_WITHIN = -28,     // milliseconds or 0: from now on, calls of this activation fail when this time is over
  SYS_ASKED = -29,      // 1 to 3: an argument of the current request, as its caller passed it; ASKED_COMMITTED,
                        // ASKED_CONFIRMS
  SYS_KEEP = -30,       // offset, source, bytes: writes to kept memory when the request commits
  SYS_KEEP_FROM = -31,  // offset, memory handle of the client, (offset << 16 | bytes): the same, from the client's memory
  SYS_KEEP_ALL = -32,   // Keep[], count: several such writes
  SYS_KEPT_MEND = -33,  // offset, bytes: repairs kept memory by its checksums and second copy; QUARANTINED if some
                        // damage remains
  SYS_SESSION = -34,    // handle: another handle for the same object, connected
  SYS_DEVICE_STREAM = -35,  // Stream: moves words between a FIFO and memory; their number, and the status in R1
  SYS_DEVICE_STEPS = -36,   // Step[], count | DEVICE_LAST, memory handle of the client or 0: reads and writes registers in order,
                            // without a commit; with DEVICE_LAST as part of the request's return, whose result is in R0:
                            // the last value read becomes the second result
  SYS_SOUND = -37,      // checks the code that has run, as a commit does: before an effect that is not part of one
};

// A write to kept memory.
struct Keep {
  u32 to, bytes;
  u32 from;             // an address; with a handle, an offset in the granted memory
  Handle handle;        // memory granted to the request, or 0
};

// Moves words between a FIFO and memory while the device's status allows it. It does not commit, so a crash may repeat
// it. All offsets are in the first page of the driver's device.
struct Stream {
  u32 fifo, status;     // offsets of the registers
  u32 full, half, some; // flags of the status: 16, 8, or 1 word may be moved
  u32 stop;             // flags of the status that end the transfer
  u32 words;            // maximum, up to STREAM_WORDS
  u32 input;            // 1: from the device to memory
  Handle memory;        // granted to the request
  u32 offset;           // in that memory, a multiple of 4
};
constexpr u32 STREAM_WORDS = 1024;

// One access to a register of the driver's first page. `what` holds the offset, the width in bytes from bit
// DEVICE_WIDTH_SHIFT on (0 means 4), a count from bit DEVICE_COUNT_SHIFT on, and DEVICE_READS for a read. If the count
// is 0, `value` is the value written or read; otherwise it is the address of `count` values or, with DEVICE_GRANTED, their
// offset in memory that the request was passed.
struct Step {
  u32 what, value;
};
constexpr u32 MOST_STEPS = 16;
constexpr u32 DEVICE_GRANTED = 1u << 15;
constexpr u32 DEVICE_LAST = 1u << 31;
constexpr u32 DEVICE_READS = 1u << 31;

constexpr u32 DEVICE_WIDTH_SHIFT = 12, DEVICE_COUNT_SHIFT = 16;
constexpr u32 DEVICE_EFFECT = 1u << 31;  // the read changes the device and must not be repeated: it commits
constexpr u32 DEVICE_AGAIN = 1u << 31;   // the write may be repeated: it does not commit
constexpr u32 DEVICE_PAGES = 4;
constexpr u32 DEVICE_BYTES = 2048;       // maximum of one read or write

constexpr u32 COMMIT_ONLY = 1;           // SYS_COMMIT: after a crash the request does not continue here
constexpr u32 ASKED_COMMITTED = 0;       // SYS_ASKED: whether the request has committed before
constexpr u32 ASKED_CONFIRMS = 4;        // whether it would be done again if it returned an error now

constexpr u32 CLIENT_ENDED = ~0u;        // key for SYS_WAIT: the end of a client wakes the thread, too

enum class Inspect : u32 { STATE, CALLS, RESTARTS, STATES, MEMORY, POLICY, USED, FAULT, URGENCY, SECRET, CLIENTS, USED_BEFORE, NOW_MS, COUNT };  // CLIENTS: how many run

// A method: its entry and the range of its results.
struct Method {
  u32 entry;
  i32 lowest, highest;
  const char *name;
};

enum Right : u32 {
  MAY_SCHEDULE = 1,
  MAY_CRASH = 2,
  MAY_HALT = 4,
  MAY_LOOKUP = 8,
  MAY_WAIT_IRQ = 16,
  SHARES_CLIENT_CODE = 32,
  LARGE_STACKS = 64,       // one frame each, none in the home frame
};

// A limit for words of a state, checked when a request ends: word a minus word b (byte offsets; if b is 0, word a
// alone) lies in [lowest, lowest + span].
struct Limit {
  u32 a, b, lowest, span;
};

// The descriptor of a protected object, written by its programmer. It lies in the kernel's memory.
struct Descriptor {
  char name[8];
  u32 id;
  const char *data_load, *data_start, *data_end;  // initial private data; the rest of the granule is zero
  const char *code_load, *code_start, *code_end;  // its code in the image; a service runs a copy; a multiple of 16 bytes
  const Method *methods;
  u32 method_count;
  u32 construct;           // runs before the first request, after boot and in recovery; or 0
  u32 recover;             // runs in recovery for each SSR, if the server needs to see them; or 0
  u32 main;                // entry of its own thread, or 0
  u32 state_bytes;         // of the SSR per client; 0 for none
  u32 tag;                 // first word of each SSR: magic << 16 | version
  u32 heap_limit;          // bytes
  u32 kept;                // bytes of memory that survive restarts, a multiple of 4 KiB, up to a MiB
  u32 kept_summed;         // 1: with a checksum word per KEPT_UNIT, stored after the memory, and a second copy
  u32 quota;               // bytes of SSRs it may own in servers
  u32 deadline;            // milliseconds of processor time that a request may use
  u32 rights;
  u32 device[DEVICE_PAGES];  // physical addresses of pages of the driver's devices; 0 for none
  u32 once;                // bit n: register n of the first page must be neither read nor written twice
  u32 priority;            // of its own thread, 0 is the highest
  u32 urgency;             // the highest priority that the scheduler may set; 0 for COMMON_PRIORITY
  u32 longest_wait;        // limit for one wait in milliseconds; 0: it may not wait; FOREVER: no limit
  u32 lines;               // of the interrupt controller, which it may wait for, with MAY_WAIT_IRQ
  const Limit *limits;     // for its states; or null
  u32 limit_count;
  u32 checks;              // Check
  u32 from_entry;          // 1: after a crash, a request that has committed starts again at its entry, with the committed state
};

constexpr u32 FOREVER = ~0u;
constexpr u32 COMMON_PRIORITY = 4;

// Optional checks at each request, besides the methods' contracts.
enum Check : u32 {
  CHECK_PRIVATE = 1,       // private data: checksum when a request leaves, comparison when the next one enters
  CHECK_CODE = 2,          // code: before the effects of a request are committed
  CHECK_WRITES = 4,        // states: only set() may have changed them (Guarded, object.h)
};

}  // namespace curios
