// The operations of clients on files. Paths are in the client's memory. Each operation is a transaction, or several,
// each of which leaves the file system consistent.
#pragma once
#include "directory.h"

namespace curios::files {

struct Path {
  u32 memory, offset, bytes;
};

struct Opened {
  u32 inode, generation, directory;
};

i32 open_file(Path p, u32 flags, u32 permissions, Opened &o);
// Reads up to a page of the requested bytes. 0 at the end; NOT_OPEN if the inode has been reused for another file.
i32 read_part(u32 inode, u32 generation, u64 position, u32 memory, u32 offset, u32 bytes);
// If `append`, sets the position to the end first.
i32 write_part(u32 inode, u32 generation, u64 &position, bool append, u32 memory, u32 offset, u32 bytes);
i32 truncate(u32 inode, u64 size);
i32 size_of_file(u32 inode, u64 &size);
i32 stat_inode(u32 inode, FileStatus &s);
i32 describe(u32 inode, FileStatus &s);  // in a request
i32 stat_path(Path p, bool follow, FileStatus &s);
i32 list(u32 inode, u64 &position, u8 *to, u32 room);
i32 remove(Path p);
i32 make_directory(Path p, u32 permissions);
i32 remove_directory(Path p);
i32 rename(Path from, Path to);
i32 link(Path from, Path to);
i32 make_link(Path target, Path at);
i32 read_link(Path p, u8 *to);

}  // namespace curios::files
