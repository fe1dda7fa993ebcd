// The kernel's own interfaces, a group per file.
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
constexpr u32 FIRST_CLIENT = 16;           // clients of lower numbers always run
bool argument(const char *key, char *value, u32 room);

// memory.cc: frames of 4 KiB, blocks of 32 to 1024 bytes; all zeroed; null when memory is out
void *page_alloc();
void page_free(void *frame);
void *block_alloc(u32 bytes);
void block_free(void *block, u32 bytes);
void copy(void *to, const void *from, u32 bytes);
extern "C" void clear(void *to, u32 bytes);  // aligned, a multiple of 32 bytes

// space.cc: the address space and its domains
constexpr u32 KERNEL_ONLY = 1, READ_ONLY = 2, READ_WRITE = 3;
void space_init();
u32 small_page(u32 physical, u32 rights);  // the same rights for all four subpages
bool make_resident(Object *o);             // gives it a domain, another's if need be
void flush_entry(u32 address);
void flush_all();
// Where the kernel finds an address that an object itself may read or write; null when it may not. Valid up to the end
// of the granule.
u8 *translate(const Object *o, u32 address, bool write);
// The same, and how many bytes from there on, up to `most`, are one run in physical memory.
u8 *translate_any(const Object *o, u32 address, bool write, u32 most, u32 &run);
inline u8 *translate_run(const Object *o, u32 address, bool write, u32 most, u32 &run) {
  if (address / SECTION - SECTIONS / SECTION == o->id) {
    u32 entry = o->table[address / PAGE_BYTES & 0xff], rights = entry & READ_WRITE * 0x550, left = PAGE_BYTES - address % PAGE_BYTES;
    if (rights == READ_WRITE * 0x550 || (!write && rights == READ_ONLY * 0x550)) {  // all of the page alike
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
void object_reset(Object *o);              // code, private data, heap and stacks as at birth
bool heap_grow(Object *o, u32 address);
u32 stack_take(Object *o);                 // the top of a free stack, 0 when there is none
void stack_give(Object *o, u32 top);
void stack_close(Object *o, u32 top);       // nobody reaches it while its thread waits
void stack_open(Object *o, u32 top);
u32 stack_room(const Object *o, u32 top);  // its bytes, one physical run
inline u8 *stack_end(const Object *o, u32 top) {  // where the kernel finds the end of it
  u32 last = top - sizeof(u32);
  return at<u8>(o->table[last / PAGE_BYTES & 0xff] / PAGE_BYTES * PAGE_BYTES + last % PAGE_BYTES) + sizeof(u32);
}
inline bool is_client(const Object *o) { return o->is_client != 0; }
void gate_update(Object *o);
void gate_update(Object *o, const Thread *owner);  // who is known to be in it
void gate_close(Object *o);                // until the next gate_update
void seal(Object *o);                      // notes the checksum of its private data
void take_over(Thread *t);                 // t becomes the owner of the object it is in: checks that it is as it was left
void hand_over(Object *o);                 // its owner leaves
void seal_stack(Frame *f);                 // notes the checksum of what it has on its stack
bool stack_sound(Frame *f);                // it is as it was sealed, or was not

// code.cc: checks of code
void code_guard(Object *o);                // checks it at each commit from now on
bool code_sound(const Frame *f);           // what the activation has run; mends it if not
u32 code_mend(Object *o);                  // puts its code back; the number of wrong words
void code_follow(const Frame *f);          // it runs: what it runs is noted
bool code_opens(const Object *o, u32 address);  // it was closed for that, and now is open
void code_keep();                          // makes the copy that the kernel's own code is checked against
void code_check(u32 bytes);                // compares some code with what was loaded, and mends it

// kept.cc: memory that is kept over restarts
void kept_make(Object *o);
void kept_reset(Object *o);
i32 keep(Thread *t, u32 to, u32 from, u32 bytes);
i32 keep_from(Thread *t, u32 to, u32 handle, u32 range);
i32 keep_all(Thread *t, u32 list, u32 count);
i32 kept_mend(Object *o, u32 offset, u32 bytes);
// Whether an address is in kept memory that has sums; then it is read by kept_give, up to the end of its frame: QUARANTINED
// when it is not as it was put.
inline bool is_summed(const Object *o, u32 address) {
  return o->kept_second != nullptr && address / SECTION == kept_section(o->id) / SECTION;
}
i32 kept_give(const Object *o, u8 *to, u32 address, u32 &bytes);
extern "C" u32 words_sum(const void *from, u32 bytes);  // aligned words
bool kept_check(Thread *t);
void kept_write(Thread *t);
void kept_forget(Frame *f);
inline bool kept_ready(Thread *t) {        // whether what is listed can be written; if not, it has faulted
  return t->frame->keeps == nullptr || kept_check(t);
}
inline void kept_commit(Thread *t) {       // writes it
  if (t->frame->keeps != nullptr) kept_write(t);
}
inline void kept_drop(Frame *f) {          // forgets it
  if (f->keeps != nullptr) kept_forget(f);
}

// handle.cc: what an activation does to the handles of its object
constexpr u32 WRITABLE = 1u << 31;         // of memory: with its bytes, in `methods`
constexpr u32 HANDLE_HIDDEN = 1u << 31;    // in the tag of one that is dropped but not yet committed
extern u32 handle_secret;                  // what the order of generations depends on
HandleEntry *handle_find(Object *o, u32 call);
Handle handle_new(const Frame *f, Object *target, u32 methods, u32 address);
i32 handle_drop(const Frame *f, Handle h);
void handle_take_back(Object *o, Handle h);
void handle_connected(const Frame *f, HandleEntry *e);
void handles_commit(Object *o, const Ssr *session);
void handles_undo(Object *o, const Ssr *session);
void handles_of_session(Object *o, const Ssr *session);  // drops them
void handles_of_incarnation(Object *o);    // drops them; sessions become orphans
void handles_all(Object *o);               // drops them

// state.cc: SSRs
i32 state_connect(const Frame *f, Handle h);
i32 state_disconnect(Object *client, Handle h);
void states_quarantine_of(Object *server, u32 owner);
void state_destroy(Object *server, Ssr *s);
void states_forget_orphans(Object *client);
bool state_sound(const Object *server, Ssr *s);  // mends it if need be and if it can
// Lets the server at it; the address that it sees it at. A packed one is copied below `top`.
u32 state_grant(Object *server, Ssr *s, u32 top);
// Lets recovery see it, checked, and not change it: the address, or 0 when it does not pass its check. `top` is the end
// of the recoverer's stack as the server sees it, `window` where the kernel does.
u32 state_show(Object *server, Ssr *s, u32 top, u8 *window);
void state_allow(Ssr *s, u32 rights);      // what its server may do with one in a granule
inline bool comes_and_goes(const Ssr *s) { return s->kind == MODE_MAPPED || s->kind == MODE_SHADOWED; }
inline void state_hide(Ssr *s) {
  if (comes_and_goes(s)) state_allow(s, KERNEL_ONLY);
}
inline void state_unhide(Ssr *s) {
  if (comes_and_goes(s)) state_allow(s, READ_WRITE);
}
void state_free(Object *server, Ssr *s);
inline void state_let_go(Object *server, Ssr *s) {  // frees a doomed one that nobody uses any more
  if ((s->flags & DOOMED) != 0 && s->mode != Mode::BUSY) state_free(server, s);
}
bool state_written_well(Object *server, const Ssr *s, u32 top);  // a Guarded state: nothing but set() has changed it
u32 *state_word(Object *server, const Ssr *s, u32 top, u32 address);  // where the kernel finds a word of it; null: none
void state_take(Object *server, Ssr *s, u32 top, u32 *word, u32 value);  // puts a value there and keeps it
// Keeps what the server has made of it. False: it does not pass its check, and stays as it was.
bool state_commit(Object *server, Ssr *s, u32 top);
void state_revoke(Object *server, Ssr *s, bool undo);
void state_quarantine(Object *server, Ssr *s);
i32 state_publish(Thread *t);
bool state_restore(Object *server, Ssr *s);

// request.cc: what the newest activation of a thread, a request, has done
bool request_commit(Thread *t);            // false: its state does not pass its check, and it has faulted
void request_undo(Thread *t);              // gives back its state, handles and stack
void request_suspend(Thread *t);           // gives back its state and handles; it goes on from its continuation
void request_resume(Thread *t);
void continuation_drop(Thread *t);

// thread.cc
constexpr u32 MAX_THREADS = 128;
extern Thread *threads[MAX_THREADS];
extern u32 thread_limit;  // one more than the highest number in use
extern Thread *current;
// All threads, with null in between.
struct AllThreads {
  Thread **begin() const { return threads; }
  Thread **end() const { return threads + thread_limit; }
};
inline Thread *thread_of(Frame *f) { return at<Thread>(address_of(f) & ~(THREAD_SIZE - 1)); }
Thread *thread_spawn(Object *o, u32 entry);
void thread_restart(Thread *t);            // its bottom activation from the start
void thread_end(Thread *t);                // without a trace
void make_ready(Thread *t);
u32 priority_of(const Thread *t);
void boost(Thread *t, u32 priority);       // it runs at least at that while it is in its object
void ready_all_alike(bool alike);          // round robin while the scheduler recovers
void unqueue(Thread *t);
void unwait(Thread *t);                    // it no longer waits
void age();                                // a thread that has been ready for long gets a turn
extern "C" u32 in_exception;               // the kernel was entered by an interrupt or an abort, not by an svc
[[noreturn]] void dispatch();
[[noreturn]] void go_on();                 // the current thread, or another one when it is not ready
Thread *owner_of(const Object *o);         // the one that is in it, and neither waits nor waits to enter
void set_priority(u32 object, u32 priority);

// path.cc: calls and returns off the fast path
void call(Thread *t);
struct Steps;                              // of device.cc, which have been looked at
u32 steps_take(const Steps &s);            // the last value that was read
void call_return(Thread *t, i32 value, u32 more, const Steps *last = nullptr);  // `last`: they take effect if it does return
void release(Object *o);                   // lets the next one in
void release(Object *o, Thread *owner);    // the same; who is known to be in it, or null
void activation_begin(Frame *f, u32 state);  // its registers at the entry of its method; state: the address, or 0
void enter_queue(Thread *t, Object *o, Entry how);
void enter_queue(Thread *t, Object *o, Entry how, Thread *owner);  // who is known to be in it, or null
void leave_queue(Thread *t);
void come_back(Thread *t, Object *o);      // from a wait in it
void cancel(Thread *t, i32 error);         // a thread that waits in or for an object: its caller gets the error
void replay(Thread *t);                    // enters the newest activation's method again

// recovery.cc
constexpr u32 STRIKES = 8;                 // after which an object refuses a client
void window_renew(Object *o);              // what is counted over a while begins again when that is over
void fault(Thread *t, Fault what, u32 address);
void recovery_step(Thread *t, i32 result);
bool recovery_overdue(const Object *o);
Ssr *stop_reading(Object *o);              // recovery's hold on the SSR that it reads ends; which it was
void thread_exit(Thread *t);               // its bottom activation has come to its end
void arm(Object *o, Crash kind);

// twice.cc: policy `ssr-twice`
void twice_init(Object *o);
bool twice_go(Thread *t);                  // before it runs: a stretch begins unless it is in one; false: it has faulted
void twice_end(Thread *t);                 // it no longer counts
bool twice_agrees(Thread *t);
inline bool twice_boundary(Thread *t) {    // it comes to an effect: false when it runs again first
  return t->frame->object->stretch == nullptr || twice_agrees(t);
}
bool twice_failed(Thread *t);              // it comes to a fault: true when it runs again first
// A system call that gives what comes from outside: its number and arguments.
struct Asked {
  u32 number, a, b, c;
};
bool twice_input(Thread *t, const Asked &asked, u32 *words);  // true: what an earlier run was given, in words[2]
void twice_log(Thread *t, const Asked &asked, const u32 *words);
bool twice_is_full(const Thread *t);       // no more can be logged
void twice_reset(Object *o);
// Lets the object that runs read or write a page of its heap; false when that is not what it lacks.
bool twice_opens(const Object *o, u32 address, bool write);
constexpr u32 HEAP_PAGE_WORDS = ((HEAP_END - HEAP) / PAGE_BYTES + 31) / 32;
// Whether pages of the heap, a bit each, are as the last stretch has left them.
bool twice_heap_sound(const Object *o, const u32 *pages);
u32 twice_fresh(const Object *o, u32 page);  // what it may do with a page of its heap that is new
u32 *twice_code(const Object *o, u32 page);  // the second copy of its code; null when there is none

// system.cc
// The memory behind a handle that has been passed to t's request, and whose it is; null when it has not.
HandleEntry *granted(Thread *t, u32 handle, Object *&client);

// interrupt.cc
extern u32 now_ms;
void interrupts_init();
void interrupt();                          // handles what is pending
u64 now_us();
i32 wait_for_lines(Thread *t, u32 lines);
void forget_lines(const Thread *t);
bool overdue(const Thread *t);             // the time is over that its caller has given it
void time_is_set(const Thread *t);         // until which it waits, or which its caller has given it
extern bool preempt;

// log.cc
void log(char c);
void log(const char *text);
void log_hex(u32 n);
[[noreturn]] void halt(i32 status);
[[noreturn]] void panic(const char *why, u32 value);

// event.cc: what the laboratory reads
const char *fault_text(Fault f);
void event(EventKind kind, u32 object, u32 a, u32 b);

extern "C" [[noreturn]] void resume(Frame *f, u32 dacr);
extern "C" u32 *first_difference(u32 *a, const u32 *a_end, const u32 *b);  // in steps of 16 bytes
extern "C" void copy_words(void *to, const void *from, u32 bytes);     // aligned, a multiple of 4 bytes
extern "C" u32 copy_and_sum(u32 *to, const u32 *from, u32 bytes);       // a multiple of 16 bytes; their checksum
extern "C" void words_out(volatile u32 *to, const void *from, u32 words);  // a multiple of 8
extern "C" void words_in(void *to, volatile u32 *from, u32 words);
extern "C" u32 checksum(const u32 *words, u32 bytes, u32 sum);         // it goes on from `sum`; a multiple of 4 bytes
extern "C" void user_return();
extern "C" void thread_return();

}  // namespace curios
