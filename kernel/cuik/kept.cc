// Kept memory: memory besides states that survives restarts, such as a block cache. The service itself can only read
// it. SYS_KEEP and SYS_KEEP_FROM queue writes; the kernel performs them when the request commits, all or none, together
// with its state. So a crash cannot leave half of them, and a wild store cannot damage kept memory.
//
// With Descriptor::kept_summed, a checksum of each unit of KEPT_UNIT bytes is stored after the memory, and the service
// checks each unit that it uses. A second copy that no object can access serves to repair damaged units.
#include "kernel.h"

namespace curios {

extern "C" void units_put(void *to, void *second, const void *from, u32 units, u32 *sums);
extern "C" u32 units_get(void *to, const u32 *sums, const void *from, u32 units);

constexpr u32 MOST = 63;  // writes between two commits

// Size of the checksums, a word per unit, rounded up to frames.
constexpr u32 sums_bytes(u32 bytes) { return (bytes / KEPT_UNIT * 4 + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1); }

constexpr u32 ONE_RUN = 1u << 31;  // flag in `bytes`: source and target are each physically contiguous

// A queued write. Its source remains valid until the request ends, since its owner is inside the request or waits for
// it.
struct Write {
  u32 to;         // offset in the kept memory
  u32 bytes;      // with ONE_RUN
  u32 from;       // address in the service; with a handle, offset in the granted memory; with ONE_RUN, physical address
  Handle handle;  // memory granted to the request, or 0
};

// What resolves usual writes: with the source in one page of the service, and the target in one page.
struct Usual {
  const u32 *table;
  u32 source, size;             // the service's section; size of its kept memory, 0: it has no usual writes
  explicit Usual(const Object *o) : table(o->table), source(section(o->id)), size(o->stretch != nullptr ? 0 : o->descriptor->kept) {}
};

// The pages of both copies, and of the checksums.
struct Copies {
  const u32 *first, *second, *sums;
};

// Each stops at the first write that is not usual (units.S).
extern "C" const Write *writes_resolve(const Write *w, const Write *end, Write *to, const Usual *usual);
extern "C" const Write *writes_put(const Write *w, const Write *end, const Copies *copies);

struct KeepList {
  u32 count;
  u32 in_pieces;                // writes whose source or target is not contiguous
  Write writes[MOST];
  u32 pages[HEAP_PAGE_WORDS];   // pages of the service's heap that are sources, one bit each
};
static_assert(sizeof(KeepList) <= GRANULE);

namespace {

// Records the pages of the service's heap that are sources of a write.
void note_pages(KeepList *k, const Object *o, u32 address, u32 bytes) {
  u32 offset = address - section(o->id) - HEAP;
  if (offset >= HEAP_END - HEAP) return;
  for (u32 page = offset / PAGE_BYTES; page <= (offset + bytes - 1) / PAGE_BYTES; page++) k->pages[page / 32] |= 1u << page % 32;
}

KeepList usual;  // the list of one request at a time; further requests allocate theirs
bool usual_is_used;

KeepList *list_take() {
  if (usual_is_used) return static_cast<KeepList *>(block_alloc(sizeof(KeepList)));
  usual_is_used = true;
  for (u32 &word : usual.pages) word = 0;
  usual.count = usual.in_pieces = 0;
  return &usual;
}

// Calls `f` for each part of a write that lies in one frame; false if one is inaccessible.
template <class F>
bool parts(Thread *t, const Write &w, F each) {
  if ((w.bytes & ONE_RUN) != 0) {
    each(w.to, at<u8>(w.from), w.bytes & ~ONE_RUN);
    return true;
  }
  Object *owner = t->frame->object;
  u32 address = w.from;
  if (w.handle != 0) {
    const HandleEntry *e = granted(t, w.handle, owner);
    if (e == nullptr) return false;
    address += e->address;
  }
  for (u32 done = 0; done < w.bytes;) {
    u32 to = w.to + done, part = PAGE_BYTES - to % PAGE_BYTES;
    if (part > w.bytes - done) part = w.bytes - done;
    const u8 *from = translate_run(owner, address + done, false, part, part);
    if (from == nullptr) return false;
    each(to, from, part);
    done += part;
  }
  return true;
}

// Finds the physical source of a write once, if it is contiguous, as is usual. Its owner is inside the request or waits
// for it.
void resolve(const Object *owner, u32 address, Write &w) {
  u32 run;
  if (w.to % PAGE_BYTES + w.bytes > PAGE_BYTES) return;
  const u8 *first = translate_run(owner, address, false, w.bytes, run);
  if (first == nullptr) return;
  if (run < w.bytes) {
    u32 rest;
    const u8 *next = translate_run(owner, address + run, false, w.bytes - run, rest);
    if (next != first + run || rest != w.bytes - run) return;
  }
  w.from = address_of(first);
  w.bytes |= ONE_RUN;
}

// The list for queued writes; null, and an error, if it cannot hold `most` more.
KeepList *list_for(Frame *f, u32 most, i32 &error) {
  Object *o = f->object;
  error = o->recovering != nullptr ? BAD_ARGUMENT : NO_MEMORY;
  if (error == BAD_ARGUMENT) return nullptr;
  if (f->keeps == nullptr) {
    f->keeps = list_take();
    if (f->keeps == nullptr) return nullptr;
    o->attention = ATTENTION_SLOW;  // the return performs them
  }
  error = FULL;
  return f->keeps->count + most > MOST ? nullptr : f->keeps;
}

i32 check_write(Thread *t, KeepList *k, Write &w) {
  Object *owner = t->frame->object;
  u32 size = owner->descriptor->kept;
  if (w.bytes == 0 || w.to > size || w.bytes > size - w.to) return BAD_ARGUMENT;
  u32 address = w.from;
  w.handle &= HANDLE_MASK;
  if (w.handle != 0) {
    const HandleEntry *e = granted(t, w.handle, owner);
    if (e == nullptr) return BAD_HANDLE;
    u32 granted_bytes = e->methods & ~WRITABLE;
    if (w.from > granted_bytes || w.bytes > granted_bytes - w.from) return NO_MEMORY;
    address += e->address;
  }
  resolve(owner, address, w);
  if ((w.bytes & ONE_RUN) == 0) {
    if (!parts(t, w, [](u32, const u8 *, u32) {})) return NO_MEMORY;
    k->in_pieces++;
  }
  if (w.handle == 0 && owner->stretch != nullptr) note_pages(k, owner, address, w.bytes & ~ONE_RUN);
  return OK;
}

i32 list(Thread *t, Write w) {
  i32 error;
  KeepList *k = list_for(t->frame, 1, error);
  if (k == nullptr) return error;
  const Usual usual_write(t->frame->object);
  error = writes_resolve(&w, &w + 1, &w, &usual_write) == &w + 1 ? static_cast<i32>(OK) : check_write(t, k, w);
  if (error == OK) k->writes[k->count++] = w;
  return error;
}

u8 *first_copy(const Object *o, u32 offset) { return at<u8>((o->kept_table[offset / PAGE_BYTES] & ~0xfffu) + offset % PAGE_BYTES); }
u8 *second_copy(const Object *o, u32 offset) { return at<u8>(o->kept_second[offset / PAGE_BYTES] + offset % PAGE_BYTES); }

// The checksum of the unit at an offset. Those of one frame's units are contiguous.
u32 *sum_slot(const Object *o, u32 offset) {
  return reinterpret_cast<u32 *>(first_copy(o, o->descriptor->kept + offset / KEPT_UNIT * sizeof(u32)));
}

// Writes both copies; returns the change of the checksum.
u32 put_words(u32 *first, u32 *second, const u32 *from, u32 count) {
  u32 change = 0;
  for (const u32 *end = from + count; from != end;) {
    u32 word = *from++;
    change += word - *first;
    *first++ = *second++ = word;
  }
  return change;
}

// Writes to one frame of kept memory. The checksum changes by the difference, so damage in the rest of a unit stays
// visible.
void put(const Object *o, u32 to, const u8 *from, u32 bytes) {
  u8 *first = first_copy(o, to);
  if (o->kept_second == nullptr) return copy(first, from, bytes);
  u8 *second = second_copy(o, to);
  u32 *sum = sum_slot(o, to);
  for (u32 n; bytes != 0; first += n, second += n, from += n, to += n, bytes -= n, sum += (n + KEPT_UNIT - 1) / KEPT_UNIT) {
    u32 within = to % KEPT_UNIT;
    if (within == 0 && bytes >= KEPT_UNIT && (address_of(from) & 3) == 0) {
      n = bytes & ~(KEPT_UNIT - 1);
      units_put(first, second, from, n / KEPT_UNIT, sum);
      continue;
    }
    n = KEPT_UNIT - within < bytes ? KEPT_UNIT - within : bytes;
    if (((to | address_of(from) | n) & 3) == 0) {
      *sum += put_words(reinterpret_cast<u32 *>(first), reinterpret_cast<u32 *>(second), reinterpret_cast<const u32 *>(from), n / 4);
      continue;
    }
    u8 *words = first - within % 4;
    u32 span = (within % 4 + n + 3) & ~3u, before = words_sum(words, span);
    copy(first, from, n);
    copy(second, first, n);
    *sum += words_sum(words, span) - before;
  }
}

bool unit_sound(const Object *o, u32 offset) { return words_sum(first_copy(o, offset), KEPT_UNIT) == *sum_slot(o, offset); }

// Repairs a unit from its second copy, or its checksum from both copies; false if neither copy is intact.
bool unit_mend(const Object *o, u32 offset) {
  u32 *first = reinterpret_cast<u32 *>(first_copy(o, offset)), *second = reinterpret_cast<u32 *>(second_copy(o, offset));
  if (words_sum(second, KEPT_UNIT) == *sum_slot(o, offset))
    copy(first, second, KEPT_UNIT);
  else if (first_difference(first, first + KEPT_UNIT / 4, second) == first + KEPT_UNIT / 4)
    *sum_slot(o, offset) = words_sum(first, KEPT_UNIT);
  else
    return false;
  return true;
}

}  // namespace

void kept_make(Object *o) {
  u32 bytes = o->descriptor->kept;
  if (bytes == 0) return;
  if (bytes > SECTION || bytes % PAGE_BYTES != 0) panic("kept memory of a wrong size, object", o->id);
  o->kept_table = static_cast<u32 *>(block_alloc(GRANULE));
  if (o->kept_table == nullptr) panic("no memory to keep for", o->id);
  auto frame = [o]() {
    void *f = page_alloc();
    if (f == nullptr) panic("no memory to keep for", o->id);
    o->frames++;
    return address_of(f);
  };
  for (u32 i = 0; i < bytes / PAGE_BYTES; i++) o->kept_table[i] = small_page(frame(), READ_ONLY);
  if (o->descriptor->kept_summed == 0) return;
  if (bytes + sums_bytes(bytes) > SECTION) panic("kept memory leaves no room for its sums, object", o->id);
  for (u32 i = 0; i < sums_bytes(bytes) / PAGE_BYTES; i++) o->kept_table[bytes / PAGE_BYTES + i] = small_page(frame(), READ_ONLY);
  o->kept_second = static_cast<u32 *>(block_alloc(GRANULE));
  if (o->kept_second == nullptr) panic("no memory to keep for", o->id);
  for (u32 i = 0; i < bytes / PAGE_BYTES; i++) o->kept_second[i] = frame();
}

// Kept memory survives only under policies that keep states.
void kept_reset(Object *o) {
  if (rules().left == Left::KEPT) return;
  u32 bytes = o->descriptor->kept, all = bytes + (o->kept_second == nullptr ? 0 : sums_bytes(bytes));
  for (u32 at = 0; at < all; at += PAGE_BYTES) clear(first_copy(o, at), PAGE_BYTES);
  for (u32 at = 0; o->kept_second != nullptr && at < bytes; at += PAGE_BYTES) clear(second_copy(o, at), PAGE_BYTES);
}

i32 kept_give(const Object *o, u8 *to, u32 address, u32 &bytes) {
  u32 offset = address % SECTION, left = PAGE_BYTES - offset % PAGE_BYTES;
  if (offset >= o->descriptor->kept) return NO_MEMORY;
  if (bytes > left) bytes = left;
  for (u32 rest = bytes, n; rest != 0; to += n, offset += n, rest -= n) {
    u32 within = offset % KEPT_UNIT;
    if (within == 0 && rest >= KEPT_UNIT && (address_of(to) & 3) == 0) {
      n = rest & ~(KEPT_UNIT - 1);
      if (units_get(to, sum_slot(o, offset), first_copy(o, offset), n / KEPT_UNIT) != 0) return QUARANTINED;
      continue;
    }
    n = KEPT_UNIT - within < rest ? KEPT_UNIT - within : rest;
    if (!unit_sound(o, offset - within)) return QUARANTINED;
    copy(to, first_copy(o, offset), n);
  }
  return OK;
}

// Checks a range and repairs it if possible. Safe at any time, since it changes nothing else.
i32 kept_mend(Object *o, u32 offset, u32 bytes) {
  u32 size = o->descriptor->kept;
  if (o->kept_second == nullptr || offset > size || bytes > size - offset || bytes > PAGE_BYTES) return BAD_ARGUMENT;
  i32 result = OK;
  for (u32 at = offset & ~(KEPT_UNIT - 1); at < offset + bytes; at += KEPT_UNIT)
    if (!unit_sound(o, at) && !unit_mend(o, at)) result = QUARANTINED;
  return result;
}

i32 keep_all(Thread *t, u32 from, u32 count) {
  static_assert(sizeof(Write) == sizeof(Keep));
  i32 error;
  if (count == 0) return OK;
  if (count > MOST) return BAD_ARGUMENT;
  KeepList *k = list_for(t->frame, count, error);
  if (k == nullptr) return error;
  Write *w = k->writes + k->count;
  u32 run;
  const u8 *there = translate_run(t->frame->object, from, false, count * sizeof(Write), run);
  if (there == nullptr || run != count * sizeof(Write) || (from & 3) != 0) {
    if (!copy_from(t->frame->object, from, w, count * sizeof(Write))) return NO_MEMORY;
    there = reinterpret_cast<const u8 *>(w);
  }
  const Usual usual_write(t->frame->object);
  const Write *given = reinterpret_cast<const Write *>(there), *end = given + count;
  for (;; given++, w++) {
    const Write *left = writes_resolve(given, end, w, &usual_write);
    w += left - given;
    given = left;
    if (given == end) break;
    *w = *given;
    if (error = check_write(t, k, *w); error != OK) return error;
  }
  k->count += count;
  return OK;
}

i32 keep(Thread *t, u32 to, u32 from, u32 bytes) { return list(t, {to, bytes, from, 0}); }

i32 keep_from(Thread *t, u32 to, u32 handle, u32 range) {
  if ((handle & HANDLE_MASK) == 0) return BAD_HANDLE;
  return list(t, {to, range & 0xffff, range >> 16, handle});
}

bool kept_queued(const Frame *f) { return f->keeps != nullptr && f->keeps->count != 0; }

bool kept_check(Thread *t) {
  const KeepList *k = t->frame->keeps;
  if (k->in_pieces == 0 && t->frame->object->stretch == nullptr) return true;
  for (u32 i = 0; i < k->count; i++) {
    if ((k->writes[i].bytes & ONE_RUN) != 0 || parts(t, k->writes[i], [](u32, const u8 *, u32) {})) continue;
    fault(t, Fault::CONTRACT, k->writes[i].from);
    return false;
  }
  if (twice_heap_sound(t->frame->object, k->pages)) return true;
  fault(t, Fault::PRIVATE_CHECK, section(t->frame->object->id) + HEAP);
  return false;
}

void kept_write(Thread *t) {
  const KeepList *k = t->frame->keeps;
  const Object *o = t->frame->object;
  const Write *w = k->writes, *end = w + k->count;
  const Copies copies{o->kept_table, o->kept_second, o->kept_table + o->descriptor->kept / PAGE_BYTES};
  for (;; w++) {
    if (copies.second != nullptr) w = writes_put(w, end, &copies);
    if (w == end) break;
    parts(t, *w, [o](u32 to, const u8 *from, u32 bytes) { put(o, to, from, bytes); });
  }
  kept_forget(t->frame);
}

void kept_forget(Frame *f) {
  if (f->keeps == &usual)
    usual_is_used = false;
  else
    block_free(f->keeps, sizeof(KeepList));
  f->keeps = nullptr;
}

}  // namespace curios
