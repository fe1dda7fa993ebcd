// System calls, except those of drivers (device.cc).
#include "system.h"

namespace curios {
namespace {

extern "C" char boot_arguments[256];

constexpr u32 ALL_METHODS = 0xffffffff;
constexpr u32 THUMB = 0x20;  // in a PSR

// The thread leaves its object until it is woken; another thread runs.
[[noreturn]] void leave_to_others(Thread *t) {
  Frame *f = t->frame;
  if (f->ssr != nullptr && f->ssr->mode == Mode::BUSY) state_hide(f->ssr);
  t->state = ThreadState::WAITING;
  if (f == t->frames) {
    states_forget_orphans(f->object);  // the object's own thread has reconnected the sessions that it needs
    f->budget = f->object->deadline;
  }
  seal_stack(f);
  if (has_checks() && !is_client(f->object)) stack_close(f->object, f->top);
  hand_over(f->object);
  if (f->object->queue == nullptr)
    gate_update(f->object, nullptr);  // its owner has left
  else
    release(f->object, nullptr);
  dispatch();
}

// Recovery must not wait: no thread could wake it.
bool must_not_wait(const Thread *t) { return t->frame->object->recoverer == t; }

bool may_wait(const Object *o, u32 milliseconds) {
  u32 longest = is_client(o) ? FOREVER : o->descriptor->longest_wait;
  return longest == FOREVER || (milliseconds != 0 && milliseconds <= longest);
}

void check_code(Thread *t) {
  if (code_sound(t->frame->object)) return;
  fault(t, Fault::CODE_CHECK, t->frame->pc);
  go_on();
}

// An object's own thread commits by waiting. Requests are checked before their results take effect.
void check_own_code(Thread *t) {
  if (t->frame->method == nullptr) check_code(t);
}

Reply sound(Thread *t, u32 a, u32, u32) {
  check_code(t);
  return reply(OK, a);
}

Reply wait(Thread *t, u32 a, u32 time, u32 since_boot) {
  Frame *f = t->frame;
  i32 ahead = static_cast<i32>(time - now_ms);
  u32 b = since_boot == 0 ? time : ahead > 0 ? static_cast<u32>(ahead) : 1;
  check_own_code(t);
  if (f->method != nullptr && f->ssr != nullptr && !state_written_well(f->object, f->ssr, f->top)) {
    fault(t, Fault::STATE_CHECK, address_of(f->ssr));
    go_on();
  }
  if (must_not_wait(t) || !may_wait(f->object, b)) {
    fault(t, must_not_wait(t) ? Fault::CONTRACT : Fault::LIMIT, f->pc);
    go_on();
  }
  if (t->expired != 0 && f > t->within && overdue(t)) {
    t->state = ThreadState::WAITING;
    cancel(t, TIMED_OUT);
    dispatch();
  }
  f->r[0] = OK;
  t->key = a;
  t->lines = 0;
  t->wake_at = b == 0 ? 0 : (since_boot == 0 ? now_us() : ticked()) + static_cast<u64>(b) * 1000;
  time_is_set(t);
  leave_to_others(t);
}

i32 wake(Object *o, u32 key) {
  i32 count = 0;
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->key != key || t->state != ThreadState::WAITING || t->frame->object != o || t->lines != 0) continue;
    come_back(t, o);
    count++;
  }
  return count;
}

bool passes(const Frame *f, u32 handle) {
  for (u32 i = 1; i < 4; i++)
    if ((f->r[i] & HANDLE_MASK) == handle) return true;
  return false;
}

i32 copy_granted(Thread *t, u32 handle, u32 range, u32 own, bool in) {
  Frame *f = t->frame;
  if (f == t->frames || f->method == nullptr) return BAD_ARGUMENT;
  Object *client;
  HandleEntry *e = granted(t, handle, client);
  if (e == nullptr) return BAD_HANDLE;
  if ((range & 0xffff) > PAGE_BYTES) return BAD_ARGUMENT;  // interrupts are masked during the copy
  u32 offset = range >> 16, bytes = range & 0xffff, granted = e->methods & ~WRITABLE;
  if (offset > granted || bytes > granted - offset || (!in && (e->methods & WRITABLE) == 0)) return NO_MEMORY;
  for (u32 done = 0; done < bytes;) {
    u32 theirs = e->address + offset + done, ours = own + done, part = bytes - done;
    u8 *there = translate_run(client, theirs, !in, part, part);
    if (there != nullptr && !in && is_summed(f->object, ours)) {
      i32 error = kept_give(f->object, there, ours, part);
      if (error != OK) return error;
      done += part;
      continue;
    }
    u8 *here = there == nullptr ? nullptr : translate_run(f->object, ours, in, part, part);
    if (here == nullptr && there != nullptr && heap_grow(f->object, ours)) here = translate_run(f->object, ours, in, part, part);
    if (here == nullptr) return NO_MEMORY;
    copy(in ? here : there, in ? there : here, part);
    done += part;
  }
  return static_cast<i32>(bytes);
}

// Gives a handle to a caller whose call word accepts one.
i32 give_away(Frame *f, Object *target, u32 methods) {
  if ((f->call & CALL_TAKES) == 0) return NO_RIGHT;
  if (f->gave != 0) return static_cast<i32>(f->gave & ~GAVE_FOR_GOOD);  // one per request; later calls get the same one
  Handle h = handle_new(f - 1, target, methods, 0);
  if (static_cast<i32>(h) > 0) {
    f->gave = h;
    f->object->attention = ATTENTION_SLOW;  // the return forgets it
  }
  return static_cast<i32>(h);
}

// Gives the caller a copy of one of the object's own handles.
i32 give(Thread *t, u32 handle, u32 methods) {
  Frame *f = t->frame;
  if (f == t->frames || f->method == nullptr) return BAD_ARGUMENT;
  HandleEntry *e = handle_find(f->object, handle);
  return e == nullptr || e->object == nullptr ? static_cast<i32>(BAD_HANDLE) : give_away(f, e->object, e->methods & methods);
}

// Takes the name from the caller's registers, since those of the name service may be damaged.
i32 lookup(Thread *t) {
  Frame *f = t->frame;
  if (f == t->frames || f->method == nullptr) return BAD_ARGUMENT;
  for (Object *target : objects) {
    if (target == nullptr || target->descriptor->method_count == 0) continue;
    u32 words[2];
    __builtin_memcpy(words, target->descriptor->name, sizeof words);
    if (words[0] != (f - 1)->r[1] || words[1] != (f - 1)->r[2]) continue;
    u32 count = target->descriptor->method_count;
    return give_away(f, target, count >= 32 ? ALL_METHODS : (1u << count) - 1);
  }
  return ABSENT;
}

// Numbers derived from the seed, different for each object, for values that others must not guess.
u32 secret_of(const Object *o, u32 n) {
  u32 x = handle_secret ^ (o->id * 0x9e3779b9u + n * 0x85ebca6bu);
  for (u32 i = 0; i < 3; i++) {
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
  }
  return x ^ x >> 16;
}

i32 inspect(const Thread *t, u32 what, u32 id) {
  if (static_cast<Inspect>(what) == Inspect::NOW_MS) return static_cast<i32>(now_ms);
  if (static_cast<Inspect>(what) == Inspect::SECRET) return static_cast<i32>(secret_of(t->frame->object, id));
  if (id >= MAX_OBJECTS || objects[id] == nullptr) return ABSENT;
  const Object *o = objects[id];
  switch (static_cast<Inspect>(what)) {
    case Inspect::STATE:
      return static_cast<i32>(o->state);
    case Inspect::CALLS:
      return static_cast<i32>(o->calls);
    case Inspect::RESTARTS:
      return static_cast<i32>(o->restarts);
    case Inspect::STATES: {
      i32 count = 0;
      for (Ssr *s = o->ssrs; s != nullptr; s = s->next) count++;
      return count;
    }
    case Inspect::MEMORY:
      return static_cast<i32>(o->frames * PAGE_BYTES);
    case Inspect::POLICY:
      return static_cast<i32>(policy);
    case Inspect::FAULT:
      return static_cast<i32>(o->last_fault);
    case Inspect::CLIENTS: {
      i32 count = 0;
      for (const Thread *t : AllThreads()) {  // each client has one thread
        const Object *other = t == nullptr ? nullptr : t->frames[0].object;
        count += other != nullptr && is_client(other) && other->id >= FIRST_CLIENT && other->state == ObjectState::ACTIVE ? 1 : 0;
      }
      return count;
    }
    case Inspect::URGENCY:
      return static_cast<i32>(o->descriptor->urgency != 0 ? o->descriptor->urgency : COMMON_PRIORITY);
    case Inspect::USED:
    case Inspect::USED_BEFORE: {
      u32 used = 0;
      for (const Thread *t : AllThreads())
        if (t != nullptr && t->frames[0].object == o) used += static_cast<Inspect>(what) == Inspect::USED ? t->used : t->before;
      return static_cast<i32>(used);
    }
    default:
      return BAD_ARGUMENT;
  }
}

i32 grant(const Frame *f, u32 address, u32 bytes, bool writable) {
  Object *o = f->object;
  if (bytes == 0 || bytes > SECTION) return BAD_ARGUMENT;
  if (address + bytes < address) return NO_MEMORY;
  bool is_kept = !writable && address - kept_section(o->id) <= o->descriptor->kept - bytes && bytes <= o->descriptor->kept;
  for (u32 a = address, run; !is_kept && a < address + bytes; a += run)
    if (translate_run(o, a, writable, address + bytes - a, run) == nullptr && !heap_grow(o, a)) return NO_MEMORY;
  return static_cast<i32>(handle_new(f, nullptr, bytes | (writable ? WRITABLE : 0), address));
}

// Sessions of an object do not change while it recovers: the system call is repeated afterwards. The recoverer has the
// highest priority.
void wait_for_recovery(Thread *t, u32 handle) {
  Frame *f = t->frame;
  HandleEntry *e = handle_find(f->object, handle);
  if (e == nullptr || e->object == nullptr || e->object->state != ObjectState::RECOVERING || e->object->recoverer == t) return;
  f->pc -= (f->psr & THUMB) != 0 ? 2 : 4;
  make_ready(t);
  dispatch();
}

// Looks up, copies and connects a handle in one step.
Reply session(Thread *t, u32 a, u32, u32) {
  wait_for_recovery(t, a);
  Frame *f = t->frame;
  HandleEntry *e = handle_find(f->object, a);
  if (e == nullptr || e->object == nullptr) return reply(BAD_HANDLE, a);
  Handle h = handle_new(f, e->object, e->methods, 0);
  if (static_cast<i32>(h) < 0) return reply(static_cast<i32>(h), a);
  i32 error = state_connect(f, h);
  if (error == OK) return reply(static_cast<i32>(h), a);
  handle_drop(f, h);
  return reply(error, a);
}

Reply yield(Thread *t, u32, u32, u32) {
  t->frame->r[0] = OK;
  make_ready(t);
  dispatch();
}

// A service's own thread ends after its constructor only; otherwise it has jumped here.
Reply exit(Thread *t, u32, u32, u32) {
  if (t->frame == t->frames && (is_client(t->frame->object) || t->constructs != 0) && !must_not_wait(t)) {
    thread_exit(t);
    dispatch();
  }
  fault(t, Fault::CONTRACT, t->frame->pc);
  go_on();
}

Reply assertion(Thread *t, u32, u32, u32) {
  if (!twice_failed(t)) fault(t, Fault::ASSERTION, t->frame->lr);
  go_on();
}

Reply irq_wait(Thread *t, u32 a, u32, u32) {
  check_own_code(t);
  if (must_not_wait(t)) {
    fault(t, Fault::CONTRACT, t->frame->pc);
    go_on();
  }
  i32 error = (a & ~t->frame->object->descriptor->lines) != 0 ? static_cast<i32>(NO_RIGHT) : wait_for_lines(t, a);
  if (error != OK) return reply(error, a);
  t->frame->r[0] = OK;
  t->lines = a;
  t->wake_at = 0;
  leave_to_others(t);
}

Reply now(Thread *, u32, u32, u32) {
  return now_us();
}

Reply connect(Thread *t, u32 a, u32, u32) {
  wait_for_recovery(t, a);
  return reply(state_connect(t->frame, a), a);
}

Reply drop(Thread *t, u32 a, u32, u32) {
  wait_for_recovery(t, a);
  return reply(handle_drop(t->frame, a), a);
}

Reply disconnect(Thread *t, u32 a, u32, u32) {
  wait_for_recovery(t, a);
  Frame *f = t->frame;
  i32 error = state_disconnect(f->object, a);
  if (error != OK) return reply(error, a);
  f->r[0] = OK;  // it cannot be undone
  if (!request_commit(t)) go_on();
  return reply(OK, a);
}

Reply commit(Thread *t, u32 a, u32, u32) {
  t->frame->r[0] = 1;
  if (!request_commit(t, a != COMMIT_ONLY)) go_on();
  return reply(OK, a);
}

// A caller's limit takes precedence, since its calls enclose the others.
Reply within(Thread *t, u32 a, u32, u32) {
  if (t->within != nullptr && t->within < t->frame)
    return reply(a != 0 && now_us() + static_cast<u64>(a) * 1000 >= t->expires ? OK : NO_RIGHT, a);
  t->within = a == 0 ? nullptr : t->frame;
  t->expires = now_us() + static_cast<u64>(a) * 1000;
  t->expired = 0;
  time_is_set(t);
  gate_update(t->frame->object);
  return reply(OK, a);
}

// Reads the argument from the caller's registers, since the service's own may be damaged.
Reply asked(Thread *t, u32 a, u32 b, u32) {
  Frame *f = t->frame;
  if (f == t->frames || f->method == nullptr || a > ASKED_CONFIRMS) return reply(BAD_ARGUMENT, a);
  if (a == ASKED_COMMITTED) return reply(OK, static_cast<u32>(t->kept[f - t->frames] != nullptr));
  return reply(OK, a == ASKED_CONFIRMS ? static_cast<u32>(would_confirm(t, static_cast<i32>(b))) : (f - 1)->r[a]);
}

Reply schedule(Thread *, u32 a, u32 b, u32) {
  if (b == 0 || b >= PRIORITIES) return reply(BAD_ARGUMENT, a);
  set_priority(a, b);
  return reply(OK, a);
}

Reply crash(Thread *, u32 a, u32 b, u32) {
  if (a >= MAX_OBJECTS || objects[a] == nullptr || b >= static_cast<u32>(Crash::COUNT)) return reply(BAD_ARGUMENT, a);
  arm(objects[a], static_cast<Crash>(b));
  return reply(OK, a);
}

Reply boot_argument(Thread *, u32 a, u32, u32) {
  u32 words = sizeof boot_arguments / sizeof(u32);
  return reply(a < words ? static_cast<i32>(reinterpret_cast<const u32 *>(boot_arguments)[a]) : static_cast<i32>(BAD_ARGUMENT), a);
}

i32 caller(const Thread *t) { return t->frame == t->frames ? ABSENT : static_cast<i32>((t->frame - 1)->object->id); }

// The role of a system call in a stretch that runs twice. PURE: it has the same result again. INPUT: the second run
// gets the result of the first. EFFECT: the stretch ends before it.
enum class Kind : u32 { PURE, INPUT, EFFECT };

struct SystemCall {
  Reply (*run)(Thread *t, u32 a, u32 b, u32 c);
  Kind kind = Kind::EFFECT;
  u32 right = 0;
};

#define CALL(expression) \
  [](Thread *t, u32 a, u32 b, u32 c) -> Reply { (void)t, (void)b, (void)c; return reply(static_cast<i32>(expression), a); }

}  // namespace

// By negated number. The fast path (entry.S) uses it, too.
extern "C" const SystemCall system_calls[] = {
    {[](Thread *t, u32, u32, u32) -> Reply { return nonsense(t); }, Kind::PURE},
    /* YIELD */ {yield},
    /* EXIT */ {exit},
    /* WAIT */ {wait},
    /* WAKE */ {CALL(wake(t->frame->object, a))},
    /* NOW */ {now, Kind::INPUT},
    /* CONNECT */ {connect},
    /* DISCONNECT */ {disconnect},
    /* GIVE */ {CALL(give(t, a, b))},
    /* GRANT */ {CALL(grant(t->frame, a, b, c != 0))},
    /* COPY_IN */ {CALL(copy_granted(t, a, b, c, true)), Kind::PURE},
    /* COPY_OUT */ {CALL(copy_granted(t, a, b, c, false))},
    /* DROP */ {drop},
    /* CALLER */ {CALL(caller(t)), Kind::PURE},
    /* ASSERT */ {assertion, Kind::PURE},
    /* PUBLISH */ {CALL(state_publish(t)), Kind::PURE},
    /* IRQ_WAIT */ {irq_wait, Kind::EFFECT, MAY_WAIT_IRQ},
    /* SCHEDULE */ {schedule, Kind::EFFECT, MAY_SCHEDULE},
    /* CRASH */ {crash, Kind::EFFECT, MAY_CRASH},
    /* INSPECT */ {CALL(inspect(t, a, b)), Kind::INPUT},
    /* HALT */ {[](Thread *, u32 a, u32, u32) -> Reply { halt(static_cast<i32>(a)); }, Kind::EFFECT, MAY_HALT},
    /* SELF */ {CALL(static_cast<i32>(t->frame->object->id)), Kind::PURE},
    /* LOOKUP */ {CALL(lookup(t)), Kind::EFFECT, MAY_LOOKUP},
    /* not in use */ {CALL(BAD_ARGUMENT), Kind::PURE},
    /* ARGUMENT */ {boot_argument, Kind::PURE},
    /* COMMIT */ {commit},
    /* DEVICE_READ */ {read_register},
    /* DEVICE_WRITE */ {write_register},
    /* WITHIN */ {within},
    /* ASKED */ {asked, Kind::PURE},
    /* KEEP */ {CALL(keep(t, a, b, c))},
    /* KEEP_FROM */ {CALL(keep_from(t, a, b, c))},
    /* KEEP_ALL */ {CALL(keep_all(t, a, b))},
    /* KEPT_MEND */ {CALL(kept_mend(t->frame->object, a, b))},
    /* SESSION */ {session},
    /* DEVICE_STREAM */ {stream},
    /* DEVICE_STEPS */ {steps},
    /* SOUND */ {sound, Kind::PURE},
};
#undef CALL

constexpr u32 COUNT = sizeof system_calls / sizeof system_calls[0];
static_assert(COUNT == SYSTEM_CALLS && COUNT == -SYS_SOUND + 1 && sizeof(SystemCall) == 12);

namespace {

Kind kind_of(u32 number, u32 a) {
  if (number == static_cast<u32>(-SYS_DEVICE_READ)) return a >> DEVICE_COUNT_SHIFT != 0 ? Kind::EFFECT : Kind::INPUT;
  return system_calls[number].kind;
}

void carry_out(Thread *t, u32 number) {
  Frame *f = t->frame;
  u32 a = f->r[1];
  bool may = number >= COUNT || (system_calls[number].right & ~f->object->descriptor->rights) == 0;
  Reply r = number >= COUNT ? nonsense(t) : may ? system_calls[number].run(t, a, f->r[2], f->r[3]) : reply(NO_RIGHT, a);
  f->r[0] = static_cast<u32>(r);
  f->r[1] = static_cast<u32>(r >> 32);
}

}  // namespace

Reply nonsense(Thread *t) {
  if (is_client(t->frame->object)) return reply(BAD_ARGUMENT, t->frame->r[1]);
  if (!twice_failed(t)) fault(t, Fault::CONTRACT, t->frame->pc);
  go_on();
}

// Granted memory that was passed to this request as an argument of the call, by its owner or by an object to which it
// was passed.
HandleEntry *granted(Thread *t, u32 handle, Object *&client) {
  handle &= HANDLE_MASK;
  for (Frame *f = t->frame; f > t->frames && f->method != nullptr && passes(f - 1, handle); f--) {
    client = (f - 1)->object;
    HandleEntry *e = handle_find(client, handle);
    if (e != nullptr) return e->object == nullptr ? e : nullptr;
  }
  return nullptr;
}

// The calls that the fast path does not take: those that need a right, and those of an object that runs twice.
extern "C" void trap_system(Frame *f) {
  NO_CALLER;
  Thread *t = current = thread_of(f);
  t->frame = f;
  u32 number = -f->r[12];
  if (f->object->stretch == nullptr) {
    carry_out(t, number);
    go_on();
  }
  Kind kind = number < COUNT ? kind_of(number, f->r[1]) : Kind::EFFECT;
  Asked asked{number, f->r[1], f->r[2], f->r[3]};
  u32 words[2];
  if (kind == Kind::INPUT && twice_is_full(t)) kind = Kind::EFFECT;
  if (kind == Kind::EFFECT && !twice_boundary(t)) go_on();
  if (kind == Kind::INPUT && twice_input(t, asked, words)) {
    f->r[0] = words[0];
    f->r[1] = words[1];
    go_on();
  }
  carry_out(t, number);
  if (kind == Kind::INPUT) {
    words[0] = f->r[0];
    words[1] = f->r[1];
    twice_log(t, asked, words);
  }
  go_on();
}

}  // namespace curios
