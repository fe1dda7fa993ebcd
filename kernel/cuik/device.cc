// System calls of drivers: registers of their devices.
#include "system.h"

namespace curios {
namespace {

u32 device_read(u32 address, u32 width) {
  switch (width) {
    case 1: return *at<volatile u8>(address);
    case 2: return *at<volatile u16>(address);
    default: return device(address);
  }
}

void device_write(u32 address, u32 width, u32 value) {
  switch (width) {
    case 1: *at<volatile u8>(address) = static_cast<u8>(value); break;
    case 2: *at<volatile u16>(address) = static_cast<u16>(value); break;
    default: device(address) = value;
  }
}

// An access to a register of the driver's devices.
struct Register {
  u32 address, width, count;
  bool reads;            // of a step
};

bool is_width(u32 width) { return width == 1 || width == 2 || width == 4; }

// False: the object has no such register.
bool find_register(const Object *o, Arguments x, u32 page, Register &r) {
  u32 offset = x.a & 0xfff;
  r.width = x.a >> DEVICE_WIDTH_SHIFT & 7;
  r.count = x.a >> DEVICE_COUNT_SHIFT & 0x7fff;
  bool fits = is_width(r.width) && (offset & (r.width - 1)) == 0 && r.count * r.width <= DEVICE_BYTES;
  if (!fits || page >= DEVICE_PAGES || o->descriptor->device[page] == 0) return false;
  r.address = o->descriptor->device[page] + offset;
  return true;
}

// Whether an access to the register must happen exactly once, and so must commit.
bool counts_once(const Object *o, u32 offset, u32 page) {
  u32 word = (offset & 0xfff) / sizeof(u32);
  return page == 0 && word < 32 && (o->descriptor->once >> word & 1) != 0;
}

// Calls `f` for each contiguous part of the values in the driver's memory; false if some of it is inaccessible.
template <class F>
bool over_values(Object *o, u32 address, const Register &r, bool write, F each) {
  if ((address & (r.width - 1)) != 0) return false;
  for (u32 done = 0; done < r.count * r.width;) {
    u32 part = GRANULE - (address + done) % GRANULE;
    if (part > r.count * r.width - done) part = r.count * r.width - done;
    u8 *p = translate(o, address + done, write);
    if (p == nullptr && heap_grow(o, address + done)) p = translate(o, address + done, write);
    if (p == nullptr) return false;
    each(p, part);
    done += part;
  }
  return true;
}

// The kernel's pointer to the values if they are contiguous, as is usual; otherwise null, also if inaccessible.
u8 *one_run(const Object *o, u32 address, const Register &r, bool write) {
  u32 bytes = r.count * r.width, run;
  if ((address & (r.width - 1)) != 0) return nullptr;
  u8 *p = translate_run(o, address, write, bytes, run);
  return run == bytes ? p : nullptr;
}

bool is_there(Object *o, u32 address, const Register &r, bool write) {
  return one_run(o, address, r, write) != nullptr || over_values(o, address, r, write, [](u8 *, u32) {});
}

template <class T>
void read_values(u32 address, u8 *to, u32 bytes) {
  const volatile T *from = at<const volatile T>(address);
  for (T *t = reinterpret_cast<T *>(to), *end = reinterpret_cast<T *>(to + bytes); t != end; t++) *t = *from;
}

template <class T>
void write_values(u32 address, const u8 *from, u32 bytes) {
  volatile T *to = at<volatile T>(address);
  for (const T *f = reinterpret_cast<const T *>(from), *end = reinterpret_cast<const T *>(from + bytes); f != end; f++) *to = *f;
}

constexpr u32 EIGHT_WORDS = 32;  // bytes

void read_values(const Register &r, u8 *to, u32 bytes) {
  if (r.width == 1) return read_values<u8>(r.address, to, bytes);
  if (r.width == 2) return read_values<u16>(r.address, to, bytes);
  u32 most = bytes & ~(EIGHT_WORDS - 1);
  if (most != 0) words_in(to, at<volatile u32>(r.address), most / sizeof(u32));
  read_values<u32>(r.address, to + most, bytes - most);
}

void write_values(const Register &r, const u8 *from, u32 bytes) {
  if (r.width == 1) return write_values<u8>(r.address, from, bytes);
  if (r.width == 2) return write_values<u16>(r.address, from, bytes);
  u32 most = bytes & ~(EIGHT_WORDS - 1);
  if (most != 0) words_out(at<volatile u32>(r.address), from, most / sizeof(u32));
  write_values<u32>(r.address, from + most, bytes - most);
}

// The number of words that the status lets a stream move at once.
u32 may_pass(const Stream &s, u32 status) {
  if ((status & s.stop) != 0) return 0;
  return (status & s.full) != 0 ? 16 : (status & s.half) != 0 ? 8 : (status & s.some) != 0 ? 1 : 0;
}

void pass(const Stream &s, u32 fifo, u8 *memory, u32 words) {
  if (words % 8 == 0 && (address_of(memory) & 3) == 0) {
    if (s.input != 0)
      words_in(memory, at<volatile u32>(fifo), words);
    else
      words_out(at<volatile u32>(fifo), memory, words);
    return;
  }
  for (u32 i = 0; i < words; i++, memory += sizeof(u32)) {
    u32 word = 0;
    if (s.input != 0) {
      word = device(fifo);
      __builtin_memcpy(memory, &word, sizeof word);
    } else {
      __builtin_memcpy(&word, memory, sizeof word);
      device(fifo) = word;
    }
  }
}

}  // namespace

// A register that changes when read is read once: its value is part of the commit.
Reply read_register(Thread *t, Arguments x) {
  Frame *f = t->frame;
  Register r;
  if (!find_register(f->object, x, x.c, r)) return nonsense(t);
  bool once = (x.a & DEVICE_EFFECT) != 0;
  if (!once && counts_once(f->object, x.a, x.c)) return nonsense(t);
  if (r.count != 0) {
    if (once) return nonsense(t);
    u8 *run = one_run(f->object, x.b, r, true);
    if (run == nullptr && !is_there(f->object, x.b, r, true)) return nonsense(t);
    if (run != nullptr)
      read_values(r, run, r.count * r.width);
    else
      over_values(f->object, x.b, r, true, [&r](u8 *to, u32 bytes) { read_values(r, to, bytes); });
    if (f->sealed != 0) seal_stack(f);  // what was read may lie on the stack
    return {OK};
  }
  if (!once) return {OK, device_read(r.address, r.width), true};
  u32 *word = nullptr;
  if (x.b != 0) {
    word = f->method == nullptr || f->ssr == nullptr ? nullptr : state_word(f->object, f->ssr, f->top, x.b);
    if (word == nullptr || *word != 0) return nonsense(t);
  }
  f->r[0] = OK;
  if (!request_commit(t)) go_on();
  u32 value = device_read(r.address, r.width);
  if (Continuation *c = t->kept[f - t->frames]) c->r[1] = value;
  if (word != nullptr) {
    state_take(f->object, f->ssr, f->top, word, value);
    if (f->sealed != 0) seal_stack(f);  // a packed state lies on the stack
  }
  return {OK, value, true};
}

// A write is part of the commit, so it happens exactly once, unless the driver allows repetition.
Reply write_register(Thread *t, Arguments x) {
  Frame *f = t->frame;
  Object *o = f->object;
  Register r;
  bool once = (x.c & DEVICE_AGAIN) == 0;
  u32 page = x.c & ~DEVICE_AGAIN;
  if (!find_register(o, x, page, r) || (!once && counts_once(o, x.a, page))) return nonsense(t);
  const u8 *run = one_run(o, x.b, r, false);
  if (run == nullptr && !is_there(o, x.b, r, false)) return nonsense(t);
  f->r[0] = OK;
  if (once && !request_commit(t)) go_on();
  if (run != nullptr)
    write_values(r, run, r.count * r.width);
  else
    over_values(o, x.b, r, false, [&r](const u8 *from, u32 bytes) { write_values(r, from, bytes); });
  return {OK};
}

// Moves words between a FIFO and memory granted to the request. It never waits.
Reply stream(Thread *t, Arguments x) {
  Stream s;
  Object *o = t->frame->object, *client;
  u32 registers = o->descriptor->device[0];
  if (registers == 0 || !copy_from(o, x.a, &s, sizeof s) || ((s.fifo | s.status) & ~0xffcu) != 0 || s.words > STREAM_WORDS ||
      (s.offset & 3) != 0 || counts_once(o, s.fifo, 0) || counts_once(o, s.status, 0))
    return nonsense(t);
  HandleEntry *e = granted(t, s.memory, client);
  if (e == nullptr) return {BAD_HANDLE};
  u32 size = e->methods & ~WRITABLE;
  if (s.offset > size || s.words * sizeof(u32) > size - s.offset || (s.input != 0 && (e->methods & WRITABLE) == 0)) return {NO_MEMORY};
  u32 status = 0;
  for (u32 done = 0; done < s.words;) {
    u32 run, most = (s.words - done) * sizeof(u32);
    u8 *memory = translate_run(client, e->address + s.offset + done * sizeof(u32), s.input != 0, most, run);
    if (memory == nullptr) return {NO_MEMORY};
    if (run < sizeof(u32)) return {BAD_ARGUMENT};  // a word across two frames
    for (u32 left = run / sizeof(u32); left != 0;) {
      status = device(registers + s.status);
      u32 words = may_pass(s, status);
      if (words == 0) return {static_cast<i32>(done), status, true};
      if (words > left) words = left;
      pass(s, registers + s.fifo, memory, words);
      memory += words * sizeof(u32);
      left -= words;
      done += words;
    }
  }
  return {static_cast<i32>(s.words), status, true};
}

// All steps are checked before the first one is performed. The list lies in one page.
Reply steps(Thread *t, Arguments x) {
  Register registers[MOST_STEPS];
  Frame *f = t->frame;
  Object *o = f->object;
  u32 run, bytes = x.b * sizeof(Step);
  if (x.b > MOST_STEPS || (x.a & 3) != 0) return nonsense(t);
  u8 *first = translate_run(o, x.a, true, bytes, run);
  if (first == nullptr || run != bytes) return nonsense(t);
  Step *step = reinterpret_cast<Step *>(first), *end = step + x.b;
  Register *r = registers;
  for (; step != end; step++, r++) {
    u32 what = step->what;
    if ((what >> DEVICE_WIDTH_SHIFT & 7) == 0) what |= sizeof(u32) << DEVICE_WIDTH_SHIFT;
    if (!find_register(o, {what & ~DEVICE_READS, 0, 0}, 0, *r) || counts_once(o, what, 0)) return nonsense(t);
    r->reads = (what & DEVICE_READS) != 0;
    if (r->count != 0 && !is_there(o, step->value, *r, r->reads)) return nonsense(t);
  }
  for (step = reinterpret_cast<Step *>(first), r = registers; step != end; step++, r++) {
    if (r->count != 0 && r->reads)
      over_values(o, step->value, *r, true, [r](u8 *to, u32 n) { read_values(*r, to, n); });
    else if (r->count != 0)
      over_values(o, step->value, *r, false, [r](const u8 *from, u32 n) { write_values(*r, from, n); });
    else if (r->reads)
      step->value = device_read(r->address, r->width);
    else
      device_write(r->address, r->width, step->value);
  }
  if (f->sealed != 0) seal_stack(f);  // what was read may lie on the stack
  return {OK};
}

}  // namespace curios
