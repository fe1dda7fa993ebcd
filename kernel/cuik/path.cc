// Protected calls and returns where the fast path (entry.S) gives up: errors, waiting for a busy object, states that are
// not in order, armed crashes, more stacks, objects without a domain.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 USER_MODE = 0x10;

void result(Thread *t, i32 value, u32 more = 0) {
  t->frame->r[0] = static_cast<u32>(value);
  t->frame->r[1] = more;
}

// Whether t would wait for itself if it waited for o: o's owner wants in to an object whose owner ... is t.
bool would_deadlock(const Thread *t, const Object *o) {
  for (u32 i = 0; i < MAX_THREADS; i++) {
    const Thread *owner = owner_of(o);
    if (owner == t) return true;
    if (owner == nullptr || owner->state != ThreadState::QUEUED) return false;
    o = owner->queued_for;
  }
  return true;
}

// Whether an armed crash is for this request.
bool strikes(Object *o, const Thread *t) {
  if (o->armed == 0 || (o->armed_client != 0 && o->armed_client != t->frames[0].object->id)) return false;
  return o->armed_after == 0 || o->armed_after-- == 0;
}

// Puts an activation on top of the caller's, whose registers say what is called. An error, or OK.
i32 enter(Thread *t, HandleEntry *e, u32 method, u32 attempt) {
  Object *o = e->object;
  Frame *caller = t->frame;
  Frame *f = caller + 1;
  u32 top = stack_take(o);
  if (top == 0) return FULL;
  Ssr *s = e->ssr;
  make_resident(o);
  u32 state = 0, stack = top;
  if (s != nullptr) {
    if (s->kind != MODE_OPEN && !state_sound(o, s)) {
      state_quarantine(o, s);
      stack_give(o, top);
      return QUARANTINED;
    }
    state = state_grant(o, s, top);
    if (s->kind == MODE_PACKED) stack = state;
  }
  *f = Frame{};
  f->object = o;
  f->ssr = s;
  f->method = &o->methods[method];
  f->stack = stack;
  f->top = top;
  f->call = caller->r[12];
  f->budget = o->deadline;
  f->attempt = attempt;
  f->r[0] = state;
  for (u32 i = 1; i < 4; i++) f->r[i] = caller->r[i];
  f->sp = stack;
  f->lr = address_of(reinterpret_cast<void *>(user_return));
  f->pc = f->method->entry;
  f->psr = USER_MODE;
  if (attempt == 0 && strikes(o, t)) {
    if (crash_entries[o->armed] != 0) f->pc = crash_entries[o->armed];
    event(EventKind::ARMED, o->id, o->armed, t->frames[0].object->id);
    o->armed = 0;
  }
  t->frame = f;
  o->calls++;
  gate_update(o);
  return OK;
}

// An error that the call can only have, or the entry.
i32 resolve(Thread *t, HandleEntry *&e, u32 &method) {
  Frame *f = t->frame;
  e = handle_find(f->object, f->r[12]);
  method = f->r[12] >> METHOD_SHIFT;
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  Object *o = e->object;
  if (method >= o->descriptor->method_count || (e->methods >> method & 1) == 0) return BAD_METHOD;
  if (o->state == ObjectState::FAILED || o->state == ObjectState::GONE) return DEAD;
  if (f + 1 >= t->frames + FRAMES) return TOO_DEEP;
  if (e->ssr != nullptr && e->ssr->mode == Mode::LOST) return LOST;
  if (e->ssr != nullptr && e->ssr->mode == Mode::QUARANTINED) return QUARANTINED;
  return OK;
}

bool busy(const Object *o, const HandleEntry *e) {
  return o->state == ObjectState::RECOVERING || owner_of(o) != nullptr ||
         (e->ssr != nullptr && e->ssr->mode == Mode::BUSY);
}

// Lets a queued thread in; false when it has to wait on.
bool admit(Thread *t) {
  Object *o = t->queued_for;
  if (t->frame->object == o) {  // it has waited inside, and comes back
    Frame *f = t->frame;
    t->queued_for = nullptr;
    if (f->ssr != nullptr && f->ssr->kind == MODE_MAPPED) state_grant(o, f->ssr, f->top);
    make_ready(t);
    return true;
  }
  HandleEntry *e;
  u32 method;
  i32 error = resolve(t, e, method);
  if (error == OK && busy(o, e)) return false;
  t->queued_for = nullptr;
  make_ready(t);
  if (error == OK) error = enter(t, e, method, 0);
  if (error != OK) result(t, error);
  return true;
}

}  // namespace

void enter_queue(Thread *t, Object *o) {
  t->state = ThreadState::QUEUED;
  t->queued_for = o;
  t->next = nullptr;
  if (o->queue == nullptr)
    o->queue = t;
  else
    o->queue_end->next = t;
  o->queue_end = t;
  o->attention = 1;
  o->gate = 0;
}

void release(Object *o) {
  while (o->state != ObjectState::RECOVERING && o->queue != nullptr && owner_of(o) == nullptr) {
    Thread *t = o->queue;
    o->queue = t->next;
    if (!admit(t)) {
      t->next = o->queue;
      o->queue = t;
      break;
    }
  }
  gate_update(o);
}

void call(Thread *t) {
  HandleEntry *e;
  u32 method;
  i32 error = resolve(t, e, method);
  if (error == OK && would_deadlock(t, e->object)) error = DEADLOCK;
  if (error == OK) {
    if (busy(e->object, e) || e->object->queue != nullptr) {
      enter_queue(t, e->object);
      return;
    }
    error = enter(t, e, method, 0);
  }
  if (error != OK) result(t, error);
}

bool has_left(Frame *f) {
  Object *o = f->object;
  bool sound = true;
  if (f->ssr != nullptr && f->ssr->mode == Mode::BUSY) sound = state_revoke(o, f->ssr, f->top, false);
  stack_give(o, f->top);
  return sound;
}

void call_return(Thread *t, i32 value, u32 more) {
  Frame *f = t->frame;
  Object *o = f->object;
  if (f->method == nullptr) {
    if (o->recoverer == t)
      recovery_step(t, value);
    else
      fault(t, Fault::BROKEN_STACK, f->pc);  // a bottom activation has nowhere to return to
    return;
  }
  if (f->sp != f->stack) return fault(t, Fault::BROKEN_STACK, f->sp);
  if (value < f->method->lowest || value > f->method->highest) return fault(t, Fault::CONTRACT, static_cast<u32>(value));
  if (f->ssr != nullptr && !state_revoke(o, f->ssr, f->top, true)) return fault(t, Fault::STATE_CHECK, address_of(f->ssr));
  stack_give(o, f->top);
  t->frame--;
  result(t, value, more);
  release(o);
}

void replay(Thread *t) {
  Frame *old = t->frame;
  Object *o = old->object;
  if (old == t->frames) {
    thread_restart(t);
    return;
  }
  u32 attempt = old->attempt;
  t->frame--;
  HandleEntry *e;
  u32 method;
  i32 error = resolve(t, e, method);
  if (error == OK) {
    event(EventKind::REPLAY, o->id, t->frames[0].object->id, attempt);
    error = enter(t, e, method, attempt);
  }
  if (error != OK) result(t, error);
}

extern "C" void trap_call(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  call(current);
  go_on();
}

extern "C" void trap_return(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  call_return(current, static_cast<i32>(f->r[0]), f->r[1]);
  go_on();
}

}  // namespace curios
