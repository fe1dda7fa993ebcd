// The kernel's internal interfaces, grouped by source file.
#pragma once
#include "policy.h"

namespace curios {

template <class T = u32>
inline T *at(u32 address) {
  return reinterpret_cast<T *>(address);
}
inline u32 address_of(const void *p) { return reinterpret_cast<u32>(p); }
inline volatile u32 &device(u32 address) { return *at<volatile u32>(address); }

// boot.cc
constexpr u32 USER_MODE = 0x10;
constexpr u32 FIRST_CLIENT = 16;           // clients with lower numbers always run
bool argument(const char *key, char *value, u32 room);

// memory.cc: frames of 4 KiB, blocks of 32 to 1024 bytes. Both are zeroed; null when memory is exhausted.
void *page_alloc();
void page_free(void *frame);
void *block_alloc(u32 bytes);
void block_free(void *block, u32 bytes);
void copy(void *to, const void *from, u32 bytes);
extern "C" void clear(void *to, u32 bytes);  // aligned, a multiple of 32 bytes
// Not by an assignment, for which the compiler calls the services' library: an idle kernel has no access to it.
inline void frame_clear(Frame *f) { clear(f, sizeof *f); }
static_assert(sizeof(Frame) % 32 == 0);

// space.cc: the address space and its domains
constexpr u32 KERNEL_ONLY = 1, READ_ONLY = 2, READ_WRITE = 3;
void space_init();
u32 small_page(u32 physical, u32 rights);  // the same rights for all four subpages
inline bool is_mapped(u32 entry) { return (entry & 3) != 0; }
bool make_resident(Object *o);             // gives the object a domain, taken from another object if necessary
void flush_entry(u32 address);
void flush_all();
// The kernel's pointer to an address that the object itself may read or write; null if it may not. Valid up to the end
// of the granule.
u8 *translate(const Object *o, u32 address, bool write);
// The same; `run` is the number of physically contiguous bytes from there, up to `most`.
u8 *translate_any(const Object *o, u32 address, bool write, u32 most, u32 &run);
inline u8 *translate_run(const Object *o, u32 address, bool write, u32 most, u32 &run) {
  if (address / SECTION - SECTIONS / SECTION == o->id) {
    u32 entry = o->table[address / PAGE_BYTES & 0xff], rights = entry & READ_WRITE * 0x550, left = PAGE_BYTES - address % PAGE_BYTES;
    if (rights == READ_WRITE * 0x550 || (!write && rights == READ_ONLY * 0x550)) {  // the same rights for the whole page
      run = most < left ? most : left;
      return at<u8>(entry / PAGE_BYTES * PAGE_BYTES + address % PAGE_BYTES);
    }
  }
  return translate_any(o, address, write, most, run);
}
bool copy_from(const Object *o, u32 address, void *to, u32 bytes);
bool copy_to(const Object *o, u32 address, const void *from, u32 bytes);

// object.cc
extern Object *objects[MAX_OBJECTS];
Object *object_create(const Descriptor *d);
void object_reset(Object *o);              // resets code, private data, heap and stacks to their initial contents
bool heap_grow(Object *o, u32 address);
u32 stack_take(Object *o);                 // the top of a free stack; 0 if there is none
void stack_give(Object *o, u32 top);
void stack_free(Object *o, u32 top);       // the same, of one that is accessible
void stack_close(Object *o, u32 top);       // makes it inaccessible while its thread waits
void stack_open(Object *o, u32 top);
u32 stack_room(const Object *o, u32 top);  // its size in bytes; physically contiguous
inline u8 *stack_end(const Object *o, u32 top) {  // kernel address of its end
  u32 last = top - sizeof(u32);
  return at<u8>(o->table[last / PAGE_BYTES & 0xff] / PAGE_BYTES * PAGE_BYTES + last % PAGE_BYTES) + sizeof(u32);
}
inline bool is_client(const Object *o) { return o->is_client != 0; }
void gate_update(Object *o);
void gate_update(Object *o, const Thread *owner);  // `owner`: the thread in it, if known
void gate_close(Object *o);                // until the next gate_update
void seal(Object *o);                      // records the checksum of its private data
void take_over(Thread *t);                 // makes t the owner of its object; checks the object's private data against the seal
void hand_over(Object *o);                 // the owner leaves: seals the object
void seal_stack(Frame *f);                 // records the checksum of the live part of its stack
bool stack_sound(Frame *f);                // the stack matches its checksum, or has none

// code.cc: code checks
void code_guard(Object *o);                // from now on, checks its code before results take effect
bool code_sound(Object *o);                // checks the code that it may have run since the last check; repairs it if it is damaged
u32 code_mend(Object *o);                  // restores its code; the number of wrong words
void code_close(Object *o);                // closes all granules, whatever their page-table entries say
bool code_opens(const Object *o, u32 address);  // opens a closed granule for the kernel; false if none is at the address
void code_keep();                          // makes the second copy of the kernel's own code
void code_check(u32 bytes);                // compares the next part of all code with the loaded image, and repairs it

// kept.cc: memory that survives restarts
void kept_make(Object *o);
void kept_reset(Object *o);
i32 keep(Thread *t, u32 to, u32 from, u32 bytes);
i32 keep_from(Thread *t, u32 to, u32 handle, u32 range);
i32 keep_all(Thread *t, u32 list, u32 count);
i32 kept_mend(Object *o, u32 offset, u32 bytes);
// Whether an address is in kept memory with checksums. The kernel copies such memory with kept_give, up to the end of a
// frame, which returns QUARANTINED if it is damaged.
inline bool is_summed(const Object *o, u32 address) {
  return o->kept_second != nullptr && address / SECTION == kept_section(o->id) / SECTION;
}
i32 kept_give(const Object *o, u8 *to, u32 address, u32 &bytes);
extern "C" u32 words_sum(const void *from, u32 bytes);  // aligned words
bool kept_check(Thread *t);
void kept_write(Thread *t);
void kept_forget(Frame *f);
bool kept_queued(const Frame *f);          // whether the request has queued writes
inline bool kept_ready(Thread *t) {        // whether the queued writes can be performed; if not, the thread has faulted
  return t->frame->keeps == nullptr || kept_check(t);
}
inline void kept_commit(Thread *t) {       // performs them
  if (t->frame->keeps != nullptr) kept_write(t);
}
inline void kept_drop(Frame *f) {          // discards them
  if (f->keeps != nullptr) kept_forget(f);
}

// handle.cc: handles
constexpr u32 WRITABLE = 1u << 31;         // of granted memory: flag in `methods`, which holds its bytes
constexpr u32 HANDLE_HIDDEN = 1u << 31;    // flag in the tag of a handle that is dropped but not yet committed
extern u32 handle_secret;                  // seed of the order of generations
HandleEntry *handle_find(Object *o, u32 call);
Handle handle_new(const Frame *f, Object *target, u32 methods, u32 address);
i32 handle_drop(const Frame *f, Handle h);
void handle_take_back(Object *o, Handle h);
void handle_connected(const Frame *f, HandleEntry *e);
void handles_commit(Object *o, const Ssr *session);
void handles_undo(Object *o, const Ssr *session);
void handles_of_session(Object *o, const Ssr *session);  // drops them all
void handles_of_incarnation(Object *o);    // drops them all; sessions become orphans
void handles_all(Object *o);               // drops them all

// state.cc: SSRs
i32 state_connect(const Frame *f, Handle h);
i32 state_disconnect(Object *client, Handle h);
void states_quarantine_of(Object *server, u32 owner);
void state_destroy(Object *server, Ssr *s);
void states_forget_orphans(Object *client);
bool state_sound(const Object *server, Ssr *s);  // checks it; repairs it if possible
// Grants the server access; the address at which the server sees the state. A packed state is copied below `top`.
u32 state_grant(Object *server, Ssr *s, u32 top);
// Shows the state to recovery, checked and read-only: its address, or 0 if the check fails. `top` is the end of the
// recoverer's stack as the server sees it, `window` the same address as the kernel sees it.
u32 state_show(Object *server, Ssr *s, u32 top, u8 *window);
void state_allow(Ssr *s, u32 rights);      // sets the server's rights to a state in granules
inline bool comes_and_goes(const Ssr *s) { return s->kind == MODE_MAPPED || s->kind == MODE_SHADOWED; }
inline void state_hide(Ssr *s) {
  if (comes_and_goes(s)) state_allow(s, KERNEL_ONLY);
}
inline void state_unhide(Ssr *s) {
  if (comes_and_goes(s)) state_allow(s, READ_WRITE);
}
void state_free(Object *server, Ssr *s);
inline void state_let_go(Object *server, Ssr *s) {  // frees a doomed state that is no longer in use
  if ((s->flags & DOOMED) != 0 && s->mode != Mode::BUSY) state_free(server, s);
}
bool state_written_well(Object *server, const Ssr *s, u32 top);  // of a Guarded state: only set() has changed it
// Whether a state is as the request got it; false if there is no copy to compare it with.
bool state_unchanged(Object *server, Ssr *s, u32 top);
u32 *state_word(Object *server, const Ssr *s, u32 top, u32 offset);  // the kernel's pointer to a word; null if outside
void state_take(Object *server, Ssr *s, u32 top, u32 *word, u32 value);  // writes a value to a word of the state and commits it
// Commits the server's changes. False: the state fails its check and is unchanged.
bool state_commit(Object *server, Ssr *s, u32 top);
void state_revoke(Object *server, Ssr *s, bool undo);
void state_quarantine(Object *server, Ssr *s);
i32 state_publish(Thread *t);
bool state_restore(Object *server, Ssr *s);

// request.cc: commit and undo of a request, the newest activation of a thread
// A crash from now on continues the request here; or, if not `here`, from where it would have before this commit. false:
// its state fails its check, and it has faulted.
bool request_commit(Thread *t, bool here = true);
void request_undo(Thread *t);              // releases its state, handles and stack
void request_suspend(Thread *t);           // releases its state and handles; it will resume from its continuation
void request_resume(Thread *t);
void continuation_drop(Thread *t);

// thread.cc
constexpr u32 MAX_THREADS = 128;
extern Thread *threads[MAX_THREADS];
extern u32 thread_limit;  // highest number in use, plus one
extern Thread *current;
// All threads; entries that are not in use are null.
struct AllThreads {
  Thread **begin() const { return threads; }
  Thread **end() const { return threads + thread_limit; }
};
inline Thread *thread_of(Frame *f) { return at<Thread>(address_of(f) & ~(THREAD_SIZE - 1)); }
Thread *thread_spawn(Object *o, u32 entry);
void thread_restart(Thread *t);            // starts its bottom activation again
void thread_end(Thread *t);                // frees the thread
void make_ready(Thread *t);
u32 priority_of(const Thread *t);
void boost(Thread *t, u32 priority);       // raises it to at least this priority while it is in its object
void ready_all_alike(bool alike);          // schedules round robin while the scheduler recovers
void unqueue(Thread *t);
void unwait(Thread *t);                    // ends its wait
void age();                                // gives a turn to a thread that has been ready for too long
extern "C" u32 in_exception;               // the kernel was entered by an interrupt or an abort, not by an SVC
[[noreturn]] void dispatch();
extern "C" [[noreturn]] void idle();       // waits for an interrupt, and dispatches
[[noreturn]] void go_on();                 // resumes the current thread, or dispatches another if it is not ready
Thread *owner_of(const Object *o);         // the thread in the object that neither waits nor waits to enter
void set_priority(u32 object, u32 priority);

// path.cc: calls and returns off the fast path
void call(Thread *t);
struct Steps;                              // a checked list of register accesses (device.cc)
u32 steps_take(const Steps &s);            // carries them out; the last value read
void call_return(Thread *t, i32 value, u32 more, const Steps *last = nullptr);  // `last`: carried out as part of the return
bool would_confirm(const Thread *t, i32 value);  // whether its request would be done again if it returned this error now
void release(Object *o);                   // admits the next thread of its queue
void release(Object *o, Thread *owner);    // the same, with its known owner or null
void activation_begin(Frame *f, u32 state);  // sets its registers for the entry of its method; `state` is an address, or 0
void enter_queue(Thread *t, Object *o, Entry how);
void enter_queue(Thread *t, Object *o, Entry how, Thread *owner);  // `owner`: the thread in it, or null
void leave_queue(Thread *t);
void come_back(Thread *t, Object *o);      // returns to the object from a wait in it
void cancel(Thread *t, i32 error);         // ends its wait in or for an object with an error for the caller
void replay(Thread *t);                    // enters the method of its newest activation again

// recovery.cc
constexpr u32 STRIKES = 8;                 // number of strikes at which an object refuses a client
void window_renew(Object *o);              // resets the counts of an elapsed window
void fault(Thread *t, Fault what, u32 address);
void recovery_step(Thread *t, i32 result);
bool recovery_overdue(const Object *o);
Ssr *stop_reading(Object *o);              // ends recovery's access to the SSR that it reads; that SSR
void thread_exit(Thread *t);               // its bottom activation has returned
void arm(Object *o, Crash kind);

// twice.cc: policy `ssr-twice`
void twice_init(Object *o);
bool twice_go(Thread *t);                  // before it runs: starts a stretch unless it is in one; false: it has faulted
void twice_end(Thread *t);                 // ends its stretch without a result
bool twice_agrees(Thread *t);
inline bool twice_boundary(Thread *t) {    // before an effect: false if the stretch must run again first
  return t->frame->object->stretch == nullptr || twice_agrees(t);
}
bool twice_failed(Thread *t);              // at a fault: true if the stretch runs again first
// The number and arguments of a system call whose result depends on the outside.
struct Asked {
  u32 number, a, b, c;
};
bool twice_input(Thread *t, const Asked &asked, u32 *words);  // true: `words` has the result that an earlier run got
void twice_log(Thread *t, const Asked &asked, const u32 *words);
bool twice_is_full(const Thread *t);       // the log is full
void twice_reset(Object *o);
// Opens a page of the running object's heap for reading or writing; false if that was not the cause of the abort.
bool twice_opens(const Object *o, u32 address, bool write);
constexpr u32 HEAP_PAGE_WORDS = ((HEAP_END - HEAP) / PAGE_BYTES + 31) / 32;
// Whether these pages of the heap, one bit each, are unchanged since the last stretch.
bool twice_heap_sound(const Object *o, const u32 *pages);
u32 twice_fresh(const Object *o, u32 page);  // rights to a new page of its heap
u32 *twice_code(const Object *o, u32 page);  // the second copy of its code; null if there is none

// system.cc
// The entry of granted memory passed to t's request, and the object that owns the memory; null if the handle was not
// passed.
HandleEntry *granted(Thread *t, u32 handle, Object *&client);

// interrupt.cc
extern u32 now_ms;
void interrupts_init();
void interrupt();                          // handles pending interrupts
u64 now_us();
u64 ticked();                              // microseconds at the last tick, as the kernel counts them
i32 wait_for_lines(Thread *t, u32 lines);
void forget_lines(const Thread *t);
bool overdue(const Thread *t);             // the time limit set by its caller has passed
void time_is_set(const Thread *t);         // notes the end of its wait and of its time limit
extern bool preempt;

// log.cc
void log(char c);
void log(const char *text);
void log_hex(u32 n);
[[noreturn]] void halt(i32 status);
[[noreturn]] void panic(const char *why, u32 value);

// event.cc: the event ring and the tables for the laboratory
const char *fault_text(Fault f);
void event(EventKind kind, u32 object, u32 a, u32 b);

extern "C" [[noreturn]] void resume(Frame *f, u32 dacr);
extern "C" u32 *first_difference(u32 *a, const u32 *a_end, const u32 *b);  // in steps of 16 bytes
extern "C" void copy_words(void *to, const void *from, u32 bytes);     // aligned, a multiple of 4 bytes
extern "C" u32 copy_and_sum(u32 *to, const u32 *from, u32 bytes);       // a multiple of 16 bytes; returns the checksum
extern "C" void words_out(volatile u32 *to, const void *from, u32 words);  // `words`: a multiple of 8
extern "C" void words_in(void *to, volatile u32 *from, u32 words);
extern "C" u32 checksum(const u32 *words, u32 bytes, u32 sum);         // continues from `sum`; `bytes`: a multiple of 4
extern "C" void user_return();
extern "C" void thread_return();

}  // namespace curios
