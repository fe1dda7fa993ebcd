// Faults and recovery: the object restarts in place, its states are checked and read back, and the faulting request is
// repeated once. The schemes with which CuriOS is compared are implemented here as well, as policies.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 RESTARTS_A_WINDOW = 32;
constexpr u32 RECOVERY_ATTEMPTS = 8;
constexpr u32 BAD_STATES = 3;
constexpr u32 FAULTS_A_REQUEST = 4;  // bounds the recoveries of a request that commits in between
constexpr u32 WINDOW = 200;          // milliseconds over which restarts and strikes are counted
constexpr u32 RECOVERY_TIME = 100;   // limit for one recovery routine, in milliseconds by the clock

// Logs what recovery cannot repair.
void tell(const Object *o, const char *what) {
  log("cuik: ");
  log(o->descriptor->name);
  log(what);
  log(fault_text(o->last_fault));
  log('\n');
}

void fail_request(Thread *t, i32 error) {
  event(EventKind::ERROR, t->frame->object->id, t->frames[0].object->id, static_cast<u32>(error));
  t->frame--;
  t->frame->r[0] = static_cast<u32>(error);
  t->frame->r[1] = 0;
}

// The error of requests that the policy does not repeat.
i32 error_for(const Frame *f) { return rules().left == Left::NOTHING && f->ssr != nullptr ? LOST : FAULTED; }

// All callers in the object or waiting to enter it get an error; none hangs.
void fail_object(Object *o, Thread *culprit) {
  o->state = ObjectState::FAILED;
  o->recoverer = nullptr;
  stop_reading(o);
  tell(o, " is given up: ");
  event(EventKind::FAILED, o->id, static_cast<u32>(o->last_fault), o->restarts);
  for (Thread *t : AllThreads()) {
    if (t == nullptr) continue;
    bool queued = t->state == ThreadState::QUEUED && t->queued_for == o;
    bool inside = t->frame->object == o && (t == culprit || t->state == ThreadState::WAITING ||
                                            (queued && t->entry != Entry::CALL));
    if (!queued && !inside) continue;
    if (queued)
      leave_queue(t);
    else if (t->state == ThreadState::WAITING)
      unwait(t);
    if (inside && t->frame == t->frames) {
      thread_end(t);
      continue;
    }
    if (inside) {
      request_undo(t);
      fail_request(t, DEAD);
    } else {
      event(EventKind::ERROR, o->id, t->frames[0].object->id, static_cast<u32>(DEAD));
      t->frame->r[0] = static_cast<u32>(DEAD);
    }
    if (t->state != ThreadState::READY) make_ready(t);
  }
  gate_update(o);
}

void wake_who_waits_for_ends() {
  for (Thread *t : AllThreads())
    if (t != nullptr && t->state == ThreadState::WAITING && t->lines == 0 && t->key == CLIENT_ENDED) come_back(t, t->frame->object);
}

// Clients are not restarted: a client ends, and servers destroy its states.
void end_client(Object *o, Thread *t, Fault why) {
  o->state = ObjectState::GONE;
  if (why != Fault::NONE) tell(o, " has ended: ");
  event(EventKind::ENDED, o->id, static_cast<u32>(why), 0);
  handles_all(o);
  thread_end(t);
  wake_who_waits_for_ends();
}

// Runs a routine of the object in the recoverer's activation.
void upcall(Object *o, Thread *t, u32 entry, u32 state, u32 argument) {
  Frame *f = t->frame;
  f->r[0] = state;
  f->r[1] = argument;
  f->sp = f->stack = state >= f->top - GRANULE && state < f->top ? state : f->top;
  f->lr = address_of(reinterpret_cast<void *>(user_return));
  f->pc = entry;
  f->psr = USER_MODE;
  f->sealed = 0;
  f->budget = o->deadline;
  o->recovery_started = now_ms;
}

// Whether the request is not to blame for the fault, because the damage was older.
bool is_innocent(Fault what) { return what == Fault::PRIVATE_CHECK || what == Fault::CODE_CHECK; }

void finish(Object *o, Thread *t) {
  Frame *f = t->frame;
  o->state = ObjectState::ACTIVE;
  o->recoverer = nullptr;
  o->recovered_at = now_us();
  for (Ssr *s = o->ssrs; s != nullptr; s = s->next) s->flags &= ~BLAMED;
  stack_give(o, f->top);
  seal(o);
  if (o->descriptor->main == 0) states_forget_orphans(o);
  event(EventKind::RECOVERED, o->id, static_cast<u32>(o->recovered_at - o->fault_at), o->restarts);
  if ((o->descriptor->rights & MAY_SCHEDULE) != 0) ready_all_alike(false);
  if (f == t->frames) {
    t->constructs = 0;
    if (o->descriptor->main != 0) {
      thread_restart(t);
      take_over(t);
    } else {
      f->top = stack_take(o);
      thread_end(t);
    }
  } else if (rules().repeats && (f->attempt == 0 || is_innocent(o->last_fault)) && f->faults < FAULTS_A_REQUEST) {
    if (!is_innocent(o->last_fault)) f->attempt = 1;
    replay(t);
  } else {
    if (Continuation *c = t->kept[f - t->frames]) stack_give(o, c->top);
    continuation_drop(t);
    f->faults = 0;
    fail_request(t, error_for(f));
  }
  release(o);
}

// Shows the states to the object, read-only, in the order of connection. Each is checked first.
void next_state(Object *o, Thread *t, Ssr *s) {
  const Descriptor *d = o->descriptor;
  u32 top = t->frame->top;
  for (; s != nullptr; s = s->next) {
    if (s->mode == Mode::LOST || s->mode == Mode::QUARANTINED || (s->flags & DOOMED) != 0) continue;
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

// A state is quarantined when recovery has failed on it twice, since the first failure may be due to a fault of its
// own. A client with many such states loses them all, so that recovery ends however many there are.
void blame(Object *o, Ssr *s) {
  if ((s->flags & BLAMED) != 0) {
    state_quarantine(o, s);
    o->bad_states = o->bad_owner == s->owner ? o->bad_states + 1 : 1;
    o->bad_owner = s->owner;
    if (o->bad_states == BAD_STATES) states_quarantine_of(o, s->owner);
  } else {
    s->flags |= BLAMED;
  }
  state_let_go(o, s);
}

void strike(Object *o, u32 client) {
  if (o->strikes[client] < STRIKES) o->strikes[client]++;
  if (o->strikes[client] == STRIKES) o->refuses = 1;
}

// Treats the states as the policies other than CuriOS's own require.
void leave_states(Object *o) {
  for (Ssr *s = o->ssrs; s != nullptr; s = s->next)
    if (rules().left == Left::NOTHING || (rules().left == Left::PUBLISHED_COPY && !state_restore(o, s))) {
      s->mode = Mode::LOST;
      handles_of_session(o, s);
    }
}

// Takes out the threads that wait inside: their requests start again after recovery.
void take_out(Object *o, const Thread *culprit) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t == culprit || t->frame->object != o) continue;
    bool queued = t->state == ThreadState::QUEUED && t->queued_for == o && t->entry != Entry::CALL;
    if (!queued && t->state != ThreadState::WAITING) continue;
    Entry how;
    if (t->frame == t->frames) {
      kept_drop(t->frame);
      stack_give(o, t->frame->top);
      how = Entry::RESTART;
    } else if (!rules().repeats) {
      how = Entry::FAIL;
      request_suspend(t);
    } else if (t->kept[t->frame - t->frames] != nullptr) {
      how = Entry::RESUME;
      request_suspend(t);
    } else {
      how = Entry::CALL;
      request_undo(t);
      t->frame--;
    }
    if (queued) {
      t->entry = how;
    } else {
      unwait(t);
      enter_queue(t, o, how);
    }
  }
}

// After the reset: the object's own threads start again; requests that the policy does not repeat fail.
void put_back(Object *o) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->state != ThreadState::QUEUED || t->queued_for != o) continue;
    if (t->entry == Entry::RESTART) {
      thread_restart(t);
    } else if (t->entry == Entry::FAIL) {
      leave_queue(t);
      fail_request(t, error_for(t->frame));
      make_ready(t);
    }
  }
}

void start_over(Object *o, Thread *t) {
  handles_of_incarnation(o);
  object_reset(o);
  put_back(o);
  Frame *f = t->frame;
  f->method = nullptr;
  f->top = stack_take(o);
  if (f->top == 0) return fail_object(o, t);
  f->window = translate(o, f->top - 4, true) + 4;
  if (o->descriptor->construct != 0)
    upcall(o, t, o->descriptor->construct, 0, o->restarts);
  else
    next_state(o, t, o->ssrs);
}

}  // namespace

// Ends recovery's access to the SSR that it reads. Returns that SSR, or null.
Ssr *stop_reading(Object *o) {
  Ssr *s = o->recovering;
  o->recovering = nullptr;
  if (s != nullptr) state_hide(s);
  return s;
}

void fault(Thread *t, Fault what, u32 address) {
  Frame *f = t->frame;
  Object *o = f->object;
  o->last_fault = what;
  event(EventKind::FAULT, o->id, static_cast<u32>(what), address);
  if (is_client(o)) return end_client(o, t, what);
  twice_end(t);
  kept_drop(f);
  if (o->recoverer == t) {
    // A state that crashes recovery costs only its client; other crashes count against the object.
    if (Ssr *s = stop_reading(o))
      blame(o, s);
    else if (++o->recovery_attempts > RECOVERY_ATTEMPTS)
      return fail_object(o, t);
    return start_over(o, t);
  }
  o->fault_at = now_us();
  if (!rules().restarts) return fail_object(o, t);
  window_renew(o);
  // Faults in requests count against their client, which is refused for a while if there are too many. The limit of
  // restarts applies to faults of the object's own thread, and under policies that do not repeat requests.
  bool client_did = rules().repeats && f != t->frames;
  if (client_did && f->attempt != 0 && !is_innocent(what)) strike(o, t->frames[0].object->id);
  if (!client_did && ++o->window_restarts > RESTARTS_A_WINDOW) return fail_object(o, t);
  o->restarts++;
  f->faults++;
  o->recovery_attempts = 0;
  o->bad_owner = 0;
  o->state = ObjectState::RECOVERING;
  o->recoverer = t;
  o->suspect = 0;
  gate_close(o);
  if ((o->descriptor->rights & MAY_SCHEDULE) != 0) ready_all_alike(true);
  take_out(o, t);
  request_suspend(t);
  leave_states(o);
  start_over(o, t);
}

void window_renew(Object *o) {
  if (now_ms - o->window_start <= WINDOW) return;
  o->window_start = now_ms;
  o->window_restarts = 0;
  o->refuses = 0;
  clear(o->strikes, sizeof o->strikes);
}

bool recovery_overdue(const Object *o) {
  return o->state == ObjectState::RECOVERING && now_ms - o->recovery_started > RECOVERY_TIME;
}

void recovery_step(Thread *t, i32 result) {
  Object *o = t->frame->object;
  Ssr *s = stop_reading(o);
  if (s == nullptr) return next_state(o, t, o->ssrs);
  if (result < 0) {
    blame(o, s);
    return start_over(o, t);
  }
  Ssr *next = s->next;
  state_let_go(o, s);
  next_state(o, t, next);
}

void thread_exit(Thread *t) {
  Object *o = t->frames[0].object;
  if (is_client(o)) return end_client(o, t, Fault::NONE);
  if (!kept_ready(t)) return;
  kept_commit(t);
  if (t->constructs != 0 && o->descriptor->main != 0) {
    t->constructs = 0;
    stack_give(o, t->frames[0].top);
    hand_over(o);
    thread_restart(t);
    take_over(t);
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
  bool opened = heap_grow(o, address) || twice_opens(o, address, false) || twice_opens(o, address, true);
  if (!opened && !twice_failed(current)) {
    u32 offset = address - section(o->id);
    bool guard = (offset >= HOME_TABLE && offset < HOME_STACK) ||
                 (offset >= STACKS && offset < STACKS_END && (offset / PAGE_BYTES & 1) == 0);
    fault(current, guard ? Fault::STACK_OVERRUN : Fault::DATA_ABORT, address);
  }
  go_on();
}

extern "C" void trap_prefetch(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  if (!twice_failed(current)) fault(current, Fault::PREFETCH_ABORT, f->pc);
  go_on();
}

extern "C" void trap_undefined(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  if (!twice_failed(current)) fault(current, Fault::UNDEFINED, f->pc);
  go_on();
}

// The activation on whose behalf the kernel runs: in the fast path SP points to it; elsewhere `current` has it.
static Frame *served(u32 sp) {
  for (Thread *t : AllThreads()) {
    if (t == nullptr) continue;
    u32 offset = sp - address_of(t->frames);
    if (offset < sizeof t->frames && offset % sizeof(Frame) == 0) return at<Frame>(sp);
  }
  return current == nullptr ? nullptr : current->frame;
}

static bool after_svc(const Frame *f) {
  u32 instruction;
  return (f->psr & 0x20) == 0 && copy_from(f->object, f->pc - 4, &instruction, sizeof instruction) &&
         instruction == 0xef000000;
}

// An exception in the kernel itself, most likely a transient fault of its registers or memory. The interrupted
// operation starts again from its entry. The kernel has no transactions, so this is not always right, but more often
// than stopping is.
extern "C" void trap_in_kernel(u32 pc, u32 psr, u32 sp) {
  NO_CALLER;
  static u32 last_trip, trips;
  constexpr u32 MAX_TRIPS = 8;
  trips = now_ms - last_trip > WINDOW ? 1 : trips + 1;
  last_trip = now_ms;
  Frame *f = served(sp);
  if (!rules().repeats || f == nullptr || trips > MAX_TRIPS) {
    log("cuik: exception in the kernel, psr ");
    log_hex(psr & 0xff);
    panic(", at", pc);
  }
  current = thread_of(f);
  current->frame = f;
  event(EventKind::TRIPPED, f->object->id, pc, psr);
  if (in_exception == 0 && after_svc(f)) f->pc -= sizeof(u32);
  go_on();
}

}  // namespace curios
