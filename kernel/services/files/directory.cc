#include "directory.h"

#include <stddef.h>

namespace curios::files {
namespace {

constexpr u32 MOST_BLOCKS = 1u << 16;  // of a directory

// A directory block as this request sees it, read entry by entry; sectors are verified when an entry reaches them.
class Block {
 public:
  Block(u32 directory, u32 block) : directory_(directory), block_(block) {}

  // The entry at an offset, verified as a whole. OK or an error.
  [[gnu::always_inline]] i32 entry(u32 offset, const Entry *&e) {
    TRY(view(offset, sizeof(Entry)));
    const Entry *there = reinterpret_cast<const Entry *>(bytes_ + offset);
    u32 inode = there->inode, bytes = there->bytes, name_bytes = there->name_bytes;
    if (volume().has_types == 0) name_bytes |= static_cast<u32>(there->type) << 8;
    if (bytes < entry_bytes(1) || bytes % 4 != 0 || offset + bytes > end_ || entry_bytes(name_bytes) > bytes ||
        name_bytes > NAME_BYTES || inode > volume().inodes || (inode != 0 && name_bytes == 0))
      return damaged(Reason::DIRECTORY, directory_);
    TRY(view(offset, static_cast<u32>(sizeof(Entry)) + name_bytes));
    e = reinterpret_cast<const Entry *>(bytes_ + offset);
    return OK;
  }

 private:
  // Edited bytes are assembled in private memory.
  [[gnu::always_inline]] i32 view(u32 offset, u32 bytes) { return offset + bytes <= seen_ ? static_cast<i32>(OK) : look_on(offset, bytes); }
  [[gnu::noinline]] i32 look_on(u32 offset, u32 bytes) {
    for (; seen_ < offset + bytes; seen_ += KEPT_UNIT) {
      u32 within = seen_ % SECTOR;
      const u8 *at = look(sector_of(block_) + seen_ / SECTOR, within, KEPT_UNIT);
      if (at == nullptr) return work.again;
      at += within;
      if (seen_ == 0) bytes_ = at;
      if (at == bytes_ + seen_ && !copied_) continue;
      if (!copied_) copy_words(work.block, bytes_, seen_);
      copied_ = true;
      bytes_ = reinterpret_cast<u8 *>(work.block);
      copy_words(work.block + seen_ / 4, at, KEPT_UNIT);
    }
    return OK;
  }

  u32 directory_, block_, seen_ = 0, end_ = block_bytes();
  const u8 *bytes_ = nullptr;
  bool copied_ = false;
};

// Writes to a directory block, across sectors.
i32 patch(u32 block, u32 offset, const void *from, u32 bytes) {
  const u8 *f = static_cast<const u8 *>(from);
  while (bytes != 0) {
    u32 within = offset % SECTOR, part = SECTOR - within < bytes ? SECTOR - within : bytes;
    u8 *at = edit(sector_of(block) + offset / SECTOR, within, part);
    if (at == nullptr) return work.again;
    for (u32 i = 0; i < part; i++) at[within + i] = f[i];
    f += part;
    offset += part;
    bytes -= part;
  }
  return OK;
}

u8 type_in_entry(u32 type) {
  constexpr u8 TYPES[16] = {0, 5, 3, 0, 2, 0, 4, 0, 1, 0, 7, 0, 6, 0, 0, 0};
  return volume().has_types != 0 ? TYPES[type & 15] : 0;
}

u32 type_of_entry(const Entry &e) {
  constexpr u8 TYPES[8] = {0, FILE_REGULAR, FILE_DIRECTORY, FILE_CHARACTER, FILE_BLOCK, FILE_FIFO, FILE_SOCKET, FILE_LINK};
  return volume().has_types != 0 ? TYPES[e.type & 7] : 0;
}

// Writes an entry at an offset of a block, after `own` bytes of another entry, which then has only these. 0: there is none.
i32 write_entry(u32 block, u32 offset, u32 own, u32 bytes, Name name, u32 inode, u32 type) {
  Entry e{inode, static_cast<u16>(bytes), static_cast<u8>(name.bytes), type_in_entry(type)};
  u32 within = (offset - own) % SECTOR, all = own + static_cast<u32>(sizeof e) + name.bytes;
  if (within + all <= SECTOR) {
    u8 *at = edit(sector_of(block) + offset / SECTOR, within, all);
    if (at == nullptr) return work.again;
    at += within;
    if (own != 0) reinterpret_cast<Entry *>(at)->bytes = static_cast<u16>(own);
    at += own;
    *reinterpret_cast<Entry *>(at) = e;
    at += sizeof e;
    for (const u8 *c = name.text, *end = c + name.bytes; c != end;) *at++ = *c++;
    return OK;
  }
  u16 shorter = static_cast<u16>(own);
  if (own != 0) TRY(patch(block, offset - own + static_cast<u32>(offsetof(Entry, bytes)), &shorter, sizeof shorter));
  TRY(patch(block, offset, &e, sizeof e));
  return patch(block, offset + static_cast<u32>(sizeof e), name.text, name.bytes);
}

// The number of blocks of a directory.
i32 blocks_of(u32 directory, const Inode *&n, u32 &count) {
  TRY(see_inode(directory, n));
  if (!is_directory(*n)) return NOT_DIRECTORY;
  count = n->size >> (9 + volume().log_block);
  return count <= MOST_BLOCKS ? static_cast<i32>(OK) : damaged(Reason::DIRECTORY, directory);
}

i32 block_of(u32 directory, const Inode &n, u32 place, u32 &block) {
  TRY(map_block(n, place, block));
  return block != 0 ? static_cast<i32>(OK) : damaged(Reason::DIRECTORY, directory);
}

// Compares names of the same length.
bool same(const Entry &e, Name name) {
  const u8 *text = reinterpret_cast<const u8 *>(&e + 1);
  if (e.inode == 0) return false;
  for (const u8 *c = name.text, *end = c + name.bytes; c != end;)
    if (*text++ != *c++) return false;
  return true;
}

Name name_of(const Entry &e) { return {reinterpret_cast<const u8 *>(&e + 1), e.name_bytes}; }

// A change of entries invalidates a hash index.
i32 changed(u32 directory) {
  Inode *n;
  TRY(edit_inode(directory, n));
  n->modified = n->changed = clock();
  n->flags &= ~FLAG_INDEX;
  n->version++;
  return OK;
}

// Calls visit(entry, block, offset, offset of the one before) for each entry until it returns nonzero, and returns that.
template <class F>
i32 each_entry(u32 directory, F visit) {
  const Inode *n;
  u32 count;
  TRY(blocks_of(directory, n, count));
  for (u32 place = 0; place < count; place++) {
    u32 number;
    TRY(block_of(directory, *n, place, number));
    Block block(directory, number);
    for (u32 offset = 0, before = 0, end = block_bytes(); offset < end;) {
      const Entry *e;
      TRY(block.entry(offset, e));
      if (i32 result = visit(*e, number, offset, before); result != 0) return result;
      before = offset;
      offset += e->bytes;
    }
  }
  return 0;
}

}  // namespace

i32 find_entry(u32 directory, Name name, Found &found) {
  Room room;
  return find_entry(directory, name, found, room);
}

i32 find_entry(u32 directory, Name name, Found &found, Room &room) {
  u32 needs = entry_bytes(name.bytes);
  room.all = 0;
  i32 result = each_entry(directory, [needs, name, &found, &room](const Entry &e, u32 block, u32 offset, u32 before) {
    if (e.name_bytes == name.bytes && same(e, name)) {
      found = {e.inode, type_of_entry(e), block, offset, before};
      return 1;
    }
    u32 used = e.inode == 0 ? 0 : entry_bytes(e.name_bytes);
    if (e.bytes - used >= needs && room.all == 0) room = {block, offset, used, e.bytes};
    return 0;
  });
  if (result < 0) return result;
  if (result == 0) return ABSENT;
  return is_inode(found.inode) ? static_cast<i32>(OK) : damaged(Reason::DIRECTORY, directory);
}

i32 add_entry(u32 directory, Name name, const Room &room, u32 inode, u32 type) {
  TRY(changed(directory));
  if (room.all != 0) return write_entry(room.block, room.offset + room.own, room.own, room.all - room.own, name, inode, type);
  Inode *n;
  TRY(edit_inode(directory, n));
  u32 count = n->size >> (9 + volume().log_block), block;
  if (count >= MOST_BLOCKS) return NO_SPACE;
  bool fresh;
  TRY(map_for_writing(directory, count, block, fresh));
  TRY(blank(sector_of(block), block_sectors(), true));
  n->size += block_bytes();
  return write_entry(block, 0, 0, block_bytes(), name, inode, type);
}

// The preceding entry takes over its room; the first entry of a block stays, but unused.
i32 remove_entry(u32 directory, Name name, const Found &found) {
  TRY(changed(directory));
  forget_name(directory, name);
  u32 from = found.before % SECTOR, at = from + found.offset - found.before;
  if (at + sizeof(Entry) <= SECTOR) {  // both in one sector
    u8 *bytes = edit(sector_of(found.block) + found.before / SECTOR, from, at + static_cast<u32>(sizeof(Entry)) - from);
    if (bytes == nullptr) return work.again;
    Entry &gone = *reinterpret_cast<Entry *>(bytes + at), &before = *reinterpret_cast<Entry *>(bytes + from);
    must(gone.inode == found.inode);
    gone.inode = 0;
    if (from == at) return OK;
    if (from + before.bytes != at) return damaged(Reason::DIRECTORY, directory);
    before.bytes = static_cast<u16>(before.bytes + gone.bytes);
    return OK;
  }
  Block block(directory, found.block);
  const Entry *e, *b;
  TRY(block.entry(found.offset, e));
  u16 bytes = e->bytes;
  u32 nothing = 0;
  TRY(patch(found.block, found.offset, &nothing, sizeof nothing));
  Block again(directory, found.block);
  TRY(again.entry(found.before, b));
  if (found.before + b->bytes != found.offset) return damaged(Reason::DIRECTORY, directory);
  bytes = static_cast<u16>(bytes + b->bytes);
  return patch(found.block, found.before + static_cast<u32>(offsetof(Entry, bytes)), &bytes, sizeof bytes);
}

i32 set_entry(u32 directory, const Found &found, u32 inode, u32 type) {
  TRY(changed(directory));
  Block block(directory, found.block);
  const Entry *e;
  TRY(block.entry(found.offset, e));
  forget_name(directory, name_of(*e));
  TRY(patch(found.block, found.offset, &inode, sizeof inode));
  u8 in_entry = type_in_entry(type);
  return patch(found.block, found.offset + static_cast<u32>(offsetof(Entry, type)), &in_entry, sizeof in_entry);
}

i32 is_empty(u32 directory, bool &empty) {
  i32 result = each_entry(directory, [](const Entry &e, u32, u32, u32) {
    return e.inode == 0 || is_dots({reinterpret_cast<const u8 *>(&e + 1), e.name_bytes}) ? 0 : 1;
  });
  empty = result == 0;
  return result < 0 ? result : static_cast<i32>(OK);
}

i32 begin_directory(u32 directory, u32 parent) {
  u32 block;
  bool fresh;
  TRY(map_for_writing(directory, 0, block, fresh));
  TRY(blank(sector_of(block), block_sectors(), true));
  Inode *n;
  TRY(edit_inode(directory, n));
  n->size = block_bytes();
  const u8 dots[] = {'.', '.'};
  TRY(write_entry(block, 0, 0, entry_bytes(1), {dots, 1}, directory, FILE_DIRECTORY));
  return write_entry(block, entry_bytes(1), 0, block_bytes() - entry_bytes(1), {dots, 2}, parent, FILE_DIRECTORY);
}

i32 list_entries(u32 directory, u64 &position, u8 *to, u32 room) {
  const Inode *n;
  u32 count, used = 0, log = 9 + volume().log_block;
  TRY(blocks_of(directory, n, count));
  u32 wanted = static_cast<u32>(position & (block_bytes() - 1));
  for (u32 place = static_cast<u32>(position >> log); place < count; place++, wanted = 0) {
    u32 number;
    TRY(block_of(directory, *n, place, number));
    Block block(directory, number);
    for (u32 offset = 0; offset < block_bytes();) {
      const Entry *e;
      TRY(block.entry(offset, e));
      if (offset >= wanted && e->inode != 0) {
        u32 bytes = entry_bytes(e->name_bytes);
        if (used + bytes > room) {
          position = (static_cast<u64>(place) << log) + offset;
          return used == 0 ? static_cast<i32>(BAD_ARGUMENT) : static_cast<i32>(used);
        }
        ListEntry &out = *reinterpret_cast<ListEntry *>(to + used);
        out = {e->inode, static_cast<u16>(bytes), static_cast<u8>(type_of_entry(*e)), e->name_bytes};
        for (u32 i = 0; i < e->name_bytes; i++)
          to[used + sizeof(ListEntry) + i] = reinterpret_cast<const u8 *>(e + 1)[i];
        used += bytes;
      }
      offset += e->bytes;
    }
  }
  position = static_cast<u64>(count) << log;
  return static_cast<i32>(used);
}

}  // namespace curios::files
