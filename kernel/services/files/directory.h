// Directories and paths.
#pragma once
#include "inode.h"

namespace curios::files {

struct Name {
  const u8 *text;
  u32 bytes;
};

// Where an entry is: in its block, and behind which one (the same when it is the first).
struct Found {
  u32 inode, type;
  u32 place, block, offset, before;
};

// ABSENT when there is none of that name.
i32 find_entry(u32 directory, Name name, Found &found);
i32 add_entry(u32 directory, Name name, u32 inode, u32 type);
i32 remove_entry(u32 directory, const Found &found);
// Lets an entry name another inode.
i32 set_entry(u32 directory, const Found &found, u32 inode, u32 type);
i32 is_empty(u32 directory, bool &empty);
// A new directory's own entries.
i32 begin_directory(u32 directory, u32 parent);
// Entries from a place of a directory on, in the form that clients get them; how many bytes.
i32 list_entries(u32 directory, u64 &position, u8 *to, u32 room);

// What a path leads to. The last name need not be there: then inode is 0.
struct Walked {
  u32 directory, inode;
  Name last;                       // in work.path; empty for the root
  bool must_be_directory;          // the path ends in a slash
  Found found;
};
// The target of a symbolic link, n.size bytes.
i32 read_target(u32 inode, const Inode &n, u8 *to);
// Walks the path that the client has at `offset` of its memory, by way of work.path.
i32 walk(u32 memory, u32 offset, u32 bytes, bool follow, Walked &w);
// Names to which nobody may do anything.
inline bool is_dots(Name n) { return n.text[0] == '.' && (n.bytes == 1 || (n.bytes == 2 && n.text[1] == '.')); }

}  // namespace curios::files
