// Faults and what becomes of them: the object restarts in place, its servers' states are checked and read back, the
// request that faulted is done again, once. The schemes that CuriOS is compared with are here as well, as policies.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 USER_MODE = 0x10;
constexpr u32 WINDOW = 200;          // milliseconds
constexpr u32 RESTARTS_A_WINDOW = 32;
constexpr u32 RECOVERY_ATTEMPTS = 8;

constexpr const char *FAULTS[] = {"",
                                  "data abort",
                                  "prefetch abort",
                                  "undefined instruction",
                                  "failed assertion",
                                  "stack overrun",
                                  "deadline",
                                  "damaged state",
                                  "result outside its contract",
                                  "broken stack"};

// What cannot be mended is said.
void tell(const Object *o, const char *what) {
  log("cuik: ");
  log(o->descriptor->name);
  log(what);
  log(FAULTS[static_cast<u32>(o->last_fault)]);
  log('\n');
}

bool keeps_states() { return policy == Policy::SSR || policy == Policy::SSR_PACKED; }

void fail_request(Thread *t, i32 error) {
  event(EventKind::ERROR, t->frame->object->id, t->frames[0].object->id, static_cast<u32>(error));
  t->frame--;
  t->frame->r[0] = static_cast<u32>(error);
  t->frame->r[1] = 0;
}

// Everybody who is in the object or wants in gets an error; nobody hangs.
void fail_object(Object *o, Thread *culprit) {
  o->state = ObjectState::FAILED;
  o->recoverer = nullptr;
  o->recovering = nullptr;
  tell(o, " is given up: ");
  event(EventKind::FAILED, o->id, static_cast<u32>(o->last_fault), o->restarts);
  o->queue = nullptr;
  for (Thread *t : AllThreads()) {
    if (t == nullptr) continue;
    bool wants_in = t->state == ThreadState::QUEUED && t->queued_for == o;
    bool is_in = t->frame->object == o && (t == culprit || wants_in || t->state == ThreadState::WAITING);
    if (!wants_in && !is_in) continue;
    t->queued_for = nullptr;
    if (is_in && t->frame == t->frames) {
      threads[t->id] = nullptr;
      t->state = ThreadState::FREE;
      block_free(t, sizeof(Thread));
      continue;
    }
    if (is_in) {
      has_left(t->frame);
      fail_request(t, DEAD);
    } else {
      event(EventKind::ERROR, o->id, t->frames[0].object->id, static_cast<u32>(DEAD));
      t->frame->r[0] = static_cast<u32>(DEAD);
    }
    if (t != current) make_ready(t);
  }
  gate_update(o);
}

bool is_client(const Object *o) { return o->descriptor->method_count == 0 && o->descriptor->construct == 0; }

// A client has nobody to restart it: it goes, with all that servers keep for it.
void end_client(Object *o, Thread *t, Fault why) {
  o->state = ObjectState::GONE;
  if (why != Fault::NONE) tell(o, " has ended: ");
  event(EventKind::ENDED, o->id, static_cast<u32>(why), 0);
  for (u32 i = 0; i < o->handle_count; i++) {
    HandleEntry &e = o->handles[i];
    if (e.tag != 0 && e.object != nullptr && e.ssr != nullptr) state_destroy(e.object, e.ssr);
    e = HandleEntry{};
  }
  thread_end(t);
}

// Runs a routine of the object on the recoverer's activation.
void upcall(Object *o, Thread *t, u32 entry, u32 state, u32 argument) {
  Frame *f = t->frame;
  f->r[0] = state;
  f->r[1] = argument;
  f->sp = f->stack = state >= f->top - GRANULE && state < f->top ? state : f->top;
  f->lr = address_of(reinterpret_cast<void *>(user_return));
  f->pc = entry;
  f->psr = USER_MODE;
  f->budget = o->deadline;
}

void finish(Object *o, Thread *t) {
  Frame *f = t->frame;
  o->state = ObjectState::ACTIVE;
  o->recoverer = nullptr;
  o->recovered_at = now_us();
  stack_give(o, f->top);
  event(EventKind::RECOVERED, o->id, static_cast<u32>(o->recovered_at - o->fault_at), o->restarts);
  if ((o->descriptor->rights & MAY_SCHEDULE) != 0) ready_all_alike(false);
  if (f == t->frames) {
    t->constructs = 0;
    if (o->descriptor->main != 0) {
      thread_restart(t);
    } else {
      f->top = stack_take(o);
      thread_end(t);
    }
  } else if (keeps_states() && f->attempt == 0) {
    f->attempt = 1;
    replay(t);
  } else {
    fail_request(t, policy == Policy::RESTART && f->ssr != nullptr ? LOST : FAULTED);
  }
  release(o);
}

// The states in the order of connection; each is checked before the object sees it, and it cannot change them.
void next_state(Object *o, Thread *t, Ssr *s) {
  const Descriptor *d = o->descriptor;
  u32 top = t->frame->top;
  for (; s != nullptr; s = s->next) {
    if (s->mode == Mode::LOST || s->mode == Mode::QUARANTINED) continue;
    u32 state = state_show(o, s, top, t->frame->window);
    if (state == 0) {
      state_quarantine(o, s);
      continue;
    }
    if (d->recover != 0) {
      o->recovering = s;
      upcall(o, t, d->recover, state, s->owner);
      return;
    }
    state_hide(s);
  }
  finish(o, t);
}

// What the policies other than CuriOS's own leave of the states.
void leave_states(Object *o) {
  for (Ssr *s = o->ssrs; s != nullptr; s = s->next)
    if (policy == Policy::RESTART || (policy == Policy::DATASTORE && !state_restore(o, s))) s->mode = Mode::LOST;
}

// Threads that have waited inside: their requests begin again once the object is back.
void take_out(Object *o, const Thread *culprit) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t == culprit || t->frame->object != o) continue;
    bool in_queue = t->state == ThreadState::QUEUED && t->queued_for == o;
    if (!in_queue && t->state != ThreadState::WAITING) continue;
    Frame *f = t->frame;
    has_left(f);
    if (f == t->frames) {
      t->replay = 1;
    } else if (keeps_states()) {
      t->frame--;
    } else {
      f->method = nullptr;
      t->replay = 2;
    }
    t->wake_at = 0;
    t->line = -1;
    if (!in_queue) enter_queue(t, o);
  }
}

// After the reset: own threads start anew; requests that the policy does not repeat fail.
void put_back(Object *o) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->replay == 0) continue;
    if (t->frame->object != o) continue;
    u32 how = t->replay;
    t->replay = 0;
    if (how == 1) {
      thread_restart(t);
    } else {
      Thread **link = &o->queue, *before = nullptr;
      while (*link != t) before = *link, link = &(*link)->next;
      *link = t->next;
      if (o->queue_end == t) o->queue_end = before;
      t->queued_for = nullptr;
      fail_request(t, policy == Policy::RESTART ? LOST : FAULTED);
      make_ready(t);
    }
  }
}

void start_over(Object *o, Thread *t) {
  object_reset(o);
  put_back(o);
  Frame *f = t->frame;
  f->method = nullptr;
  f->top = stack_take(o);
  if (f->top == 0) return fail_object(o, t);
  f->window = translate(o, f->top - 4, true) + 4;
  o->recovering = nullptr;
  if (o->descriptor->construct != 0)
    upcall(o, t, o->descriptor->construct, 0, o->restarts);
  else
    next_state(o, t, o->ssrs);
}

}  // namespace

void fault(Thread *t, Fault what, u32 address) {
  Frame *f = t->frame;
  Object *o = f->object;
  o->last_fault = what;
  event(EventKind::FAULT, o->id, static_cast<u32>(what), address);
  if (is_client(o)) return end_client(o, t, what);
  if (o->recoverer == t) {
    if (o->recovering != nullptr) {
      state_hide(o->recovering);
      state_quarantine(o, o->recovering);
    }
    if (++o->recovery_attempts > RECOVERY_ATTEMPTS) return fail_object(o, t);
    return start_over(o, t);
  }
  o->fault_at = now_us();
  if (policy == Policy::NONE) return fail_object(o, t);
  if (now_ms - o->window_start > WINDOW) {
    o->window_start = now_ms;
    o->window_restarts = 0;
  }
  if (++o->window_restarts > RESTARTS_A_WINDOW) return fail_object(o, t);
  o->restarts++;
  o->recovery_attempts = 0;
  o->state = ObjectState::RECOVERING;
  o->recoverer = t;
  o->gate = 0;
  o->attention = 1;
  if ((o->descriptor->rights & MAY_SCHEDULE) != 0) ready_all_alike(true);
  take_out(o, t);
  if (f->ssr != nullptr && f->ssr->mode == Mode::BUSY) state_revoke(o, f->ssr, f->top, false);
  leave_states(o);
  start_over(o, t);
}

void recovery_step(Thread *t, i32 result) {
  Object *o = t->frame->object;
  Ssr *s = o->recovering;
  if (s == nullptr) return next_state(o, t, o->ssrs);
  o->recovering = nullptr;
  state_hide(s);
  if (result < 0) state_quarantine(o, s);
  next_state(o, t, s->next);
}

void thread_exit(Thread *t) {
  Object *o = t->frames[0].object;
  if (is_client(o)) return end_client(o, t, Fault::NONE);
  if (t->constructs != 0 && o->descriptor->main != 0) {
    t->constructs = 0;
    stack_give(o, t->frames[0].top);
    thread_restart(t);
    make_ready(t);
    return;
  }
  thread_end(t);
}

void arm(Object *o, Crash kind) {
  o->armed = static_cast<u32>(kind);
  o->armed_after = 0;
  o->armed_client = 0;
  gate_update(o);
}

extern "C" void trap_data(Frame *f) {
  NO_CALLER;
  u32 address;
  asm volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(address));
  current = thread_of(f);
  current->frame = f;
  Object *o = f->object;
  if (!heap_grow(o, address)) {
    u32 offset = address - region(o->id);
    bool guard = (offset >= HOME_TABLE && offset < HOME_STACK) ||
                 (offset >= STACKS && offset < STACKS_END && (offset / FRAME_BYTES & 1) == 0);
    fault(current, guard ? Fault::STACK_OVERRUN : Fault::DATA_ABORT, address);
  }
  go_on();
}

extern "C" void trap_prefetch(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  fault(current, Fault::PREFETCH_ABORT, f->pc);
  go_on();
}

extern "C" void trap_undefined(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  fault(current, Fault::UNDEFINED, f->pc);
  go_on();
}

extern "C" void trap_in_kernel(u32 pc, u32 psr) {
  NO_CALLER;
  log("cuik: exception in the kernel, psr ");
  log_hex(psr & 0xff);
  panic(", at", pc);
}

}  // namespace curios
