// The content of files.
#include "operations.h"

namespace curios::files {
namespace {

u32 log_bytes() { return 9 + volume().log_block; }

constexpr u32 NEVER_TOO_LARGE = 1u << 30;  // a file can be as large with every size of blocks

u64 most_bytes() { return static_cast<u64>(most_blocks()) << log_bytes(); }

// Sets the feature flag for files over 2 GiB when there is one.
i32 note_size(u64 size) {
  if (size <= 0x7fffffff) return OK;
  if (volume().can_be_large == 0) return TOO_LARGE;
  LOOK_SOME(Super, super, SUPER_SECTOR, 0, SUPER_COUNTS);
  if ((super.read_only & READ_ONLY_LARGE_FILE) != 0) return OK;
  EDIT_SOME(Super, changed, SUPER_SECTOR, 0, SUPER_COUNTS);
  changed.read_only |= READ_ONLY_LARGE_FILE;
  return OK;
}

// Loads sectors that are written in part. The rest of a new block becomes zeros.
i32 prepare_edges(u32 block, bool fresh, u32 within, u32 part) {
  u32 end = within + part, sector = sector_of(block);
  if (fresh) return part == block_bytes() ? static_cast<i32>(OK) : blank(sector, block_sectors(), false);
  if (within % SECTOR != 0 && locate(sector + within / SECTOR, 1) == nullptr) return work.again;
  if (end % SECTOR != 0 && locate(sector + end / SECTOR, 1) == nullptr) return work.again;
  return OK;
}

// Maps existing consecutive blocks of a file, none of which is metadata. A block of 0 is a hole.
i32 map_old(const Inode &n, u32 place, u32 most, u32 &block, u32 &count) {
  TRY(map_run(n, place, most, block, count));
  if (block == 0) return OK;
  bool system;
  TRY(are_system(block, count, system));
  return system ? damaged(Reason::POINTER, block) : static_cast<i32>(OK);
}

u32 blocks_for(u32 bytes) { return (bytes + block_bytes() - 1) >> log_bytes(); }

// Prepares the writing of up to a page of the client's bytes; returns their number.
i32 prepare(const Inode &n, u32 inode, u64 position, u32 wanted, u32 offset) {
  u32 within = static_cast<u32>(position) & (block_bytes() - 1), bytes = 0, count;
  if (wanted > PAGE - within % SECTOR) wanted = PAGE - within % SECTOR;
  for (u32 place = static_cast<u32>(position >> log_bytes()); bytes < wanted; place += count, within = 0) {
    u32 block = 0;
    bool fresh = false;
    if (work.edits == 0) TRY(map_old(n, place, blocks_for(within + wanted - bytes), block, count));
    if (block == 0) {
      TRY(map_for_writing(inode, place, block, fresh));
      count = 1;
    }
    u32 room = (count << log_bytes()) - within, part = room < wanted - bytes ? room : wanted - bytes;
    if (fresh || (within | part) % SECTOR != 0) TRY(prepare_edges(block, fresh, within, part));
    Piece *last = work.pieces == 0 ? nullptr : &work.piece[work.pieces - 1];
    u32 sector = sector_of(block) + within / SECTOR;
    if (last != nullptr && last->sector * SECTOR + last->within + last->bytes == sector * SECTOR)
      last->bytes += part;
    else if (work.pieces >= PIECES)
      must(false);
    else
      work.piece[work.pieces++] = {sector, within % SECTOR, part, offset + bytes};
    bytes += part;
  }
  return static_cast<i32>(bytes);
}

// Copies from the cache to the client; damaged units are repaired first.
i32 give(u32 memory, u32 offset, const u8 *from, u32 bytes, u32 first_sector) {
  i32 result = client_write(memory, offset, from, bytes);
  if (result != QUARANTINED) return result;
  work.miss = first_sector;
  return MEND_FIRST;
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
    u32 within = static_cast<u32>(position) & (block_bytes() - 1), place = static_cast<u32>(position >> log_bytes());
    for (u32 done = 0; done < wanted; within = 0) {
      u32 block, count, part = wanted - done;
      TRY(map_run(n, place, blocks_for(within + part), block, count));
      place += count;
      if (part > (count << log_bytes()) - within) part = (count << log_bytes()) - within;
      if (block == 0) TRY(client_write(memory, offset + done, zeros(part), part));
      u32 sector = sector_of(block) + within / SECTOR, in_sector = within % SECTOR;
      // By pages of the cache; the kernel verifies the checksums while it copies.
      for (u32 left = block == 0 ? 0 : part, at = done, here; left != 0; left -= here, at += here, in_sector = 0) {
        here = (PAGE_SECTORS - sector % PAGE_SECTORS) * SECTOR - in_sector;
        if (here > left) here = left;
        u32 sectors = (in_sector + here + SECTOR - 1) / SECTOR;
        const u8 *from = locate(sector, sectors);
        if (from == nullptr) return work.again;
        TRY(give(memory, offset + at, from + in_sector, here, sector));
        sector += sectors;
      }
      done += part;
    }
    return static_cast<i32>(wanted);
  });
}

i32 write_part(u32 inode, u32 generation, u64 &position, bool append, u32 memory, u32 offset, u32 bytes) {
  u64 at = position;
  i32 result = run(true, [&]() -> i32 {
    const Inode *seen;
    TRY(see_opened(inode, generation, seen));
    const Inode &n = *seen;
    if ((n.flags & FLAG_IMMUTABLE) != 0 || ((n.flags & FLAG_APPEND) != 0 && !append)) return NO_RIGHT;
    at = append ? size_of(n) : position;
    u32 wanted = bytes;
    if (at + bytes > NEVER_TOO_LARGE) {
      u64 most = most_bytes();
      if (at >= most) return TOO_LARGE;
      if (most - at < bytes) wanted = static_cast<u32>(most - at);
    }
    work.source = memory;
    i32 ready = prepare(n, inode, at, wanted, offset);
    if (ready < 0) return ready;
    u32 now = clock();
    u64 end = at + static_cast<u32>(ready);
    if (end > size_of(n) || n.modified != now || n.changed != now) {
      Inode *e;
      TRY(edit_inode(inode, e));
      e->modified = e->changed = now;
      if (end > size_of(*e)) {
        set_size(*e, end);
        TRY(note_size(end));
      }
    }
    return ready;
  });
  if (result >= 0) position = at + static_cast<u32>(result);
  return result;
}

// Commits the new size first; then frees the blocks after it, step by step.
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
  commit_here();
  // When it is done again after an error, the size has been committed, but blocks may be left to free.
  if (named) return cuts || progress().orphans != 0 ? reap() : static_cast<i32>(OK);
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
