// Protected objects: their memory, stacks and restart in place.
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

// Each service runs a copy of its code, so that what the image was loaded with can mend it. Clients have none of their
// own.
void map_code(Object *o) {
  const Descriptor *d = o->descriptor;
  for (u32 a = address_of(d->code_start); a < address_of(d->code_end); a += FRAME_BYTES) {
    void *frame = frame_alloc();
    if (frame == nullptr) panic("code without memory", d->id);
    o->table[a / FRAME_BYTES & 0xff] = small_page(address_of(frame), READ_ONLY);
  }
}

// Puts code back word by word where it is not what was loaded; words that are right are not written, since a store into
// code costs whoever translates or caches it. Returns the number of wrong words.
u32 mend(u32 *code, const u32 *loaded, u32 bytes) {
  u32 wrong = 0;
  const u32 *end = code + bytes / 4;
  for (u32 *at = first_difference(code, end, loaded); at != end; at = first_difference(at, end, loaded + (at - code))) {
    for (u32 i = 0; i < 4; i++) {
      u32 right = loaded[at - code + i];
      if (at[i] != right) wrong++, at[i] = right;
    }
  }
  return wrong;
}

u32 load_code(Object *o) {
  const Descriptor *d = o->descriptor;
  u32 load = address_of(d->code_load), wrong = 0;
  for (u32 a = address_of(d->code_start); a < address_of(d->code_end); a += FRAME_BYTES, load += FRAME_BYTES) {
    u32 left = address_of(d->code_end) - a;
    u32 *code = at(o->table[a / FRAME_BYTES & 0xff] & ~0xfffu);
    wrong += mend(code, at(load), left < FRAME_BYTES ? left : FRAME_BYTES);
  }
  return wrong;
}

}  // namespace

Object *object_create(const Descriptor *d) {
  u8 *home = static_cast<u8 *>(frame_alloc());
  if (home == nullptr || image_bytes(d) > GRANULE) panic("object without memory", d->id);
  if (objects[d->id] != nullptr) panic("two objects with the number", d->id);
  Object *o = reinterpret_cast<Object *>(home + HOME_RECORD);
  objects[d->id] = o;
  o->id = d->id;
  o->descriptor = d;
  o->handles = o->home_handles;
  o->handle_count = HOME_HANDLES;
  o->methods = d->methods;
  o->deadline = d->deadline;
  o->tag = d->tag;
  o->state = ObjectState::ACTIVE;
  o->frames = 1;
  o->table = reinterpret_cast<u32 *>(home + HOME_TABLE);
  o->table[0] = address_of(home) | HOME_RIGHTS | 2;
  map_code(o);
  load_code(o);
  if (d->device != 0) o->table[DEVICE / FRAME_BYTES] = small_page(d->device, READ_WRITE);
  object_reset(o);
  return o;
}

void object_reset(Object *o) {
  u32 wrong = load_code(o);
  if (wrong != 0) event(EventKind::MENDED, o->id, wrong, 0);
  load_private_data(o);
  if (o->heap_bytes != 0) {
    for (u32 a = HEAP; a < HEAP_END; a += FRAME_BYTES) {
      u32 &entry = o->table[a / FRAME_BYTES];
      if (entry == 0) continue;
      frame_free(at<void>(entry & ~0xfffu));
      entry = 0;
      o->frames--;
    }
    o->heap_bytes = 0;
    flush_all();
  }
  o->stacks = &o->stack_list[MAX_STACKS + 1];
  *o->stacks = 0;
  for (u32 i = o->stack_count; i > 0; i--) *--o->stacks = region(o->id) + STACKS + i * STACK_STRIDE;
  if ((o->descriptor->rights & LARGE_STACKS) == 0) *--o->stacks = region(o->id) + HOME_STACK + GRANULE;
}

bool heap_grow(Object *o, u32 address) {
  u32 offset = address - region(o->id);
  if (offset < HEAP || offset >= HEAP + o->descriptor->heap_limit || offset >= HEAP_END) return false;
  u32 &entry = o->table[offset / FRAME_BYTES];
  if (entry != 0) return false;
  void *frame = frame_alloc();
  if (frame == nullptr) return false;
  entry = small_page(address_of(frame), READ_WRITE);
  o->heap_bytes += FRAME_BYTES;
  o->frames++;
  flush_entry(address & ~(FRAME_BYTES - 1));
  return true;
}

u32 stack_take(Object *o) {
  if (*o->stacks == 0) {
    void *frame = o->stack_count < MAX_STACKS ? frame_alloc() : nullptr;
    if (frame == nullptr) return 0;
    o->stack_count++;
    o->frames++;
    u32 top = region(o->id) + STACKS + o->stack_count * STACK_STRIDE;
    o->table[(top - FRAME_BYTES) / FRAME_BYTES & 0xff] = small_page(address_of(frame), READ_WRITE);
    flush_entry(top - FRAME_BYTES);
    return top;
  }
  return *o->stacks++;
}

void stack_give(Object *o, u32 top) { *--o->stacks = top; }

void gate_update(Object *o) {
  bool attention = o->queue != nullptr || o->armed != 0 || o->state != ObjectState::ACTIVE;
  o->attention = attention;
  o->gate = attention || owner_of(o) != nullptr ? 0 : o->dacr;
}

}  // namespace curios
