// System calls.
#include "kernel.h"

namespace curios {
namespace {

extern "C" char boot_arguments[256];

constexpr u32 WRITABLE = 1u << 31;
constexpr u32 ALL_METHODS = 0xffffffff;

void leave_to_others(Thread *t) {
  Frame *f = t->frame;
  if (f->ssr != nullptr && f->ssr->kind == MODE_MAPPED && f->ssr->mode == Mode::BUSY) {
    state_revoke(f->object, f->ssr, f->top, false);
    f->ssr->mode = Mode::BUSY;  // this request still has it
  }
  t->state = ThreadState::WAITING;
  release(f->object);
}

i32 wait(Thread *t, u32 key, u32 milliseconds) {
  t->key = key;
  t->line = -1;
  t->wake_at = milliseconds == 0 ? 0 : now_us() + static_cast<u64>(milliseconds) * 1000;
  leave_to_others(t);
  return OK;
}

i32 wake(Object *o, u32 key) {
  i32 count = 0;
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->state != ThreadState::WAITING || t->frame->object != o || t->line >= 0 || t->key != key) continue;
    t->wake_at = 0;
    enter_queue(t, o);
    count++;
  }
  return count;
}

i32 copy_granted(Thread *t, u32 handle, u32 range, u32 own, bool in) {
  Frame *f = t->frame;
  if (f == t->frames || f->method == nullptr) return BAD_ARGUMENT;
  Object *client = (f - 1)->object;
  HandleEntry *e = handle_find(client, handle);
  if (e == nullptr || e->object != nullptr) return BAD_HANDLE;
  u32 offset = range >> 16, bytes = range & 0xffff, granted = e->methods & ~WRITABLE;
  if (offset > granted || bytes > granted - offset || (!in && (e->methods & WRITABLE) == 0)) return NO_MEMORY;
  for (u32 done = 0; done < bytes;) {
    u32 theirs = e->address + offset + done, ours = own + done;
    u32 part = GRANULE - theirs % GRANULE;
    if (part > GRANULE - ours % GRANULE) part = GRANULE - ours % GRANULE;
    if (part > bytes - done) part = bytes - done;
    u8 *there = translate(client, theirs, !in), *here = translate(f->object, ours, in);
    if (here == nullptr && heap_grow(f->object, ours)) here = translate(f->object, ours, in);
    if (there == nullptr || here == nullptr) return NO_MEMORY;
    copy(in ? here : there, in ? there : here, part);
    done += part;
  }
  return static_cast<i32>(bytes);
}

i32 give(Thread *t, u32 handle, u32 methods) {
  Frame *f = t->frame;
  HandleEntry *e = handle_find(f->object, handle);
  if (f == t->frames || f->method == nullptr) return BAD_ARGUMENT;
  if (e == nullptr || e->object == nullptr) return BAD_HANDLE;
  return static_cast<i32>(handle_new((f - 1)->object, e->object, e->methods & methods, 0));
}

i32 lookup(Object *o, u32 low, u32 high) {
  for (Object *target : objects) {
    if (target == nullptr || target->descriptor->method_count == 0) continue;
    u32 words[2];
    __builtin_memcpy(words, target->descriptor->name, sizeof words);
    if (words[0] != low || words[1] != high) continue;
    u32 count = target->descriptor->method_count;
    return static_cast<i32>(handle_new(o, target, count >= 32 ? ALL_METHODS : (1u << count) - 1, 0));
  }
  return ABSENT;
}

i32 inspect(u32 what, u32 id) {
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
      return static_cast<i32>(o->frames * FRAME_BYTES);
    case Inspect::POLICY:
      return static_cast<i32>(policy);
    case Inspect::FAULT:
      return static_cast<i32>(o->last_fault);
    case Inspect::USED: {
      u32 used = 0;
      for (const Thread *t : AllThreads())
        if (t != nullptr && t->frames[0].object == o) used += t->used;
      return static_cast<i32>(used);
    }
    default:
      return BAD_ARGUMENT;
  }
}

i32 grant(Object *o, u32 address, u32 bytes, bool writable) {
  if (bytes == 0 || bytes >= WRITABLE || bytes > SECTION) return BAD_ARGUMENT;
  for (u32 a = address; a < address + bytes; a = (a | (GRANULE - 1)) + 1)
    if (translate(o, a, writable) == nullptr && !heap_grow(o, a)) return NO_MEMORY;
  return static_cast<i32>(handle_new(o, nullptr, bytes | (writable ? WRITABLE : 0), address));
}

}  // namespace

extern "C" void trap_system(Frame *f) {
  NO_CALLER;
  Thread *t = current = thread_of(f);
  t->frame = f;
  Object *o = f->object;
  u32 a = f->r[1], b = f->r[2], c = f->r[3];
  u32 rights = o->descriptor->rights;
  i32 result = OK;
  switch (static_cast<i32>(f->r[12])) {
    case SYS_YIELD:
      make_ready(t);
      f->r[0] = OK;
      dispatch();
    case SYS_EXIT:
      if (f == t->frames) {
        thread_exit(t);
        dispatch();
      }
      fault(t, Fault::CONTRACT, f->pc);
      go_on();
    case SYS_WAIT:
      f->r[0] = OK;
      wait(t, a, b);
      go_on();
    case SYS_WAKE:
      result = wake(o, a);
      break;
    case SYS_NOW: {
      u64 now = now_us();
      f->r[1] = static_cast<u32>(now >> 32);
      result = static_cast<i32>(now);
      break;
    }
    case SYS_CONNECT:
      result = state_connect(o, a);
      break;
    case SYS_DISCONNECT:
      result = state_disconnect(o, a);
      break;
    case SYS_GIVE:
      result = give(t, a, b);
      break;
    case SYS_GRANT:
      result = grant(o, a, b, c != 0);
      break;
    case SYS_COPY_IN:
      result = copy_granted(t, a, b, c, true);
      break;
    case SYS_COPY_OUT:
      result = copy_granted(t, a, b, c, false);
      break;
    case SYS_DROP:
      result = handle_drop(o, a);
      break;
    case SYS_CALLER:
      result = f == t->frames ? ABSENT : static_cast<i32>((f - 1)->object->id);
      break;
    case SYS_ASSERT:
      fault(t, Fault::ASSERTION, f->lr);
      go_on();
    case SYS_PUBLISH:
      result = state_publish(t);
      break;
    case SYS_IRQ_WAIT:
      if ((rights & MAY_WAIT_IRQ) == 0) {
        result = NO_RIGHT;
        break;
      }
      result = wait_for_line(t, a);
      if (result != OK) break;
      f->r[0] = OK;
      t->line = static_cast<i32>(a);
      t->wake_at = 0;
      leave_to_others(t);
      go_on();
    case SYS_SCHEDULE:
      if ((rights & MAY_SCHEDULE) == 0)
        result = NO_RIGHT;
      else if (b == 0 || b >= PRIORITIES)
        result = BAD_ARGUMENT;
      else
        set_priority(a, b);
      break;
    case SYS_CRASH:
      if ((rights & MAY_CRASH) == 0)
        result = NO_RIGHT;
      else if (a >= MAX_OBJECTS || objects[a] == nullptr || b >= static_cast<u32>(Crash::COUNT))
        result = BAD_ARGUMENT;
      else
        arm(objects[a], static_cast<Crash>(b));
      break;
    case SYS_INSPECT:
      result = inspect(a, b);
      break;
    case SYS_HALT:
      if ((rights & MAY_HALT) != 0) halt(static_cast<i32>(a));
      result = NO_RIGHT;
      break;
    case SYS_SELF:
      result = static_cast<i32>(o->id);
      break;
    case SYS_LOOKUP:
      result = (rights & MAY_LOOKUP) != 0 ? lookup(o, a, b) : static_cast<i32>(NO_RIGHT);
      break;
    case SYS_LOG: {
      u32 words[3] = {a, b, c};
      const char *text = reinterpret_cast<const char *>(words);
      for (u32 i = 0; i < sizeof words && text[i] != 0; i++) log(text[i]);
      break;
    }
    case SYS_ARGUMENT:
      result = a < 64 ? static_cast<i32>(reinterpret_cast<const u32 *>(boot_arguments)[a]) : static_cast<i32>(BAD_ARGUMENT);
      break;
    default:
      result = BAD_ARGUMENT;
  }
  f->r[0] = static_cast<u32>(result);
  go_on();
}

}  // namespace curios
