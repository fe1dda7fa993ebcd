// The file system as a whole: mounting, group descriptors, and the allocation of blocks and inodes.
#pragma once
#include "record.h"

namespace curios::files {

// Returns quickly if it is mounted. OK, NO_CARD, NO_FILE_SYSTEM or IO_ERROR.
i32 mount();
i32 status(VolumeStatus &s);
// OK, or the reason why nothing can be changed. Creates the intent record before the first change.
i32 before_change();
inline bool is_ready() { return progress().reason == Reason::NONE && volume().ready == READY; }

inline u32 block_bytes() { return SECTOR << volume().log_block; }
inline u32 block_sectors() { return 1u << volume().log_block; }
inline u32 sector_of(u32 block) { return block << volume().log_block; }
// n / by, fast for the usual case n < by.
inline u32 quotient(u32 n, u32 by) { return n < by ? 0 : n / by; }

// Whether a block number is in range for a pointer.
inline bool is_block(u32 block) { return block > volume().first_block && block < volume().blocks; }

// Allocates a block near another one, at a multiple of `align` if the group has one. NO_SPACE or FLUSH_FIRST.
i32 allocate_block(u32 near, u32 align, u32 &block);
i32 free_blocks(u32 start, u32 count);
i32 allocate_inode(u32 parent, bool directory, u32 &inode);
i32 free_inode(u32 inode, bool directory);
i32 inode_in_use(u32 inode, bool &used);
// Puts the counts of the group that was changed last into its descriptor.
i32 settle_group();

// The place of an inode.
i32 inode_place(u32 inode, u32 &sector, u32 &offset);

// Declares `name`, a pointer to a structure at an offset of a sector; with _SOME, only the given number of bytes are
// verified.
#define LOOK_SOME(type, name, sector, offset, bytes)                   \
  const u8 *name##_at = look(sector, offset, bytes);                   \
  if (name##_at == nullptr) return work.again;                         \
  const type &name = *reinterpret_cast<const type *>(name##_at + (offset))
#define LOOK(type, name, sector, offset) LOOK_SOME(type, name, sector, offset, sizeof(type))
#define EDIT_SOME(type, name, sector, offset, bytes)                   \
  u8 *name##_at = edit(sector, offset, bytes);                         \
  if (name##_at == nullptr) return work.again;                         \
  type &name = *reinterpret_cast<type *>(name##_at + (offset))

#define EDIT(type, name, sector, offset) EDIT_SOME(type, name, sector, offset, sizeof(type))

// Bytes of the superblock: the counts and features; everything up to the first orphan.
constexpr u32 SUPER_COUNTS = 128, SUPER_ORPHAN = 256;

// Clears the caches of groups and names, for another file system.
void forget_groups();
void forget_names();

}  // namespace curios::files
