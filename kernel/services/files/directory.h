// Directories and paths.
#pragma once
#include "inode.h"

namespace curios::files {

struct Name {
  const u8 *text;
  u32 bytes;
};

// The place of an entry: its block, and the preceding entry (or itself if it is the first).
struct Found {
  u32 inode, type;
  u32 block, offset, before;
};

// Room for a new entry: in an entry of `all` bytes, after the `own` bytes that it uses. all of 0: none.
struct Room {
  u32 block, offset, own, all;
};

// ABSENT if the name does not exist; then `room` may be set.
i32 find_entry(u32 directory, Name name, Found &found);
i32 find_entry(u32 directory, Name name, Found &found, Room &room);
// Adds an entry in the room that find_entry() found.
i32 add_entry(u32 directory, Name name, const Room &room, u32 inode, u32 type);
i32 remove_entry(u32 directory, Name name, const Found &found);
// Points an entry to another inode.
i32 set_entry(u32 directory, const Found &found, u32 inode, u32 type);
i32 is_empty(u32 directory, bool &empty);
// Writes the first entries of a new directory.
i32 begin_directory(u32 directory, u32 parent);
// Copies entries from a position on, in the clients' format; returns the number of bytes.
i32 list_entries(u32 directory, u64 &position, u8 *to, u32 room);

// The result of a path walk. The last name may be missing; then inode is 0.
struct Walked {
  u32 directory, inode;
  const Inode *node;               // if it was read; until the request edits it
  Name last;                       // in work.path; empty for the root
  bool must_be_directory;          // the path ends in a slash
  Found found;                     // if requested
  Room room;                       // if the last name is missing
};

// The cache of recent names, which saves most walks from reading directories. `type` is that of the inode. All are forgotten
// when a directory loses a name.
bool recall_name(u32 directory, Name name, u32 &inode, u32 &type);
void note_name(u32 directory, Name name, u32 inode, u32 type);
void forget_name(u32 directory, Name name);
// The target of a symbolic link, n.size bytes.
i32 read_target(u32 inode, const Inode &n, u8 *to);
// Walks the path at `offset` of the client's memory; it is copied to work.path. `to_change`: sets the place of the last
// entry, or the room for it.
i32 walk(u32 memory, u32 offset, u32 bytes, bool follow, bool to_change, Walked &w);
// Names that may be neither created nor removed.
inline bool is_dots(Name n) { return n.text[0] == '.' && (n.bytes == 1 || (n.bytes == 2 && n.text[1] == '.')); }

}  // namespace curios::files
