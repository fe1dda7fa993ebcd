// Policy `ssr-twice`: an object runs everything twice from the same state; the results take effect when both runs
// agree. If they differ, a third run decides. The unit is a stretch: from one effect (a call, a return, a system call
// that changes anything) to the next. The second run executes a second copy of the code, which exposes damaged
// instructions, and gets the same input from outside as the first. What a run may change is restored before the next
// one: registers, live stack (with the window of a packed state), private data, the heap pages that it writes, and a
// state in granules.
//
// Heap pages are closed when a stretch starts. The first access to a page aborts: its checksum must be that of the last
// stretch, since both runs would read the same damage. The first store aborts again: the page is saved and stays
// writable until the stretch ends.
//
// An object has one owner at a time, so it has at most one stretch.
#include <curios/introspect.h>

#include "kernel.h"

namespace curios {
namespace {

constexpr u32 RUNS = 3;
constexpr u32 LOG = 48, LINES = 2;
constexpr u32 CODE_PAGES = (STACKS - CODE) / PAGE_BYTES;
constexpr u32 HEAP_PAGES = (HEAP_END - HEAP) / PAGE_BYTES;
constexpr u32 BITS = 32, TOUCHED_WORDS = HEAP_PAGE_WORDS;
constexpr u32 REGISTERS = offsetof(Frame, object) / sizeof(u32);

// An input from outside, logged for later runs.
struct Given {
  u32 asked;               // checksum of the system call
  u32 words[2];
};

}  // namespace

struct Stretch {
  Frame *frame;            // the activation; null: no stretch
  u32 run;                 // 0 to 2
  bool done[RUNS];         // it reached an effect, not a fault
  u32 sums[RUNS];          // checksum of its outcome
  u32 registers[REGISTERS], budget;
  u32 live;                // bytes of stack
  u8 *stack;               // saved live stack, in a frame
  u32 line;                // of the log, used by this run
  u32 given;               // number of its entries used by this run
  u32 logged[LINES];
  Given log[LINES][LOG];
  u32 code[CODE_PAGES];    // page-table entries of the code copy that is not mapped
  u32 seen[TOUCHED_WORDS];     // heap pages that some run has read
  u32 touched[TOUCHED_WORDS];  // those that some run has written
  u32 fresh[TOUCHED_WORDS];    // those that some run has added: empty before
  u32 unsummed[TOUCHED_WORDS];  // pages written by the kernel since their last checksum
  u32 page_sums[HEAP_PAGES];
  u32 *heap[HEAP_PAGES];   // saved contents of touched pages that are not fresh; or null
  bool damaged;            // a page had a wrong checksum
  bool runs_second;        // the copy of the code that is mapped is the second one
  u32 data[GRANULE / 4];
  u32 state[GRANULE / 4];
};
static_assert(sizeof(Stretch) <= PAGE_BYTES);

INTROSPECTION = {
    FIELD_AS("Stretch", Stretch, page_sums, Show::NOTED),  // of pages that a restart empties
};

namespace {

u32 data_bytes(const Object *o) {
  return static_cast<u32>(o->descriptor->data_end - o->descriptor->data_start + 31) & ~31u;
}
u32 *data_of(const Object *o) { return at(address_of(o) - HOME_RECORD + HOME_DATA); }
u8 *stack_of(const Object *o, const Frame *f, u32 below) { return translate(o, f->top - 4, true) + 4 - below; }

// A state that the activation may change in place; null if there is none.
u32 *state_of(const Frame *f) {
  const Ssr *s = f->ssr;
  if (s == nullptr || s->mode != Mode::BUSY || s->kind == MODE_PACKED || f->method == nullptr) return nullptr;
  return at<u32>((*s->pte & ~0xfffu) | (s->address & 0xfff));
}

// Calls each(page, words) for the given heap pages.
template <class F>
void over_pages(const Object *o, const u32 *bits, F each) {
  for (u32 i = 0; i < TOUCHED_WORDS; i++) {
    for (u32 left = bits[i]; left != 0; left &= left - 1) {
      u32 page = i * BITS + static_cast<u32>(__builtin_ctz(left));
      each(page, at<u32>(o->table[HEAP / PAGE_BYTES + page] & ~0xfffu));
    }
  }
}

bool is_set(const u32 *bits, u32 n) { return (bits[n / BITS] >> n % BITS & 1) != 0; }
void set(u32 *bits, u32 n) { bits[n / BITS] |= 1u << n % BITS; }

// Whether a heap page is unchanged since the last stretch, as far as its checksum is known.
bool is_as_left(const Object *o, const Stretch *s, u32 page) {
  u32 entry = o->table[HEAP / PAGE_BYTES + page];
  return !is_mapped(entry) || is_set(s->unsummed, page) || checksum(at<u32>(entry & ~0xfffu), PAGE_BYTES, 0) == s->page_sums[page];
}

void restore_heap(Object *o, Stretch *s) {
  over_pages(o, s->touched, [s](u32 page, u32 *words) {
    if (is_set(s->fresh, page))
      clear(words, PAGE_BYTES);
    else
      copy(words, s->heap[page], PAGE_BYTES);
  });
}

// A checksum of the changes to the heap; pages that the run has not written contribute nothing.
u32 heap_changes(const Object *o, Stretch *s) {
  u32 sum = 0;
  over_pages(o, s->touched, [s, &sum](u32 page, const u32 *words) {
    u32 before = is_set(s->fresh, page) ? 0 : checksum(s->heap[page], PAGE_BYTES, 0);
    s->page_sums[page] = checksum(words, PAGE_BYTES, 0);
    sum += (s->page_sums[page] - before) * (2 * page + 1);
  });
  return sum;
}

// Swaps the mapped copy of the code for the other one.
void change_code(Object *o, Stretch *s) {
  u32 first = address_of(o->descriptor->code_start);
  for (u32 i = 0; i < CODE_PAGES && s->code[i] != 0; i++) {
    u32 &entry = o->table[(first / PAGE_BYTES & 0xff) + i], other = s->code[i];
    s->code[i] = entry;
    entry = other;
    flush_entry(first + i * PAGE_BYTES);
  }
  s->runs_second = !s->runs_second;
}

// The next stretch begins with the first copy of the code again, however many runs this one has taken.
void end_stretch(Object *o, Stretch *s) {
  s->frame = nullptr;
  if (s->runs_second) change_code(o, s);
  over_pages(o, s->seen, [o, s](u32 page, const u32 *words) {
    if (is_set(s->unsummed, page) && !is_set(s->touched, page)) s->page_sums[page] = checksum(words, PAGE_BYTES, 0);
    o->table[HEAP / PAGE_BYTES + page] = small_page(address_of(words), KERNEL_ONLY);
    flush_entry(section(o->id) + HEAP + page * PAGE_BYTES);
  });
  for (u32 i = 0; i < TOUCHED_WORDS; i++) {
    s->unsummed[i] &= ~s->seen[i];
    s->seen[i] = s->touched[i] = s->fresh[i] = 0;
  }
}

u32 outcome(const Object *o, Stretch *s) {
  const Frame *f = s->frame;
  u32 sum = checksum(f->r, sizeof(u32) * REGISTERS, 0);
  sum = checksum(data_of(o), data_bytes(o), sum);
  u32 live = f->top - f->sp;
  if (live <= stack_room(o, f->top) && (live & 3) == 0) sum = checksum(reinterpret_cast<u32 *>(stack_of(o, f, live)), live, sum);
  if (const u32 *state = state_of(f)) sum = checksum(state, GRANULE, sum);
  return sum + heap_changes(o, s);
}

void run_again(Object *o, Stretch *s) {
  Frame *f = s->frame;
  copy(f->r, s->registers, sizeof s->registers);
  f->budget = s->budget;
  copy(data_of(o), s->data, data_bytes(o));
  if (s->live != 0) copy(stack_of(o, f, s->live), s->stack, s->live);
  if (u32 *state = state_of(f)) copy(state, s->state, GRANULE);
  restore_heap(o, s);
  change_code(o, s);
  s->line = s->given = 0;
  s->run++;
}

// Whether the last run agrees with an earlier one.
bool agrees(const Stretch *s) {
  for (u32 i = 0; i < s->run; i++)
    if (s->done[i] && s->done[s->run] && s->sums[i] == s->sums[s->run]) return true;
  return false;
}

// The runs so far differ: both copies of the code are repaired before the next run.
void disagree(Object *o, const Stretch *s) {
  event(EventKind::DISAGREED, o->id, s->run, s->frame->pc);
  u32 wrong = code_mend(o);
  if (wrong != 0) event(EventKind::MENDED, o->id, wrong, 0);
}

u32 sum_of(const Asked &asked) { return checksum(&asked.number, sizeof asked, 0); }

bool is_same(const Given *a, const Given *b, u32 count) {
  for (u32 i = 0; i < count; i++)
    if (a[i].asked != b[i].asked || a[i].words[0] != b[i].words[0] || a[i].words[1] != b[i].words[1]) return false;
  return true;
}

Stretch *stretch_of(const Thread *t) {
  Stretch *s = t->frame->object->stretch;
  return s != nullptr && s->frame == t->frame ? s : nullptr;
}

}  // namespace

void twice_init(Object *o) {
  if (!rules().twice || is_client(o)) return;
  Stretch *s = static_cast<Stretch *>(page_alloc());
  u8 *stack = static_cast<u8 *>(page_alloc());
  if (s == nullptr || stack == nullptr) panic("no memory for the second run of", o->id);
  s->stack = stack;
  o->frames += 2;
  const Descriptor *d = o->descriptor;
  for (u32 i = 0; i * PAGE_BYTES < static_cast<u32>(d->code_end - d->code_start); i++) {
    void *frame = page_alloc();
    if (frame == nullptr) panic("no memory for the second run of", o->id);
    s->code[i] = small_page(address_of(frame), READ_ONLY);
    o->frames++;
  }
  o->stretch = s;
  code_mend(o);
}

u32 *twice_code(const Object *o, u32 page) {
  return o->stretch == nullptr || o->stretch->code[page] == 0 ? nullptr : at<u32>(o->stretch->code[page] & ~0xfffu);
}

bool twice_go(Thread *t) {
  Frame *f = t->frame;
  Object *o = f->object;
  Stretch *s = o->stretch;
  if (s == nullptr || s->frame == f) return true;
  if (!stack_sound(f)) {
    fault(t, Fault::PRIVATE_CHECK, f->sp);
    return false;
  }
  s->frame = f;
  s->run = 0;
  s->line = s->given = s->logged[0] = s->logged[1] = 0;
  copy(s->registers, f->r, sizeof s->registers);
  s->budget = f->budget;
  copy(s->data, data_of(o), data_bytes(o));
  s->live = f->top - f->sp;
  if (s->live > stack_room(o, f->top) || (s->live & 3) != 0) s->live = 0;
  if (s->live != 0) copy(s->stack, stack_of(o, f, s->live), s->live);
  if (const u32 *state = state_of(f)) copy(s->state, state, GRANULE);
  return true;
}

void twice_end(Thread *t) {
  if (Stretch *s = stretch_of(t)) end_stretch(t->frame->object, s);
}

void twice_reset(Object *o) {
  if (o->stretch == nullptr) return;
  end_stretch(o, o->stretch);
  o->stretch->damaged = false;  // its frames stay, so that a recovery does not change where others are allocated
}

bool twice_opens(const Object *o, u32 address, bool write) {
  u32 offset = address - section(o->id);
  Stretch *s = o->stretch;
  if (s == nullptr || offset < HEAP || offset >= HEAP_END) return false;
  u32 &entry = o->table[offset / PAGE_BYTES], page = (offset - HEAP) / PAGE_BYTES;
  if (!is_mapped(entry)) return false;
  u32 *words = at<u32>(entry & ~0xfffu);
  if (s->frame == nullptr) {  // an access by the kernel, between two stretches
    if (write) {
      set(s->unsummed, page);
    } else if (!is_as_left(o, s, page)) {
      s->damaged = true;
      return false;
    }
    return true;
  }
  if (is_set(s->touched, page) || (is_set(s->seen, page) && !write)) return false;
  if (!is_set(s->seen, page) && !is_as_left(o, s, page)) s->damaged = true;
  set(s->seen, page);
  if (write) {
    if (s->heap[page] == nullptr) s->heap[page] = static_cast<u32 *>(page_alloc());
    if (s->heap[page] == nullptr) panic("no memory for the second run of", o->id);
    copy(s->heap[page], words, PAGE_BYTES);
    set(s->touched, page);
  }
  entry = small_page(address_of(words), write ? READ_WRITE : READ_ONLY);
  flush_entry(address);
  return true;
}

bool twice_heap_sound(const Object *o, const u32 *pages) {
  const Stretch *s = o->stretch;
  if (s == nullptr) return true;
  for (u32 page = 0; page < HEAP_PAGES; page++)
    if (is_set(pages, page) && !is_as_left(o, s, page)) return false;
  return true;
}

u32 twice_fresh(const Object *o, u32 page) {
  Stretch *s = o->stretch;
  if (s == nullptr) return READ_WRITE;
  if (s->frame == nullptr) {
    set(s->unsummed, page);
    return KERNEL_ONLY;
  }
  set(s->seen, page);
  set(s->touched, page);
  set(s->fresh, page);
  return READ_WRITE;
}

bool twice_agrees(Thread *t) {
  Stretch *s = stretch_of(t);
  if (s == nullptr) return true;
  Object *o = t->frame->object;
  if (s->damaged) {
    fault(t, Fault::PRIVATE_CHECK, section(o->id) + HEAP);
    return false;
  }
  s->done[s->run] = true;
  s->sums[s->run] = outcome(o, s);
  if (agrees(s)) {
    end_stretch(o, s);
    seal_stack(t->frame);
    return true;
  }
  if (s->run != 0) disagree(o, s);
  if (s->run + 1 < RUNS) {
    run_again(o, s);
  } else {
    fault(t, Fault::DISAGREEMENT, t->frame->pc);
  }
  return false;
}

bool twice_failed(Thread *t) {
  Stretch *s = stretch_of(t);
  if (s == nullptr || s->damaged) return false;
  s->done[s->run] = false;
  disagree(t->frame->object, s);
  if (s->run + 1 == RUNS) return false;
  run_again(t->frame->object, s);
  return true;
}

bool twice_is_full(const Thread *t) {
  const Stretch *s = stretch_of(t);
  return s != nullptr && s->given == LOG;
}

// A damaged run may make other system calls. Runs that agree must have had the same input, so the log forks where a
// run's call differs from the first run's; the third run follows the line whose calls match its own.
bool twice_input(Thread *t, const Asked &asked, u32 *words) {
  Stretch *s = stretch_of(t);
  if (s == nullptr) return false;
  u32 sum = sum_of(asked), n = s->given;
  if (s->line == 0 && n < s->logged[0] && s->log[0][n].asked != sum) {
    s->line = 1;
    bool forked_here = n < s->logged[1] && is_same(s->log[0], s->log[1], n);
    if (!forked_here) {
      copy(s->log[1], s->log[0], n * sizeof(Given));
      s->logged[1] = n;
    }
  }
  if (n == s->logged[s->line]) return false;
  const Given &given = s->log[s->line][n];
  if (given.asked != sum) {
    s->logged[s->line] = n;
    return false;
  }
  words[0] = given.words[0];
  words[1] = given.words[1];
  s->given++;
  return true;
}

void twice_log(Thread *t, const Asked &asked, const u32 *words) {
  Stretch *s = stretch_of(t);
  if (s == nullptr) return;
  s->log[s->line][s->given] = {sum_of(asked), {words[0], words[1]}};
  s->logged[s->line] = ++s->given;
}

}  // namespace curios
