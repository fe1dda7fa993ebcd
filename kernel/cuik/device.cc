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
};

bool is_width(u32 width) { return (0x16 >> width & 1) != 0; }  // 1, 2 or 4

// False: the object has no such register.
bool find_register(const Object *o, u32 what, u32 page, Register &r) {
  u32 offset = what & 0xfff;
  r.width = what >> DEVICE_WIDTH_SHIFT & 7;
  r.count = what >> DEVICE_COUNT_SHIFT & 0x7fff;
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
Reply read_register(Thread *t, u32 a, u32 b, u32 c) {
  Frame *f = t->frame;
  Register r;
  bool once = (a & DEVICE_EFFECT) != 0, into = once && b != 0;
  if (into) {
    if (c != ~b) return nonsense(t);
    c = 0;
  }
  if (!find_register(f->object, a, c, r)) return nonsense(t);
  if (!once && counts_once(f->object, a, c)) return nonsense(t);
  if (r.count != 0) {
    if (once) return nonsense(t);
    u8 *run = one_run(f->object, b, r, true);
    if (run == nullptr && !is_there(f->object, b, r, true)) return nonsense(t);
    if (run != nullptr)
      read_values(r, run, r.count * r.width);
    else
      over_values(f->object, b, r, true, [&r](u8 *to, u32 bytes) { read_values(r, to, bytes); });
    if (f->sealed != 0) seal_stack(f);  // what was read may lie on the stack
    return reply(OK, a);
  }
  if (!once) return reply(OK, device_read(r.address, r.width));
  u32 *word = nullptr;
  if (into) {
    word = f->method == nullptr || f->ssr == nullptr ? nullptr : state_word(f->object, f->ssr, f->top, b);
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
  return reply(OK, value);
}

// A write is part of the commit, so it happens exactly once, unless the driver allows repetition.
Reply write_register(Thread *t, u32 a, u32 b, u32 c) {
  Frame *f = t->frame;
  Object *o = f->object;
  Register r;
  bool once = (c & DEVICE_AGAIN) == 0;
  u32 page = c & ~DEVICE_AGAIN;
  if (!find_register(o, a, page, r) || (!once && counts_once(o, a, page))) return nonsense(t);
  const u8 *run = one_run(o, b, r, false);
  if (run == nullptr && !is_there(o, b, r, false)) return nonsense(t);
  f->r[0] = OK;
  if (once && !request_commit(t)) go_on();
  if (run != nullptr)
    write_values(r, run, r.count * r.width);
  else
    over_values(o, b, r, false, [&r](const u8 *from, u32 bytes) { write_values(r, from, bytes); });
  return reply(OK, a);
}

// Moves words between a FIFO and memory granted to the request. It never waits.
Reply stream(Thread *t, u32 a, u32, u32) {
  Stream s;
  Object *o = t->frame->object, *client;
  u32 registers = o->descriptor->device[0];
  if (registers == 0 || !copy_from(o, a, &s, sizeof s) || ((s.fifo | s.status) & ~0xffcu) != 0 || s.words > STREAM_WORDS ||
      (s.offset & 3) != 0 || counts_once(o, s.fifo, 0) || counts_once(o, s.status, 0))
    return nonsense(t);
  HandleEntry *e = granted(t, s.memory, client);
  if (e == nullptr) return reply(BAD_HANDLE, a);
  u32 size = e->methods & ~WRITABLE;
  if (s.offset > size || s.words * sizeof(u32) > size - s.offset || (s.input != 0 && (e->methods & WRITABLE) == 0)) return reply(NO_MEMORY, a);
  u32 status = 0;
  for (u32 done = 0; done < s.words;) {
    u32 run, most = (s.words - done) * sizeof(u32);
    u8 *memory = translate_run(client, e->address + s.offset + done * sizeof(u32), s.input != 0, most, run);
    if (memory == nullptr) return reply(NO_MEMORY, a);
    if (run < sizeof(u32)) return reply(BAD_ARGUMENT, a);  // a word across two frames
    for (u32 left = run / sizeof(u32); left != 0;) {
      status = device(registers + s.status);
      u32 words = may_pass(s, status);
      if (words == 0) return reply(static_cast<i32>(done), status);
      if (words > left) words = left;
      pass(s, registers + s.fifo, memory, words);
      memory += words * sizeof(u32);
      left -= words;
      done += words;
    }
  }
  return reply(static_cast<i32>(s.words), status);
}

// A checked list of steps, with the memory of each step's values.
struct Steps {
  Step *first, *end;
  Object *driver, *client;
  const HandleEntry *granted;  // the client's memory, or null
  struct Values {
    u8 *run;                   // null: not contiguous
    u32 bytes;
  } values[MOST_STEPS];
};

namespace {

u32 width_of(u32 what) {
  u32 width = what >> DEVICE_WIDTH_SHIFT & 7;
  return width == 0 ? sizeof(u32) : width;
}
u32 count_of(u32 what) { return what << 1 >> (DEVICE_COUNT_SHIFT + 1); }
u32 offset_of(u32 what) { return what << 20 >> 20; }
bool reads(u32 what) { return static_cast<i32>(what) < 0; }
static_assert(DEVICE_READS == 1u << 31 && DEVICE_COUNT_SHIFT == 16);

template <class F>
bool pieces(const Steps &s, const Step &step, F each) {
  bool is_granted = (step.what & DEVICE_GRANTED) != 0;
  Object *owner = is_granted ? s.client : s.driver;
  u32 address = step.value + (is_granted ? s.granted->address : 0), bytes = count_of(step.what) * width_of(step.what);
  for (u32 done = 0, run; done < bytes; done += run) {
    u8 *p = translate_run(owner, address + done, reads(step.what), bytes - done, run);
    if (p == nullptr && heap_grow(owner, address + done)) p = translate_run(owner, address + done, reads(step.what), bytes - done, run);
    if (p == nullptr) return false;
    each(p, run);
  }
  return true;
}

// Finds the memory of a step's values. NO_MEMORY if the granted memory is too small, BAD_ARGUMENT if the driver is wrong.
i32 look_for_values(Steps &s, const Step &step, u32 width) {
  Steps::Values &v = s.values[&step - s.first];
  Object *owner = s.driver;
  u32 address = step.value, run;
  v.bytes = count_of(step.what) * width;
  if ((step.what & DEVICE_GRANTED) != 0) {
    u32 size = s.granted == nullptr ? 0 : s.granted->methods & ~WRITABLE;
    if (address > size || v.bytes > size - address || (reads(step.what) && (s.granted->methods & WRITABLE) == 0)) return NO_MEMORY;
    owner = s.client;
    address += s.granted->address;
  }
  if (v.bytes > DEVICE_BYTES || (address & (width - 1)) != 0) return BAD_ARGUMENT;
  v.run = translate_run(owner, address, reads(step.what), v.bytes, run);
  if (v.run != nullptr && run == v.bytes) return OK;
  v.run = nullptr;
  return pieces(s, step, [](u8 *, u32) {}) ? OK : BAD_ARGUMENT;
}

void pass_values(u32 what, u32 address, u8 *p, u32 bytes) {
  Register r{address, width_of(what), 0};
  if (reads(what))
    read_values(r, p, bytes);
  else
    write_values(r, p, bytes);
}

}  // namespace

u32 steps_take(const Steps &s) {
  u32 last = 0, registers = s.driver->descriptor->device[0];
  const Steps::Values *v = s.values;
  for (Step *step = s.first, *end = s.end; step != end; step++, v++) {
    u32 what = step->what, address = registers + offset_of(what);
    if (count_of(what) == 0) {
      if (reads(what))
        last = step->value = device_read(address, width_of(what));
      else
        device_write(address, width_of(what), step->value);
    } else if (v->run != nullptr) {
      pass_values(what, address, v->run, v->bytes);
    } else {
      pieces(s, *step, [what, address](u8 *p, u32 bytes) { pass_values(what, address, p, bytes); });
    }
  }
  return last;
}

// All steps are checked before the first one is performed. The list lies in one page.
Reply steps(Thread *t, u32 a, u32 b, u32 c) {
  Frame *f = t->frame;
  Object *o = f->object;
  u32 count = b & ~DEVICE_LAST, run;
  const u32 once = o->descriptor->once;
  if (count == 0 || count > MOST_STEPS || (a & 3) != 0 || o->descriptor->device[0] == 0) return nonsense(t);
  Steps s;
  s.first = reinterpret_cast<Step *>(translate_run(o, a, true, count * sizeof(Step), run));
  if (s.first == nullptr || run != count * sizeof(Step)) return nonsense(t);
  s.end = s.first + count;
  s.driver = o;
  s.client = nullptr;
  s.granted = nullptr;
  if (c != 0) {
    s.granted = granted(t, c, s.client);
    if (s.granted == nullptr) return reply(BAD_HANDLE, a);
  }
  for (const Step *step = s.first; step != s.end; step++) {
    u32 what = step->what, width = width_of(what);
    if (!is_width(width) || (what & (width - 1)) != 0 || (once != 0 && counts_once(o, what, 0))) return nonsense(t);
    if (count_of(what) == 0) continue;
    i32 error = look_for_values(s, *step, width);
    if (error != OK) return error == NO_MEMORY ? reply(error, a) : nonsense(t);
  }
  if ((b & DEVICE_LAST) != 0) {
    call_return(t, static_cast<i32>(f->r[0]), 0, &s);
    go_on();
  }
  steps_take(s);
  if (f->sealed != 0) seal_stack(f);  // what was read may lie on the stack
  return reply(OK, a);
}

}  // namespace curios
