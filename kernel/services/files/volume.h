// The file system as a whole: mounting, group descriptors, and the allocation of blocks and inodes.
#pragma once
#include "record.h"

namespace curios::files {

// Quick when it is mounted. OK, NO_CARD, NO_FILE_SYSTEM or IO_ERROR.
i32 mount();
// Forgets all of it, with what waits to be written.
void unmount();
i32 status(VolumeStatus &s);
// OK, or why nothing may be changed. Makes the intent record before the first change.
i32 before_change();

inline u32 block_bytes() { return SECTOR << volume().log_block; }
inline u32 block_sectors() { return 1u << volume().log_block; }
inline u32 sector_of(u32 block) { return block << volume().log_block; }
// n / by where n is mostly below.
inline u32 quotient(u32 n, u32 by) { return n < by ? 0 : n / by; }

// A block that something may point at.
inline bool is_block(u32 block) { return block > volume().first_block && block < volume().blocks; }

// Gives a block near another one. NO_SPACE, or FLUSH_FIRST.
i32 allocate_block(u32 near, u32 &block);
i32 free_blocks(u32 start, u32 count);
i32 allocate_inode(u32 parent, bool directory, u32 &inode);
i32 free_inode(u32 inode, bool directory);
i32 inode_in_use(u32 inode, bool &used);

// Where an inode lies.
i32 inode_place(u32 inode, u32 &sector, u32 &offset);

#define LOOK(type, name, sector, offset)                               \
  const u8 *name##_at = look(sector);                                  \
  if (name##_at == nullptr) return work.again;                         \
  const type &name = *reinterpret_cast<const type *>(name##_at + (offset))
#define EDIT(type, name, sector, offset)                               \
  u8 *name##_at = edit(sector);                                        \
  if (name##_at == nullptr) return work.again;                         \
  type &name = *reinterpret_cast<type *>(name##_at + (offset))

}  // namespace curios::files
