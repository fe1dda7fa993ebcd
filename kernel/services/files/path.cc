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

// The directories of a path, without the last name, if their names can be recalled as one; they are known as a name in no
// directory. Empty: there are none, or the path ends in a slash.
static Name directories(const u8 *end) {
  const u8 *last = end;
  while (*--last != '/') {}
  return {work.path, last + 1 == end ? 0 : static_cast<u32>(last - work.path)};
}

i32 walk(u32 memory, u32 offset, u32 bytes, bool follow, bool to_change, Walked &w) {
  if (bytes == 0) return ABSENT;
  if (bytes > PATH_BYTES) return NAME_TOO_LONG;
  TRY(client_read(memory, offset, work.path, bytes));
  work.path[bytes] = 0;
  if (work.path[0] != '/') return BAD_ARGUMENT;
  const u8 *end = work.path + bytes;
  u32 directory = ROOT_INODE, links = 0;
  auto begin = [&w] {
    w.directory = w.inode = ROOT_INODE;
    w.last = {work.path, 0};
    w.node = nullptr;
    w.must_be_directory = false;
  };
  begin();
  const u8 *p = work.path;
  Name all = directories(end);
  u32 known;
  if (all.bytes != 0 && recall_name(0, all, directory, known)) {
    p += all.bytes;
    all.bytes = 0;
  }
  for (;;) {
    while (*p == '/') p++;
    if (*p == 0) return p == end ? static_cast<i32>(OK) : static_cast<i32>(BAD_ARGUMENT);
    const u8 *rest = p;
    u32 c;
    asm("1: ldrb %1, [%0, #1]!\n cmp %1, #0\n cmpne %1, #'/'\n bne 1b" : "+r"(rest), "=&r"(c) : : "cc", "memory");
    Name name{p, static_cast<u32>(rest - p)};
    if (name.bytes > NAME_BYTES) return NAME_TOO_LONG;
    p = rest;
    while (*p == '/') p++;
    bool last = *p == 0;
    if (last && p != end) return BAD_ARGUMENT;
    if (last && all.bytes != 0 && links == 0) note_name(0, all, directory, FILE_DIRECTORY);
    w.directory = directory;
    w.last = name;
    w.must_be_directory = last && *rest == '/';
    w.inode = 0;
    w.node = nullptr;
    u32 type;
    if ((last && to_change) || !recall_name(directory, name, w.inode, type)) {
      i32 found = find_entry(directory, name, w.found, w.room);
      if (found == ABSENT && last) return OK;
      TRY(found);
      w.inode = w.found.inode;
      TRY(see_inode(w.inode, w.node));
      if (w.node->links == 0 && w.inode != ROOT_INODE) return damaged(Reason::LINKS, w.inode);
      type = type_of(*w.node);
      if (!last || !to_change) note_name(directory, name, w.inode, type);
    }
    if (type == FILE_LINK && (!last || follow || w.must_be_directory)) {
      if (++links > MOST_LINKS) return LINK_LOOP;
      i32 bytes_now = splice(w.inode, {rest, static_cast<u32>(end - rest)});
      TRY(bytes_now);
      end = work.path + bytes_now;
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
