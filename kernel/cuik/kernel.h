// The kernel's own interfaces, one group per file.
#pragma once
#include "types.h"

namespace curios {

inline volatile word &device(word address) { return *reinterpret_cast<volatile word *>(address); }

// boot.cc
extern Policy policy;
extern "C" char boot_args[256];
bool argument(const char *key, char *value, word room);

// memory.cc
void *frame_alloc();                 // 4 KiB, zeroed; null when memory is out
void frame_free(void *frame);
void *block_alloc(word bytes);       // multiple of 32, up to 1 KiB
void block_free(void *block, word bytes);

// space.cc
void space_init();
void map_region(Object *o);
bool make_resident(Object *o);       // gives it a domain, taking another's if need be
void set_dacr(word dacr);
void flush_tlb();
void flush_entry(word address);
bool user_range(const Object *o, word address, word bytes, bool write); // may o itself touch it?
word *entry_of(Object *o, word address);
constexpr word kPteNone = 0, kPteUserRead = 0xaa0, kPteUserWrite = 0xff0, kPteKernel = 0x550;

// object.cc
extern Object *objects[kObjects];
void objects_init();
void reset_object(Object *o);        // private data, heap, stacks as in the initial image
bool grow_heap(Object *o, word address);
bool add_stack(Object *o);
word take_stack(Object *o);          // a stack top, 0 when there is none
void give_stack(Object *o, word top);

// handle.cc
HandleEntry *find_handle(Object *o, word call);
Handle new_handle(Object *o, Object *target, word methods, word ssr);
void drop_handle(Object *o, HandleEntry *e);

// ssr.cc
int connect(Object *client, HandleEntry *e);
int disconnect(Object *client, HandleEntry *e);
word checksum(const word *from, word bytes);
bool ssr_sound(const Object *server, const Ssr *s);
void ssr_grant(Ssr *s);
void ssr_revoke(Ssr *s);
word *ssr_payload(Ssr *s);
void ssr_fresh(Object *server, Ssr *s);
void publish(Frame *f);
void restore_published(Object *server, Ssr *s);

// thread.cc
extern Thread *threads[kThreads];
extern Thread *current;
extern bool scheduler_down;
Thread *spawn(Object *o, word entry, word argument);
void make_ready(Thread *t);
void kill_thread(Thread *t);
[[noreturn]] void dispatch();        // leave the kernel into the best ready thread
Thread *owner_of(const Object *o, const Thread *but = nullptr);

// path.cc: calls and returns the slow way
void slow_call(Thread *t);
void slow_return(Thread *t);
void fail_call(Thread *t, int error);
void open_gate(Object *o);
void enter(Thread *t, Object *o, word pc, word call, Ssr *s, const Method *m, word top);
void leave(Thread *t);               // unwinds the top activation without result

// recovery.cc
void fault(Thread *t, Fault kind, word address);
void recovery_step(Thread *t);
void inject(Object *o, Crash kind);

// interrupt.cc
extern word ticks;                   // milliseconds since boot
void interrupts_init();
void interrupt();
uint64_t microseconds();
void irq_wait(Thread *t, word line);

// system.cc
void system_call(Thread *t, int number);
[[noreturn]] void halt(int status);

// log.cc
void log(char c);
void log(const char *text);
void log_number(word n);
void log_hex(word n);
[[noreturn]] void panic(const char *why, word value);

// events.cc
enum class Event : word { boot = 1, fault, recovery_begin, quarantine, recovered, failed, killed, injected };
void event(Event what, word a, word b);

extern "C" void user_return();
extern "C" void thread_return();
extern const word crash_entry[];

} // namespace curios
