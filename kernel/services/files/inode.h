// Inodes: their blocks, their length, and those that no directory lists any more.
#pragma once
#include "volume.h"

namespace curios::files {

// As it lies in the cache; DAMAGED when it is not what it can be. Until the request edits it.
i32 see_inode(u32 inode, const Inode *&n);
// A copy.
i32 read_inode(u32 inode, Inode &n);
// A private copy to be changed: stays where it is until the request ends.
i32 edit_inode(u32 inode, Inode *&n);
// Its number is in range and it is in use.
bool is_inode(u32 inode);

// The block at a place of a file, in blocks; 0 for none.
i32 map_block(const Inode &n, u32 place, u32 &block);
// The same, and how many blocks from there on, up to `most`, lie in a row; of none, 1.
i32 map_run(const Inode &n, u32 place, u32 most, u32 &block, u32 &count);
// The same as map_block, and makes one where there is none; fresh: it is new, and its content is to be written.
i32 map_for_writing(u32 inode, u32 place, u32 &block, bool &fresh);
u32 most_blocks();                         // that a file can have

// Whether a block belongs to the file system itself.
i32 is_system(u32 block, bool &system);
i32 are_system(u32 block, u32 count, bool &system);

// Gives back blocks from a place on, as many as fit into one request. done: none is left.
i32 cut_blocks(u32 inode, u32 from, bool careful, bool &done);

// Inodes whose blocks are to be given back: they are in a list on the card, which survives a loss of power.
i32 orphan_add(u32 inode);
i32 orphan_remove(u32 inode);
// An inode without a name, which the request edits: what is small and nobody has open goes in this request, if `at_once`; else it comes into the list.
i32 let_go(u32 inode, Inode &n, bool at_once);
// Gives back all that nobody has open. Commits.
i32 reap();
// Makes zeros of what the last block has after the end.
i32 clear_end(u32 inode);

}  // namespace curios::files
