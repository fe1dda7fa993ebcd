// Code checks. The loaded image stays in memory; damaged code is found by comparison with it and restored from it.
//
// The code of a service with CHECK_CODE is checked at each commit. Small code is checksummed as a whole. Of large code,
// only the granules that the current method runs are checksummed. The kernel learns them: granules are closed at first;
// the first use of one aborts, is recorded for the running method, and opens it. From time to time all are closed
// again.
#include "kernel.h"

extern "C" char _start[], __kernel_code_end[];

namespace curios {
namespace {

// Restores damaged code word by word. Correct words are not written, since a store into code is costly for a simulator
// or a cache. Returns the number of wrong words.
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

u32 &code_entry(const Object *o, u32 page) { return o->table[(address_of(o->descriptor->code_start) / PAGE_BYTES & 0xff) + page]; }

// A part of one page of an object's code, in both of its copies.
u32 mend_part(const Object *o, u32 start, u32 bytes) {
  u32 page = start / PAGE_BYTES, offset = start % PAGE_BYTES;
  const u32 *loaded = at(address_of(o->descriptor->code_load) + start);
  u32 *code = at((code_entry(o, page) & ~0xfffu) + offset);
  u32 wrong = mend(code, loaded, bytes);
  if (u32 *second = twice_code(o, page)) wrong += mend(second + offset / 4, loaded, bytes);
  return wrong;
}

u32 code_bytes(const Descriptor *d) { return static_cast<u32>(d->code_end - d->code_start); }

// Progress of the background check: the object, and the offset in its code.
u32 checked_object, checked_bytes;

// The kernel's own code has a second copy, made at boot.
constexpr u32 MAX_KERNEL_PAGES = 32;
u32 *kernel_copy[MAX_KERNEL_PAGES];

u32 kernel_bytes() { return (address_of(__kernel_code_end) - address_of(_start)) & ~15u; }

u32 kernel_part(u32 start, u32 bytes) {
  const u32 *copy = kernel_copy[start / PAGE_BYTES];
  return copy == nullptr ? 0 : mend(at(address_of(_start) + start), copy + start % PAGE_BYTES / 4, bytes);
}

// The part of `bytes` within one page and below `size`.
u32 part_of_page(u32 start, u32 bytes, u32 size) {
  u32 part = PAGE_BYTES - start % PAGE_BYTES;
  if (part > bytes) part = bytes;
  return part > size - start ? size - start : part;
}

// The object's code was damaged: a request that has run it may have gone wrong, and is started again.
void suspect(Object *o) {
  o->suspect = 1;
  gate_close(o);
}

constexpr u32 SMALL_CODE = 2 * PAGE_BYTES;  // code up to this size is checksummed as a whole
constexpr u32 MAX_GRANULES = (STACKS - CODE) / GRANULE;
constexpr u32 MAX_METHODS = 32, OUTSIDE = MAX_METHODS;  // OUTSIDE: code that runs outside methods: main, construct, recover
constexpr u32 FIRST_REQUESTS = 8, EACH = 16;            // requests of a method that close all granules: the first ones, and
                                                        // one in EACH
constexpr u32 ALL_RIGHTS = 0xff0;                       // in a page-table entry

}  // namespace

// The granules of code that each method of an object runs.
struct Ran {
  u32 granules;
  u32 sums[MAX_GRANULES];        // of the loaded code
  u32 sets[MAX_METHODS + 1][MAX_GRANULES / 32];
  u32 entries[MAX_METHODS + 1];
};
static_assert(sizeof(Ran) <= PAGE_BYTES);

namespace {

u32 method_of(const Frame *f) { return f->method == nullptr ? OUTSIDE : static_cast<u32>(f->method - f->object->methods); }

const u32 *granule(const Object *o, u32 n) { return at((code_entry(o, n / 4) & ~0xfffu) + n % 4 * GRANULE); }

u32 granule_bytes(const Object *o, u32 n) {
  u32 rest = code_bytes(o->descriptor) - n * GRANULE;
  return rest < GRANULE ? rest & ~3u : GRANULE;
}

bool wants_next(u32 entries) { return entries < FIRST_REQUESTS || entries % EACH == 0; }

// An unknown method may have run any code.
bool has_run_sound(const Frame *f) {
  const Object *o = f->object;
  const Ran *ran = o->ran;
  const u32 *set = ran->sets[method_of(f)];
  u32 known = 0;
  for (u32 i = 0; i < MAX_GRANULES / 32; i++) known |= set[i];
  if (known == 0) return false;
  for (u32 i = 0; i < MAX_GRANULES / 32; i++) {
    for (u32 left = set[i]; left != 0; left &= left - 1) {
      u32 n = i * 32 + static_cast<u32>(__builtin_ctz(left));
      if (checksum(granule(o, n), granule_bytes(o, n), 0) != ran->sums[n]) return false;
    }
  }
  return true;
}

}  // namespace

void code_guard(Object *o) {
  const Descriptor *d = o->descriptor;
  u32 bytes = code_bytes(d);
  if (bytes <= SMALL_CODE) {
    o->code_start = d->code_start;
    o->code_end = d->code_end;
    o->code_sum = checksum(at(address_of(d->code_load)), bytes & ~3u, 0);
    return;
  }
  if (bytes > MAX_GRANULES * GRANULE || d->method_count > MAX_METHODS) panic("too much code to check, object", o->id);
  o->ran = static_cast<Ran *>(page_alloc());
  if (o->ran == nullptr) panic("no memory for checks of code, object", o->id);
  o->frames++;
  o->wants_to_follow = 1;
  o->ran->granules = (bytes + GRANULE - 1) / GRANULE;
  for (u32 n = 0; n < o->ran->granules; n++) o->ran->sums[n] = checksum(granule(o, n), granule_bytes(o, n), 0);
}

void code_follow(const Frame *f) {
  Object *o = f->object;
  if (o->wants_to_follow == 0) return;
  o->wants_to_follow = 0;
  for (u32 page = 0; page * 4 < o->ran->granules; page++) {
    u32 &entry = code_entry(o, page);
    entry = (entry & ~ALL_RIGHTS) | KERNEL_ONLY * 0x550;
  }
  flush_all();
}

bool code_opens(const Object *o, u32 address) {
  Ran *ran = o->ran;
  u32 offset = address - address_of(o->descriptor->code_start), n = offset / GRANULE;
  if (ran == nullptr || n >= ran->granules) return false;
  u32 &entry = code_entry(o, n / 4), shift = 4 + n % 4 * 2;
  if ((entry >> shift & 3) != KERNEL_ONLY) return false;
  entry = (entry & ~(3u << shift)) | READ_ONLY << shift;
  const Frame *f = current->frame;  // the object runs, or has granted its code to the running object
  while (f > current->frames && f->object != o) f--;
  ran->sets[f->object == o ? method_of(f) : OUTSIDE][n / 32] |= 1u << n % 32;
  flush_entry(address & ~(PAGE_BYTES - 1));
  return true;
}

u32 code_mend(Object *o) {
  u32 size = code_bytes(o->descriptor), wrong = 0;
  for (u32 start = 0; start < size; start += PAGE_BYTES)
    wrong += mend_part(o, start, size - start < PAGE_BYTES ? size - start : PAGE_BYTES);
  return wrong;
}

bool code_sound(const Frame *f) {
  Object *o = f->object;
  if (Ran *ran = o->ran; ran != nullptr && wants_next(++ran->entries[method_of(f)])) o->wants_to_follow = 1;
  if (o->ran != nullptr ? has_run_sound(f) : o->code_start == o->code_end) return true;
  u32 wrong = code_mend(o);
  if (wrong != 0) event(EventKind::MENDED, o->id, wrong, 0);
  return wrong == 0;
}

// Check by the fast path of returns (entry.S). If it fails, the slow path repairs the code and makes the next request
// close all granules.
extern "C" bool code_passes(Frame *f) {
  current = thread_of(f);
  current->frame = f;
  u32 &entries = f->object->ran->entries[method_of(f)];
  if (wants_next(entries + 1) || !has_run_sound(f)) return false;
  entries++;
  return true;
}

void code_keep() {
  for (u32 start = 0, page = 0; start < kernel_bytes() && page < MAX_KERNEL_PAGES; start += PAGE_BYTES, page++) {
    kernel_copy[page] = static_cast<u32 *>(page_alloc());
    if (kernel_copy[page] == nullptr) panic("no memory for a copy of the kernel's code, page", page);
    copy(kernel_copy[page], at(address_of(_start) + start), part_of_page(start, PAGE_BYTES, kernel_bytes()));
  }
}

void code_check(u32 bytes) {
  if (!has_checks()) return;
  for (u32 tries = 0; tries <= MAX_OBJECTS; tries++) {
    if (checked_object == MAX_OBJECTS && checked_bytes < kernel_bytes()) {
      u32 part = part_of_page(checked_bytes, bytes, kernel_bytes());
      u32 wrong = kernel_part(checked_bytes, part);
      checked_bytes += part;
      if (wrong != 0) event(EventKind::MENDED, 0, wrong, 0);
      return;
    }
    Object *o = checked_object == MAX_OBJECTS ? nullptr : objects[checked_object];
    if (o != nullptr && !is_client(o)) {
      const Descriptor *d = o->descriptor;
      u32 size = code_bytes(d);
      if (checked_bytes < size) {
        u32 part = part_of_page(checked_bytes, bytes, size);
        u32 wrong = o->state == ObjectState::ACTIVE ? mend_part(o, checked_bytes, part) : 0;
        checked_bytes += part;
        if (wrong == 0) return;
        event(EventKind::MENDED, o->id, wrong, 0);
        suspect(o);
        return;
      }
    }
    checked_object = (checked_object + 1) % (MAX_OBJECTS + 1);
    checked_bytes = 0;
  }
}

}  // namespace curios
