#include "cache.h"

namespace curios::files {

namespace {

constexpr u32 NO_FRAME = NONE;
constexpr u32 MOST_META = 32, MOST_DIRTY = 160, MOST_FREED = FREED - NEWLY_FREED;  // when a request begins that changes something
constexpr u32 TRIES = 300;

u32 bits(u32 mask) {
  u32 n = 0;
  for (; mask != 0; mask &= mask - 1) n++;
  return n;
}

Sum checked_sum(const u32 *words) { return volume().unchecked != 0 ? Sum{} : sum_of(words); }

u32 mask_of(u32 place, u32 count) { return ((1u << count) - 1) << place; }

u32 hash(u32 page) { return (page ^ page >> 8 ^ page >> 16) & 0xff; }

u32 frame_offset(u32 n) { return FRAMES_AT + n * static_cast<u32>(sizeof(Frame)); }

Frame *touched(u32 number) {
  for (u32 i = 0; i < work.touched; i++)
    if (work.touch[i].number == number) return &work.touch[i].frame;
  return nullptr;
}

// A frame whose page may go: clean, and not in use since the hand came by last.
u32 victim() {
  for (u32 looks = 0; looks < 2 * FRAMES; looks++) {
    u32 n = work.hand < FRAMES ? work.hand : 0;
    work.hand = n + 1 < FRAMES ? n + 1 : 0;
    const Frame &f = frame(n);
    if (f.data != 0 || f.meta != 0 || touched(n) != nullptr) continue;
    if (f.page != 0 && work.used[n] != 0) {
      work.used[n] = 0;
      continue;
    }
    return n;
  }
  return NO_FRAME;
}

// The private copy of the frame that a page has or, when `may_take`, gets.
Frame *touch(u32 page, bool may_take = true) {
  for (u32 i = 0; i < work.touched; i++)
    if (work.touch[i].frame.page == page + 1) return &work.touch[i].frame;
  if (work.touched == TOUCHED) return nullptr;
  u32 n = find_frame(page);
  bool fresh = n == NO_FRAME;
  if (fresh && may_take) n = victim();
  if (n == NO_FRAME) return nullptr;
  auto &t = work.touch[work.touched++];
  t.number = n;
  if (fresh) {
    t.frame = Frame{};
    t.frame.page = page + 1;
  } else {
    t.frame = frame(n);
  }
  work.hint[hash(page)] = static_cast<u8>(n);
  work.used[n] = 1;
  return &t.frame;
}

u32 number_of(const Frame *f) {
  for (u32 i = 0; i < work.touched; i++)
    if (&work.touch[i].frame == f) return work.touch[i].number;
  return 0;
}

// Calls visit(sector) for one sector of each page that is to change.
template <class F>
i32 each_page(F visit) {
  for (u32 i = 0; i < work.blanks; i++) TRY(visit(work.blank[i].sector));
  for (u32 i = 0; i < work.edits; i++) TRY(visit(work.edit[i].sector));
  for (u32 i = 0; i < work.runs; i++) {
    TRY(visit(work.run[i].start));
    TRY(visit(work.run[i].start + work.run[i].count - 1));
  }
  return OK;
}

// Finds places for them: first those that have one, so that no other takes it.
i32 reserve() {
  TRY(each_page([](u32 sector) -> i32 {
    touch(sector / PAGE_SECTORS, false);
    return OK;
  }));
  return each_page([](u32 sector) -> i32 {
    if (touch(sector / PAGE_SECTORS) != nullptr) return OK;
    return work.touched == TOUCHED ? TOO_BIG : FLUSH_FIRST;
  });
}

// New content of consecutive sectors of a page that is reserved.
void put(u32 sector, u32 count, const u32 *words, bool meta, bool zeros) {
  Frame *f = touch(sector / PAGE_SECTORS);
  u32 place = sector % PAGE_SECTORS, mask = mask_of(place, count);
  for (u32 i = 0; i < count; i++) f->sums[place + i] = zeros ? Sum{} : checked_sum(words + i * SECTOR_WORDS);
  f->valid |= static_cast<u8>(mask);
  if (meta) {
    f->meta |= static_cast<u8>(mask);
    f->data &= static_cast<u8>(~mask);
  } else {
    f->data |= static_cast<u8>(mask & ~f->meta);
  }
  keep_at(PAGES_AT + number_of(f) * PAGE + place * SECTOR, words, count * SECTOR);
}

}  // namespace

// The hint may be wrong, also because it is damaged: the frames know.
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

// A sector is compared once a request.
bool sector_sound(u32 n, u32 place) {
  u32 &seen = work.seen[n];
  if (seen >> 8 != work.stamp) seen = work.stamp << 8;
  if (volume().unchecked != 0 || (seen >> place & 1) != 0) return true;
  const u32 *words = reinterpret_cast<const u32 *>(frame_bytes(n) + place * SECTOR);
  if (plain_sum(words) != frame(n).sums[place].plain) return false;
  seen |= 1u << place;
  return true;
}

const u8 *look(u32 sector) {
  for (u32 i = 0; i < work.edits; i++)
    if (work.edit[i].sector == sector) return reinterpret_cast<u8 *>(work.edit[i].words);
  for (u32 i = 0; i < work.blanks; i++)
    if (sector - work.blank[i].sector < work.blank[i].count) return reinterpret_cast<u8 *>(work.zeros);
  u32 n = sector < volume().sectors ? find_frame(sector / PAGE_SECTORS) : NO_FRAME, place = sector % PAGE_SECTORS;
  if (n == NO_FRAME || (frame(n).valid >> place & 1) == 0) {
    work.miss = sector / PAGE_SECTORS;
    work.again = RETRY;
    return nullptr;
  }
  work.used[n] = 1;
  work.hits++;
  if (!sector_sound(n, place)) {
    work.miss = sector;
    work.again = MEND_FIRST;
    return nullptr;
  }
  return frame_bytes(n) + place * SECTOR;
}

const u8 *look_at_all(u32 sector, u32 count) {
  u32 page = sector / PAGE_SECTORS, n = find_frame(page), place = sector % PAGE_SECTORS, mask = mask_of(place, count);
  if (n == NO_FRAME || (frame(n).valid & mask) != mask) {
    work.miss = page;
    work.again = RETRY;
    return nullptr;
  }
  work.used[n] = 1;
  work.hits++;
  for (u32 i = 0; i < count; i++) {
    if (sector_sound(n, place + i)) continue;
    work.miss = sector + i;
    work.again = MEND_FIRST;
    return nullptr;
  }
  return frame_bytes(n) + place * SECTOR;
}

u8 *edit(u32 sector) {
  for (u32 i = 0; i < work.edits; i++)
    if (work.edit[i].sector == sector) return reinterpret_cast<u8 *>(work.edit[i].words);
  const u8 *now = look(sector);
  if (now == nullptr) return nullptr;
  if (work.edits == EDITS) {
    work.again = TOO_BIG;
    return nullptr;
  }
  Edit &e = work.edit[work.edits++];
  e.sector = sector;
  copy_words(e.words, now, SECTOR);
  return reinterpret_cast<u8 *>(e.words);
}

i32 blank(u32 sector, u32 count, bool meta) {
  if (work.blanks == BLANKS) return TOO_BIG;
  work.blank[work.blanks++] = {sector, count, meta};
  return OK;
}

void begin() {
  work.edits = work.blanks = work.touched = work.newly_freed = work.runs = 0;
  work.again = OK;
  work.sound_group = NONE;
  work.stamp = (work.stamp + 1) & 0xffffff;
  work.now = progress();
}

// Keeps all that the request wants to change: counts at the next commit. FLUSH_FIRST when there is no room.
i32 finish() {
  bool changed = work.edits != 0 || work.blanks != 0 || work.runs != 0;
  if (!changed) return OK;
  TRY(reserve());
  for (u32 i = 0; i < work.blanks; i++)
    put(work.blank[i].sector, work.blank[i].count, work.zeros, work.blank[i].meta, true);
  for (u32 i = 0; i < work.edits; i++) put(work.edit[i].sector, 1, work.edit[i].words, true, false);
  const u32 *data = work.data;
  for (u32 i = 0; i < work.runs; i++) {
    Extent left = work.run[i];
    while (left.count != 0) {
      u32 part = PAGE_SECTORS - left.start % PAGE_SECTORS;
      if (part > left.count) part = left.count;
      put(left.start, part, data, false, false);
      data += part * SECTOR_WORDS;
      left = {left.start + part, left.count - part};
    }
  }
  Progress &now = work.now;
  for (u32 i = 0; i < work.touched; i++) {
    auto &t = work.touch[i];
    const Frame &before = frame(t.number);
    bool was = before.page == t.frame.page;
    now.meta += bits(t.frame.meta) - (was ? bits(before.meta) : 0);
    now.dirty += (was && (before.data | before.meta) != 0) ? 0 : 1;
    keep_at(frame_offset(t.number), &t.frame, sizeof t.frame);
  }
  if (work.newly_freed != 0) {
    keep_at(FREED_AT + now.freed * static_cast<u32>(sizeof(Extent)), work.newly,
            work.newly_freed * static_cast<u32>(sizeof(Extent)));
    now.freed += work.newly_freed;
  }
  keep_at(PROGRESS_AT, &work.now, sizeof work.now);
  return OK;
}

// Brings in what is not valid of a page.
i32 load(u32 page) {
  u32 first = page * PAGE_SECTORS, count = PAGE_SECTORS;
  if (first >= volume().sectors) return damaged(Reason::POINTER, page);
  if (volume().sectors - first < count) count = volume().sectors - first;
  u32 n = find_frame(page);
  if (n == NO_FRAME) n = victim();
  if (n == NO_FRAME) {
    TRY(checkpoint());
    n = victim();
    if (n == NO_FRAME) return NO_MEMORY;
  }
  TRY(card_read(first, count));
  work.misses++;
  Frame f = frame(n);
  if (f.page != page + 1) {
    f = Frame{};
    f.page = page + 1;
  }
  const u8 *bytes = transfer_buffer();
  for (u32 i = 0; i < count; i++) {
    if ((f.valid >> i & 1) != 0) continue;
    f.sums[i] = checked_sum(reinterpret_cast<const u32 *>(bytes + i * SECTOR));
    f.valid |= static_cast<u8>(1u << i);
    keep_at(PAGES_AT + n * PAGE + i * SECTOR, bytes + i * SECTOR, SECTOR);
  }
  keep_at(frame_offset(n), &f, sizeof f);
  work.hint[hash(page)] = static_cast<u8>(n);
  work.used[n] = 1;
  commit_now();
  return OK;
}

// A sector that is not what was put there. One wrong word is found by the two sums; else what is clean is read again from
// the card, and what is not is lost.
i32 mend(u32 sector) {
  u32 n = find_frame(sector / PAGE_SECTORS), place = sector % PAGE_SECTORS;
  if (n == NO_FRAME) return OK;
  u32 *words = reinterpret_cast<u32 *>(transfer_buffer());
  copy_words(words, frame_bytes(n) + place * SECTOR, SECTOR);
  Frame f = frame(n);
  Sum is = sum_of(words), &was = f.sums[place];
  u32 plain = is.plain - was.plain;
  u64 placed = (static_cast<u64>(is.high) << 32 | is.low) - (static_cast<u64>(was.high) << 32 | was.low);
  i64 change = static_cast<i64>(placed) >= 0 ? static_cast<i64>(plain) : static_cast<i64>(plain) - (1ll << 32);
  u32 wrong = 0;
  u64 sum = 0;
  while (wrong < SECTOR_WORDS && sum != placed) sum += static_cast<u64>(change), wrong++;
  if (placed == 0) {  // the sum itself
    was = is;
    keep_at(frame_offset(n), &f, sizeof f);
  } else if (plain != 0 && sum == placed) {
    words[wrong - 1] -= plain;
    keep_at(PAGES_AT + n * PAGE + place * SECTOR, words, SECTOR);
  } else {
    bool dirty = ((f.data | f.meta) >> place & 1) != 0;
    u8 others = static_cast<u8>(~(1u << place));
    f.valid &= others, f.data &= others, f.meta &= others;
    keep_at(frame_offset(n), &f, sizeof f);
    if (dirty) {
      work.now = progress();
      damaged(Reason::MEMORY, sector);
    }
  }
  commit_now();
  return OK;
}

i32 damaged(Reason why, u32 where) {
  if (progress().reason != Reason::NONE) return DAMAGED;
  Progress &now = work.now;
  now = progress();
  now.reason = why;
  now.where = where;
  keep_at(PROGRESS_AT, &now, sizeof now);
  return DAMAGED;
}

i32 run(i32 (*request)(void *), void *arguments, bool changes) {
  for (u32 tries = 0; tries < TRIES; tries++) {
    const Progress &p = progress();
    if (changes && (p.meta > MOST_META || p.dirty > MOST_DIRTY || p.freed > MOST_FREED)) TRY(checkpoint());
    begin();
    i32 result = request(arguments);
    if (result >= 0 && changes) {
      i32 error = finish();
      if (error < 0) result = error;
    }
    switch (result) {
      case RETRY:
        TRY(load(work.miss));
        break;
      case FLUSH_FIRST:
        TRY(checkpoint());
        break;
      case MEND_FIRST:
        TRY(mend(work.miss));
        break;
      default:
        return result;
    }
  }
  return NO_MEMORY;
}

}  // namespace curios::files
