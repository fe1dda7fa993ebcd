// The kernel's own interfaces, a group per file.
#pragma once
#include "types.h"

namespace curios {

template <class T = u32>
inline T *at(u32 address) {
  return reinterpret_cast<T *>(address);
}
inline u32 address_of(const void *p) { return reinterpret_cast<u32>(p); }
inline volatile u32 &device(u32 address) { return *at<volatile u32>(address); }

// boot.cc
extern Policy policy;
bool argument(const char *key, char *value, u32 room);

// memory.cc: frames of 4 KiB, blocks of 32 to 1024 bytes; all zeroed; null when memory is out
void *frame_alloc();
void frame_free(void *frame);
void *block_alloc(u32 bytes);
void block_free(void *block, u32 bytes);
void copy(void *to, const void *from, u32 bytes);
void clear(void *to, u32 bytes);

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
bool copy_from(const Object *o, u32 address, void *to, u32 bytes);
bool copy_to(const Object *o, u32 address, const void *from, u32 bytes);

// object.cc
extern Object *objects[MAX_OBJECTS];
Object *object_create(const Descriptor *d);
void object_reset(Object *o);              // code, private data, heap and stacks as at birth
bool heap_grow(Object *o, u32 address);
u32 stack_take(Object *o);                 // the top of a free stack, 0 when there is none
void stack_give(Object *o, u32 top);
void gate_update(Object *o);

// handle.cc
HandleEntry *handle_find(Object *o, u32 call);
Handle handle_new(Object *o, Object *target, u32 methods, u32 address_or_ssr);
i32 handle_drop(Object *o, Handle h);

// state.cc: SSRs
i32 state_connect(Object *client, Handle h);
i32 state_disconnect(Object *client, Handle h);
void state_destroy(Object *server, Ssr *s);
bool state_sound(const Object *server, const Ssr *s);
void state_fresh(const Object *server, Ssr *s);
// Lets the server at it; the address that it sees it at. A packed one is copied below `top`.
u32 state_grant(Object *server, Ssr *s, u32 top);
// Lets recovery see it, checked, and not change it: the address, or 0 when it does not pass its check. `top` is the end
// of the recoverer's stack as the server sees it, `window` where the kernel does.
u32 state_show(Object *server, Ssr *s, u32 top, u8 *window);
void state_hide(Ssr *s);
// Takes it back; a packed one keeps what is in the window only on commit. False: it does not pass its check.
bool state_revoke(Object *server, Ssr *s, u32 top, bool commit);
void state_quarantine(Object *server, Ssr *s);
i32 state_publish(Thread *t);
bool state_restore(Object *server, Ssr *s);

// thread.cc
constexpr u32 MAX_THREADS = 64;
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
void ready_all_alike(bool alike);          // round robin while the scheduler recovers
void unqueue(Thread *t);
[[noreturn]] void dispatch();
[[noreturn]] void go_on();                 // the current thread, or another one when it is not ready
Thread *owner_of(const Object *o);         // who is in it, and neither waits nor wants in
void set_priority(u32 object, u32 priority);

// path.cc: calls and returns beside the fast path
void call(Thread *t);
void call_return(Thread *t, i32 value, u32 more);
void release(Object *o);                   // lets the next one in
void enter_queue(Thread *t, Object *o);
void replay(Thread *t);                    // enters the newest activation's method again
bool has_left(Frame *f);                   // gives back the activation's stack and SSR

// recovery.cc
void fault(Thread *t, Fault what, u32 address);
void recovery_step(Thread *t, i32 result);
void thread_exit(Thread *t);               // its bottom activation has come to its end
void arm(Object *o, Crash kind);

// interrupt.cc
extern u32 now_ms;
void interrupts_init();
void interrupt();                          // handles what is pending
u64 now_us();
i32 wait_for_line(Thread *t, u32 line);
extern bool preempt;

// log.cc
void log(char c);
void log(const char *text);
void log_number(u32 n);
void log_hex(u32 n);
[[noreturn]] void halt(i32 status);
[[noreturn]] void panic(const char *why, u32 value);

// event.cc: what the laboratory reads
enum class EventKind : u32 { NONE, BOOT, FAULT, RECOVERED, FAILED, QUARANTINE, ENDED, ARMED, REPLAY, ERROR, MENDED };
void event(EventKind kind, u32 object, u32 a, u32 b);

extern "C" [[noreturn]] void resume(Frame *f, u32 dacr);
extern "C" u32 *first_difference(u32 *a, const u32 *a_end, const u32 *b);  // in steps of 16 bytes
extern "C" void user_return();
extern "C" void thread_return();
extern "C" const u32 crash_entries[static_cast<u32>(Crash::COUNT)];

}  // namespace curios
