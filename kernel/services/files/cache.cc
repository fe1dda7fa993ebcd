#include <stddef.h>

#include "cache.h"

namespace curios::files {

namespace {

constexpr u32 MOST_META = 32, MOST_DIRTY = 160, MOST_FREED = FREED - NEWLY_FREED;  // limits when a request that changes
                                                                                   // something starts
constexpr u32 STAMP_SHIFT = 13;  // above the unit numbers
static_assert(KEPT_BYTES / KEPT_UNIT <= 1u << STAMP_SHIFT);

u32 bits(u32 mask) {
  u32 n = 0;
  for (; mask != 0; mask &= mask - 1) n++;
  return n;
}

bool is_touched(u32 number) {
  for (u32 i = 0; i < work.touched; i++)
    if (work.touch[i].number == number) return true;
  return false;
}

// The index in `touch` of the page's frame, newly assigned if `may_take`; NONE if there is none.
u32 touch(u32 page, bool may_take) {
  for (u32 i = 0; i < work.touched; i++)
    if (work.touch[i].frame.page == page + 1) return i;
  if (work.touched >= TOUCHED) return NONE;
  u32 n = find_frame(page);
  bool fresh = n == NO_FRAME;
  if (fresh && may_take) n = victim();
  if (n == NO_FRAME) return NONE;
  u32 i = work.touched++;
  work.touch[i].number = n;
  work.touch[i].frame = fresh ? Frame{page + 1, 0, 0, 0, 0} : frame(n);
  work.hint[hash(page)] = static_cast<u8>(n);
  work.used[n] = 1;
  return i;
}

u32 last_sector(const Piece &p) { return p.sector + (p.within + p.bytes - 1) / SECTOR; }

// Calls visit(sector) for one sector of each page that gets new content; pages with edits are cached already.
template <class F>
i32 each_page(F visit) {
  for (u32 i = 0; i < work.blanks; i++) TRY(visit(work.blank[i].sector));
  for (u32 i = 0; i < work.pieces; i++) {
    const Piece &p = work.piece[i];
    u32 last = last_sector(p);
    TRY(visit(p.sector));
    if (last / PAGE_SECTORS != p.sector / PAGE_SECTORS) TRY(visit(last));
  }
  return OK;
}

SELDOM void count_dirty() {
  work.dirty = work.meta = 0;
  for (u32 n = 0; n < FRAMES; n++) {
    const Frame &f = frame(n);
    if ((f.data | f.meta) == 0) continue;
    work.dirty++;
    work.meta += bits(f.meta);
  }
  work.counted = 1;
}

bool is_one_page() {
  const Piece &p = work.piece[0];
  return work.blanks == 0 && work.pieces == 1 && last_sector(p) / PAGE_SECTORS == p.sector / PAGE_SECTORS;
}

SELDOM void touch_cached() {
  each_page([](u32 sector) -> i32 {
    touch(sector / PAGE_SECTORS, false);
    return OK;
  });
}

// Reserves frames: first for pages that are cached, so that these are not replaced.
i32 reserve() {
  for (Edit *e = work.edit, *end = e + work.edits; e != end; e++) {
    e->touch = touch(e->sector / PAGE_SECTORS, true);
    if (e->touch == NONE) return work.touched == TOUCHED ? TOO_BIG : FLUSH_FIRST;
  }
  if (work.blanks == 0 && work.pieces == 0) return OK;
  if (!is_one_page()) touch_cached();
  return each_page([](u32 sector) -> i32 {
    if (touch(sector / PAGE_SECTORS, true) != NONE) return OK;
    return work.touched == TOUCHED ? TOO_BIG : FLUSH_FIRST;
  });
}

void will_keep(u32 to, u32 bytes, const void *from, Handle handle = 0) {
  if (work.kept >= MOST_KEPT) must(false);
  work.keep[work.kept++] = {to, bytes, reinterpret_cast<u32>(from), handle};
}

// Marks consecutive sectors of a reserved page, at a place of `touch`, as changed; returns their address in kept memory.
u32 put(u32 sector, u32 count, bool meta, u32 touched) {
  if (touched >= TOUCHED) must(false);
  auto &t = work.touch[touched];
  u32 place = sector % PAGE_SECTORS, mask = mask_of(place, count);
  t.frame.valid |= static_cast<u8>(mask);
  if (meta) {
    t.frame.meta |= static_cast<u8>(mask);
    t.frame.data &= static_cast<u8>(~mask);
  } else {
    t.frame.data |= static_cast<u8>(mask & ~t.frame.meta);
  }
  return frame_at(t.number, place);
}

// Copies units into a private copy, and verifies them on the way.
[[gnu::noinline]] bool take_units(Edit &e, u32 units) {
  for (u32 missing = units; missing != 0; missing &= missing - 1) {
    u32 i = static_cast<u32>(__builtin_ctz(missing));
    if (take_unit(e.words + i * KEPT_UNIT / 4, e.at / KEPT_UNIT + i)) continue;
    work.miss = e.sector;
    work.again = MEND_FIRST;
    return false;
  }
  e.units |= units;
  return true;
}
// Lists an edit as one write, with the units between edited ones.
i32 keep_edit(Edit &e) {
  if (e.units - 1 >= ALL_UNITS || work.kept >= MOST_KEPT) must(false);
  if (unit_span(e.units).rest() != 0) {
    u32 first = static_cast<u32>(__builtin_ctz(e.units)), end = 32 - static_cast<u32>(__builtin_clz(e.units));
    if (!take_units(e, ((1u << end) - (1u << first)) & ~e.units)) return MEND_FIRST;
  }
  Span s = unit_span(e.units);
  work.keep[work.kept++] = {e.at + s.first(), s.bytes(), reinterpret_cast<u32>(e.words) + s.first(), 0};
  return OK;
}

constexpr i32 NOT_ALL = 1;

// Lists the edits if nothing else is changed, and their sectors are dirty metadata already, so that no frame changes.
// Otherwise NOT_ALL, and nothing is listed.
i32 list_edits() {
  if (work.blanks != 0 || work.pieces != 0 || 2 * work.edits + 2 > MOST_KEPT) return NOT_ALL;
  Keep *to = work.keep;
  Listed listed = list_dirty(work.edit, work.edit + work.edits, to);
  if (listed == Listed::DAMAGED) must(false);
  if (listed != Listed::ALL) return NOT_ALL;
  work.kept = static_cast<u32>(to - work.keep);
  return OK;
}

// Writes the client's bytes directly to the cache, page by page.
[[gnu::noinline]] void put_piece(Piece p) {
  while (p.bytes != 0) {
    u32 part = (PAGE_SECTORS - p.sector % PAGE_SECTORS) * SECTOR - p.within;
    if (part > p.bytes) part = p.bytes;
    u32 at = put(p.sector, (p.within + part + SECTOR - 1) / SECTOR, false, touch(p.sector / PAGE_SECTORS, false));
    will_keep(at + p.within, part, reinterpret_cast<const void *>(p.offset), work.source);
    p.sector += (p.within + part) / SECTOR;
    p.within = 0;
    p.offset += part;
    p.bytes -= part;
  }
}

SELDOM void put_blank(const Blank &b) {
  u32 at = put(b.sector, b.count, b.meta, touch(b.sector / PAGE_SECTORS, false));
  will_keep(at, b.count * SECTOR, zeros(b.count * SECTOR));
}

bool in_blank(u32 sector) {
  for (u32 i = 0; i < work.blanks; i++)
    if (sector - work.blank[i].sector < work.blank[i].count) return true;
  return false;
}

u32 units_of(u32 offset, u32 bytes) {
  u32 first = offset / KEPT_UNIT, last = (offset + bytes - 1) / KEPT_UNIT;
  return (2u << last) - (1u << first);
}

// Whether this is an edit of the current request: a damaged register may have found an old one, whose changes would be
// lost, or one outside the array. Its own loads of address and count do not share a register with the search.
bool is_current(const Edit *e) {
  u32 base, count;
  asm volatile("ldr %0, =%c2\n ldr %1, [%0]" : "=&r"(base), "=r"(count) : "i"(&work));
  static_assert(offsetof(Work, edits) == 0);
  u32 at = reinterpret_cast<u32>(e) - base - offsetof(Work, edit);
  return count <= EDITS && at < count * sizeof(Edit);
}

// Searches backwards: the latest edits are the most likely ones.
Edit *find_edit(u32 sector) {
  for (Edit *e = work.edit + work.edits; e != work.edit;)
    if ((--e)->sector == sector) return e;
  return nullptr;
}

// The offset of a sector in kept memory; NONE: work.again says why.
u32 place_of(u32 sector) {
  u32 n = sector < volume().sectors ? find_frame(sector / PAGE_SECTORS) : NO_FRAME, place = sector % PAGE_SECTORS;
  if (n == NO_FRAME || (frame(n).valid >> place & 1) == 0) {
    work.miss = sector / PAGE_SECTORS;
    work.again = RETRY;
    return NONE;
  }
  work.used[n] = 1;
  work.hits++;
  return frame_at(n, place);
}

// Verifies units; each only once per request, as far as that can be remembered.
bool compare(u32 sector, u32 at, u32 bytes) {
  u32 unit = at / KEPT_UNIT, &seen = work.seen[unit % SEEN];
  bool one = (at + bytes - 1) / KEPT_UNIT == unit;
  if (one ? seen == (work.stamp | unit) || is_unit_sound(unit) : is_sound(at, bytes)) {
    if (one) seen = work.stamp | unit;
    return true;
  }
  work.miss = sector;
  work.again = MEND_FIRST;
  return false;
}

inline bool fill(Edit &e, u32 units) {
  u32 missing = units & ~e.units;
  return missing == 0 || take_units(e, missing);
}

}  // namespace

SELDOM u32 victim() {
  for (u32 n = 0; work.full == 0 && n < FRAMES; n++)
    if (frame(n).page == 0 && !is_touched(n)) return n;
  work.full = 1;
  for (u32 looks = 0; looks < 2 * FRAMES; looks++) {
    u32 n = work.hand < FRAMES ? work.hand : 0;
    work.hand = n + 1 < FRAMES ? n + 1 : 0;
    const Frame &f = frame(n);
    if (f.data != 0 || f.meta != 0 || is_touched(n)) continue;
    if (f.page != 0 && work.used[n] != 0) {
      work.used[n] = 0;
      continue;
    }
    return n;
  }
  return NO_FRAME;
}

// The hint may be wrong or damaged; the frame itself decides.
u32 find_frame(u32 page) {
  u8 &hint = work.hint[hash(page)];
  if (hint < FRAMES && frame(hint).page == page + 1) return hint;
  for (u32 n = 0; n < FRAMES; n++) {
    if (frame(n).page != page + 1) continue;
    hint = static_cast<u8>(n);
    return n;
  }
  return NO_FRAME;
}

const u8 *look(u32 sector, u32 offset, u32 bytes) {
  if (work.edits != 0) {
    if (Edit *e = find_edit(sector)) {
      u32 units = units_of(offset, bytes);
      if (!is_current(e)) must(false);
      if ((e->units & units) != 0) return fill(*e, units) ? reinterpret_cast<u8 *>(e->words) : nullptr;
    }
  }
  if (work.blanks != 0 && in_blank(sector)) return reinterpret_cast<u8 *>(zeros(SECTOR));
  u32 at = place_of(sector);
  return at == NONE || !compare(sector, at + offset, bytes) ? nullptr : kept_at(at);
}

const u8 *locate(u32 sector, u32 count) {
  u32 page = sector / PAGE_SECTORS, n = find_frame(page), place = sector % PAGE_SECTORS, mask = mask_of(place, count);
  if (n == NO_FRAME || (frame(n).valid & mask) != mask) {
    work.miss = page;
    work.again = RETRY;
    return nullptr;
  }
  work.used[n] = 1;
  work.hits++;
  return kept_at(frame_at(n, place));
}

u8 *edit(u32 sector, u32 offset, u32 bytes) {
  Edit *e = find_edit(sector);
  if (e == nullptr) {
    bool fresh = work.blanks != 0 && in_blank(sector);
    u32 at = fresh ? 0 : place_of(sector);
    if (at == NONE) return nullptr;
    if (work.edits == EDITS) {
      work.again = TOO_BIG;
      return nullptr;
    }
    e = &work.edit[work.edits++];
    work.free_edits--;
    e->sector = sector;
    e->at = at;
    e->units = fresh ? ALL_UNITS : 0;
    if (fresh) copy_words(e->words, zeros(SECTOR), SECTOR);
  }
  if (!is_current(e)) must(false);
  return fill(*e, units_of(offset, bytes)) ? reinterpret_cast<u8 *>(e->words) : nullptr;
}

void clear_units(u32 sector, u32 offset, u32 bytes) {
  Edit *e = find_edit(sector);
  if (e == nullptr || !is_current(e)) must(false);
  clear_words(e->words + offset / 4, bytes);
  e->units |= units_of(offset, bytes);
}

i32 blank(u32 sector, u32 count, bool meta) {
  if (work.blanks >= BLANKS) return TOO_BIG;
  work.blank[work.blanks++] = {sector, count, meta};
  return OK;
}

u32 dirty_pages() {
  if (work.counted == 0) count_dirty();
  return work.dirty;
}

void begin() {
  work.edits = work.blanks = work.touched = work.newly_freed = work.pieces = work.kept = 0;
  work.free_edits = EDITS;
  work.again = OK;
  work.time = 0;
  work.stamp += 1u << STAMP_SHIFT;
  work.now = progress();
}

// Keeps the changed words of the progress. MEND_PROGRESS: it is damaged.
static i32 keep_changes(const Progress &now) {
  const u32 *is = reinterpret_cast<const u32 *>(&now), *was = reinterpret_cast<const u32 *>(&progress());
  u32 count = same_words(is + COUNT_WORDS, was + COUNT_WORDS, OTHER_WORDS) ? COUNT_WORDS : COUNT_WORDS + OTHER_WORDS;
  if (count == COUNT_WORDS && same_words(is, was, COUNT_WORDS)) return OK;
  if (!is_unit_sound(PROGRESS_AT / KEPT_UNIT)) return MEND_PROGRESS;
  will_keep(PROGRESS_AT, count * 4, is);
  return OK;
}

// Lists all changes, and those of frames. FLUSH_FIRST if there is no room.
static i32 list_all(u32 &dirty, u32 &meta) {
  TRY(reserve());
  if (work.edits + work.blanks + 2 * work.pieces + work.touched + 2 > MOST_KEPT) return TOO_BIG;
  for (u32 i = 0; i < work.blanks; i++) put_blank(work.blank[i]);
  for (u32 i = 0; i < work.edits; i++) {
    Edit &e = work.edit[i];
    u32 at = put(e.sector, 1, true, e.touch);
    if (e.at == 0) e.at = at;
    if (e.at != at) must(false);
    TRY(keep_edit(e));
  }
  for (u32 i = 0; i < work.pieces; i++) put_piece(work.piece[i]);
  dirty = dirty_pages();
  meta = work.meta;
  for (u32 i = 0; i < work.touched; i++) {
    auto &t = work.touch[i];
    const Frame &before = frame(t.number);
    bool was = before.page == t.frame.page;
    if (was && before.valid == t.frame.valid && before.data == t.frame.data && before.meta == t.frame.meta) continue;
    if (!was || before.meta != t.frame.meta) meta += bits(t.frame.meta) - (was ? bits(before.meta) : 0);
    dirty += (was && (before.data | before.meta) != 0) ? 0 : 1;
    will_keep(frame_offset(t.number), sizeof t.frame, &t.frame);
  }
  return OK;
}

// Writes all changes of the request to kept memory, effective at the next commit. FLUSH_FIRST if there is no room.
i32 finish() {
  if (work.edits + work.free_edits != EDITS || work.blanks > BLANKS || work.pieces > PIECES || work.newly_freed > NEWLY_FREED ||
      work.now.freed + work.newly_freed > FREED)
    must(false);
  if (work.edits == 0 && work.blanks == 0 && work.pieces == 0) return OK;
  u32 dirty = work.dirty, meta = work.meta;
  i32 listed = list_edits();
  TRY(listed);
  if (listed == NOT_ALL) TRY(list_all(dirty, meta));
  Progress &now = work.now;
  if (work.newly_freed != 0) {
    will_keep(FREED_AT + now.freed * static_cast<u32>(sizeof(Extent)), work.newly_freed * static_cast<u32>(sizeof(Extent)), work.newly);
    now.freed += work.newly_freed;
  }
  if (work.edits != 0 || work.blanks != 0 || work.newly_freed != 0) TRY(keep_changes(now));
  TRY(keep_list(work.keep, work.kept));
  work.wakes |= work.dirty == 0 && dirty != 0;
  work.dirty = dirty;
  work.meta = meta;
  return OK;
}

i32 run(i32 (*request)(void *), void *arguments, bool changes) {
  for (Attempts made = {};;) {
    if (changes && (dirty_pages() > MOST_DIRTY || work.meta > MOST_META || progress().freed > MOST_FREED)) TRY(checkpoint());
    begin();
    i32 result = request(arguments);
    if (result >= 0 && changes) {
      i32 error = finish();
      if (error < 0) result = error;
    }
    if (result >= 0) return result;
    TRY(try_again(result, made));
  }
}

}  // namespace curios::files
