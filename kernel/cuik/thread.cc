// Threads: ready queues by priority, blocking, and the choice of the next one.
#include "kernel.h"

namespace curios {

Thread *threads[MAX_THREADS];
u32 thread_limit;
Thread *current;
u32 in_exception;

namespace {

constexpr u32 SLICE = 10;             // milliseconds
constexpr u32 PATIENCE = 100;         // milliseconds that a thread is ready before it gets a turn

Thread *first[PRIORITIES], *last[PRIORITIES];
u32 ready_mask;
bool alike;

void begin(Thread *t, u32 entry) {
  Object *o = t->frames[0].object;
  u32 top = stack_take(o);
  Frame &f = t->frames[0];
  frame_clear(&f);
  f.object = o;
  f.pc = entry;
  f.sp = f.stack = f.top = top;
  f.lr = address_of(reinterpret_cast<void *>(thread_return));
  f.psr = USER_MODE;
  f.r[0] = section(o->id);
  t->frame = &f;
  t->within = nullptr;
  t->expired = 0;
  t->boost = PRIORITIES;
  f.budget = o->deadline;
  gate_update(o);
}

[[noreturn]] void run(Thread *t) {
  NO_CALLER;
  Object *o = t->frame->object;
  in_exception = 0;
  if (o->dacr == 0) make_resident(o);
  if (o->stretch != nullptr && !twice_go(t)) go_on();
  resume(t->frame, o->dacr);
}

}  // namespace

Thread *thread_spawn(Object *o, u32 entry) {
  u32 id = 0;
  while (id < MAX_THREADS && threads[id] != nullptr) id++;
  Thread *t = id < MAX_THREADS ? static_cast<Thread *>(block_alloc(sizeof(Thread))) : nullptr;
  if (t == nullptr) return nullptr;
  threads[id] = t;
  if (id >= thread_limit) thread_limit = id + 1;
  t->id = id;
  t->priority = o->descriptor->priority;
  t->frames[0].object = o;
  begin(t, entry);
  take_over(t);
  make_ready(t);
  return t;
}

void thread_restart(Thread *t) { begin(t, t->frames[0].object->descriptor->main); }

void thread_end(Thread *t) {
  if (t == current)
    current = nullptr;
  else if (t->state == ThreadState::READY)
    unqueue(t);
  twice_end(t);
  kept_drop(t->frame);
  t->state = ThreadState::FREE;
  threads[t->id] = nullptr;
  Object *o = t->frames[0].object;
  stack_give(o, t->frames[0].top);
  hand_over(o);
  block_free(t, sizeof(Thread));
  release(o);
}

// A recoverer goes first, since any thread may wait for its object.
u32 priority_of(const Thread *t) {
  if (t->frame->object->recoverer == t) return 0;
  u32 own = alike ? COMMON_PRIORITY : t->priority;
  return own < t->boost ? own : t->boost;
}

void boost(Thread *t, u32 priority) {
  if (priority >= priority_of(t)) return;
  bool queued = t->state == ThreadState::READY && t != current;
  if (queued) unqueue(t);
  t->boost = priority;
  if (queued) make_ready(t);
}

void make_ready(Thread *t) {
  u32 p = priority_of(t);
  t->state = ThreadState::READY;
  t->ready_at = now_ms;
  t->next = nullptr;
  if (first[p] == nullptr)
    first[p] = t;
  else
    last[p]->next = t;
  last[p] = t;
  ready_mask |= 1u << p;
  if (current != nullptr && p < priority_of(current)) preempt = true;
}

void unwait(Thread *t) {
  if (t->lines != 0) forget_lines(t);
  t->lines = 0;
  t->wake_at = 0;
}

void age() {
  for (u32 p = 1; p < PRIORITIES; p++) {
    Thread *t = first[p];
    if (t == nullptr || now_ms - t->ready_at < PATIENCE) continue;
    unqueue(t);
    t->next = first[0];
    first[0] = t;
    if (last[0] == nullptr) last[0] = t;
    ready_mask |= 1;
    preempt = true;
    return;
  }
}

void unqueue(Thread *t) {
  for (u32 p = 0; p < PRIORITIES; p++) {
    Thread *before = nullptr;
    for (Thread *x = first[p]; x != nullptr; before = x, x = x->next) {
      if (x != t) continue;
      (before != nullptr ? before->next : first[p]) = x->next;
      if (last[p] == x) last[p] = before;
      if (first[p] == nullptr) {
        last[p] = nullptr;
        ready_mask &= ~(1u << p);
      }
      return;
    }
  }
}

void ready_all_alike(bool now_alike) {
  if (alike == now_alike) return;
  Thread *all = nullptr, **end = &all;
  for (u32 p = 0; p < PRIORITIES; p++) {
    *end = first[p];
    while (*end != nullptr) end = &(*end)->next;
    first[p] = last[p] = nullptr;
  }
  ready_mask = 0;
  alike = now_alike;
  while (all != nullptr) {
    Thread *t = all;
    all = t->next;
    make_ready(t);
  }
}

void set_priority(u32 object, u32 priority) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->frames[0].object->id != object || t->priority == priority) continue;
    bool queued = t->state == ThreadState::READY && t != current;
    if (queued) unqueue(t);
    t->priority = priority;
    if (queued) make_ready(t);
  }
}

void dispatch() {
  NO_CALLER;
  if (ready_mask == 0) {
    current = nullptr;
    idle();
  }
  u32 p = static_cast<u32>(__builtin_ctz(ready_mask));
  Thread *t = first[p];
  first[p] = t->next;
  if (first[p] == nullptr) {
    last[p] = nullptr;
    ready_mask &= ~(1u << p);
  }
  current = t;
  preempt = false;
  t->slice = SLICE;
  run(t);
}

void go_on() {
  NO_CALLER;
  if (current == nullptr || current->state != ThreadState::READY) dispatch();
  if (preempt) {
    make_ready(current);
    dispatch();
  }
  run(current);
}

// Whether a thread is in an object. Its newest activation does not count while it waits and has left the object.
static bool owns(const Thread *t, const Object *o) {
  bool left = t->state == ThreadState::WAITING || (t->state == ThreadState::QUEUED && t->queued_for == o);
  for (const Frame *f = left ? t->frame - 1 : t->frame; f >= t->frames; f--)
    if (f->object == o) return true;
  return false;
}

// There is at most one, usually the current thread. An object whose gate is open has none.
Thread *owner_of(const Object *o) {
  if ((o->gate | o->checked_gate) != 0) return nullptr;
  if (current != nullptr && threads[current->id] == current && owns(current, o)) return current;
  for (Thread *t : AllThreads())
    if (t != nullptr && t != current && owns(t, o)) return t;
  return nullptr;
}

}  // namespace curios
