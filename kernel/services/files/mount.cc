#include <curios/card.h>
#include <stddef.h>

#include "inode.h"

namespace curios::files {
namespace {

constexpr u32 KNOWN_READ_ONLY = READ_ONLY_SPARSE_SUPER | READ_ONLY_LARGE_FILE;
constexpr u32 OLD_INODE_BYTES = 128, OLD_FIRST_INODE = 11, REVISION = 1;
constexpr u32 MOST_LOG = 2;        // blocks of 1 to 4 KiB
constexpr u32 FEW_BLOCKS = 4;      // the record is created only if this many times its blocks are free

bool is_power_of_two(u32 n) { return n != 0 && (n & (n - 1)) == 0; }

// Validates the superblock. False: no file system that this service supports.
bool survey(const Super &s, Volume &v, Reason &reason) {
  if (s.magic != MAGIC || s.log_block > MOST_LOG || s.revision > REVISION) return false;
  if (s.revision != 0 && (s.incompatible & ~INCOMPATIBLE_FILETYPE) != 0) return false;
  v = Volume{};
  v.log_block = s.log_block + 1;
  v.blocks = s.blocks;
  v.first_block = s.first_block;
  v.blocks_per_group = s.blocks_per_group;
  v.inodes = s.inodes;
  v.inodes_per_group = s.inodes_per_group;
  v.inode_bytes = s.revision == 0 ? OLD_INODE_BYTES : s.inode_bytes;
  v.first_inode = s.revision == 0 ? OLD_FIRST_INODE : s.first_inode;
  v.has_types = s.revision != 0 && (s.incompatible & INCOMPATIBLE_FILETYPE) != 0;
  v.can_be_large = s.revision != 0;
  u32 bytes = SECTOR << v.log_block;
  bool sound = s.first_block == (s.log_block == 0 ? 1u : 0u) && s.blocks > s.first_block + 4 && s.blocks_per_group >= 8 &&
               s.blocks_per_group <= bytes * 8 && s.inodes_per_group != 0 && s.inodes_per_group <= bytes * 8 &&
               s.blocks <= ~0u >> v.log_block && v.inode_bytes >= OLD_INODE_BYTES && v.inode_bytes <= bytes &&
               is_power_of_two(v.inode_bytes) && v.first_inode >= OLD_FIRST_INODE && v.first_inode <= s.inodes;
  if (!sound) return false;
  v.groups = (s.blocks - s.first_block - 1) / s.blocks_per_group + 1;
  u32 descriptor_blocks = (v.groups * static_cast<u32>(sizeof(Group)) + bytes - 1) / bytes;
  u32 table_blocks = (s.inodes_per_group * v.inode_bytes + bytes - 1) / bytes;
  if (v.groups > ~0u / s.inodes_per_group || s.inodes != v.groups * s.inodes_per_group ||
      table_blocks + 3 > s.blocks_per_group || s.first_block + 1 + descriptor_blocks >= s.blocks)
    return false;
  v.descriptors = (s.first_block + 1) << v.log_block;
  v.sectors = s.blocks << v.log_block;
  v.was_valid = (s.state & STATE_VALID) != 0;
  v.mark[0] = s.mount_time, v.mark[1] = s.write_time, v.mark[2] = s.last_check, v.mark[3] = s.mounts;
  if (s.revision != 0 && (s.read_only & ~KNOWN_READ_ONLY) != 0)
    reason = Reason::FEATURES;
  else if ((s.state & STATE_ERRORS) != 0)
    reason = Reason::MARKED;
  else if (s.free_blocks > s.blocks || s.free_inodes > s.inodes)
    reason = Reason::SUPERBLOCK;
  return true;
}

u32 record_blocks() { return ((RECORD_SECTORS - 1) >> volume().log_block) + 1; }

bool is_record(const Inode &n) {
  return is_regular(n) && n.links == 1 && (n.mode & 0777) == 0600 && size_of(n) == RECORD_SECTORS * SECTOR;
}

// Reads the block numbers of the record's inode.
i32 read_record_blocks(u32 *blocks) {
  return run(false, [&]() -> i32 {
    Inode n;
    TRY(read_inode(RECORD_INODE, n));
    for (u32 i = 0; i < record_blocks(); i++) {
      TRY(map_block(n, i, blocks[i]));
      if (blocks[i] == 0) return ABSENT;
      bool system;
      TRY(is_system(blocks[i], system));
      if (system) return ABSENT;
    }
    return OK;
  });
}

// Stores the place of the record.
void set_record(const u32 *blocks, u32 sectors) {
  Volume &v = *reinterpret_cast<Volume *>(work.block);
  v = volume();
  for (u32 i = 0; i < RECORD_BLOCKS; i++) v.record_blocks[i] = sectors != 0 && i < record_blocks() ? blocks[i] : 0;
  v.record = sectors;
  keep_at(VOLUME_AT, &v, sizeof v);
  commit_now();
}

// Changes a word of the volume.
void set_volume(u32 at, u32 value) {
  work.word = value;
  keep_at(VOLUME_AT + at, &work.word, sizeof(u32));
  commit_now();
}

// Allocates the record's blocks, one per step, so that steps stay short. One whose making was interrupted by a crash is
// completed; one that a loss of power interrupted is not trusted.
i32 make_record() {
  u32 done = 0;
  i32 result = run(true, []() -> i32 {
    Inode n;
    TRY(read_inode(RECORD_INODE, n));
    if (volume().ready == MAKING && is_record(n)) return OK;
    const u32 *words = reinterpret_cast<const u32 *>(&n);
    for (u32 i = 0; i < sizeof n / 4; i++)
      if (words[i] != 0) return EXISTS;
    if (progress().free_blocks < record_blocks() * FEW_BLOCKS) return NO_SPACE;
    Inode *e;
    TRY(edit_inode(RECORD_INODE, e));
    e->mode = FILE_REGULAR << 12 | 0600;
    e->links = 1;
    e->modified = e->changed = e->accessed = clock();
    e->size = RECORD_SECTORS * SECTOR;
    return OK;
  });
  TRY(result);
  set_volume(offsetof(Volume, ready), MAKING);
  while (done < record_blocks()) {
    TRY(run(true, [&]() -> i32 {
      u32 block;
      bool fresh;
      return map_for_writing(RECORD_INODE, done, block, fresh);
    }));
    commit_now();
    done++;
  }
  u32 blocks[RECORD_BLOCKS];
  TRY(read_record_blocks(blocks));
  set_record(blocks, RECORD_SECTORS);
  return OK;
}

// Finds the intent record of a writable file system, and replays it.
i32 open_record(bool &again) {
  u32 blocks[RECORD_BLOCKS];
  Inode n;
  again = false;
  TRY(run(false, [&]() -> i32 { return read_inode(RECORD_INODE, n); }));
  if (!is_record(n)) return OK;
  i32 found = read_record_blocks(blocks);
  if (found == ABSENT) return OK;
  TRY(found);
  set_record(blocks, RECORD_SECTORS);
  TRY(card_read(SUPER_SECTOR, 1));
  Super super = *reinterpret_cast<Super *>(transfer_buffer());
  return record_replay(super, again);
}

// Starts with an empty cache for the file system of the current card.
i32 begin_volume() {
  static_assert(sizeof(Volume) + sizeof(Progress) <= sizeof work.block);
  forget_groups();
  forget_names();
  TRY(card_read(SUPER_SECTOR, 1));
  Super super = *reinterpret_cast<Super *>(transfer_buffer());
  Volume &v = *reinterpret_cast<Volume *>(work.block);
  Progress &p = *reinterpret_cast<Progress *>(work.block + sizeof(Volume) / 4);
  p = Progress{};
  if (!survey(super, v, p.reason)) return NO_FILE_SYSTEM;
  if (p.reason != Reason::NONE && is_first_look(DAMAGED)) return DAMAGED;
  p.free_blocks = super.free_blocks;
  p.free_inodes = super.free_inodes;
  p.orphans = super.last_orphan;
  work.counted = 0;
  for (u32 n = 0; n < FRAMES; n++) {
    if (frame(n).page == 0) continue;
    keep_at(FRAMES_AT + n * static_cast<u32>(sizeof(Frame)), zeros(sizeof(Frame)), sizeof(Frame));
    if (n % 32 == 31) commit_now();
  }
  v = Volume{};
  survey(super, v, p.reason);
  v.mounted = MOUNTING;
  v.unchecked = wants_no_sums();
  keep_at(VOLUME_AT, &v, sizeof v);
  keep_at(PROGRESS_AT, &p, sizeof p);
  commit_now();
  return OK;
}

// Whether the removed card is back, unchanged by others.
i32 look_for_card(bool &same) {
  i32 found = find_card();
  TRY(found);
  TRY(card_read(SUPER_SECTOR, 1));
  const Super &super = *reinterpret_cast<Super *>(transfer_buffer());
  const u32 *mark = volume().mark;
  same = found == CARD_IS_SAME && super.magic == MAGIC && super.mount_time == mark[0] && super.write_time == mark[1] &&
         super.last_check == mark[2] && super.mounts == mark[3];
  return OK;
}

}  // namespace

void set_away() { set_volume(offsetof(Volume, mounted), AWAY); }

SELDOM static i32 mount_card() {
  if (volume().mounted == AWAY) {
    bool same;
    TRY(look_for_card(same));
    set_volume(offsetof(Volume, mounted), same ? MOUNTED : 0);
    if (same) return OK;
  }
  for (bool again = true; again;) {  // content cached before a replay may be old
    TRY(begin_volume());
    again = false;
    if (progress().reason != Reason::NONE) break;
    i32 result = open_record(again);
    if (result < 0 && (result != DAMAGED || is_first_look(DAMAGED))) return result;  // else read-only
  }
  set_volume(offsetof(Volume, mounted), MOUNTED);
  return OK;
}

i32 mount() { return volume().mounted == MOUNTED ? static_cast<i32>(OK) : mount_card(); }

SELDOM static i32 get_ready() {
  if (volume().record == 0) {
    i32 made = make_record();
    if (made < 0 && made != EXISTS && made != NO_SPACE) return made;
  }
  if (dirty_pages() != 0) TRY(checkpoint());
  TRY(reap());
  set_volume(offsetof(Volume, ready), READY);
  return OK;
}

// Before the first change: creates the record, and frees files that a loss of power has left without a name.
i32 before_change() {
  if (progress().reason != Reason::NONE) return READ_ONLY_FILES;
  return volume().ready == READY ? static_cast<i32>(OK) : get_ready();
}

i32 status(VolumeStatus &s) {
  LOOK_SOME(Super, super, SUPER_SECTOR, 0, SUPER_COUNTS);
  s = VolumeStatus{};
  s.block_bytes = block_bytes();
  s.blocks = super.blocks;
  s.free_blocks = progress().free_blocks;
  s.inodes = super.inodes;
  s.free_inodes = progress().free_inodes;
  s.read_only = progress().reason;
  s.where = progress().where;
  s.dirty = dirty_pages();
  s.hits = work.hits;
  s.misses = work.misses;
  s.sectors_read = work.sectors_read;
  s.sectors_written = work.sectors_written;
  s.recorded = volume().record != 0;
  s.open = open_count(0);
  return OK;
}

}  // namespace curios::files
