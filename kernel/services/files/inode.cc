#include "inode.h"

namespace curios::files {
namespace {

u32 log_pointers() { return volume().log_block + 7; }   // per block
u32 pointers() { return 1u << log_pointers(); }

// The path to a block: the pointer in the inode, and the index in each block of pointers.
struct Way {
  u32 first, levels, places[LEVELS];
};

bool find_way(u32 place, Way &w) {
  if (place < DIRECT) {
    w = {place, 0, {}};
    return true;
  }
  place -= DIRECT;
  u32 log = log_pointers(), mask = pointers() - 1;
  if (place < pointers()) {
    w = {DIRECT, 1, {place}};
    return true;
  }
  place -= pointers();
  if (place < 1u << 2 * log) {
    w = {DIRECT + 1, 2, {place >> log, place & mask}};
    return true;
  }
  place -= 1u << 2 * log;
  if (3 * log < 32 && place >> 3 * log != 0) return false;
  w = {DIRECT + 2, 3, {place >> 2 * log, place >> log & mask, place & mask}};
  return true;
}

// The sector of a pointer in a block of pointers.
u32 pointer_sector(u32 block, u32 place) { return sector_of(block) + place / SECTOR_WORDS; }

i32 check_pointer(u32 block) { return block == 0 || is_block(block) ? static_cast<i32>(OK) : damaged(Reason::POINTER, block); }

bool is_sound(const Inode &n) {
  constexpr u32 KNOWN = 1u << FILE_REGULAR | 1u << FILE_DIRECTORY | 1u << FILE_LINK | 1u << FILE_FIFO | 1u << FILE_CHARACTER |
                        1u << FILE_BLOCK | 1u << FILE_SOCKET;
  bool known = (KNOWN >> type_of(n) & 1) != 0;
  u64 most = static_cast<u64>(most_blocks()) << (9 + volume().log_block);
  return (known || n.mode == 0) && size_of(n) <= most &&
         (!is_directory(n) || (n.size & (block_bytes() - 1)) == 0);
}

// A run of blocks to free: adjacent bits are changed at once.
struct Run {
  u32 start = 0, count = 0;
  i32 add(u32 block) {
    if (count != 0 && block == start + count) {
      count++;
      return OK;
    }
    if (count != 0 && block + 1 == start) {
      start--, count++;
      return OK;
    }
    TRY(give());
    start = block, count = 1;
    return OK;
  }
  i32 give() {
    if (count == 0) return OK;
    u32 n = count;
    count = 0;
    return free_blocks(start, n);
  }
};

constexpr u32 ENOUGH = 16;         // edits after which a request stops; the next one continues
constexpr u32 ENOUGH_FREED = 8;    // extents
constexpr u32 ENOUGH_TREES = 16;   // blocks of pointers

// Frees blocks from the last one backwards. A block of pointers that is freed as a whole is not written any more,
// unless `careful`: such a request can stop anywhere, since its blocks may be far apart.
struct Cut {
  Inode &n;
  u32 from;
  bool careful;
  Run run{};
  u32 trees = 0;
  bool full = false;               // the request has reached its limit

  bool is_full() const {
    return work.edits > ENOUGH || work.newly_freed > ENOUGH_FREED || trees > ENOUGH_TREES;
  }

  i32 give(u32 block) {
    if (!is_block(block)) return damaged(Reason::POINTER, block);
    if (n.sectors < block_sectors()) return damaged(Reason::BLOCK_COUNT, block);
    n.sectors -= block_sectors();
    return run.add(block);
  }

  // Frees what a block of pointers refers to; `base` is the file block of its first pointer. empty: nothing is left.
  i32 tree(u32 block, u32 levels, u64 base, bool &empty) {
    TRY(check_pointer(block));
    trees++;
    u64 each = 1ull << (levels - 1) * log_pointers();
    bool whole = base >= from, left = false;
    for (u32 i = pointers(); i-- > 0 && base + (i + 1) * each > from;) {
      LOOK(u32, pointer, pointer_sector(block, i), i % SECTOR_WORDS * 4);
      u32 to = pointer;
      if (to == 0) continue;
      if (full) {
        empty = false;
        return OK;
      }
      bool gone = true;
      if (levels > 1) TRY(tree(to, levels - 1, base + i * each, gone));
      if (!gone) {
        left = true;
        continue;
      }
      TRY(give(to));
      if (levels == 1 && whole && !careful) continue;
      EDIT(u32, changed, pointer_sector(block, i), i % SECTOR_WORDS * 4);
      changed = 0;
      full = is_full() && (levels > 1 || careful);
    }
    empty = whole && !left;
    return OK;
  }

  i32 all() {
    u64 base[LEVELS] = {DIRECT, 0, 0};
    for (u32 i = 1; i < LEVELS; i++) base[i] = base[i - 1] + (1ull << i * log_pointers());
    for (u32 i = LEVELS; i-- > 0;) {
      u32 &pointer = n.pointers[DIRECT + i];
      if (pointer == 0 || base[i] + (1ull << (i + 1) * log_pointers()) <= from) continue;
      bool empty = true;
      if (!full) TRY(tree(pointer, i + 1, base[i], empty));
      if (full) return OK;
      if (!empty) continue;
      TRY(give(pointer));
      pointer = 0;
    }
    for (u32 i = DIRECT; i-- > from;) {
      if (n.pointers[i] == 0) continue;
      TRY(give(n.pointers[i]));
      n.pointers[i] = 0;
    }
    return OK;
  }
};

}  // namespace

bool is_inode(u32 inode) { return inode == ROOT_INODE || (inode >= volume().first_inode && inode <= volume().inodes); }

u32 most_blocks() {
  u32 log = log_pointers();
  return DIRECT + (1u << log) + (1u << 2 * log) + (3 * log < 32 ? 1u << 3 * log : ~0u >> 1);
}

i32 see_inode(u32 inode, const Inode *&n) {
  if (!is_inode(inode) && inode != RECORD_INODE) return damaged(Reason::INODE, inode);
  u32 sector, offset;
  TRY(inode_place(inode, sector, offset));
  LOOK(Inode, found, sector, offset);
  if (!is_sound(found)) return damaged(Reason::INODE, inode);
  n = &found;
  return OK;
}

i32 read_inode(u32 inode, Inode &n) {
  const Inode *found;
  TRY(see_inode(inode, found));
  copy_words(&n, found, sizeof n);
  return OK;
}

i32 edit_inode(u32 inode, Inode *&n) {
  u32 sector, offset;
  TRY(inode_place(inode, sector, offset));
  EDIT(Inode, found, sector, offset);
  if (!is_sound(found)) return damaged(Reason::INODE, inode);
  work.now.changed[change_word(inode)] |= change_bit(inode);
  n = &found;
  return OK;
}

i32 map_block(const Inode &n, u32 place, u32 &block) {
  Way w;
  if (!find_way(place, w)) return TOO_LARGE;
  block = n.pointers[w.first];
  for (u32 i = 0; block != 0 && i < w.levels; i++) {
    TRY(check_pointer(block));
    LOOK(u32, pointer, pointer_sector(block, w.places[i]), w.places[i] % SECTOR_WORDS * 4);
    block = pointer;
  }
  return check_pointer(block);
}

i32 map_run(const Inode &n, u32 place, u32 most, u32 &block, u32 &count) {
  TRY(map_block(n, place, block));
  count = 1;
  if (block == 0 || most == 1) return OK;
  for (const u32 *p = n.pointers + place + 1; count < most && place + count < DIRECT && *p == block + count; p++) count++;
  for (; count < most && place + count >= DIRECT; count++) {
    u32 next;
    TRY(map_block(n, place + count, next));
    if (next != block + count) break;
  }
  return is_block(block + count - 1) ? static_cast<i32>(OK) : damaged(Reason::POINTER, block + count - 1);
}

// A new block is placed after the previous one, or near the inode; a file's first block is aligned to a page of the
// cache.
i32 map_for_writing(u32 inode, u32 place, u32 &block, bool &fresh) {
  Inode n;
  TRY(read_inode(inode, n));
  TRY(map_block(n, place, block));
  fresh = block == 0;
  if (!fresh) {
    bool system;
    TRY(is_system(block, system));
    return system ? damaged(Reason::POINTER, block) : static_cast<i32>(OK);
  }
  Way w;
  find_way(place, w);
  u32 near = 0, missing = 0;
  if (place != 0) TRY(map_block(n, place - 1, near));
  u32 in_page = PAGE_SECTORS >> volume().log_block, align = is_regular(n) && place % in_page == 0 ? in_page : 1;
  if (near == 0) near = volume().first_block + quotient(inode - 1, volume().inodes_per_group) * volume().blocks_per_group;
  Inode *e;
  TRY(edit_inode(inode, e));
  u32 *pointer = &e->pointers[w.first];
  for (u32 i = 0; i <= w.levels; i++) {
    if (*pointer == 0) {
      TRY(allocate_block(near + 1, i == w.levels ? align : 1, *pointer));
      near = *pointer;
      missing++;
      if (i < w.levels) TRY(blank(sector_of(near), block_sectors(), true));
    } else {
      TRY(check_pointer(*pointer));
      bool system;
      TRY(is_system(*pointer, system));
      if (system) return damaged(Reason::POINTER, *pointer);
    }
    if (i == w.levels) break;
    EDIT(u32, next, pointer_sector(*pointer, w.places[i]), w.places[i] % SECTOR_WORDS * 4);
    pointer = &next;
  }
  block = *pointer;
  if (e->sectors > ~0u - missing * block_sectors()) return damaged(Reason::BLOCK_COUNT, inode);
  e->sectors += missing * block_sectors();
  return OK;
}

i32 cut_blocks(u32 inode, u32 from, bool careful, bool &done) {
  Inode *n;
  TRY(edit_inode(inode, n));
  Cut cut{*n, from, careful};
  TRY(cut.all());
  TRY(cut.run.give());
  done = !cut.full;
  return OK;
}

}  // namespace curios::files
