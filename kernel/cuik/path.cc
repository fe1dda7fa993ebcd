// The slow path of protected calls and returns, for what the fast path (entry.S) leaves: errors, busy objects, states
// that need attention, armed crashes, additional stacks, objects without a domain.
#include "kernel.h"

namespace curios {

#define DECLARE(name_, word_, text_) void crash_##word_();
#define ENTRY(name_, word_, text_) crash_##word_,
extern "C" {
CRASH_WORDS(DECLARE)
}

namespace {

// Entry that replaces the method, by Crash; null: the method itself.
constexpr void (*CRASHES[static_cast<u32>(Crash::COUNT)])() = {nullptr, CRASH_WORDS(ENTRY)};

void result(Thread *t, i32 value, u32 more = 0) {
  t->frame->r[0] = static_cast<u32>(value);
  t->frame->r[1] = more;
}

// Whether t would wait for itself if it waited for o: o's owner waits for an object whose owner waits ... for t.
bool would_deadlock(const Thread *t, const Object *o) {
  for (u32 i = 0; i < MAX_THREADS; i++) {
    const Thread *owner = owner_of(o);
    if (owner == t) return true;
    if (owner == nullptr || owner->state != ThreadState::QUEUED) return false;
    o = owner->queued_for;
  }
  return false;  // a cycle of other threads, resolved by the one that closed it
}

// Whether an armed crash strikes this request.
bool strikes(Object *o, const Thread *t) {
  if (o->armed == 0 || (o->armed_client != 0 && o->armed_client != t->frames[0].object->id)) return false;
  return o->armed_after == 0 || o->armed_after-- == 0;
}

}  // namespace

void activation_begin(Frame *f, u32 state) {
  const Frame *caller = f - 1;
  for (u32 &r : f->r) r = 0;
  f->r[0] = state;
  for (u32 i = 1; i < 4; i++) f->r[i] = caller->r[i];
  f->sp = f->stack;
  f->lr = address_of(reinterpret_cast<void *>(user_return));
  f->pc = f->method->entry;
  f->psr = USER_MODE;
}

namespace {

// Pushes an activation on top of the caller's, whose registers describe the call. OK or an error.
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
      gate_update(o);
      return QUARANTINED;
    }
    state = state_grant(o, s, top);
    if (s->kind == MODE_PACKED) stack = state;
  }
  frame_clear(f);
  f->object = o;
  f->ssr = s;
  f->method = &o->methods[method];
  f->stack = stack;
  f->top = top;
  f->call = caller->r[12];
  f->budget = o->deadline;
  f->attempt = attempt;
  activation_begin(f, state);
  if (attempt == 0 && strikes(o, t)) {
    if (CRASHES[o->armed] != nullptr) f->pc = address_of(reinterpret_cast<void *>(CRASHES[o->armed]));
    event(EventKind::ARMED, o->id, o->armed, t->frames[0].object->id);
    o->armed = 0;
  }
  t->frame = f;
  t->kept[f - t->frames] = nullptr;
  o->calls++;
  gate_update(o, t);
  take_over(t);
  return OK;
}

// Resolves the call word to an entry and a method, or returns the error.
i32 resolve(Thread *t, HandleEntry *&e, u32 &method) {
  Frame *f = t->frame;
  e = handle_find(f->object, f->r[12]);
  method = f->r[12] >> METHOD_SHIFT & METHOD_MASK;
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  Object *o = e->object;
  if (method >= o->descriptor->method_count || (e->methods >> method & 1) == 0) return BAD_METHOD;
  if (o->state == ObjectState::FAILED || o->state == ObjectState::GONE) return DEAD;
  if (f + 1 >= t->frames + FRAMES) return TOO_DEEP;
  if (e->ssr != nullptr && e->ssr->mode == Mode::LOST) return LOST;
  if (e->ssr != nullptr && e->ssr->mode == Mode::QUARANTINED) return QUARANTINED;
  if (overdue(t)) return TIMED_OUT;
  if (o->refuses != 0) {
    window_renew(o);
    if (o->strikes[t->frames[0].object->id] == STRIKES) return FAULTED;
  }
  return OK;
}

bool busy(const Object *o, const HandleEntry *e, const Thread *owner) {
  return o->state == ObjectState::RECOVERING || owner != nullptr ||
         (e->ssr != nullptr && e->ssr->mode == Mode::BUSY);
}

// A request that may give its caller a handle must return the one that it gave, or an error.
bool says_what_it_gave(const Frame *f, i32 value, u32 more) {
  if ((f->call & CALL_TAKES) == 0) return true;
  Handle gave = f->gave & ~GAVE_FOR_GOOD;
  return gave != 0 ? static_cast<u32>(value) == gave || more == gave : value < 0;
}

// Admits a queued thread; false if it must continue to wait.
bool admit(Thread *t) {
  Object *o = t->queued_for;
  Frame *f = t->frame;
  if (t->entry == Entry::CALL) {
    HandleEntry *e;
    u32 method;
    i32 error = resolve(t, e, method);
    if (error == OK && busy(o, e, owner_of(o))) return false;
    t->queued_for = nullptr;
    make_ready(t);
    if (error == OK) error = enter(t, e, method, 0);
    if (error != OK) result(t, error);
    return true;
  }
  t->queued_for = nullptr;
  make_ready(t);
  switch (t->entry) {
    case Entry::BACK:
      stack_open(o, f->top);
      if (f->ssr != nullptr && f->ssr->mode == Mode::BUSY) state_unhide(f->ssr);
      take_over(t);
      break;
    case Entry::RESUME:
      request_resume(t);
      break;
    default:  // RESTART: thread_restart has set it up
      take_over(t);
      break;
  }
  return true;
}

}  // namespace

void enter_queue(Thread *t, Object *o, Entry how) { enter_queue(t, o, how, owner_of(o)); }

void enter_queue(Thread *t, Object *o, Entry how, Thread *owner) {
  t->state = ThreadState::QUEUED;
  t->queued_for = o;
  t->entry = how;
  t->next = nullptr;
  if (o->queue == nullptr)
    o->queue = t;
  else
    o->queue_end->next = t;
  o->queue_end = t;
  time_is_set(t);
  gate_close(o);
  if (owner != nullptr) boost(owner, priority_of(t));
}

void leave_queue(Thread *t) {
  Object *o = t->queued_for;
  Thread **link = &o->queue, *before = nullptr;
  while (*link != t) before = *link, link = &(*link)->next;
  *link = t->next;
  if (o->queue_end == t) o->queue_end = before;
  t->queued_for = nullptr;
}

void release(Object *o) { release(o, owner_of(o)); }

void release(Object *o, Thread *owner) {
  while (o->state != ObjectState::RECOVERING && o->queue != nullptr && owner == nullptr) {
    Thread *t = o->queue;
    o->queue = t->next;
    if (!admit(t)) {
      t->next = o->queue;
      o->queue = t;
      break;
    }
    owner = o->state == ObjectState::ACTIVE && t->state == ThreadState::READY && t->frame->object == o ? t : owner_of(o);
  }
  gate_update(o, owner);
}

// A cycle of waiting threads contains one that calls, unless all return from waits.
void come_back(Thread *t, Object *o) {
  unwait(t);
  const bool active = o->state == ObjectState::ACTIVE;
  Thread *inside = active ? owner_of(o) : nullptr;
  if (active && o->queue == nullptr && inside == nullptr) {  // the object is free
    t->queued_for = o;
    t->entry = Entry::BACK;
    gate_close(o);
    admit(t);
    return gate_update(o, o->state == ObjectState::ACTIVE && t->frame->object == o ? t : owner_of(o));
  }
  enter_queue(t, o, Entry::BACK, inside != nullptr ? inside : owner_of(o));
  if (inside != nullptr && inside->state != ThreadState::QUEUED) return gate_update(o, inside);  // the owner waits for no one
  Thread *caller = nullptr;
  Object *at = o;
  for (u32 i = 0; i < MAX_THREADS; i++) {
    Thread *owner = owner_of(at);
    if (owner == nullptr || owner->state != ThreadState::QUEUED) break;
    if (owner->entry == Entry::CALL) caller = owner;
    if (owner == t) {
      cancel(caller != nullptr ? caller : t, DEADLOCK);
      break;
    }
    at = owner->queued_for;
  }
  release(o);
}

void cancel(Thread *t, i32 error) {
  Object *o = t->queued_for;
  bool inside = t->state == ThreadState::WAITING || t->entry != Entry::CALL;
  if (t->state == ThreadState::QUEUED)
    leave_queue(t);
  else
    unwait(t);
  if (inside) {
    if (t->frame == t->frames) panic("a bottom activation has no caller to tell, thread", t->id);
    o = t->frame->object;
    request_undo(t);
    t->frame--;
  }
  event(EventKind::ERROR, o->id, t->frames[0].object->id, static_cast<u32>(error));
  result(t, error);
  make_ready(t);
  release(o);
}

void call(Thread *t) {
  if (t->frame->object->recovering != nullptr && t->frame->object->recoverer == t)
    return fault(t, Fault::CONTRACT, t->frame->pc);  // a recovery routine may only read
  HandleEntry *e;
  u32 method;
  i32 error = resolve(t, e, method);
  const Thread *owner = error == OK ? owner_of(e->object) : nullptr;
  if (owner != nullptr && would_deadlock(t, e->object)) error = DEADLOCK;
  if (error == OK) {
    if (busy(e->object, e, owner) || e->object->queue != nullptr) {
      enter_queue(t, e->object, Entry::CALL);
      return;
    }
    error = enter(t, e, method, 0);
  }
  if (error == OK) return;
  result(t, error);
  if (e != nullptr && e->object != nullptr) gate_update(e->object);
}

namespace {

// Enters the method of the call in progress again. OK or an error.
i32 enter_again(Thread *t, u32 attempt, u32 faults) {
  HandleEntry *e;
  u32 method;
  i32 error = resolve(t, e, method);
  if (error == OK) error = enter(t, e, method, attempt);
  if (error == OK) t->frame->faults = faults;
  return error;
}

// Frame::confirms: the error of the last execution, and how many executions returned one.
constexpr u32 CONFIRMS_ERROR = 0x1fff, CONFIRMS_ONE = 0x2000, CONFIRMS_MOST = 3 * CONFIRMS_ONE;

// Undoes a request and does it again, from its caller's arguments. The caller gets an error that two executions in a row
// have returned, or the last one.
[[gnu::noinline]] void confirm(Thread *t, i32 value, u32 more) {
  const Frame *f = t->frame;
  Object *o = f->object;
  u32 attempt = f->attempt, faults = f->faults, armed = o->armed, before = f->confirms & ~CONFIRMS_ERROR;
  request_undo(t);
  hand_over(o);
  t->frame--;
  o->armed = 0;   // an armed crash strikes requests, not their repetitions
  i32 error = enter_again(t, attempt, faults);
  o->armed = armed;
  if (error != OK) {
    result(t, value, more);
    return release(o);
  }
  t->frame->confirms = static_cast<u16>(before + CONFIRMS_ONE | (static_cast<u32>(-value) & CONFIRMS_ERROR));
  o->attention = ATTENTION_SLOW;   // the return forgets it
  o->calls--;
}

}  // namespace

// A fault may have caused the error. An answer such as "not yet" comes with changes.
[[gnu::noinline]] bool would_confirm(const Thread *t, i32 value) {
  const Frame *f = t->frame;
  Object *o = f->object;
  bool known = (f->confirms & CONFIRMS_ERROR) == (static_cast<u32>(-value) & CONFIRMS_ERROR);
  return !known && f->confirms < CONFIRMS_MOST && has_checks() && !rules().twice && !kept_queued(f) &&
         o->uncommitted == 0 && t->kept[f - t->frames] == nullptr && (f->ssr == nullptr || state_unchanged(o, f->ssr, f->top));
}

void call_return(Thread *t, i32 value, u32 more, const Steps *last) {
  Frame *f = t->frame;
  Object *o = f->object;
  if (f->method == nullptr) {
    if (o->recoverer == t) {
      if (!kept_ready(t)) return;
      kept_commit(t);
      recovery_step(t, value);
    } else {
      fault(t, Fault::BROKEN_STACK, f->pc);  // a bottom activation has nowhere to return to
    }
    return;
  }
  if (f->sp != f->stack && (last == nullptr || f->sp > f->stack || f->top - f->sp > stack_room(o, f->top)))
    return fault(t, Fault::BROKEN_STACK, f->sp);
  if (value < f->method->lowest || value > f->method->highest) return fault(t, Fault::CONTRACT, static_cast<u32>(value));
  if (!says_what_it_gave(f, value, more)) return fault(t, Fault::CONTRACT, static_cast<u32>(value));
  if (!code_sound(o)) return fault(t, Fault::CODE_CHECK, section(o->id) + CODE);
  if (value < 0) {
    if (value != TIMED_OUT && last == nullptr && would_confirm(t, value)) return confirm(t, value, more);
  } else if (f->confirms != 0) {
    event(EventKind::REPLAY, o->id, t->frames[0].object->id, f->attempt);
  }
  if (!kept_ready(t)) return;
  if (f->ssr != nullptr && !state_commit(o, f->ssr, f->top)) return fault(t, Fault::STATE_CHECK, address_of(f->ssr));
  kept_commit(t);
  if (last != nullptr) more = steps_take(*last);
  handles_commit(o, f->ssr);
  hand_over(o);
  continuation_drop(t);
  if (t->within == f) t->within = nullptr;
  f->gave = f->confirms = f->faults = 0;  // the fast path reuses the frame as it is
  stack_free(o, f->top);  // its pages are accessible, since the request ran on it
  t->frame--;
  t->boost = PRIORITIES;
  result(t, value, more);
  if (f->ssr != nullptr) state_revoke(o, f->ssr, false);
  if ((t->frame->r[12] & CALL_COMMITS) != 0 && static_cast<i32>(t->frame->r[12]) > 0) request_commit(t);
  Object *caller = t->frame->object;
  if (caller->recoverer == t && recovery_overdue(caller)) fault(t, Fault::DEADLINE, t->frame->pc);
  if (o->queue == nullptr)
    gate_update(o, nullptr);  // its owner has left
  else
    release(o, nullptr);
}

void replay(Thread *t) {
  const Frame *old = t->frame;
  if (t->kept[old - t->frames] != nullptr) return request_resume(t);
  u32 attempt = old->attempt, faults = old->faults;
  t->frame--;
  i32 error = enter_again(t, attempt, faults);
  if (error != OK) return result(t, error);
  event(EventKind::REPLAY, t->frame->object->id, t->frames[0].object->id, attempt);
}

extern "C" void trap_call(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  if (twice_boundary(current)) call(current);
  go_on();
}

extern "C" void trap_return(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  if (twice_boundary(current)) call_return(current, static_cast<i32>(f->r[0]), f->r[1]);
  go_on();
}

}  // namespace curios
