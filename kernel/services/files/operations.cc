// Operations that change directories.
#include "operations.h"

namespace curios::files {
namespace {

constexpr u32 MOST_UP = 4096;      // maximum depth of a directory

i32 walk_to(Path p, bool follow, bool to_change, Walked &w) { return walk(p.memory, p.offset, p.bytes, follow, to_change, w); }

// A new inode with one link.
i32 make_inode(u32 parent, u32 mode, u32 &inode, u32 *its_generation = nullptr) {
  TRY(allocate_inode(parent, mode >> 12 == FILE_DIRECTORY, inode));
  u32 sector, offset;
  TRY(inode_place(inode, sector, offset));
  u32 room = SECTOR - offset < volume().inode_bytes ? SECTOR - offset : volume().inode_bytes;
  EDIT(Inode, n, sector, offset);
  u32 generation = n.generation;
  clear_units(sector, offset, room);
  n.mode = static_cast<u16>(mode);
  n.links = 1;
  n.accessed = n.changed = n.modified = clock();
  n.generation = generation + 1;
  if (its_generation != nullptr) *its_generation = n.generation;
  work.now.changed[change_word(inode)] |= change_bit(inode);
  return OK;
}

// Walks to the place for a new name.
i32 walk_to_new(Path p, Walked &w) {
  TRY(walk_to(p, false, true, w));
  return w.inode != 0 || w.last.bytes == 0 ? static_cast<i32>(EXISTS) : static_cast<i32>(OK);
}

i32 change_links(u32 inode, i32 by, Inode *&n) {
  TRY(edit_inode(inode, n));
  if (by > 0 && n->links >= MAX_LINKS) return TOO_MANY_LINKS;
  if (by < 0 && n->links < static_cast<u32>(-by)) return damaged(Reason::LINKS, inode);
  n->links = static_cast<u16>(n->links + by);
  n->changed = clock();
  return OK;
}
i32 change_links(u32 inode, i32 by) {
  Inode *n;
  return change_links(inode, by, n);
}

// Removes a name from the link count of an inode.
i32 unname(u32 inode, bool directory, bool at_once = false) {
  Inode *n;
  TRY(change_links(inode, directory ? -2 : -1, n));
  if (directory && n->links != 0) n->links = 0;
  return n->links == 0 ? let_go(inode, *n, at_once) : static_cast<i32>(OK);
}

// Whether a directory is below another, or the same.
i32 is_below(u32 directory, u32 above, bool &below) {
  constexpr u8 DOTS[] = {'.', '.'};
  for (u32 i = 0; i < MOST_UP; i++) {
    below = directory == above;
    if (below || directory == ROOT_INODE) return OK;
    Found up;
    i32 found = find_entry(directory, {DOTS, 2}, up);
    if (found == ABSENT) break;
    TRY(found);
    directory = up.inode;
  }
  return damaged(Reason::DIRECTORY, directory);
}

// Frees removed files after the change has been committed; its result does not affect the change.
i32 then_reap(i32 result) {
  if (result < 0 || work.now.orphans == 0) return result;
  commit_here();
  reap_surely();
  return result;
}

i32 make_file(const Walked &w, u32 permissions, Opened &o) {
  u32 inode, generation;
  TRY(make_inode(w.directory, FILE_REGULAR << 12 | (permissions & 07777), inode, &generation));
  o = {inode, generation, 0};
  return add_entry(w.directory, w.last, w.room, inode, FILE_REGULAR);
}

i32 move(const Walked &from, const Walked &to, Name name) {
  Inode n;
  TRY(read_inode(from.inode, n));
  bool directory = is_directory(n), apart = from.directory != to.directory;
  if (!directory && (from.must_be_directory || to.must_be_directory)) return NOT_DIRECTORY;
  if (from.inode == to.inode) return OK;
  if (directory) {
    bool below;
    TRY(is_below(to.directory, from.inode, below));
    if (below) return BAD_ARGUMENT;
  }
  if (to.inode != 0) {
    Inode old;
    TRY(read_inode(to.inode, old));
    if (is_directory(old) != directory) return directory ? NOT_DIRECTORY : IS_DIRECTORY;
    if (directory) {
      bool empty;
      TRY(is_empty(to.inode, empty));
      if (!empty) return NOT_EMPTY;
      TRY(change_links(to.directory, -1));
    }
    TRY(set_entry(to.directory, to.found, from.inode, type_of(n)));
    TRY(unname(to.inode, directory));
  } else {
    TRY(add_entry(to.directory, name, to.room, from.inode, type_of(n)));
  }
  if (directory) forget_names();
  Found old;
  TRY(find_entry(from.directory, from.last, old));
  TRY(remove_entry(from.directory, from.last, old));
  if (directory && apart) {
    constexpr u8 DOTS[] = {'.', '.'};
    Found up;
    i32 found = find_entry(from.inode, {DOTS, 2}, up);
    if (found == ABSENT) return damaged(Reason::DIRECTORY, from.inode);
    TRY(found);
    TRY(set_entry(from.inode, up, to.directory, FILE_DIRECTORY));
    TRY(change_links(to.directory, 1));
    TRY(change_links(from.directory, -1));
  }
  return change_links(from.inode, 0);
}

}  // namespace

i32 open_file(Path p, u32 flags, u32 permissions, Opened &o) {
  bool creates = false, cuts = false, changes = (flags & (OPEN_WRITE | OPEN_CREATE)) != 0;
  bool exclusive = (flags & OPEN_EXCLUSIVE) != 0 && (flags & OPEN_CREATE) != 0;
  // Creates the file in the same request, unless the file system is not yet ready for changes.
  bool ready = (flags & OPEN_CREATE) != 0 && is_ready();
  auto find_or_make = [&]() -> i32 {
    Walked w;
    TRY(walk_to(p, !exclusive, (flags & OPEN_CREATE) != 0, w));
    creates = w.inode == 0;
    if (creates) {
      if ((flags & OPEN_CREATE) == 0) return ABSENT;
      if (w.must_be_directory) return IS_DIRECTORY;
      return ready ? make_file(w, permissions, o) : static_cast<i32>(OK);
    }
    if (exclusive) return EXISTS;
    const Inode *seen = w.node;
    if (seen == nullptr) TRY(see_inode(w.inode, seen));
    const Inode &n = *seen;
    o = {w.inode, n.generation, is_directory(n)};
    if (is_directory(n)) return changes ? static_cast<i32>(IS_DIRECTORY) : static_cast<i32>(OK);
    if ((flags & OPEN_DIRECTORY) != 0) return NOT_DIRECTORY;
    if (type_of(n) == FILE_LINK) return LINK_LOOP;
    if (!is_regular(n)) return BAD_ARGUMENT;
    cuts = (flags & OPEN_TRUNCATE) != 0 && (flags & OPEN_WRITE) != 0 && (size_of(n) != 0 || progress().orphans != 0);
    return OK;
  };
  TRY(run(ready, find_or_make));
  if (changes && !(creates && ready)) TRY(before_change());
  if (cuts) return truncate(o.inode, 0);
  if (!creates || ready) return OK;
  ready = true;
  return run(true, find_or_make);
}

i32 stat_path(Path p, bool follow, FileStatus &s) {
  return run(false, [&]() -> i32 {
    Walked w;
    TRY(walk_to(p, follow, false, w));
    return w.inode == 0 ? static_cast<i32>(ABSENT) : describe(w.inode, s);
  });
}

i32 list(u32 inode, u64 &position, u8 *to, u32 room) {
  u64 from = position;
  return run(false, [&]() -> i32 {
    position = from;
    return list_entries(inode, position, to, room);
  });
}

i32 remove(Path p) {
  TRY(before_change());
  bool at_once = true;
  auto take_away = [&]() -> i32 {
    Walked w;
    TRY(walk_to(p, false, true, w));
    if (w.inode == 0) return ABSENT;
    const Inode *n = w.node;
    if (n == nullptr) TRY(see_inode(w.inode, n));
    if (is_directory(*n)) return IS_DIRECTORY;
    if ((n->flags & (FLAG_IMMUTABLE | FLAG_APPEND)) != 0) return NO_RIGHT;
    TRY(remove_entry(w.directory, w.last, w.found));
    return unname(w.inode, false, at_once);
  };
  i32 result = run(true, take_away);
  if (result == TOO_BIG) {
    at_once = false;
    result = run(true, take_away);
  }
  return then_reap(result);
}

i32 make_directory(Path p, u32 permissions) {
  TRY(before_change());
  return run(true, [&]() -> i32 {
    Walked w;
    TRY(walk_to_new(p, w));
    u32 inode;
    TRY(make_inode(w.directory, FILE_DIRECTORY << 12 | (permissions & 07777), inode));
    TRY(change_links(w.directory, 1));
    TRY(begin_directory(inode, w.directory));
    TRY(change_links(inode, 1));
    return add_entry(w.directory, w.last, w.room, inode, FILE_DIRECTORY);
  });
}

i32 remove_directory(Path p) {
  TRY(before_change());
  return then_reap(run(true, [&]() -> i32 {
    Walked w;
    TRY(walk_to(p, false, true, w));
    if (w.inode == 0) return ABSENT;
    if (w.last.bytes == 0 || is_dots(w.last)) return BAD_ARGUMENT;
    Inode n;
    TRY(read_inode(w.inode, n));
    if (!is_directory(n)) return NOT_DIRECTORY;
    bool empty;
    TRY(is_empty(w.inode, empty));
    if (!empty) return NOT_EMPTY;
    TRY(remove_entry(w.directory, w.last, w.found));
    forget_names();
    TRY(change_links(w.directory, -1));
    return unname(w.inode, true);
  }));
}

i32 rename(Path from, Path to) {
  TRY(before_change());
  return then_reap(run(true, [&]() -> i32 {
    Walked a, b;
    TRY(walk_to(to, false, true, b));
    if (b.last.bytes == 0 || is_dots(b.last)) return BAD_ARGUMENT;
    for (u32 i = 0; i < b.last.bytes; i++) work.name[i] = b.last.text[i];
    Name name{work.name, b.last.bytes};
    TRY(walk_to(from, false, true, a));
    if (a.inode == 0) return ABSENT;
    if (a.last.bytes == 0 || is_dots(a.last)) return BAD_ARGUMENT;
    return move(a, b, name);
  }));
}

i32 link(Path from, Path to) {
  TRY(before_change());
  return run(true, [&]() -> i32 {
    Walked a, b;
    TRY(walk_to(from, false, true, a));
    if (a.inode == 0) return ABSENT;
    Inode n;
    TRY(read_inode(a.inode, n));
    if (is_directory(n)) return NO_RIGHT;
    TRY(walk_to_new(to, b));
    if (b.must_be_directory) return ABSENT;
    TRY(change_links(a.inode, 1));
    return add_entry(b.directory, b.last, b.room, a.inode, type_of(n));
  });
}

// A target of up to 59 bytes is stored in place of the pointers, a longer one in a block.
i32 make_link(Path target, Path at) {
  TRY(before_change());
  return run(true, [&]() -> i32 {
    if (target.bytes == 0) return ABSENT;
    if (target.bytes > PATH_BYTES || target.bytes >= block_bytes()) return NAME_TOO_LONG;
    Walked w;
    TRY(walk_to_new(at, w));
    if (w.must_be_directory) return ABSENT;
    u32 inode;
    TRY(make_inode(w.directory, FILE_LINK << 12 | 0777, inode));
    TRY(add_entry(w.directory, w.last, w.room, inode, FILE_LINK));
    Inode *n;
    TRY(edit_inode(inode, n));
    n->size = target.bytes;
    TRY(client_read(target.memory, target.offset, work.second, target.bytes));
    for (u32 i = 0; i < target.bytes; i++)
      if (work.second[i] == 0) return BAD_ARGUMENT;
    u8 *to = reinterpret_cast<u8 *>(n->pointers);
    if (target.bytes < sizeof n->pointers) {
      for (u32 i = 0; i < target.bytes; i++) to[i] = work.second[i];
      return OK;
    }
    u32 block;
    bool fresh;
    TRY(map_for_writing(inode, 0, block, fresh));
    TRY(blank(sector_of(block), block_sectors(), true));
    for (u32 i = 0; i < target.bytes; i++) {
      if (i % SECTOR == 0) {
        to = edit(sector_of(block) + i / SECTOR);
        if (to == nullptr) return work.again;
      }
      to[i % SECTOR] = work.second[i];
    }
    return OK;
  });
}

i32 read_link(Path p, u8 *to) {
  return run(false, [&]() -> i32 {
    Walked w;
    TRY(walk_to(p, false, true, w));
    if (w.inode == 0) return ABSENT;
    Inode n;
    TRY(read_inode(w.inode, n));
    if (type_of(n) != FILE_LINK) return BAD_ARGUMENT;
    TRY(read_target(w.inode, n, to));
    return static_cast<i32>(n.size);
  });
}

}  // namespace curios::files
