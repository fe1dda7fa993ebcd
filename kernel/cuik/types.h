// The kernel's structures. The assembly (offsets.h) and the laboratory (event.cc) know their fields.
#pragma once
#include <stddef.h>
#include <curios/abi.h>

#include "offsets.h"

namespace curios {

struct Object;
struct Thread;
struct Ssr;
struct Stretch;
struct Ran;
struct KeepList;

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

// What a server keeps for one client. What follows the record depends on the kind: of a packed one the state and a second
// copy of it; of a shadowed one where its second copy is; of an open one the copy that its server has published.
//
// A record is never freed while it is in use: state_destroy dooms one that a request has or that recovery reads, and
// who lets go of it frees it.
enum StateFlag : u8 {
  PUBLISHED = 1,   // there is a published copy
  DOOMED = 2,      // to be freed by its present user
  ORPHAN = 4,      // its owner has restarted, and finds it again when it connects to the same server
  BLAMED = 8,      // this recovery could not read it once
  HAS_HANDLES = 16,  // handles of the server have been made for it
};
struct Ssr {
  Mode mode;
  u32 sum;         // of a packed or shadowed state, written at commit
  u32 *pte;        // the page-table entry that is changed to grant one in a granule
  u32 mask;        // the bits of it that grant
  u32 address;     // where the server sees one in a granule
  u8 owner, server;
  u8 payer;        // whose quota it counts on: that of the client for whose session its owner has connected
  u8 spare;
  Ssr *next;       // of the same server
  u16 bytes;       // multiple of 32
  u8 kind;         // the mode to go back to after a request
  u8 flags;
};

// Where a request goes on after a crash: what SYS_COMMIT has kept of its activation.
struct Continuation {
  u32 bytes;             // of the whole, as allocated
  u32 r[13], sp, lr, pc, psr;
  u32 stack, top;        // as in Frame
  u32 used;              // bytes of stack from sp up that follow
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
  u32 sealed;            // its stack has a checksum, which must hold when it runs again
  u32 stack_sum;
  Handle gave;           // the handle that it has given its caller; GAVE_FOR_GOOD once it has committed
  u32 bereft;            // its state has gone while it waited
  KeepList *keeps;       // what it writes into kept memory when it commits; or null
  u32 faults;            // of this request
};

constexpr Handle GAVE_FOR_GOOD = 1u << 31;

constexpr u32 PRIORITIES = 8;
constexpr u32 FRAMES = 7;

// How a thread in an object's queue gets in.
enum class Entry : u32 {
  CALL,                  // its newest activation calls the object
  BACK,                  // it has waited inside
  RESTART,               // the object's own thread, from the start
  RESUME,                // from its continuation
  FAIL,                  // not at all: the policy does not repeat its request
};

// 1 KiB and aligned, so that a frame's address tells its thread, and whether it is the last one.
struct Thread {
  Thread *next;          // in the queue it is in
  Frame *frame;          // the newest activation
  ThreadState state;
  u32 id;
  u32 priority;
  u32 slice;             // milliseconds left
  u32 key;               // WAITING: for what
  u32 lines;             // WAITING: for an interrupt of these lines; or 0
  u64 wake_at;           // WAITING: microseconds of its time-out, 0 for none
  Object *queued_for;    // QUEUED: the object it is about to enter
  Entry entry;           // QUEUED: how
  u32 used;              // milliseconds it has run
  u32 constructs;        // its bottom activation is the object's constructor
  u32 ready_at;          // READY: milliseconds when it became so
  Frame *within;         // the activation whose calls end at `expires`, or null
  u64 expires;           // microseconds
  u32 expired;           // its wait has been ended by that once
  u32 boost;             // the best priority of those who wait for an object that it is in; PRIORITIES for none
  Continuation *kept[FRAMES];  // by activation
  u32 spare[5];
  Frame frames[FRAMES];
};

constexpr u32 HOME_HANDLES = 20;

// Whose a handle is: the request that made it decides. Handles of a session live as long as it; those of no session, as
// long as the incarnation of the object. The low bits are what a request has done that it has not committed.
enum HandleFlag : u32 { HANDLE_MADE = 1, HANDLE_DROPPED = 2, HANDLE_CONNECTED = 4, HANDLE_FLAGS = 7 };

enum Attention : u32 { ATTENTION_NONE, ATTENTION_SLOW, ATTENTION_CHECKS };

// A protected object's record: the last granule of its home frame.
struct Object {
  u32 gate;              // its DACR when the fast path may enter, 0 when not
  u32 dacr;              // what it sees when it runs; 0 while it has no domain
  HandleEntry *handles;
  u32 handle_count;
  const Method *methods;
  u32 *stacks;           // the next free stack's top; 0 ends the list
  u32 deadline;
  u32 attention;         // Attention, for returns
  u32 calls;
  u32 tag;
  u32 checked_gate;      // the gate of an object that is checked at each request
  u32 open_gate;         // what the gate becomes when a request leaves: the DACR, or 0 for an object that is checked
  u32 private_bytes;     // of private data that are checked, a multiple of 16
  u32 private_sum;
  const Limit *limits, *limits_end;
  const char *code_start, *code_end;  // of the code that is checked; the same when it is not
  u32 code_sum;
  u32 guarded;           // whether its states are Guarded and checked
  Ran *ran;              // what its methods run of its code, if that is checked and large; or null
  Stretch *stretch;      // what it does twice, or null
  u32 id;
  ObjectState state;
  const Descriptor *descriptor;
  u32 domain;
  u32 *table;            // its second-level page table
  u32 *kept_table;       // that of its kept memory, or null
  u32 *kept_second;      // the frames of the second copy of kept memory with sums, or null
  Thread *queue, *queue_end;  // who waits to enter
  Ssr *ssrs;
  u32 armed;             // Crash of a coming request
  u32 armed_after;       // a number of them pass first
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
  u32 recovery_started;  // milliseconds
  u32 bad_owner, bad_states;  // whose states this recovery has quarantined, in a row
  u32 suspect;           // its code was found damaged, and it has run since
  u32 touched;           // its calls at the last look at whose domain to take
  u32 uncommitted;       // handles with a HandleFlag
  u32 continuations;     // of requests in it
  u32 doomed;            // states of it that are to be freed
  u32 orphans;           // whether it has left sessions when it restarted
  u32 refuses;           // whether a client has had STRIKES strikes
  u8 strikes[MAX_OBJECTS];  // by client: requests that faulted again when replayed, in this window
  u32 *handle_owners;    // an Ssr's address or 0, and HandleFlag
  u32 is_client;         // nobody calls it, and it is not restarted
  u32 is_checked;        // at each request
  u32 wants_to_follow;   // the next request closes all granules of its code
  u32 stack_list[MAX_STACKS + 2];
  u32 stack_count;
  u32 state_map[(STATES_END - STATES) / GRANULE / 32 + 1];  // granules of states in use
  HandleEntry home_handles[HOME_HANDLES];
  u32 home_owners[HOME_HANDLES];
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
AT(Object, checked_gate, OBJECT_CHECKED_GATE);
AT(Object, open_gate, OBJECT_OPEN_GATE);
AT(Object, private_bytes, OBJECT_PRIVATE_BYTES);
AT(Object, private_sum, OBJECT_PRIVATE_SUM);
AT(Object, limits, OBJECT_LIMITS_START);
AT(Object, limits_end, OBJECT_LIMITS_START + 4);
AT(Object, code_start, OBJECT_CODE_START);
AT(Object, code_end, OBJECT_CODE_START + 4);
AT(Object, code_sum, OBJECT_CODE_START + 8);
AT(Object, guarded, OBJECT_GUARDED);
AT(Object, ran, OBJECT_RAN);
AT(Object, stretch, OBJECT_STRETCH);
AT(Thread, frame, THREAD_FRAME);
AT(Thread, state, THREAD_STATE);
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
static_assert(SYSTEM_ASKED == SYS_ASKED && FRAME_R0 == 0 && THREAD_READY == static_cast<u32>(ThreadState::READY));
static_assert(HOME_RECORD == OBJECT_HOME_RECORD && ATTENTION_CHECKS == OBJECT_ATTENTION_CHECKS);
static_assert(static_cast<u32>(Mode::MAPPED) == MODE_MAPPED && static_cast<u32>(Mode::PACKED) == MODE_PACKED);
static_assert(static_cast<u32>(Mode::OPEN) == MODE_OPEN && static_cast<u32>(Mode::BUSY) == MODE_BUSY);

}  // namespace curios
