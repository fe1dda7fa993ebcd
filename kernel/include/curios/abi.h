// What CuiK and the protected objects agree on: the map of the address space, handles, system calls, the words of words.h,
// and the description of a protected object.
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

// In functions that nothing returns from, and which therefore forget their caller: the end of the stack for
// debuggers. No instruction.
#define NO_CALLER asm volatile(".cfi_undefined lr")

// The single address space. RAM is mapped at its physical address for the kernel alone.
constexpr u32 GRANULE = 1024;             // unit of protection: a subpage of a small page
constexpr u32 PAGE_BYTES = 4096;         // unit of allocation: a small page
constexpr u32 SECTION = 1u << 20;
constexpr u32 LIBRARY = 0x3ff00000;       // code that all objects share, read-only; in reach of branches of the first 31
constexpr u32 CLIENT_CODE = 0x31000000;   // code that all clients share, hidden from services
constexpr u32 SECTIONS = 0x40000000;       // object n has the MiB at SECTIONS + n MiB
constexpr u32 MAX_OBJECTS = 128;
constexpr u32 KEPT_UNIT = 128;            // of kept memory, of which there is a sum
constexpr u32 KEPT = 0x50000000;         // object n keeps up to a MiB over its restarts at KEPT + n MiB

// Inside a section. The home frame is all that an object needs at rest: private data, its page table (kernel only, and so
// the guard of the stack above it), a stack, and its record (kernel only).
constexpr u32 HOME_DATA = 0 * GRANULE;
constexpr u32 HOME_TABLE = 1 * GRANULE;
constexpr u32 HOME_STACK = 2 * GRANULE;
constexpr u32 HOME_RECORD = 3 * GRANULE;
constexpr u32 HEAP = 0x4000;              // grows on demand, up to the object's limit
constexpr u32 HEAP_END = 0x34000;
constexpr u32 STATES = 0x34000;           // mapped SSRs
constexpr u32 STATES_END = 0x80000;
constexpr u32 CODE = 0x80000;
constexpr u32 STACKS = 0xa0000;           // further stacks, a frame each with an unmapped frame below it
constexpr u32 STACK_STRIDE = 2 * PAGE_BYTES;
constexpr u32 MAX_STACKS = 40;            // besides the home stack
constexpr u32 STACKS_END = STACKS + (MAX_STACKS + 1) * STACK_STRIDE;


constexpr u32 section(u32 id) { return SECTIONS + id * SECTION; }
constexpr u32 kept_section(u32 id) { return KEPT + id * SECTION; }

// A handle names an entry of its owner's table in the kernel: bits 0-7 index, 8-23 generation. A call word is a handle
// with the number of the method in bits 24-28, and flags above.
using Handle = u32;
constexpr u32 METHOD_SHIFT = 24, METHOD_MASK = 0x1f;
constexpr u32 HANDLE_MASK = 0x00ffffff;
constexpr u32 CALL_TAKES = 1u << 29;      // of a call word: the callee may give the caller one handle
constexpr u32 CALL_COMMITS = 1u << 30;    // of a call word: the caller commits as the call returns (SYS_COMMIT)
constexpr Handle NAMES = 1 << 8;          // everybody's first handle: the name service

// System calls: R12 has the number, R1 to R3 arguments, R0 the result. 0 is the return from a protected call.
enum System : i32 {
  SYS_RETURN = 0,
  SYS_YIELD = -1,
  SYS_EXIT = -2,        // ends the thread
  SYS_WAIT = -3,        // key, milliseconds or 0: leaves the object to others until woken; 1 after a time-out
  SYS_WAKE = -4,        // key: threads of this object that wait for it; how many
  SYS_NOW = -5,         // microseconds since boot, 64 bits in R0 and R1
  SYS_CONNECT = -6,     // handle: makes the client's SSR
  SYS_DISCONNECT = -7,  // handle
  SYS_GIVE = -8,        // handle, methods: a copy for the caller of the present request
  SYS_GRANT = -9,       // address, bytes, writable: a handle of the caller's own memory, to pass on
  SYS_COPY_IN = -10,    // memory handle of the client, (offset << 16 | bytes), destination
  SYS_COPY_OUT = -11,   // memory handle of the client, (offset << 16 | bytes), source
  SYS_DROP = -12,       // handle
  SYS_CALLER = -13,     // number of the object whose request is served
  SYS_ASSERT = -14,     // the object has found itself wrong: a fault
  SYS_PUBLISH = -15,    // policy `datastore`: keep a copy of this request's state
  SYS_IRQ_WAIT = -16,   // lines, a bit each: waits for one of them; which in R1
  SYS_SCHEDULE = -17,   // object, priority: for the scheduler
  SYS_CRASH = -18,      // object, kind: for tests
  SYS_INSPECT = -19,    // what, object
  SYS_HALT = -20,       // status: ends the run
  SYS_SELF = -21,       // number of the object that runs
  SYS_LOOKUP = -22,     // for the name service: gives the caller a handle to the service that its R1 and R2 name
  SYS_ARGUMENT = -24,   // word of the boot arguments
  SYS_COMMIT = -25,     // keeps this request's state and registers: after a crash it continues here, with 1 as the result
  SYS_DEVICE_READ = -26,   // offset | width << 12 | count << 16 | DEVICE_EFFECT, destination, page: reads a register of the
                           // driver's devices, count times into memory or, for 0, the value in R1 (and into a word of the state)
  SYS_DEVICE_WRITE = -27,  // offset | width << 12 | count << 16, source, page | DEVICE_AGAIN: writes a register count times
  SYS_WITHIN = -28,     // milliseconds or 0: calls that this activation makes from now on fail when they are over
  SYS_ASKED = -29,      // 1 to 3: an argument of the present request, as its caller gave it; 0: whether it has committed before
  SYS_KEEP = -30,       // offset, source, bytes: writes into kept memory when the request commits
  SYS_KEEP_FROM = -31,  // offset, memory handle of the client, (offset << 16 | bytes): the same from the client's memory
  SYS_KEEP_ALL = -32,   // Keep[], how many: the same, several at once
  SYS_KEPT_MEND = -33,  // offset, bytes: puts right what its sums and second copies allow; QUARANTINED when some is damaged still
  SYS_SESSION = -34,    // handle: another one for the same object, connected
  SYS_DEVICE_STREAM = -35,  // Stream: passes words between a register and memory; how many, and the status in R1
  SYS_DEVICE_STEPS = -36,   // Step[], how many | DEVICE_LAST, memory handle of the client or 0: reads and writes registers, one
                            // after another, without a commit; with DEVICE_LAST as part of the request's return, whose result
                            // is in R0: the last value read is the second result
};

// A write to kept memory.
struct Keep {
  u32 to, bytes;
  u32 from;             // an address; with a handle, an offset in its memory
  Handle handle;        // of memory that the request has been passed, or 0
};

// Words that pass between a FIFO and memory as long as the device's status lets them. It may be done again after a crash: it
// does not commit. All offsets are in the first page of the driver's device.
struct Stream {
  u32 fifo, status;     // offsets of the registers
  u32 full, half, some; // flags of the status: 16, 8, or 1 word may pass
  u32 stop;             // flags that end it
  u32 words;            // at most, up to STREAM_WORDS
  u32 input;            // 1: from the device
  Handle memory;        // that the request has been passed
  u32 offset;           // in it, a multiple of 4
};
constexpr u32 STREAM_WORDS = 1024;

// A register of the driver's first page: its offset, its width in bytes from DEVICE_WIDTH_SHIFT on (0: 4), a count from
// DEVICE_COUNT_SHIFT on, and DEVICE_READS if it is read. Without a count `value` is what it becomes, or becomes what it is;
// with one it is the address of so many values or, with DEVICE_GRANTED, their offset in memory that the request has been passed.
struct Step {
  u32 what, value;
};
constexpr u32 MOST_STEPS = 16;
constexpr u32 DEVICE_GRANTED = 1u << 15;
constexpr u32 DEVICE_LAST = 1u << 31;
constexpr u32 DEVICE_READS = 1u << 31;

constexpr u32 DEVICE_WIDTH_SHIFT = 12, DEVICE_COUNT_SHIFT = 16;
constexpr u32 DEVICE_EFFECT = 1u << 31;  // the read changes the device, so that it must not be repeated: commits
constexpr u32 DEVICE_AGAIN = 1u << 31;   // the write may be repeated: does not commit
constexpr u32 DEVICE_PAGES = 4;
constexpr u32 DEVICE_BYTES = 2048;       // of one read or write

constexpr u32 CLIENT_ENDED = ~0u;        // SYS_WAIT: a key for which a client that ends wakes, too

enum class Inspect : u32 { STATE, CALLS, RESTARTS, STATES, MEMORY, POLICY, USED, FAULT, URGENCY, SECRET, CLIENTS, COUNT };  // CLIENTS: how many run

// A method: where it is and what it may return.
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
  LARGE_STACKS = 64,       // of a frame each, none in the home frame
};

// What a word of a state may be when a request ends: word a minus word b (byte offsets; b of 0 takes nothing away) lies in
// [lowest, lowest + span].
struct Limit {
  u32 a, b, lowest, span;
};

// A protected object as its programmer describes it. Lies in the kernel's memory.
struct Descriptor {
  char name[8];
  u32 id;
  const char *data_load, *data_start, *data_end;  // initial private data; the rest of the granule is zero
  const char *code_load, *code_start, *code_end;  // its code in the image, which it runs a copy of; a multiple of 16 bytes
  const Method *methods;
  u32 method_count;
  u32 construct;           // run before the first request, at birth and in recovery; or 0
  u32 recover;             // run with each SSR in recovery, when the server needs all of them; or 0
  u32 main;                // entry of its own thread, or 0
  u32 state_bytes;         // of the SSR per client, 0 for none
  u32 tag;                 // first word of each SSR: magic << 16 | version
  u32 heap_limit;          // bytes
  u32 kept;                // bytes of memory that it keeps over restarts, a multiple of 4 KiB, at most a MiB
  u32 kept_summed;         // 1: with a sum for each KEPT_UNIT of it, a word each after `kept`, and a second copy
  u32 quota;               // bytes of SSRs it may own in servers
  u32 deadline;            // milliseconds of its own time a request may take
  u32 rights;
  u32 device[DEVICE_PAGES];  // physical addresses of pages of the driver's devices; 0 for none
  u32 once;                // of the first 32 registers of the first page, those whose reading and writing count once: a bit each
  u32 priority;            // of its own thread, 0 is the highest
  u32 urgency;             // the highest priority that the scheduler may give it; 0 for COMMON_PRIORITY
  u32 longest_wait;        // milliseconds that one of its waits may take; 0 when it may not wait, FOREVER for any
  const Limit *limits;     // of its states; or null
  u32 limit_count;
  u32 checks;              // Check
  u32 from_entry;          // 1: a request that has committed begins again at its entry, with the state that it committed
};

constexpr u32 FOREVER = ~0u;
constexpr u32 COMMON_PRIORITY = 4;

// What the kernel checks of an object at each request, besides contracts.
enum Check : u32 {
  CHECK_PRIVATE = 1,       // a checksum of its private data, made when a request leaves, compared when one enters
  CHECK_CODE = 2,          // its code, before anything that a request has done counts
  CHECK_WRITES = 4,        // that its states were changed by set() only (Guarded, object.h)
};

}  // namespace curios
