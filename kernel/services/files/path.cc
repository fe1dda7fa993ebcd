// Path resolution: from the root, name by name, through symbolic links.
#include "directory.h"

namespace curios::files {
namespace {

constexpr u32 MOST_LINKS = 8;

// Puts the target of a symbolic link before the rest of the path, in work.path.
i32 splice(u32 inode, Name rest) {
  Inode n;
  TRY(read_inode(inode, n));
  u32 bytes = n.size, left = 0;
  if (bytes == 0) return damaged(Reason::INODE, inode);
  if (bytes + rest.bytes > PATH_BYTES) return NAME_TOO_LONG;
  while (left < rest.bytes) {
    work.second[bytes + left] = rest.text[left];
    left++;
  }
  TRY(read_target(inode, n, work.second));
  for (u32 i = 0; i < bytes + left; i++) work.path[i] = work.second[i];
  work.path[bytes + left] = 0;
  return static_cast<i32>(bytes + left);
}

}  // namespace

// Short targets are stored in place of the pointers.
i32 read_target(u32 inode, const Inode &n, u8 *to) {
  u32 own = n.attributes != 0 ? block_sectors() : 0;
  if (n.sectors == own) {
    if (n.size >= sizeof n.pointers) return damaged(Reason::INODE, inode);
    const u8 *text = reinterpret_cast<const u8 *>(n.pointers);
    for (u32 i = 0; i < n.size; i++) to[i] = text[i];
  } else {
    if (n.size >= block_bytes()) return damaged(Reason::INODE, inode);
    u32 block;
    TRY(map_block(n, 0, block));
    if (block == 0) return damaged(Reason::INODE, inode);
    for (u32 i = 0; i < n.size;) {
      const u8 *text = look(sector_of(block) + i / SECTOR);
      if (text == nullptr) return work.again;
      do to[i] = text[i % SECTOR], i++;
      while (i < n.size && i % SECTOR != 0);
    }
  }
  for (u32 i = 0; i < n.size; i++)
    if (to[i] == 0) return damaged(Reason::INODE, inode);
  return OK;
}

i32 walk(u32 memory, u32 offset, u32 bytes, bool follow, bool to_change, Walked &w) {
  if (bytes == 0) return ABSENT;
  if (bytes > PATH_BYTES) return NAME_TOO_LONG;
  TRY(client_read(memory, offset, work.path, bytes));
  work.path[bytes] = 0;
  for (u32 i = 0; i < bytes; i++)
    if (work.path[i] == 0) return BAD_ARGUMENT;
  if (work.path[0] != '/') return BAD_ARGUMENT;
  u32 directory = ROOT_INODE, links = 0;
  auto begin = [&w] {
    w.directory = w.inode = ROOT_INODE;
    w.last = {work.path, 0};
    w.must_be_directory = false;
  };
  begin();
  for (const u8 *p = work.path;;) {
    while (*p == '/') p++;
    if (*p == 0) return OK;
    Name name{p, 0};
    while (*p != 0 && *p != '/') p++, name.bytes++;
    if (name.bytes > NAME_BYTES) return NAME_TOO_LONG;
    const u8 *rest = p;
    while (*p == '/') p++;
    bool last = *p == 0;
    w.directory = directory;
    w.last = name;
    w.must_be_directory = last && *rest == '/';
    w.inode = 0;
    u32 type;
    if ((last && to_change) || !recall_name(directory, name, w.inode, type)) {
      i32 found = find_entry(directory, name, w.found, w.room);
      if (found == ABSENT && last) return OK;
      TRY(found);
      w.inode = w.found.inode;
      const Inode *seen;
      TRY(see_inode(w.inode, seen));
      if (seen->links == 0 && w.inode != ROOT_INODE) return damaged(Reason::LINKS, w.inode);
      type = type_of(*seen);
      note_name(directory, name, w.inode, type);
    }
    if (type == FILE_LINK && (!last || follow || w.must_be_directory)) {
      if (++links > MOST_LINKS) return LINK_LOOP;
      u32 left = 0;
      while (rest[left] != 0) left++;
      TRY(splice(w.inode, {rest, left}));
      p = work.path;
      if (*p == '/') {
        directory = ROOT_INODE;
        begin();
      }
      continue;
    }
    if (last) return w.must_be_directory && type != FILE_DIRECTORY ? static_cast<i32>(NOT_DIRECTORY) : static_cast<i32>(OK);
    if (type != FILE_DIRECTORY) return NOT_DIRECTORY;
    directory = w.inode;
  }
}

}  // namespace curios::files
