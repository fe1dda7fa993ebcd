// Inodes: their blocks, their length, and orphans, which no directory lists any more.
#pragma once
#include "volume.h"

namespace curios::files {

// The inode in the cache; DAMAGED if it is invalid. Valid until the request edits it.
i32 see_inode(u32 inode, const Inode *&n);
// Copies an inode.
i32 read_inode(u32 inode, Inode &n);
// A private copy to be edited; its address is valid until the request ends.
i32 edit_inode(u32 inode, Inode *&n);
// Whether the number is in range and the inode is in use.
bool is_inode(u32 inode);

// The block at a place of a file, counted in blocks; 0 for a hole.
i32 map_block(const Inode &n, u32 place, u32 &block);
// The same, with the number of consecutive blocks from there, up to `most`; 1 for a hole.
i32 map_run(const Inode &n, u32 place, u32 most, u32 &block, u32 &count);
// Like map_block, but allocates a missing block. fresh: it is new, and its content must be written.
i32 map_for_writing(u32 inode, u32 place, u32 &block, bool &fresh);
u32 most_blocks();                         // maximum per file

// Whether a block is metadata of the file system.
i32 is_system(u32 block, bool &system);
i32 are_system(u32 block, u32 count, bool &system);

// Frees blocks from a place on, as many as fit in one request. done: none is left.
i32 cut_blocks(u32 inode, u32 from, bool careful, bool &done);

// The orphan list: inodes whose blocks must be freed. It is on the card and survives a loss of power.
i32 orphan_add(u32 inode);
i32 orphan_remove(u32 inode);
// Releases an inode without a name, which the request edits: a small one that is not open is freed in this request if
// `at_once`; others are added to the orphan list.
i32 let_go(u32 inode, Inode &n, bool at_once);
// Frees all orphans that are not open. Commits.
i32 reap();
// After a change has been committed: again if a fault may have caused its error, which then is recorded.
void reap_surely();
// Zeroes the last block after the end of the file.
i32 clear_end(u32 inode);

}  // namespace curios::files
