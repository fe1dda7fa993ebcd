// Protected objects: memory, stacks, restart in place.
#include "kernel.h"

namespace curios {

Object *objects[MAX_OBJECTS];

namespace {

constexpr u32 HOME_RIGHTS = (READ_WRITE | KERNEL_ONLY << 2 | READ_WRITE << 4 | KERNEL_ONLY << 6) << 4;

u32 image_bytes(const Descriptor *d) { return static_cast<u32>(d->data_end - d->data_start); }

void load_private_data(Object *o) {
  u8 *data = at<u8>(address_of(o) - HOME_RECORD + HOME_DATA);
  const Descriptor *d = o->descriptor;
  u32 image = image_bytes(d), whole = (image + 31) & ~31u;
  copy(data, d->data_load, image);
  for (u32 i = image; i < whole; i++) data[i] = 0;
  clear(data + whole, GRANULE - whole);
}

// Each service runs a copy of its code, which the loaded image can repair. Clients share one copy.
void map_code(Object *o) {
  const Descriptor *d = o->descriptor;
  for (u32 a = address_of(d->code_start); a < address_of(d->code_end); a += PAGE_BYTES) {
    void *frame = page_alloc();
    if (frame == nullptr) panic("code without memory", d->id);
    o->table[a / PAGE_BYTES & 0xff] = small_page(address_of(frame), READ_ONLY);
  }
}

// Whether a request will continue on this stack after the reset.
bool is_reserved(const Object *o, u32 top) {
  for (const Thread *t : AllThreads()) {
    if (t == nullptr || t->frame->object != o) continue;
    const Continuation *c = t->kept[t->frame - t->frames];
    if (c != nullptr && c->top == top) return true;
  }
  return false;
}

u32 *private_data(const Object *o) { return at(address_of(o) - HOME_RECORD + HOME_DATA); }

// Not inlined, so that the laboratory can count its instructions.
[[gnu::noinline]] u32 private_data_sum(const Object *o) { return checksum(private_data(o), o->private_bytes, 0); }

}  // namespace

void seal(Object *o) {
  if (o->private_bytes != 0) o->private_sum = private_data_sum(o);
}

void take_over(Thread *t) {
  Object *o = t->frame->object;
  if (is_client(o)) return;
  if (o->suspect != 0) return fault(t, Fault::CODE_CHECK, o->descriptor->id);
  if (o->private_bytes != 0 && private_data_sum(o) != o->private_sum)
    return fault(t, Fault::PRIVATE_CHECK, section(o->id) + HOME_DATA);
  if (!stack_sound(t->frame)) return fault(t, Fault::PRIVATE_CHECK, t->frame->sp);
}

void hand_over(Object *o) { seal(o); }

static u32 stack_sum(const Frame *f) {
  u32 live = f->top - f->sp;
  if (live > stack_room(f->object, f->top) || (live & 3) != 0 || live == 0) return live;
  return checksum(reinterpret_cast<u32 *>(stack_end(f->object, f->top) - live), live, live);
}

void seal_stack(Frame *f) {
  if (!has_checks() || is_client(f->object)) return;
  f->stack_sum = stack_sum(f);
  f->sealed = 1;
}

bool stack_sound(Frame *f) {
  bool sound = f->sealed == 0 || f->stack_sum == stack_sum(f);
  f->sealed = 0;
  return sound;
}

Object *object_create(const Descriptor *d) {
  u8 *home = static_cast<u8 *>(page_alloc());
  if (home == nullptr || image_bytes(d) > GRANULE) panic("object without memory", d->id);
  if (objects[d->id] != nullptr) panic("two objects with the number", d->id);
  Object *o = reinterpret_cast<Object *>(home + HOME_RECORD);
  objects[d->id] = o;
  o->id = d->id;
  o->descriptor = d;
  o->is_client = d->method_count == 0 && d->construct == 0;
  o->handles = o->home_handles;
  o->handle_owners = o->home_owners;
  o->handle_count = HOME_HANDLES;
  o->methods = d->methods;
  for (u32 i = 0; i < d->method_count; i++)
    if (o->methods[i].lowest > 0) panic("a method that must not return 0, object", d->id);  // the return compares with 0
  o->deadline = d->deadline;
  o->tag = d->tag;
  o->state = ObjectState::ACTIVE;
  o->frames = 1;
  o->table = reinterpret_cast<u32 *>(home + HOME_TABLE);
  o->table[0] = address_of(home) | HOME_RIGHTS | 2;
  map_code(o);
  code_mend(o);
  if (has_checks()) {
    if ((d->checks & CHECK_PRIVATE) != 0) o->private_bytes = (image_bytes(d) + 31) & ~31u;
    o->limits = d->limits;
    o->guarded = (d->checks & CHECK_WRITES) != 0;
    if ((d->checks & CHECK_CODE) != 0 && !rules().twice) code_guard(o);  // an object that runs twice has a second copy instead
  }
  kept_make(o);
  o->limits_end = o->limits + (o->limits == nullptr ? 0 : d->limit_count);
  o->is_checked = o->private_bytes != 0 || o->limits != o->limits_end || o->code_bytes != 0 || o->ran != nullptr || o->guarded != 0;
  object_reset(o);
  twice_init(o);
  return o;
}

void object_reset(Object *o) {
  twice_reset(o);
  u32 wrong = code_mend(o);
  if (wrong != 0) event(EventKind::MENDED, o->id, wrong, 0);
  code_close(o);
  load_private_data(o);
  kept_reset(o);
  if (o->heap_bytes != 0) {
    for (u32 a = HEAP; a < HEAP_END; a += PAGE_BYTES) {
      u32 &entry = o->table[a / PAGE_BYTES];
      entry &= ~(PAGE_BYTES - 1);  // unmapped; the frame waits to be used again at this place
    }
    o->heap_bytes = 0;
    flush_all();
  }
  o->stacks = &o->stack_list[MAX_STACKS + 1];
  *o->stacks = 0;
  auto add = [o](u32 top) {
    if (!is_reserved(o, top)) *--o->stacks = top;
  };
  for (u32 i = o->stack_count; i > 0; i--) add(section(o->id) + STACKS + i * STACK_STRIDE);
  if ((o->descriptor->rights & LARGE_STACKS) == 0) add(section(o->id) + HOME_STACK + GRANULE);
  seal(o);
}

bool heap_grow(Object *o, u32 address) {
  u32 offset = address - section(o->id);
  if (offset < HEAP || offset >= HEAP + o->descriptor->heap_limit || offset >= HEAP_END) return false;
  u32 &entry = o->table[offset / PAGE_BYTES];
  if (is_mapped(entry)) return false;
  void *frame = at<void>(entry);
  if (frame != nullptr) {
    clear(frame, PAGE_BYTES);
  } else {
    frame = page_alloc();
    if (frame == nullptr) return false;
    o->frames++;
  }
  entry = small_page(address_of(frame), twice_fresh(o, (offset - HEAP) / PAGE_BYTES));
  o->heap_bytes += PAGE_BYTES;
  flush_entry(address & ~(PAGE_BYTES - 1));
  return true;
}

u32 stack_room(const Object *o, u32 top) {
  return top == section(o->id) + HOME_STACK + GRANULE ? GRANULE : PAGE_BYTES;
}

u32 stack_take(Object *o) {
  if (*o->stacks == 0) {
    void *frame = o->stack_count < MAX_STACKS ? page_alloc() : nullptr;
    if (frame == nullptr) return 0;
    o->stack_count++;
    o->frames++;
    u32 top = section(o->id) + STACKS + o->stack_count * STACK_STRIDE;
    o->table[(top - PAGE_BYTES) / PAGE_BYTES & 0xff] = small_page(address_of(frame), READ_WRITE);
    flush_entry(top - PAGE_BYTES);
    return top;
  }
  return *o->stacks++;
}

static void stack_rights(Object *o, u32 top, u32 rights) {
  u32 start = top - stack_room(o, top);
  u32 &entry = o->table[start / PAGE_BYTES & 0xff];
  u32 mask = stack_room(o, top) == GRANULE ? 3u << (4 + 2 * (start / GRANULE & 3)) : 0xff0;
  u32 changed = (entry & ~mask) | (rights * 0x550 & mask);
  if (changed == entry) return;
  entry = changed;
  for (u32 a = start; a < top; a += GRANULE) flush_entry(a);
}

void stack_close(Object *o, u32 top) { stack_rights(o, top, KERNEL_ONLY); }

void stack_open(Object *o, u32 top) { stack_rights(o, top, READ_WRITE); }

void stack_give(Object *o, u32 top) {
  stack_open(o, top);
  stack_free(o, top);
}

// In the order of addresses, so that the stack that is taken next does not depend on the order of returns.
void stack_free(Object *o, u32 top) {
  u32 *place = --o->stacks;
  for (; place[1] != 0 && place[1] < top; place++) place[0] = place[1];
  *place = top;
}

void gate_close(Object *o) {
#define CLOSE(field_, value_) o->field_ = value_;
  CLOSED_GATE(CLOSE)
#undef CLOSE
}

void gate_update(Object *o) {
  gate_close(o);  // owner_of() takes an open gate to mean that there is no owner
  gate_update(o, owner_of(o));
}

// Whether the owner's return must take the slow path.
static bool leaves_slowly(const Thread *owner, const Object *o) {
  for (const Frame *f = owner->frame; f >= owner->frames; f--)
    if (f->object == o)
      return (f->call & CALL_TAKES) != 0 || (f->gave | f->confirms) != 0 || f->keeps != nullptr || owner->kept[f - owner->frames] != nullptr ||
             (*o->stacks != 0 && *o->stacks < f->top);
  return false;
}

void gate_update(Object *o, const Thread *owner) {
  bool slow = (address_of(o->queue) | o->armed | o->uncommitted | o->suspect | o->doomed | o->refuses | address_of(o->stretch)) != 0 ||
              o->state != ObjectState::ACTIVE;
  if (owner != nullptr) slow = slow || leaves_slowly(owner, o) || (owner->within != nullptr && owner->within->object == o);
  u32 open = slow || owner != nullptr ? 0 : o->dacr;
  bool checked = o->is_checked != 0;
  o->attention = slow ? ATTENTION_SLOW : checked ? ATTENTION_CHECKS : ATTENTION_NONE;
  o->gate = checked ? 0 : open;
  o->checked_gate = checked ? open : 0;
  o->open_gate = checked ? 0 : o->dacr;
}

}  // namespace curios
