// What a request does about an error: it loads, repairs or writes pages and tries again, looks again at what a fault may
// have caused, and records what stays.
#include <curios/object.h>

#include "cache.h"

namespace curios::files {

constexpr u32 TRIES = 300, MOST_LOOKS = 4;

void note(Reason why, u32 where) {
  if (progress().reason != Reason::NONE) return;
  Progress &now = work.now;
  now = progress();
  now.reason = why;
  now.where = where;
  keep_at(PROGRESS_AT, &now, sizeof now);
}

// The sector that could not be read has been read.
static void set_readable() {
  if (progress().reason != Reason::READS) return;
  Progress &now = work.now;
  now = progress();
  now.reason = Reason::NONE;
  now.where = 0;
  keep_at(PROGRESS_AT, &now, sizeof now);
  commit_now();
}

// Loads the sectors of a page that are not valid.
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
  i32 result = card_read(first, count);
  if (result == IO_ERROR) set_broken(Reason::READS, first);
  TRY(result);
  if (progress().where == first) set_readable();
  work.misses++;
  Frame f = frame(n);
  if (f.page != page + 1) f = Frame{page + 1, 0, 0, 0, 0};
  for (u32 i = 0; i < count; i++) {
    if ((f.valid >> i & 1) != 0) continue;
    u32 many = 1;
    while (i + many < count && (f.valid >> (i + many) & 1) == 0) many++;
    f.valid |= static_cast<u8>(mask_of(i, many));
    keep_at(frame_at(n, i), transfer_buffer() + i * SECTOR, many * SECTOR);
  }
  keep_at(frame_offset(n), &f, sizeof f);
  work.hint[hash(page)] = static_cast<u8>(n);
  work.used[n] = 1;
  commit_now();
  return OK;
}

// Repairs a damaged page. The kernel has a second copy; what it cannot repair is read from the card again if it is
// clean, and lost if it is dirty.
i32 mend(u32 sector) {
  u32 n = find_frame(sector / PAGE_SECTORS);
  if (n == NO_FRAME || mend_kept(frame_at(n, 0), PAGE)) return OK;
  Frame f = frame(n);
  bool lost = false;
  for (u32 place = 0; place < PAGE_SECTORS; place++) {
    if ((f.valid >> place & 1) == 0 || is_sound(frame_at(n, place), SECTOR)) continue;
    u8 others = static_cast<u8>(~(1u << place));
    lost |= ((f.data | f.meta) >> place & 1) != 0;
    sector = (f.page - 1) * PAGE_SECTORS + place;
    f.valid &= others, f.data &= others, f.meta &= others;
  }
  keep_at(frame_offset(n), &f, sizeof f);
  work.counted = 0;
  if (lost) {
    work.now = progress();
    note(Reason::MEMORY, sector);
  }
  commit_now();
  return OK;
}

i32 mend_progress() {
  return mend_kept(PROGRESS_AT, KEPT_UNIT) ? static_cast<i32>(OK) : damaged(Reason::MEMORY, 0);
}

i32 damaged(Reason why, u32 where) {
  work.reason = why;
  work.where = where;
  return DAMAGED;
}

void set_broken(Reason why, u32 sector) {
  if (is_first_look(IO_ERROR) || volume().mounted != MOUNTED || progress().reason != Reason::NONE) return;
  work.last = IO_ERROR;     // the request returns this, not what it would find on a read-only file system
  note(why, sector);
  commit_now();
}

bool is_final(i32 error) {
  bool final = error == work.last || error == TIMED_OUT || work.looks + 1 >= MOST_LOOKS || !has_committed();
  work.last = final ? static_cast<i32>(OK) : error;
  work.looks = final ? 0 : work.looks + 1;
  return final;
}

bool is_first_look(i32 error) {
  return would_repeat(error) || (has_committed() && error != work.last && work.looks + 1 < MOST_LOOKS);
}

SELDOM i32 try_again(i32 error, Attempts &made) {
  if (++made.count == TRIES) return NO_MEMORY;
  i32 result = error;
  switch (error) {
    case RETRY:
      result = load(work.miss);
      break;
    case FLUSH_FIRST:
      result = checkpoint();
      break;
    case MEND_FIRST:
      result = mend(work.miss);
      break;
    case MEND_PROGRESS:
      result = mend_progress();
      break;
  }
  if (result == DAMAGED && !is_first_look(DAMAGED)) {
    if (made.looked)
      note(work.reason, work.where);
    else
      result = OK;
    made.looked = true;
  }
  return result;
}

}  // namespace curios::files
