// The kernel's structures. The assembly (offsets.h) and the laboratory (event.cc) know their fields.
#pragma once
#include <stddef.h>
#include <curios/abi.h>

#include "offsets.h"

namespace curios {

struct Object;
struct Thread;
struct Ssr;

// A capability. A free entry has tag 0, which no handle matches.
struct HandleEntry {
  u32 tag;         // index | generation << 8
  u32 methods;     // bit n: method n may be called; of granted memory: bytes, bit 31 for writable
  Object *object;  // null: granted memory of the table's owner
  union {
    Ssr *ssr;      // this handle's state in the server
    u32 address;   // of granted memory
  };
};

// What a server keeps for one client. A packed SSR's state follows the record, then its published copy if any.
enum class Mode : u32 { BUSY, MAPPED, PACKED, OPEN, QUARANTINED, LOST };
struct Ssr {
  Mode mode;       // BUSY while a request of the client is in the server
  u32 sum;         // of a packed state, written at commit
  u32 *pte;        // the page-table entry that is changed to grant a mapped one
  u32 mask;        // the bits of it that grant
  u32 address;     // where the server sees a mapped one
  u16 owner, server;
  Ssr *next;       // of the same server
  u16 bytes;       // multiple of 32
  u8 kind;         // the mode to go back to after a request
  u8 published;    // whether there is a published copy
};

// An activation: a thread inside an object, and where its registers are when it is not running.
struct Frame {
  u32 r[13], sp, lr, pc, psr;
  Object *object;
  Ssr *ssr;
  const Method *method;  // null: the bottom activation, or a recovery's; their returns go the slow way
  u32 stack;             // SP at entry, which the return must find again
  u32 call;              // the call word through which it came
  u32 budget;            // milliseconds of its own left
  u32 attempt;           // replays of this request
  u32 top;               // end of its stack
  u8 *window;            // of a recoverer: the end of its stack as the kernel sees it
  u32 spare[6];
};

enum class ThreadState : u32 { FREE, READY, QUEUED, WAITING, STOPPED };
constexpr u32 PRIORITIES = 8;
constexpr u32 FRAMES = 7;

// 1 KiB and aligned, so that a frame's address tells its thread, and whether it is the last one.
struct Thread {
  Thread *next;          // in the queue it is in
  Frame *frame;          // the newest activation
  ThreadState state;
  u32 id;
  u32 priority;
  u32 slice;             // milliseconds left
  u32 key;               // WAITING: for what
  i32 line;              // WAITING: for an interrupt line, or -1
  u64 wake_at;           // WAITING: microseconds of its time-out, 0 for none
  Object *queued_for;    // QUEUED: the object it wants to enter
  u32 replay;            // to be entered again once the object has recovered
  u32 used;              // milliseconds it has run
  u32 constructs;        // its bottom activation is the object's constructor
  u32 spare[18];
  Frame frames[FRAMES];
};

constexpr u32 HOME_HANDLES = 32;

// A protected object's record: the last granule of its home frame.
struct Object {
  u32 gate;              // its DACR when the fast path may enter, 0 when not
  u32 dacr;              // what it sees when it runs; 0 while it has no domain
  HandleEntry *handles;
  u32 handle_count;
  const Method *methods;
  u32 *stacks;           // the next free stack's top; 0 ends the list
  u32 deadline;
  u32 attention;         // nonzero: returns go the slow way
  u32 calls;
  u32 tag;
  u32 id;
  ObjectState state;
  const Descriptor *descriptor;
  u32 domain;
  u32 *table;            // its second-level page table
  Thread *inside;        // who runs in it or has called out of it
  Thread *queue, *queue_end;  // who wants in
  Ssr *ssrs;
  u32 armed;             // Crash of a coming request
  u32 armed_after;       // so many of them pass first
  u32 armed_client;      // only requests of this object count, 0 for all
  u32 armed_with[2];     // for the laboratory
  u32 restarts;
  u32 window_start, window_restarts;  // milliseconds
  u32 heap_bytes;
  u32 frames;            // memory it owns, in frames
  u32 quota_used;
  Fault last_fault;
  u64 fault_at, recovered_at;  // microseconds
  Thread *recoverer;
  Ssr *recovering;       // the SSR that recovery reads
  u32 recovery_attempts;
  u32 touched;           // when it last ran, for the choice of domains
  u32 stack_list[MAX_STACKS + 2];
  u32 stack_count;
  u32 state_map[8];      // granules of mapped SSRs in use
  HandleEntry home_handles[HOME_HANDLES];
};

#define AT(type, field, offset) static_assert(offsetof(type, field) == offset)
AT(Frame, r, FRAME_R0);
AT(Frame, sp, FRAME_SP);
AT(Frame, pc, FRAME_PC);
AT(Frame, psr, FRAME_PSR);
AT(Frame, object, FRAME_OBJECT);
AT(Frame, ssr, FRAME_SSR);
AT(Frame, method, FRAME_METHOD);
AT(Frame, stack, FRAME_STACK);
AT(Frame, budget, FRAME_BUDGET);
AT(Frame, attempt, FRAME_ATTEMPT);
AT(Frame, top, FRAME_TOP);
AT(Object, gate, OBJECT_GATE);
AT(Object, dacr, OBJECT_DACR);
AT(Object, handles, OBJECT_HANDLES);
AT(Object, handle_count, OBJECT_HANDLE_COUNT);
AT(Object, methods, OBJECT_METHODS);
AT(Object, stacks, OBJECT_STACKS);
AT(Object, deadline, OBJECT_DEADLINE);
AT(Object, attention, OBJECT_ATTENTION);
AT(Object, calls, OBJECT_CALLS);
AT(Object, tag, OBJECT_TAG);
AT(Ssr, mode, SSR_MODE);
AT(Ssr, sum, SSR_SUM);
AT(Ssr, pte, SSR_PTE);
AT(Ssr, mask, SSR_MASK);
AT(Ssr, address, SSR_ADDRESS);
AT(Ssr, bytes, SSR_BYTES);
AT(Ssr, kind, SSR_KIND);
#undef AT
static_assert(sizeof(HandleEntry) == 16 && sizeof(Method) == 16);
static_assert(sizeof(Frame) == FRAME_SIZE && sizeof(Ssr) == SSR_SIZE && sizeof(Thread) == THREAD_SIZE);
static_assert(sizeof(Object) <= GRANULE);
static_assert(static_cast<u32>(Mode::MAPPED) == MODE_MAPPED && static_cast<u32>(Mode::PACKED) == MODE_PACKED);
static_assert(static_cast<u32>(Mode::OPEN) == MODE_OPEN && static_cast<u32>(Mode::BUSY) == MODE_BUSY);

}  // namespace curios
