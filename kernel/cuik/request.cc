// Commit and undo of requests, and the continuation from which a request resumes.
#include "kernel.h"

namespace curios {
namespace {

Continuation *&kept(Thread *t) { return t->kept[t->frame - t->frames]; }

}  // namespace

void continuation_drop(Thread *t) {
  Continuation *&c = kept(t);
  if (c == nullptr) return;
  t->frame->object->continuations--;
  if (c->bytes > GRANULE)
    page_free(c);
  else
    block_free(c, c->bytes);
  c = nullptr;
}

bool request_commit(Thread *t, bool here) {
  Frame *f = t->frame;
  Object *o = f->object;
  if (!kept_ready(t)) return false;
  if (!rules().repeats || f->method == nullptr) {
    if (f->keeps != nullptr && !code_sound(o)) {
      fault(t, Fault::CODE_CHECK, section(o->id) + CODE);
      return false;
    }
    kept_commit(t);
    return true;
  }
  if (f->sp > f->stack || f->top - f->sp > stack_room(o, f->top) || (f->sp & 3) != 0) {
    fault(t, Fault::BROKEN_STACK, f->sp);
    return false;
  }
  if (!code_sound(o)) {
    fault(t, Fault::CODE_CHECK, section(o->id) + CODE);
    return false;
  }
  if (f->ssr != nullptr && !state_commit(o, f->ssr, f->top)) {
    fault(t, Fault::STATE_CHECK, address_of(f->ssr));
    return false;
  }
  handles_commit(o, f->ssr);
  kept_commit(t);
  bool from_entry = !here || o->descriptor->from_entry != 0;
  u32 used = from_entry ? 0 : f->stack - f->sp, bytes = sizeof(Continuation) + used;
  Continuation *c = kept(t);
  f->attempt = 0;
  if (f->gave != 0) f->gave |= GAVE_FOR_GOOD;
  if (c != nullptr && !here) return true;  // it continues from where it would have
  if (c == nullptr || c->bytes < bytes) {
    continuation_drop(t);
    if (bytes > PAGE_BYTES) return true;  // a stack this deep is not saved: the request starts again at its entry
    c = static_cast<Continuation *>(bytes > GRANULE ? page_alloc() : block_alloc(bytes));
    if (c == nullptr) return true;
    c->bytes = bytes > GRANULE ? PAGE_BYTES : (bytes + 31) & ~31u;
    kept(t) = c;
    o->continuations++;
    o->attention = ATTENTION_SLOW;  // the return frees it
  }
  copy(c->r, f->r, offsetof(Frame, object));
  c->stack = f->stack;
  c->top = f->top;
  c->used = used;
  c->from_entry = from_entry;
  if (used != 0) copy(c + 1, stack_end(o, f->stack) - used, used);
  return true;
}

// Takes back the handle that the caller got from a request that will be repeated.
static void take_back_gift(Frame *f) {
  // The fast path does not reset `gave`; but a request that may give a handle never takes it.
  if (f->gave == 0 || f->method == nullptr || (f->call & CALL_TAKES) == 0) return;
  if ((f->gave & GAVE_FOR_GOOD) == 0) handle_take_back((f - 1)->object, f->gave);
  f->gave = 0;
}

void request_suspend(Thread *t) {
  Frame *f = t->frame;
  take_back_gift(f);
  kept_drop(f);
  Ssr *s = f->ssr;
  if (s == nullptr) return;
  handles_undo(f->object, s);
  if ((s->flags & DOOMED) != 0) {
    f->ssr = nullptr;
    f->bereft = 1;
  }
  state_revoke(f->object, s, true);
}

void request_undo(Thread *t) {
  Frame *f = t->frame;
  Object *o = f->object;
  request_suspend(t);
  continuation_drop(t);
  stack_give(o, f->top);
  if (t->within == f) t->within = nullptr;
  f->gave = f->sealed = f->bereft = f->confirms = f->faults = 0;  // the fast path reuses the frame as it is
}

void request_resume(Thread *t) {
  Frame *f = t->frame;
  Object *o = f->object;
  Continuation *c = kept(t);
  make_resident(o);
  bool from_entry = c->from_entry != 0;
  if (!from_entry) copy(f->r, c->r, offsetof(Frame, object));
  f->method = &o->methods[f->call >> METHOD_SHIFT & METHOD_MASK];
  f->stack = c->stack;
  f->top = c->top;
  f->sealed = 0;
  f->budget = o->deadline;
  event(EventKind::REPLAY, o->id, t->frames[0].object->id, f->attempt);
  Ssr *s = f->ssr;
  stack_open(o, f->top);
  if (f->bereft != 0 || (s != nullptr && (s->mode == Mode::LOST || s->mode == Mode::QUARANTINED || !state_sound(o, s)))) {
    f->bereft = 0;
    request_undo(t);
    t->frame--;
    t->frame->r[0] = static_cast<u32>(QUARANTINED);
    t->frame->r[1] = 0;
    return;
  }
  u32 state = s == nullptr ? 0 : state_grant(o, s, f->top);
  if (from_entry) activation_begin(f, state);
  if (c->used != 0) copy(stack_end(o, f->stack) - c->used, c + 1, c->used);
  gate_update(o);
  take_over(t);
}

}  // namespace curios
