#include <curios/card.h>
#include <curios/descriptor.h>

#include "cache.h"
#include "table.h"

namespace curios::files {

static_assert(KEPT_HERE == kept_section(FILES_ID));

LARGE Work work;

namespace {

struct Open {
  u32 inode;
  u32 owner;       // 0: free
};

LARGE Open table[MOST_OPEN];
LARGE u32 table_end[1];   // one more than the last entry in use
LARGE alignas(32) u8 transfer[TRANSFER_SECTORS * SECTOR];
INTROSPECTION = {NOTED_ARRAY("files.transfer", transfer)};
static Handle card, transfer_memory, cache_memory;
static bool is_present;   // whether all pages of `work`, the source of kept data, exist

struct InUse {
  Open *begin() const { return table; }
  Open *end() const { return table + (table_end[0] < MOST_OPEN ? table_end[0] : MOST_OPEN); }
};
InUse in_use() { return {}; }

bool is_alive(u32 owner) { return inspect(Inspect::STATE, owner) == static_cast<i32>(ObjectState::ACTIVE); }

// Clients that have ended did not close their files.
void forget_the_dead() {
  for (Open &o : in_use())
    if (o.owner != 0 && !is_alive(o.owner)) o = {};
}

Open *find_free() {
  for (Open &o : in_use())
    if (o.owner == 0) return &o;
  return table_end[0] < MOST_OPEN ? &table[table_end[0]] : nullptr;
}

i32 of_card(i32 result) { return result >= 0 || result == NO_CARD ? result : static_cast<i32>(IO_ERROR); }

i32 transfer_sectors(u32 method, u32 sector, u32 count, Handle memory, u32 place = 0) {
  must(count <= TRANSFER_SECTORS);
  u32 what = count | place << CARD_PLACE_SHIFT;
  if (method == CARD_WRITE) system(SYS_SOUND);  // damaged code may have chosen a wrong sector
  i32 result = call(card, method, memory, sector, what);
  if (result == NO_CARD || result == QUARANTINED || result == LOST || result == NOT_CONNECTED) {
    if (volume().mounted == MOUNTED && result == NO_CARD) {
      set_away();
      return NO_CARD;
    }
    TRY(find_card());
    result = call(card, method, memory, sector, what);
  }
  return of_card(result);
}

i32 written(i32 result, u32 sector) {
  if (result == IO_ERROR) set_broken(Reason::WRITES, sector);
  return result;
}

// Touches the pages of large data, since unwritten pages are not mapped yet.
void make_present(const void *from, u32 bytes) {
  const volatile u8 *at = static_cast<const u8 *>(from);
  (void)at[0], (void)at[bytes - 1];
}

}  // namespace

i32 find_card() {
  i32 result = call(card, CARD_FIND);
  if (result == QUARANTINED || result == LOST || result == NOT_CONNECTED) {
    disconnect(card);
    connect(card);
    result = call(card, CARD_FIND);
  }
  return of_card(result);
}

void port_construct() {
  card = lookup("card");
  connect(card);
  transfer_memory = grant(transfer, sizeof transfer, true);
  cache_memory = grant(kept_at(0), KEPT_BYTES);
}

void keep_at(u32 offset, const void *from, u32 bytes) {
  make_present(from, bytes);
  check(keep(offset, from, bytes) == OK);
}

i32 keep_list(const Keep *list, u32 count) {
  for (u32 at = 0; !is_present && at < sizeof work; at += PAGE_BYTES) make_present(reinterpret_cast<const u8 *>(&work) + at, 1);
  is_present = true;
  i32 result = keep_all(list, count);
  bool has_clients = false;
  for (u32 i = 0; result != OK && i < count; i++) has_clients |= list[i].handle != 0;
  check(result == OK || has_clients);
  return result;
}

bool mend_kept(u32 offset, u32 bytes) { return kept_mend(offset, bytes) == OK; }

void commit_now() { commit_only(); }

void commit_here() { commit(); }

u8 *transfer_buffer() { return transfer; }

i32 card_read(u32 sector, u32 count) {
  work.sectors_read += count;
  return transfer_sectors(CARD_READ, sector, count, transfer_memory);
}

i32 card_write(u32 sector, u32 count) {
  work.sectors_written += count;
  return written(transfer_sectors(CARD_WRITE, sector, count, transfer_memory), sector);
}

i32 card_write_kept(u32 sector, u32 count, u32 at) {
  work.sectors_written += count;
  return written(transfer_sectors(CARD_WRITE, sector, count, cache_memory, at / SECTOR), sector);
}

bool wants_no_sums() {
  constexpr char WANTED[] = " files=unchecked";
  constexpr u32 LENGTH = sizeof WANTED - 1, WORDS = 64;
  u32 same = 0;
  for (u32 i = 0; i < WORDS; i++) {
    u32 word = static_cast<u32>(system(SYS_ARGUMENT, i));
    for (u32 k = 0; k < 4 && same < LENGTH; k++) {
      char c = static_cast<char>(word >> 8 * k);
      same = c == WANTED[same] ? same + 1 : c == WANTED[0] ? 1 : 0;
    }
  }
  return same == LENGTH;
}

u32 clock() {
  if (work.time == 0) work.time = device_read(0);
  return work.time;
}

i32 client_read(u32 memory, u32 offset, void *to, u32 bytes) {
  i32 result = copy_in(memory, offset, to, bytes);
  return result < 0 ? result : static_cast<i32>(OK);
}

i32 client_write(u32 memory, u32 offset, const void *from, u32 bytes) {
  i32 result = copy_out(memory, offset, from, bytes);
  return result < 0 ? result : static_cast<i32>(OK);
}

void must(bool holds) { check(holds); }

u32 open_count(u32 inode) {
  u32 count = 0;
  for (Open &o : in_use()) {
    if (o.owner == 0 || (inode != 0 && o.inode != inode)) continue;
    if (is_alive(o.owner))
      count++;
    else
      o = {};
  }
  return count;
}

bool table_has_room(u32 owner) {
  if (owner == 0) return false;
  if (find_free() == nullptr) forget_the_dead();
  return find_free() != nullptr;
}

bool table_add(u32 inode, u32 owner) {
  Open *o = find_free();
  if (o == nullptr) return false;
  *o = {inode, owner};
  if (o == in_use().end()) table_end[0]++;
  return true;
}

bool table_restore(u32 inode, u32 owner) {
  if (table_end[0] >= MOST_OPEN) return table_add(inode, owner);
  table[table_end[0]++] = {inode, owner};
  return true;
}

void table_remove(u32 inode, u32 owner) {
  for (Open &o : in_use()) {
    if (o.inode != inode || o.owner != owner) continue;
    o = {};
    break;
  }
  while (table_end[0] != 0 && in_use().end()[-1].owner == 0) table_end[0] = static_cast<u32>(in_use().end() - table) - 1;
}

}  // namespace curios::files
