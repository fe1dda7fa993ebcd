// Allocation of blocks and inodes: the bitmaps.
#include <curios/descriptor.h>

#include "inode.h"

namespace curios::files {
namespace {

constexpr u32 SECTOR_BITS = SECTOR * 8;

u32 group_start(u32 n) { return volume().first_block + n * volume().blocks_per_group; }

u32 group_blocks(u32 n) {
  u32 left = volume().blocks - group_start(n);
  return left < volume().blocks_per_group ? left : volume().blocks_per_group;
}

u32 table_blocks() { return (volume().inodes_per_group * volume().inode_bytes + block_bytes() - 1) >> (9 + volume().log_block); }

bool in_group(u32 n, u32 block, u32 count) {
  u32 start = group_start(n);
  return block > start - (n == 0 ? 0 : 1) && block - start < group_blocks(n) && count <= group_blocks(n) - (block - start);
}

// Whether a group descriptor's block numbers are in range, and its counts are possible.
bool is_sound(u32 n, const Group &g) {
  return in_group(n, g.block_bitmap, 1) && in_group(n, g.inode_bitmap, 1) && in_group(n, g.inode_table, table_blocks()) &&
         g.block_bitmap != g.inode_bitmap && g.free_blocks <= group_blocks(n) && g.free_inodes <= volume().inodes_per_group;
}

i32 descriptor(u32 n, const Group *&g) {
  LOOK(Group, found, volume().descriptors + n / (SECTOR / sizeof(Group)), n % (SECTOR / sizeof(Group)) * sizeof(Group));
  if (!is_sound(n, found)) return damaged(Reason::DESCRIPTOR, n);
  g = &found;
  return OK;
}

constexpr u32 mixed(u32 sum, u32 word) { return word + (sum << 11 | sum >> 21); }

// The places of a group's metadata blocks, which never change.
struct Places {
  u32 group, block_bitmap, inode_bitmap, inode_table;
  u32 sum;                         // checksum; 0: not cached
  u32 made() const {
    u32 s = ~mixed(mixed(mixed(inode_table, inode_bitmap), block_bitmap), group);
    return s != 0 ? s : 1;
  }
};
constexpr u32 MOST_PLACES = 8;
LARGE Places known_places[MOST_PLACES];

// The place of an inode.
struct Spot {
  u32 inode, sector, offset, sum;
  u32 made() const {
    return ~mixed(mixed(inode, sector), offset);
  }
};
constexpr u32 MOST_SPOTS = 16;
LARGE Spot known_spots[MOST_SPOTS];

INTROSPECTION = {NOTED_ARRAY("files.known_places", known_places), NOTED_ARRAY("files.known_spots", known_spots)};

i32 places(u32 n, const Places *&p) {
  Places &known = known_places[n % MOST_PLACES];
  p = &known;
  if (known.group == n && known.sum == known.made()) return OK;
  const Group *g;
  TRY(descriptor(n, g));
  known = {n, g->block_bitmap, g->inode_bitmap, g->inode_table, 0};
  known.sum = known.made();
  return OK;
}

i32 counts(u32 n, Counts &c) {
  if (work.now.group.number == n + 1) {
    c = work.now.group;
    return OK;
  }
  const Group *g;
  TRY(descriptor(n, g));
  c = {n + 1, g->free_blocks, g->free_inodes, g->directories};
  return OK;
}

// The counts of a group that is being changed: work.now.group.
i32 change_group(u32 n) {
  if (work.now.group.number == n + 1) return OK;
  TRY(settle_group());
  return counts(n, work.now.group);
}

// The first zero bit in [from, end) of a bitmap; `end` if there is none.
i32 find_zero(u32 bitmap, u32 from, u32 end, u32 &bit) {
  for (u32 at = from; at < end;) {
    u32 unit = at % SECTOR_BITS / (KEPT_UNIT * 8);
    LOOK_SOME(u32, words, sector_of(bitmap) + at / SECTOR_BITS, unit * KEPT_UNIT, KEPT_UNIT);
    const u32 *w = &words - unit * (KEPT_UNIT / 4);
    u32 stop = (at / (KEPT_UNIT * 8) + 1) * (KEPT_UNIT * 8);
    if (stop > end) stop = end;
    while (at < stop) {
      u32 free = ~w[at % SECTOR_BITS / 32] >> at % 32;
      if (free != 0) {
        at += static_cast<u32>(__builtin_ctz(free));
        break;
      }
      at = (at | 31) + 1;
    }
    if (at < stop) {
      bit = at;
      return OK;
    }
    if (at > stop) at = stop;
  }
  bit = end;
  return OK;
}

// Sets or clears bits; DAMAGED if one has that value already.
i32 change_bits(u32 bitmap, u32 bit, u32 count, bool set) {
  while (count != 0) {
    u32 unit = bit % SECTOR_BITS / (KEPT_UNIT * 8);
    EDIT_SOME(u32, words, sector_of(bitmap) + bit / SECTOR_BITS, unit * KEPT_UNIT, KEPT_UNIT);
    u32 *w = &words - unit * (KEPT_UNIT / 4);
    u32 stop = KEPT_UNIT * 8 - bit % (KEPT_UNIT * 8);
    if (stop > count) stop = count;
    count -= stop;
    for (u32 end = bit + stop; bit < end;) {
      u32 shift = bit % 32, n = end - bit < 32 - shift ? end - bit : 32 - shift;
      u32 mask = (n == 32 ? ~0u : (1u << n) - 1) << shift;
      u32 &word = w[bit % SECTOR_BITS / 32];
      if ((word & mask) != (set ? 0 : mask)) return damaged(Reason::BITMAP, bitmap);
      word ^= mask;
      bit += n;
    }
  }
  return OK;
}

// Whether a block has been freed since the last checkpoint, so that it is still in use after a loss of power; then
// `past` is the first block after that extent.
bool is_freed(u32 block, u32 &past) {
  auto inside = [&](const Extent &e) {
    if (block - e.start >= e.count) return false;
    past = e.start + e.count;
    return true;
  };
  for (u32 i = 0; i < work.now.freed; i++)
    if (inside(freed()[i])) return true;
  for (u32 i = 0; i < work.newly_freed; i++)
    if (inside(work.newly[i])) return true;
  return false;
}

bool overlap(u32 a, u32 a_count, u32 b, u32 b_count) { return a - b < b_count || b - a < a_count; }

// Whether any of these blocks of a group is metadata of the file system. Copies of descriptors count as free, since
// their bits are set.
i32 has_system(u32 n, u32 start, u32 count, bool &system) {
  const Places *g;
  TRY(places(n, g));
  u32 last = (volume().descriptors + (volume().groups - 1) / (SECTOR / sizeof(Group))) >> volume().log_block;
  system = overlap(start, count, g->block_bitmap, 1) || overlap(start, count, g->inode_bitmap, 1) ||
           overlap(start, count, g->inode_table, table_blocks()) || start <= last;
  return OK;
}

// The first free block of a group from a given one on, among those whose number is a multiple of `align`, a power of
// two.
i32 find_block(u32 n, u32 from, u32 align, u32 &block) {
  const Places *g;
  TRY(places(n, g));
  u32 bitmap = g->block_bitmap, start = group_start(n), end = group_blocks(n), bit = from;
  while (bit < end) {
    u32 past = (start + bit + align - 1) & ~(align - 1), aligned = past - start;
    if (aligned >= end) bit = end;
    if (bit == end) break;
    TRY(find_zero(bitmap, aligned, end, bit));
    if (bit == end || (bit == aligned && !is_freed(start + bit, past))) break;
    if (bit == aligned) bit = past - start;
  }
  block = bit < end ? start + bit : 0;
  return OK;
}

}  // namespace

i32 settle_group() {
  Counts &now = work.now.group;
  if (now.number == 0) return OK;
  u32 n = now.number - 1;
  if (n >= volume().groups) return damaged(Reason::DESCRIPTOR, n);
  EDIT(Group, g, volume().descriptors + n / (SECTOR / sizeof(Group)), n % (SECTOR / sizeof(Group)) * sizeof(Group));
  g.free_blocks = static_cast<u16>(now.blocks);
  g.free_inodes = static_cast<u16>(now.inodes);
  g.directories = static_cast<u16>(now.directories);
  now = {};
  return OK;
}

void forget_groups() {
  for (Spot &s : known_spots) s.inode = 0;
  for (Places &p : known_places) p.sum = 0;
}

// Whether consecutive blocks include metadata of the file system.
i32 are_system(u32 block, u32 count, bool &system) {
  u32 per_group = volume().blocks_per_group, n = quotient(block - volume().first_block, per_group);
  u32 left = group_blocks(n) - (block - group_start(n));
  TRY(has_system(n, block, count < left ? count : left, system));
  return system || count <= left ? static_cast<i32>(OK) : are_system(block + left, count - left, system);
}

i32 is_system(u32 block, bool &system) {
  return has_system(quotient(block - volume().first_block, volume().blocks_per_group), block, 1, system);
}

i32 allocate_block(u32 near, u32 align, u32 &block) {
  if (!is_block(near)) near = volume().first_block + 1;
  u32 first = quotient(near - volume().first_block, volume().blocks_per_group);
  u32 from = near - group_start(first), found = 0, n = first;
  Counts c;
  if (align != 1) {  // try alignment only in its group
    TRY(counts(n, c));
    if (c.blocks != 0) TRY(find_block(n, from, align, found));
  }
  for (u32 i = 0; i <= volume().groups && found == 0; i++) {
    n = first + i;
    if (n >= volume().groups) n -= volume().groups;
    TRY(counts(n, c));
    if (c.blocks != 0) TRY(find_block(n, i == 0 ? from : 0, 1, found));
  }
  if (found == 0) return work.now.freed + work.newly_freed != 0 ? static_cast<i32>(FLUSH_FIRST) : static_cast<i32>(NO_SPACE);
  bool system;
  TRY(is_system(found, system));
  if (system) return damaged(Reason::BITMAP, found);
  const Places *g;
  TRY(places(n, g));
  u32 bitmap = g->block_bitmap;
  TRY(change_group(n));
  TRY(change_bits(bitmap, found - group_start(n), 1, true));
  if (work.now.free_blocks == 0) return damaged(Reason::SUPERBLOCK, found);
  work.now.group.blocks--;
  work.now.free_blocks--;
  block = found;
  return OK;
}

i32 free_blocks(u32 start, u32 count) {
  while (count != 0) {
    if (!is_block(start)) return damaged(Reason::POINTER, start);
    u32 n = quotient(start - volume().first_block, volume().blocks_per_group), place = start - group_start(n);
    u32 part = group_blocks(n) - place;
    if (part > count) part = count;
    bool system;
    TRY(has_system(n, start, part, system));
    if (system) return damaged(Reason::POINTER, start);
    const Places *g;
    TRY(places(n, g));
    u32 bitmap = g->block_bitmap;
    TRY(change_group(n));
    TRY(change_bits(bitmap, place, part, false));
    Counts &now = work.now.group;
    if (now.blocks + part > group_blocks(n)) return damaged(Reason::DESCRIPTOR, n);
    now.blocks += part;
    work.now.free_blocks += part;
    Extent *last = work.newly_freed == 0 ? nullptr : &work.newly[work.newly_freed - 1];
    if (last != nullptr && last->start + last->count == start) {
      last->count += part;
    } else if (last != nullptr && start + part == last->start) {
      last->start = start, last->count += part;
    } else {
      if (work.newly_freed >= NEWLY_FREED) return TOO_BIG;
      work.newly[work.newly_freed++] = {start, part};
    }
    start += part;
    count -= part;
  }
  return OK;
}

i32 inode_place(u32 inode, u32 &sector, u32 &offset) {
  Spot &known = known_spots[inode % MOST_SPOTS];
  if (known.inode == inode && known.sum == known.made()) {
    sector = known.sector;
    offset = known.offset;
    return OK;
  }
  u32 n = quotient(inode - 1, volume().inodes_per_group), index = inode - 1 - n * volume().inodes_per_group;
  const Places *g;
  TRY(places(n, g));
  u32 bytes = index * volume().inode_bytes;
  sector = sector_of(g->inode_table) + bytes / SECTOR;
  offset = bytes % SECTOR;
  known = {inode, sector, offset, 0};
  known.sum = known.made();
  return OK;
}

i32 inode_in_use(u32 inode, bool &used) {
  u32 n = quotient(inode - 1, volume().inodes_per_group), index = inode - 1 - n * volume().inodes_per_group;
  const Places *g;
  TRY(places(n, g));
  LOOK(u32, word, sector_of(g->inode_bitmap) + index / SECTOR_BITS, index % SECTOR_BITS / 32 * 4);
  used = (word >> index % 32 & 1) != 0;
  return OK;
}

// Files are placed in their directory's group, directories where there is room.
i32 allocate_inode(u32 parent, bool directory, u32 &inode) {
  u32 per_group = volume().inodes_per_group, average = directory ? quotient(work.now.free_inodes, volume().groups) : 0;
  u32 first = quotient(parent - 1, per_group);
  for (u32 pass = directory ? 0 : 1; pass < 2; pass++) {
    for (u32 i = 0; i < volume().groups; i++) {
      u32 n = first + i;
      if (n >= volume().groups) n -= volume().groups;
      Counts c;
      TRY(counts(n, c));
      if (c.inodes == 0 || (pass == 0 && (c.inodes < average || c.blocks == 0))) continue;
      const Places *g;
      TRY(places(n, g));
      u32 bitmap = g->inode_bitmap, reserved = n == 0 ? volume().first_inode - 1 : 0, bit;
      TRY(find_zero(bitmap, reserved, per_group, bit));
      if (bit == per_group) continue;
      TRY(change_group(n));
      TRY(change_bits(bitmap, bit, 1, true));
      if (work.now.free_inodes == 0) return damaged(Reason::SUPERBLOCK, n);
      work.now.group.inodes--;
      work.now.free_inodes--;
      if (directory) work.now.group.directories++;
      inode = n * per_group + bit + 1;
      return OK;
    }
  }
  return NO_SPACE;
}

i32 free_inode(u32 inode, bool directory) {
  u32 n = quotient(inode - 1, volume().inodes_per_group), index = inode - 1 - n * volume().inodes_per_group;
  const Places *g;
  TRY(places(n, g));
  u32 bitmap = g->inode_bitmap;
  TRY(change_group(n));
  TRY(change_bits(bitmap, index, 1, false));
  Counts &now = work.now.group;
  if (now.inodes == volume().inodes_per_group || (directory && now.directories == 0)) return damaged(Reason::DESCRIPTOR, n);
  now.inodes++;
  work.now.free_inodes++;
  if (directory) now.directories--;
  return OK;
}

}  // namespace curios::files
