#include "record.h"
#include "volume.h"

#include <stddef.h>

namespace curios::files {
namespace {

constexpr u32 RECORD_TAG = 0x43755249, RECORD_VERSION = 1, MOST_TARGETS = 116;

struct Header {
  u32 tag, version, sequence, count;
  u32 mark[4];         // of the superblock, which any other writer has changed
  u32 was_valid, content;
  u32 targets[MOST_TARGETS];
  u32 spare;
  u32 sum;             // checksum of the fields above
};
static_assert(sizeof(Header) == SECTOR && MOST_TARGETS + 1 == RECORD_SECTORS);

u32 header_sum(const Header &h) {
  u32 sum = 1;
  const u32 *words = reinterpret_cast<const u32 *>(&h);
  for (u32 i = 0; i < SECTOR_WORDS - 1; i++) sum = words[i] + (sum >> 5 | sum << 27);
  return sum;
}

u32 content_sum(u32 sum, const u32 *words) {
  for (u32 i = 0; i < SECTOR_WORDS; i++) sum = words[i] + (sum >> 5 | sum << 27);
  return sum;
}

u32 record_sector(u32 i) {
  u32 log = volume().log_block;
  return (volume().record_blocks[i >> log] << log) + (i & ((1u << log) - 1));
}

// The number of sectors of the record from i on that are consecutive on the card.
u32 in_a_row(u32 i, u32 most) {
  u32 n = 1;
  while (n < most && record_sector(i + n) == record_sector(i) + n) n++;
  return n;
}

u8 mask_of(const Frame &f, bool meta) { return meta ? f.meta : f.data; }

// The next dirty sector, or NONE.
u32 next_dirty(u32 from, bool meta) {
  u32 best = NONE;
  for (u32 n = 0; n < FRAMES; n++) {
    const Frame &f = frame(n);
    u32 mask = mask_of(f, meta), first = (f.page - 1) * PAGE_SECTORS;
    if (f.page == 0 || mask == 0 || first >= best || first + PAGE_SECTORS <= from) continue;
    if (first < from) mask &= ~((1u << (from - first)) - 1);
    if (mask == 0) continue;
    u32 sector = first + static_cast<u32>(__builtin_ctz(mask));
    if (sector < best) best = sector;
  }
  return best;
}

// Copies a cached sector to the transfer buffer. MEND_FIRST: it is damaged.
i32 take(u32 sector, u32 to) {
  u32 n = find_frame(sector / PAGE_SECTORS), place = sector % PAGE_SECTORS;
  must(n != NONE);
  if (!is_sound(frame_at(n, place), SECTOR)) return MEND_FIRST;
  copy_words(transfer_buffer() + to * SECTOR, kept_at(frame_at(n, place)), SECTOR);
  return OK;
}

constexpr u32 CLEAN_AT_ONCE = 32;

// Adds the n-th frame to be marked clean at the next commit.
void clean(u32 number, u32 n, u8 meta = 0) {
  u8(&masks)[4] = work.masks[n % CLEAN_AT_ONCE];
  masks[0] = frame(number).valid;
  masks[1] = masks[3] = 0;
  masks[2] = meta;
  keep_at(FRAMES_AT + number * static_cast<u32>(sizeof(Frame)) + static_cast<u32>(offsetof(Frame, valid)), masks, sizeof masks);
}

// The number of dirty content sectors from a place of a frame on that are consecutive both in the cache and on the
// card.
u32 in_the_cache(u32 n, u32 place) {
  u32 count = 0;
  for (; count < TRANSFER_SECTORS; count++) {
    if ((frame(n).data >> place & 1) == 0) break;
    if (++place < PAGE_SECTORS) continue;
    place = 0;
    if (n + 1 >= FRAMES || frame(n + 1).page != frame(n).page + 1) return count + 1;
    n++;
  }
  return count;
}

// Writes content directly from the cache, in runs of consecutive sectors.
i32 write_data() {
  for (u32 n = 0; n < FRAMES; n++) {
    for (u32 left = frame(n).data; left != 0;) {
      u32 place = static_cast<u32>(__builtin_ctz(left)), sector = (frame(n).page - 1) * PAGE_SECTORS + place;
      u32 count = in_the_cache(n, place), at = frame_at(n, place);
      if (!is_sound(at, count * SECTOR)) {
        for (u32 i = 0; i < count; i += PAGE_SECTORS) TRY(mend(sector + i));
        TRY(mend(sector + count - 1));
        left = frame(n).data;  // lost sectors are no longer dirty
        continue;
      }
      TRY(card_write_kept(sector, count, at));
      if (place + count >= PAGE_SECTORS) {
        n += (place + count) / PAGE_SECTORS - 1;  // the last frame may have more
        left = (place + count) % PAGE_SECTORS == 0 ? 0 : frame(++n).data;
        left &= ~((1u << (place + count) % PAGE_SECTORS) - 1);
      } else {
        left &= ~((1u << (place + count)) - 1);
      }
    }
  }
  return OK;
}

// Lists all dirty metadata sectors, verified.
i32 list_meta(u32 *targets, u32 &count) {
  count = 0;
  for (u32 at = 0;;) {
    u32 sector = next_dirty(at, true);
    if (sector == NONE) return OK;
    u32 n = find_frame(sector / PAGE_SECTORS);
    must(n != NONE);
    if (!is_sound(frame_at(n, sector % PAGE_SECTORS), SECTOR)) {
      TRY(mend(sector));
      continue;
    }
    if (count == MOST_TARGETS) return FULL;
    targets[count++] = sector;
    at = sector + 1;
  }
}

i32 write_record(const u32 *targets, u32 count) {
  u32 content = 1;
  for (u32 done = 0; done < count;) {
    u32 most = count - done < TRANSFER_SECTORS ? count - done : TRANSFER_SECTORS, part = in_a_row(1 + done, most);
    for (u32 i = 0; i < part; i++) {
      TRY(take(targets[done + i], i));
      content = content_sum(content, reinterpret_cast<const u32 *>(transfer_buffer() + i * SECTOR));
    }
    TRY(card_write(record_sector(1 + done), part));
    done += part;
  }
  Header &h = *reinterpret_cast<Header *>(transfer_buffer());
  h = Header{};
  h.tag = RECORD_TAG;
  h.version = RECORD_VERSION;
  h.sequence = progress().sequence;
  h.count = count;
  for (u32 i = 0; i < 4; i++) h.mark[i] = volume().mark[i];
  h.was_valid = volume().was_valid;
  h.content = content;
  for (u32 i = 0; i < count; i++) h.targets[i] = targets[i];
  h.sum = header_sum(h);
  return card_write(record_sector(0), 1);
}

// Writes the state flag of the superblock on the card: whether the file system is clean.
i32 write_super(bool valid) {
  u32 n = find_frame(0);
  if (n == NONE || (frame(n).valid >> SUPER_SECTOR & 1) == 0 || take(SUPER_SECTOR, 0) != OK) TRY(card_read(SUPER_SECTOR, 1));
  Super &super = *reinterpret_cast<Super *>(transfer_buffer());
  bool can_be = volume().was_valid != 0 && (progress().reason == Reason::NONE || is_of_card(progress().reason));
  super.state = static_cast<u16>(valid && can_be ? super.state | STATE_VALID : super.state & ~STATE_VALID);
  return card_write(SUPER_SECTOR, 1);
}

i32 write_meta() {
  u32 targets[MOST_TARGETS], count;
  TRY(list_meta(targets, count));
  if (count == 0) return OK;
  if (volume().record != 0) TRY(write_record(targets, count));
  TRY(write_super(false));
  // From the last block to the first, so blocks of pointers are written before inodes, and inodes before bitmaps. If
  // the record's inode is new, it thus refers to a complete record before anything else takes effect.
  for (u32 left = count; left > 0;) {
    u32 part = 1, block = targets[left - 1] >> volume().log_block;
    while (part < left && targets[left - part - 1] >> volume().log_block == block &&
           targets[left - part - 1] + 1 == targets[left - part])
      part++;
    u32 first = left - part;
    for (u32 i = 0; i < part; i++) {
      TRY(take(targets[first + i], i));
      if (targets[first + i] == SUPER_SECTOR)
        reinterpret_cast<Super *>(transfer_buffer() + i * SECTOR)->state &= static_cast<u16>(~STATE_VALID);
    }
    TRY(card_write(targets[first], part));
    left = first;
  }
  TRY(write_super(true));
  return volume().record != 0 ? record_clear(volume().was_valid != 0) : static_cast<i32>(OK);
}

// Puts the free counts into the superblock and the descriptor.
i32 edit_counts() {
  TRY(settle_group());
  LOOK_SOME(Super, now, SUPER_SECTOR, 0, SUPER_COUNTS);
  if (now.free_blocks == progress().free_blocks && now.free_inodes == progress().free_inodes) return OK;
  EDIT_SOME(Super, super, SUPER_SECTOR, 0, SUPER_COUNTS);
  super.free_blocks = progress().free_blocks;
  super.free_inodes = progress().free_inodes;
  return OK;
}

i32 settle_counts() {
  for (u32 tries = 0; tries < 4; tries++) {
    if (!is_unit_sound(PROGRESS_AT / KEPT_UNIT)) TRY(mend_progress());
    begin();
    i32 result = edit_counts();
    if (result == RETRY || result == MEND_FIRST) {
      TRY(result == RETRY ? load(work.miss) : mend(work.miss));
      continue;
    }
    TRY(result);
    if (work.edits == 0) return OK;
    TRY(finish());
    commit_now();
    return OK;
  }
  return IO_ERROR;
}

}  // namespace

i32 record_clear(bool was_valid) {
  Header &h = *reinterpret_cast<Header *>(transfer_buffer());
  h = Header{};
  h.tag = RECORD_TAG;
  h.version = RECORD_VERSION;
  h.sequence = progress().sequence;
  h.was_valid = was_valid;
  h.sum = header_sum(h);
  return card_write(record_sector(0), 1);
}

// Writes all dirty sectors to the card: first the content of files, then metadata. A power cut before the header of the
// record leaves the old metadata; one after it leaves the new metadata.
//
// Repeating any part after a crash writes the same data, since the cache does not change meanwhile.
i32 checkpoint() {
  commit_now();
  TRY(settle_counts());
  work.edits = work.blanks = 0;
  i32 result = MEND_FIRST;
  for (u32 tries = 0; tries < 4 && result == MEND_FIRST; tries++) {
    TRY(write_data());
    result = write_meta();
  }
  if (result < 0) return result == MEND_FIRST ? static_cast<i32>(IO_ERROR) : result;
  u32 cleaned = 0;
  for (u32 n = 0; n < FRAMES; n++) {
    if (frame(n).data == 0 && frame(n).meta == 0) continue;
    if (cleaned != 0 && cleaned % CLEAN_AT_ONCE == 0) commit_now();
    clean(n, cleaned++);
  }
  // Together with the last pages: without dirty ones nothing would do the rest after a crash.
  work.now = progress();
  if (work.now.reason == Reason::WRITES) work.now.reason = Reason::NONE, work.now.where = 0;
  work.now.freed = 0;
  for (u32 &c : work.now.changed) c = 0;
  work.now.sequence++;
  keep_at(PROGRESS_AT, &work.now, sizeof work.now);
  commit_now();
  work.dirty = work.meta = 0;
  return OK;
}

// Leaves the metadata on the card and in the record unchanged, including what is free.
i32 write_content() {
  TRY(write_data());
  u32 cleaned = 0;
  for (u32 n = 0; n < FRAMES; n++) {
    const Frame &f = frame(n);
    if (f.data == 0) continue;
    clean(n, cleaned, f.meta);
    if (f.meta == 0) work.dirty--;
    if (++cleaned % CLEAN_AT_ONCE == 0) commit_now();
  }
  return OK;
}

i32 record_replay(const Super &super, bool &replayed) {
  replayed = false;
  TRY(card_read(record_sector(0), 1));
  Header h = *reinterpret_cast<Header *>(transfer_buffer());
  u32 mark[4] = {super.mount_time, super.write_time, super.last_check, super.mounts};
  if (h.tag != RECORD_TAG || h.version != RECORD_VERSION || h.sum != header_sum(h) || h.count == 0) return OK;
  for (u32 i = 0; i < 4; i++)
    if (h.mark[i] != mark[i]) return OK;
  if (h.count > MOST_TARGETS) return OK;
  u32 content = 1;
  for (u32 i = 0; i < h.count; i++) {
    if (h.targets[i] >= volume().sectors) return OK;
    TRY(card_read(record_sector(1 + i), 1));
    content = content_sum(content, reinterpret_cast<const u32 *>(transfer_buffer()));
  }
  if (content != h.content) return OK;
  for (u32 i = 0; i < h.count; i++) {
    TRY(card_read(record_sector(1 + i), 1));
    TRY(card_write(h.targets[i], 1));
  }
  if (h.was_valid != 0) {
    TRY(card_read(SUPER_SECTOR, 1));
    reinterpret_cast<Super *>(transfer_buffer())->state |= STATE_VALID;
    TRY(card_write(SUPER_SECTOR, 1));
  }
  replayed = true;
  return record_clear(h.was_valid != 0);
}

}  // namespace curios::files
