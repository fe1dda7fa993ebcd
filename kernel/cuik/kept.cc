// Kept memory: what a service keeps over its restarts besides states, such as a cache of blocks. The service can only read
// it. Writes are listed by SYS_KEEP and SYS_KEEP_FROM and made when the request commits, all of them or none, together
// with its state: so a crash never leaves half of them, and a wild store cannot reach it.
#include "kernel.h"

namespace curios {
namespace {

constexpr u32 MOST = 63;  // writes between two commits

constexpr u32 ONE_RUN = 1u << 31;  // of bytes: source and target are one run of physical memory each

// What is written. The memory that it comes from stays where it is until the request ends: its owner is in the request, or
// waits for it.
struct Write {
  u32 to;         // offset in the kept memory
  u32 bytes;      // with ONE_RUN
  u32 from;       // address in the service; with a handle, offset in the memory behind it; of one run its physical address
  Handle handle;  // of memory that the request has been passed, or 0
};

}  // namespace

struct KeepList {
  u32 count;
  Write writes[MOST];
  KeepList *next;  // while it is not in use
};
static_assert(sizeof(KeepList) <= GRANULE);

namespace {

KeepList *unused;  // lists go back here, so that none has to be cleared

KeepList *list_take() {
  KeepList *k = unused;
  if (k == nullptr) return static_cast<KeepList *>(block_alloc(sizeof(KeepList)));
  unused = k->next;
  k->count = 0;
  return k;
}

// Where the kernel finds the source of a write from its byte `done` on; null when it is not there any more.
const u8 *source(Thread *t, const Write &w, u32 done, u32 &address) {
  address = w.from + done;
  if (w.handle == 0) return translate(t->frame->object, address, false);
  Object *client;
  const HandleEntry *e = granted(t, w.handle, client);
  if (e == nullptr) return nullptr;
  address += e->address;
  return translate(client, address, false);
}

// Goes over the parts of a write that lie in one granule each; false when one is not there.
template <class F>
bool parts(Thread *t, const Write &w, F each) {
  const Object *o = t->frame->object;
  if ((w.bytes & ONE_RUN) != 0) {
    each(at<u8>((o->kept_table[w.to / FRAME_BYTES] & ~0xfffu) + w.to % FRAME_BYTES), at<u8>(w.from), w.bytes & ~ONE_RUN);
    return true;
  }
  for (u32 done = 0; done < w.bytes;) {
    u32 to = w.to + done, address;
    const u8 *from = source(t, w, done, address);
    if (from == nullptr) return false;
    u32 part = GRANULE - to % GRANULE;
    if (part > GRANULE - address % GRANULE) part = GRANULE - address % GRANULE;
    if (part > w.bytes - done) part = w.bytes - done;
    each(at<u8>((o->kept_table[to / FRAME_BYTES] & ~0xfffu) + to % FRAME_BYTES), from, part);
    done += part;
  }
  return true;
}

// Looks once where a write comes from, when that is one run: what is small mostly is.
void resolve(Thread *t, Write &w) {
  u32 address;
  if (w.bytes > GRANULE || w.to % FRAME_BYTES + w.bytes > FRAME_BYTES) return;
  const u8 *first = source(t, w, 0, address);
  if (first == nullptr) return;
  if (address % GRANULE + w.bytes > GRANULE && source(t, w, w.bytes - 1, address) != first + w.bytes - 1) return;
  w.from = address_of(first);
  w.bytes |= ONE_RUN;
}

i32 list(Thread *t, Write w) {
  Frame *f = t->frame;
  Object *o = f->object;
  u32 size = o->descriptor->kept;
  if (w.bytes == 0 || w.to > size || w.bytes > size - w.to || o->recovering != nullptr) return BAD_ARGUMENT;
  if (f->keeps == nullptr) {
    f->keeps = list_take();
    if (f->keeps == nullptr) return NO_MEMORY;
    o->attention = ATTENTION_SLOW;  // the return carries them out
  }
  if (f->keeps->count == MOST) return FULL;
  resolve(t, w);
  if (!parts(t, w, [](u8 *, const u8 *, u32) {})) return NO_MEMORY;
  f->keeps->writes[f->keeps->count++] = w;
  return OK;
}

}  // namespace

void kept_make(Object *o) {
  u32 bytes = o->descriptor->kept;
  if (bytes == 0) return;
  if (bytes > SECTION || bytes % FRAME_BYTES != 0) panic("kept memory of a wrong size, object", o->id);
  o->kept_table = static_cast<u32 *>(block_alloc(GRANULE));
  if (o->kept_table == nullptr) panic("no memory to keep for", o->id);
  for (u32 i = 0; i < bytes / FRAME_BYTES; i++) {
    void *frame = frame_alloc();
    if (frame == nullptr) panic("no memory to keep for", o->id);
    o->kept_table[i] = small_page(address_of(frame), READ_ONLY);
    o->frames++;
  }
}

// Only policies that keep states keep it.
void kept_reset(Object *o) {
  if (rules().left == Left::KEPT) return;
  for (u32 i = 0; i < o->descriptor->kept / FRAME_BYTES; i++) clear(at<void>(o->kept_table[i] & ~0xfffu), FRAME_BYTES);
}

i32 keep(Thread *t, u32 to, u32 from, u32 bytes) { return list(t, {to, bytes, from, 0}); }

i32 keep_from(Thread *t, u32 to, u32 handle, u32 range) {
  Object *client;
  const HandleEntry *e = granted(t, handle, client);
  u32 offset = range >> 16, bytes = range & 0xffff;
  if (e == nullptr) return BAD_HANDLE;
  u32 size = e->methods & ~(1u << 31);
  if (offset > size || bytes > size - offset) return NO_MEMORY;
  return list(t, {to, bytes, offset, handle & HANDLE_MASK});
}

bool kept_check(Thread *t) {
  const KeepList *k = t->frame->keeps;
  for (u32 i = 0; i < k->count; i++) {
    if (parts(t, k->writes[i], [](u8 *, const u8 *, u32) {})) continue;
    fault(t, Fault::CONTRACT, k->writes[i].from);
    return false;
  }
  return true;
}

void kept_write(Thread *t) {
  const KeepList *k = t->frame->keeps;
  for (u32 i = 0; i < k->count; i++)
    parts(t, k->writes[i], [](u8 *to, const u8 *from, u32 bytes) { copy(to, from, bytes); });
  kept_forget(t->frame);
}

void kept_forget(Frame *f) {
  f->keeps->next = unused;
  unused = f->keeps;
  f->keeps = nullptr;
}

}  // namespace curios
