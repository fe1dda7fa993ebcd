// Directories and paths.
#pragma once
#include "inode.h"

namespace curios::files {

struct Name {
  const u8 *text;
  u32 bytes;
};

// Where an entry is: in its block, and after which one (the same when it is the first).
struct Found {
  u32 inode, type;
  u32 block, offset, before;
};

// Room for a new entry: after the `own` bytes of an entry of `all`. all of 0: there is none.
struct Room {
  u32 block, offset, own, all;
};

// ABSENT when there is none of that name; then there may be room for it.
i32 find_entry(u32 directory, Name name, Found &found);
i32 find_entry(u32 directory, Name name, Found &found, Room &room);
// Where there was room when the name was looked for.
i32 add_entry(u32 directory, Name name, const Room &room, u32 inode, u32 type);
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
  Found found;                     // if it was looked for
  Room room;                       // if there is none
};

// Names that were found lately, so that most walks read no directory. What is in `type` is the inode's.
bool recall_name(u32 directory, Name name, u32 &inode, u32 &type);
void note_name(u32 directory, Name name, u32 inode, u32 type);
void forget_name(u32 directory, Name name);
// The target of a symbolic link, n.size bytes.
i32 read_target(u32 inode, const Inode &n, u8 *to);
// Walks the path that the client has at `offset` of its memory, by way of work.path. `to_change`: the place of the last entry
// counts, or the room for it.
i32 walk(u32 memory, u32 offset, u32 bytes, bool follow, bool to_change, Walked &w);
// Names to which nobody may do anything.
inline bool is_dots(Name n) { return n.text[0] == '.' && (n.bytes == 1 || (n.bytes == 2 && n.text[1] == '.')); }

}  // namespace curios::files
