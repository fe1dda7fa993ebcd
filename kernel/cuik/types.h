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
  u32 methods;     // bit n: method n may be called; of granted memory: its bytes, bit 31 for writable
  Object *object;  // null: granted memory of the table's owner
  union {
    Ssr *ssr;      // this handle's state in the server
    u32 address;   // of granted memory
  };
};

// The state of one client in a server. After the record lies, by kind: of a packed state the state and its second
// copy; of a shadowed one the address of its second copy; of an open one the copy that its server has published.
//
// A record in use is never freed: if a request holds it or recovery reads it, state_destroy marks it as doomed, and its
// user frees it at the end.
enum StateFlag : u8 {
  PUBLISHED = 1,   // there is a published copy
  DOOMED = 2,      // its current user frees it
  ORPHAN = 4,      // its owner has restarted, and gets it back when it connects to the same server
  BLAMED = 8,      // this recovery has failed once while reading it
  HAS_HANDLES = 16,  // the server has handles that belong to this session
};
struct Ssr {
  Mode mode;
  u32 sum;         // of a packed or shadowed state, written at commit
  u32 *pte;        // page-table entry that grants a state in granules
  u32 mask;        // bits of that entry
  u32 address;     // address at which the server sees a state in granules
  u8 owner, server;
  u8 payer;        // client whose quota is charged: the one for whose session the owner has connected
  u8 spare;
  Ssr *next;       // next state of the same server
  u16 bytes;       // multiple of 32
  u8 kind;         // mode between requests
  u8 flags;
};

// The point from which a request continues after a crash, as saved by SYS_COMMIT.
struct Continuation {
  u32 bytes;             // size of the allocation
  u32 r[13], sp, lr, pc, psr;
  u32 stack, top;        // as in Frame
  u32 used;              // bytes of live stack, from sp up, that follow
  u32 from_entry;        // it starts again at its entry instead, with its caller's arguments
};

// An activation: a thread inside an object, with its registers when it does not run.
struct Frame {
  u32 r[13], sp, lr, pc, psr;
  Object *object;
  Ssr *ssr;
  const Method *method;  // null: a bottom activation or a recovery's; their returns take the slow path
  u32 stack;             // SP at entry; the return checks it
  u32 call;              // call word of the request
  u32 budget;            // milliseconds of processor time left
  u32 attempt;           // replays of this request
  u32 top;               // end of its stack
  u8 *window;            // of a recoverer: the end of its stack as the kernel sees it
  u32 sealed;            // its stack has a checksum, verified before it runs again
  u32 stack_sum;
  Handle gave;           // handle that it has given its caller; GAVE_FOR_GOOD once that is committed
  u16 bereft;            // its state was destroyed while it waited
  u16 confirms;          // it repeats a request that has returned an error: which one, and how often
  KeepList *keeps;       // queued writes to kept memory; or null
  u32 faults;            // during this request
};

constexpr Handle GAVE_FOR_GOOD = 1u << 31;

constexpr u32 PRIORITIES = 8;
constexpr u32 FRAMES = 7;

// How a queued thread enters its object.
enum class Entry : u32 {
  CALL,                  // its newest activation calls the object
  BACK,                  // it returns from a wait inside
  RESTART,               // the object's own thread starts again
  RESUME,                // it continues from its continuation
  FAIL,                  // it does not: the policy does not repeat its request
};

// 1 KiB, aligned: the address of a frame gives its thread, and whether it is the last frame.
struct Thread {
  Thread *next;          // in its queue
  Frame *frame;          // the newest activation
  ThreadState state;
  u32 id;
  u32 priority;
  u32 slice;             // milliseconds left
  u32 key;               // WAITING: the key
  u32 lines;             // WAITING: the interrupt lines; or 0
  u64 wake_at;           // WAITING: end of its time-out in microseconds; 0 for none
  Object *queued_for;    // QUEUED: the object that it will enter
  Entry entry;           // QUEUED: how
  u32 used;              // milliseconds of processor time, in all
  u32 constructs;        // its bottom activation runs the object's constructor
  u32 ready_at;          // READY: since when, in milliseconds
  Frame *within;         // activation whose calls end at `expires`; or null
  u64 expires;           // microseconds
  u32 expired;           // that limit has ended one wait
  u32 lately;            // of `used`, in this period
  u32 before;            // of `used`, in the last period
  u32 boost;             // highest priority of the threads that wait for its object; PRIORITIES for none
  Continuation *kept[FRAMES];  // per activation
  u32 spare[3];
  Frame frames[FRAMES];
};

constexpr u32 HOME_HANDLES = 20;

// A handle belongs to the session of the request that made it, and is dropped with that session. A handle made outside
// requests belongs to the object's incarnation. The low bits are uncommitted changes of a request.
enum HandleFlag : u32 { HANDLE_MADE = 1, HANDLE_DROPPED = 2, HANDLE_CONNECTED = 4, HANDLE_FLAGS = 7 };

enum Attention : u32 { ATTENTION_NONE, ATTENTION_SLOW, ATTENTION_CHECKS };

// A protected object's record: the last granule of its home frame.
struct Object {
  u32 gate;              // its DACR if the fast path may enter it; 0 if not
  u32 dacr;              // its DACR when it runs; 0 while it has no domain
  HandleEntry *handles;
  u32 handle_count;
  const Method *methods;
  u32 *stacks;           // top of the next free stack; 0 ends the list
  u32 deadline;
  u32 attention;         // Attention: what a return must do besides
  u32 calls;
  u32 tag;
  u32 checked_gate;      // the gate of an object with checks at each request
  u32 open_gate;         // value of the gate when a request leaves: the DACR, or 0 for an object with checks
  u32 private_bytes;     // of checked private data, a multiple of 32
  u32 private_sum;
  const Limit *limits, *limits_end;
  const u32 *code_start;  // of code that is checked as a whole
  u32 code_bytes;        // 0 for none
  u64 code_sum;
  u32 guarded;           // whether its states are Guarded and checked
  Ran *ran;              // which granules of the code have run, if it is checked by granules; or null
  Stretch *stretch;      // policy ssr-twice: the current stretch; otherwise null
  u32 id;
  ObjectState state;
  const Descriptor *descriptor;
  u32 domain;
  u32 *table;            // its second-level page table
  u32 *kept_table;       // second-level page table of its kept memory, or null
  u32 *kept_second;      // frames of the second copy of kept memory with checksums, or null
  Thread *queue, *queue_end;  // threads that wait to enter
  Ssr *ssrs;
  u32 armed;             // a Crash, for a request to come
  u32 armed_after;       // requests to let pass first
  u32 armed_client;      // count only requests of this object; 0 for all
  u32 armed_with[2];     // parameters for the laboratory
  u32 restarts;
  u32 window_start, window_restarts;  // milliseconds
  u32 heap_bytes;
  u32 frames;            // of memory that it owns
  u32 quota_used;
  Fault last_fault;
  u64 fault_at, recovered_at;  // microseconds
  Thread *recoverer;
  Ssr *recovering;       // the SSR that recovery reads
  u32 recovery_attempts;
  u32 recovery_started;  // milliseconds
  u32 bad_owner, bad_states;  // owner and number of the last states in a row that this recovery has quarantined
  u32 suspect;           // its code was found damaged, and it has run with it
  u32 made_by_incarnation, made_by_requests;  // handles
  u32 uncommitted;       // number of handles with a HandleFlag
  u32 continuations;     // number of continuations of requests in it
  u32 doomed;            // number of its states to be freed
  u32 orphans;           // it left sessions open when it restarted
  u32 refuses;           // some client has had STRIKES strikes
  u8 strikes[MAX_OBJECTS];  // per client: requests in this window that faulted again when replayed
  u32 *handle_owners;    // the address of an SSR or 0, and HandleFlag
  u32 is_client;         // has no methods and is not restarted
  u32 is_checked;        // has optional checks at each request
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
AT(Method, highest, METHOD_HIGHEST);
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
AT(Object, code_bytes, OBJECT_CODE_START + 4);
AT(Object, code_sum, OBJECT_CODE_START + 8);
AT(Object, guarded, OBJECT_GUARDED);
AT(Object, ran, OBJECT_RAN);
AT(Object, stretch, OBJECT_STRETCH);
AT(Object, id, OBJECT_ID);
AT(Object, descriptor, OBJECT_DESCRIPTOR);
AT(Object, table, OBJECT_TABLE);
AT(Object, kept_table, OBJECT_KEPT_TABLE);
AT(Object, kept_second, OBJECT_KEPT_SECOND);
AT(Descriptor, kept, DESCRIPTOR_KEPT);
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
static_assert(SYSTEM_COPY_IN == SYS_COPY_IN && SYSTEM_COPY_OUT == SYS_COPY_OUT && kept_section(0) == SECTIONS + 0x10000000 && SECTIONS == 0x40000000 && HANDLE_MASK == 0xffffff);
static_assert(SYSTEM_ASKED == SYS_ASKED && FRAME_R0 == 0 && THREAD_READY == static_cast<u32>(ThreadState::READY));
static_assert(HOME_RECORD == OBJECT_HOME_RECORD && ATTENTION_CHECKS == OBJECT_ATTENTION_CHECKS);
static_assert(static_cast<u32>(Mode::MAPPED) == MODE_MAPPED && static_cast<u32>(Mode::PACKED) == MODE_PACKED);
static_assert(static_cast<u32>(Mode::OPEN) == MODE_OPEN && static_cast<u32>(Mode::BUSY) == MODE_BUSY);

}  // namespace curios
