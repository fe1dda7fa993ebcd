// Code checks. The loaded image stays in memory; damaged code is found by comparison with it and restored from it.
//
// The code of a service with CHECK_CODE is summed before the results of a request take effect. Small code is summed as a
// whole. Of large code, only the granules that have run since the last check are: they are closed after a check, and the
// first use of one aborts, opens it, and adds it to a list (entry.S).
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

constexpr u32 SMALL_CODE = 2 * PAGE_BYTES;  // code up to this size is summed as a whole
constexpr u32 MAX_GRANULES = (STACKS - CODE) / GRANULE;

}  // namespace

struct Part {
  u32 address;
  u32 *entry;                    // its page-table entry
  u32 step;                      // added to the entry, opens the granule
  u64 sum [[gnu::packed]];       // of the loaded code
  u32 code;                      // address of the code for the kernel, and RAN_WEAK if it is summed with checksum()
};

// The granules of code that an object has run since the last check.
struct Ran {
  u32 start, bytes;
  Part **end;                    // of the list of open ones
  u32 difference;                // not 0: a check has failed
  Part *open[MAX_GRANULES];
  Part parts[MAX_GRANULES];
};
static_assert(sizeof(Ran) <= PAGE_BYTES && sizeof(Part) == 24 && offsetof(Ran, end) == RAN_END && offsetof(Ran, difference) == RAN_DIFFERENCE);
static_assert(offsetof(Ran, open) == RAN_OPEN && offsetof(Ran, parts) == RAN_PARTS && GRANULE == RAN_GRANULE);

namespace {

extern "C" u64 code_sum(const u32 *code, u32 bytes);
extern "C" bool code_passes(Ran *ran);

// Whether a flipped bit may leave the sum of this code unchanged: a word of 0 hides the word that it is multiplied with.
bool is_weak(const u32 *code, u32 bytes) {
  for (u32 i = 0; i < bytes / sizeof(u32); i += 2)
    if ((code[i] == 0) != (code[i + 1] == 0)) return true;
  return false;
}

}  // namespace

void code_guard(Object *o) {
  const Descriptor *d = o->descriptor;
  u32 bytes = code_bytes(d);
  const u32 *loaded = at(address_of(d->code_load));
  if (bytes <= SMALL_CODE && !is_weak(loaded, bytes)) {
    o->code_start = at(address_of(d->code_start));
    o->code_bytes = bytes;
    o->code_sum = code_sum(loaded, bytes);
    return;
  }
  if (bytes > MAX_GRANULES * GRANULE) panic("too much code to check, object", o->id);
  Ran *ran = static_cast<Ran *>(page_alloc());
  if (ran == nullptr) panic("no memory for checks of code, object", o->id);
  o->ran = ran;
  o->frames++;
  ran->start = address_of(d->code_start);
  ran->bytes = bytes;
  for (u32 n = 0; n * GRANULE < bytes; n++) {
    u32 &entry = code_entry(o, n / 4), step = 1u << (4 + n % 4 * 2);
    Part &part = ran->parts[n];
    const u32 *code = at((entry & ~0xfffu) + n % 4 * GRANULE);  // zeros follow the last word
    bool weak = is_weak(code, GRANULE);
    part = {ran->start + n * GRANULE, &entry, step, weak ? checksum(code, GRANULE, 0) : code_sum(code, GRANULE),
            address_of(code) | (weak ? RAN_WEAK : 0)};
  }
}

void code_close(Object *o) {
  Ran *ran = o->ran;
  if (ran == nullptr) return;
  for (u32 n = 0; n * GRANULE < ran->bytes; n++) {
    const Part &part = ran->parts[n];
    *part.entry = (*part.entry & ~(part.step * 3)) | part.step * KERNEL_ONLY;
  }
  ran->end = ran->open;
  ran->difference = 0;
  flush_all();
}

bool code_opens(const Object *o, u32 address) {
  Ran *ran = o->ran;
  if (ran == nullptr || address - ran->start >= ran->bytes) return false;
  Part &part = ran->parts[(address - ran->start) / GRANULE];
  if ((*part.entry & part.step) == 0) return false;
  *part.entry += part.step;
  *ran->end++ = &part;
  flush_entry(part.address);
  return true;
}

u32 code_mend(Object *o) {
  u32 size = code_bytes(o->descriptor), wrong = 0;
  for (u32 start = 0; start < size; start += PAGE_BYTES)
    wrong += mend_part(o, start, size - start < PAGE_BYTES ? size - start : PAGE_BYTES);
  return wrong;
}

bool code_sound(Object *o) {
  u32 wrong = 0;
  if (o->ran != nullptr ? !code_passes(o->ran) : o->code_bytes != 0 && code_sum(o->code_start, o->code_bytes) != o->code_sum) {
    wrong = code_mend(o);
    if (o->ran != nullptr) o->ran->difference = 0;
    if (wrong != 0) event(EventKind::MENDED, o->id, wrong, 0);
  }
  return wrong == 0 && o->suspect == 0;  // the background check may have repaired what this request has run
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
