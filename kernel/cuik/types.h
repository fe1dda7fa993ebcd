// The kernel's structures. The fast path (call.cc) and the introspection table take the offsets from here.
#pragma once
#include <curios/abi.h>
#include <curios/layout.h>

namespace curios {

struct Object;
struct Thread;

// A capability. Free entries have tag 0, which no handle matches.
struct HandleEntry {
  word tag;      // index | generation << 8
  word methods;  // bit N: method N may be called; for memory: bytes, with bit 31 for "writable"
  Object *object; // target; null: granted memory of the table's owner
  word ssr;      // Ssr of this client in the target; for memory: its address
};

// The state that a server keeps for one client. A packed SSR's payload follows the record.
enum class Mode : word { busy, mapped, packed, open, quarantined, lost };
struct Ssr {
  Mode mode;     // busy while a request of the client is in the server
  word sum;      // checksum of a packed payload, written at commit
  word *pte;     // mapped: the page-table entry that is changed to grant it
  word mask;     // mapped: the bits of it that grant; 0 for other kinds
  word address;  // mapped: where the server sees it
  uint16_t owner, server; // object ids
  Ssr *next;     // next SSR of the same server
  uint16_t bytes;
  uint8_t kind;  // Mode to go back to after a request
  uint8_t published; // 32-byte blocks of a published copy behind it (policy datastore)
};
static_assert(sizeof(Ssr) == 32);

// One activation: a thread inside an object. The first part is where its registers go when it traps.
struct Frame {
  word r[13];
  word sp, lr, pc, psr;
  // Below: filled by one store-multiple on the call path; keep the order.
  Object *object;
  Ssr *ssr;
  const Method *method; // null: bottom activation, or recovery; returns go the slow way
  word stack;    // sp at entry, which the return must find again
  word call;     // the call word through which it came
  word budget;   // milliseconds left before it counts as locked up
  word attempt;  // replays of this request so far
  word top;      // end of its stack slot
  word unused[7];
};
static_assert(sizeof(Frame) == 128);

enum class ThreadState : word { free, ready, queued, waiting, irq, stopped };

constexpr word kFrames = 7;

// 1 KiB, aligned, so that a frame finds its thread and its depth from its address.
struct Thread {
  Thread *next;      // in its ready queue
  Frame *frame;      // saved activation
  ThreadState state;
  word id;
  word priority;
  word slice, left;  // milliseconds
  word key;          // waiting: the event; irq: the line
  word deadline;     // waiting: tick to give up at, 0 for never
  Object *gate;      // queued: the object whose monitor it wants
  word resume;       // queued: 1 if it re-enters an activation, 0 if its call is still to be made
  word phase;        // recovery: what the activation runs
  Ssr *visiting;     // recovery: the SSR being read
  word attempt;      // of the call to be made again
  word killed;
  word unused[17];
  Frame frames[kFrames];
};
static_assert(sizeof(Thread) == 1024);
static_assert(offsetof(Thread, frames) == 128);

enum class ObjectState : word { ready, recovering, failed };

// The kernel's record of a protected object, at the end of its home frame.
struct Object {
  word gate;           // domain word while a call may enter at once, else 0
  word dacr;           // its domain word; 0 while it has no domain. Never 0 while it is busy
  word handle_limit;
  HandleEntry *handles;
  const Method *methods;
  word *free_stacks;   // next free top in stack_tops; ends at a 0
  word budget;
  word attention;      // not 0: returns and calls take the slow path (waiters, an armed crash)
  word tag;
  word calls;
  word self;           // address of its private data
  // From here on only slow paths.
  ObjectState state;
  const Descriptor *descriptor;
  Crash armed;
  word id;
  word *table;
  Ssr *ssrs;
  word ssr_count;
  word quota_used;
  word restarts, window_start, window_restarts;
  word heap_frames, frames, stack_slots;
  word fault_tick, recovered_us;
  word state_pages;
  word stack_tops[kStackSlots + 2];
};
constexpr word kFirstHandles = 40;
static_assert(sizeof(Object) + kFirstHandles * sizeof(HandleEntry) <= kGranule);

} // namespace curios
