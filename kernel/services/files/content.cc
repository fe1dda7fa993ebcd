// The content of files.
#include "operations.h"

namespace curios::files {
namespace {

u32 log_bytes() { return 9 + volume().log_block; }

u64 most_bytes() { return static_cast<u64>(most_blocks()) << log_bytes(); }

// The superblock says when there are files over 2 GiB.
i32 note_size(u64 size) {
  if (size <= 0x7fffffff) return OK;
  if (volume().can_be_large == 0) return TOO_LARGE;
  LOOK(Super, super, SUPER_SECTOR, 0);
  if ((super.read_only & READ_ONLY_LARGE_FILE) != 0) return OK;
  EDIT(Super, changed, SUPER_SECTOR, 0);
  changed.read_only |= READ_ONLY_LARGE_FILE;
  return OK;
}

// What is in a sector before some of it is written.
i32 base_of(u32 sector, bool fresh, u32 place) {
  if (fresh) {
    copy_words(work.data + place * SECTOR_WORDS, work.zeros, SECTOR);
    return OK;
  }
  const u8 *now = look(sector);
  if (now == nullptr) return work.again;
  copy_words(work.data + place * SECTOR_WORDS, now, SECTOR);
  return OK;
}

// Notes where some bytes go, a page's worth at most, with what is around them in their first and last sector. How many.
i32 prepare(u32 inode, u64 position, u32 wanted) {
  u32 within = static_cast<u32>(position) & (block_bytes() - 1), lead = within % SECTOR, bytes = 0, sectors_before = 0;
  if (wanted > PAGE - lead) wanted = PAGE - lead;
  for (u32 place = static_cast<u32>(position >> log_bytes()); bytes < wanted; place++, within = 0) {
    u32 block;
    bool fresh;
    TRY(map_for_writing(inode, place, block, fresh));
    u32 part = block_bytes() - within < wanted - bytes ? block_bytes() - within : wanted - bytes;
    u32 lead_here = within % SECTOR, sector = sector_of(block) + within / SECTOR;
    u32 sectors = (lead_here + part + SECTOR - 1) / SECTOR, tail = (lead_here + part) % SECTOR;
    if (lead_here != 0) TRY(base_of(sector, fresh, sectors_before));
    if (tail != 0 && (sectors > 1 || lead_here == 0))
      TRY(base_of(sector + sectors - 1, fresh, sectors_before + sectors - 1));
    if (fresh) {
      u32 before = sector - sector_of(block), after = block_sectors() - before - sectors;
      if (before != 0) TRY(blank(sector_of(block), before, false));
      if (after != 0) TRY(blank(sector + sectors, after, false));
    }
    Extent *last = work.runs == 0 ? nullptr : &work.run[work.runs - 1];
    if (last != nullptr && last->start + last->count == sector && last->count + sectors <= PAGE_SECTORS)
      last->count += sectors;
    else
      work.run[work.runs++] = {sector, sectors};
    sectors_before += sectors;
    bytes += part;
  }
  return static_cast<i32>(bytes);
}

i32 see_opened(u32 inode, u32 generation, const Inode *&n) {
  if (!is_inode(inode)) return NOT_OPEN;
  TRY(see_inode(inode, n));
  return n->generation == generation ? static_cast<i32>(OK) : static_cast<i32>(NOT_OPEN);
}

}  // namespace

i32 read_part(u32 inode, u32 generation, u64 position, u32 memory, u32 offset, u32 bytes) {
  return run(false, [&]() -> i32 {
    const Inode *seen;
    TRY(see_opened(inode, generation, seen));
    const Inode &n = *seen;
    u64 size = size_of(n);
    if (position >= size) return 0;
    u32 wanted = bytes < PAGE ? bytes : PAGE;
    if (size - position < wanted) wanted = static_cast<u32>(size - position);
    const u8 *from = nullptr;
    u32 ready = 0, within = static_cast<u32>(position) & (block_bytes() - 1);
    // Sectors that lie in a row in the cache are copied at once.
    for (u32 place = static_cast<u32>(position >> log_bytes()); ready < wanted; place++, within = 0) {
      u32 block, part = block_bytes() - within;
      if (part > wanted - ready) part = wanted - ready;
      TRY(map_block(n, place, block));
      const u8 *here = reinterpret_cast<u8 *>(work.zeros);
      if (block != 0) {
        u32 first = within / SECTOR, last = (within + part - 1) / SECTOR;
        const u8 *sectors = look_at_all(sector_of(block) + first, last - first + 1);
        if (sectors == nullptr) return work.again;
        here = sectors + within % SECTOR;
      }
      if (from != nullptr && here != from + ready) break;
      if (from == nullptr) from = here;
      ready += part;
      if (block == 0) break;
    }
    TRY(client_write(memory, offset, from, ready));
    return static_cast<i32>(ready);
  });
}

i32 write_part(u32 inode, u32 generation, u64 &position, bool append, u32 memory, u32 offset, u32 bytes) {
  u64 at = position;
  i32 result = run(true, [&]() -> i32 {
    const Inode *seen;
    TRY(see_opened(inode, generation, seen));
    Inode n = *seen;
    if ((n.flags & FLAG_IMMUTABLE) != 0 || ((n.flags & FLAG_APPEND) != 0 && !append)) return NO_RIGHT;
    at = append ? size_of(n) : position;
    if (at >= most_bytes()) return TOO_LARGE;
    u32 wanted = most_bytes() - at < bytes ? static_cast<u32>(most_bytes() - at) : bytes;
    i32 ready = prepare(inode, at, wanted);
    if (ready < 0) return ready;
    TRY(client_read(memory, offset, reinterpret_cast<u8 *>(work.data) + at % SECTOR, static_cast<u32>(ready)));
    u32 now = clock();
    u64 end = at + static_cast<u32>(ready);
    if (end > size_of(n) || n.modified != now || n.changed != now) {
      Inode *e;
      TRY(edit_inode(inode, e));
      e->modified = e->changed = now;
      if (end > size_of(n)) {
        set_size(*e, end);
        TRY(note_size(end));
      }
    }
    return ready;
  });
  if (result >= 0) position = at + static_cast<u32>(result);
  return result;
}

// First the size, which is what counts from then on; then the blocks behind it, in steps.
i32 truncate(u32 inode, u64 size) {
  bool named = false, cuts = false;
  u32 from = static_cast<u32>((size + block_bytes() - 1) >> log_bytes());
  TRY(run(true, [&]() -> i32 {
    if (size > most_bytes()) return TOO_LARGE;
    Inode *n;
    TRY(edit_inode(inode, n));
    if ((n->flags & (FLAG_IMMUTABLE | FLAG_APPEND)) != 0) return NO_RIGHT;
    cuts = size < size_of(*n);
    named = n->links != 0;
    set_size(*n, size);
    n->modified = n->changed = clock();
    if (cuts && named) TRY(orphan_add(inode));
    return note_size(size);
  }));
  commit_now();
  if (!cuts) return OK;
  if (named) return reap();
  for (bool done = false; !done;) {
    i32 result = run(true, [&]() -> i32 { return cut_blocks(inode, from, false, done); });
    if (result == TOO_BIG) result = run(true, [&]() -> i32 { return cut_blocks(inode, from, true, done); });
    TRY(result);
    commit_now();
  }
  return run(true, [&]() -> i32 { return clear_end(inode); });
}

i32 size_of_file(u32 inode, u64 &size) {
  return run(false, [&]() -> i32 {
    Inode n;
    TRY(read_inode(inode, n));
    size = size_of(n);
    return OK;
  });
}

i32 stat_inode(u32 inode, FileStatus &s) {
  return run(false, [&]() -> i32 { return describe(inode, s); });
}

i32 describe(u32 inode, FileStatus &s) {
  const Inode *seen;
  TRY(see_inode(inode, seen));
  const Inode &n = *seen;
  s = {inode, n.mode, n.links, n.user | static_cast<u32>(n.group) << 16, size_of(n), n.sectors, block_bytes(), n.accessed,
       n.changed, n.modified, n.generation};
  return OK;
}

}  // namespace curios::files
