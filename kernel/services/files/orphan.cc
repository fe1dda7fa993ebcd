// Orphans, inodes whose blocks must be freed: a list that starts in the superblock and is linked through the deletion
// times, as in ext3 and e2fsck. An inode with a name is in it while it is truncated.
#include "inode.h"

namespace curios::files {
namespace {

constexpr u32 MOST = 512;          // bounds the list

i32 head(u32 &inode) {
  LOOK_SOME(Super, super, SUPER_SECTOR, 0, SUPER_ORPHAN);
  inode = super.last_orphan;
  return OK;
}

// The next inode in the list; checks that this one may be in it.
i32 next(u32 inode, u32 &after) {
  if (!is_inode(inode)) return damaged(Reason::ORPHAN, inode);
  bool used;
  TRY(inode_in_use(inode, used));
  if (!used) return damaged(Reason::ORPHAN, inode);
  Inode n;
  TRY(read_inode(inode, n));
  after = n.deleted;
  return OK;
}

// The first inode whose blocks can be freed now; 0 for none.
i32 find(u32 &inode) {
  TRY(head(inode));
  for (u32 i = 0; inode != 0; i++) {
    if (i == MOST) return damaged(Reason::ORPHAN, inode);
    u32 after;
    TRY(next(inode, after));
    Inode n;
    TRY(read_inode(inode, n));
    if (n.links != 0 || open_count(inode) == 0) return OK;
    inode = after;
  }
  return OK;
}

// Releases a block of extended attributes, which inodes may share.
i32 free_attributes(Inode &n) {
  constexpr u32 ATTRIBUTES_TAG = 0xea020000;
  u32 block = n.attributes;
  if (block == 0) return OK;
  if (!is_block(block)) return damaged(Reason::ATTRIBUTES, block);
  EDIT_SOME(u32, words, sector_of(block), 0, 2 * sizeof(u32));
  u32 &references = (&words)[1];
  if (words != ATTRIBUTES_TAG || references == 0) return damaged(Reason::ATTRIBUTES, block);
  n.attributes = 0;
  if (--references != 0) return OK;
  n.sectors -= n.sectors < block_sectors() ? n.sectors : block_sectors();
  return free_blocks(block, 1);
}

// Frees an inode that has been taken from the list.
i32 bury(u32 inode, Inode &n) {
  bool directory = is_directory(n);
  TRY(free_attributes(n));
  set_size(n, 0);
  n.deleted = clock();
  n.sectors = 0;
  return free_inode(inode, directory);
}

// Performs one step; done: the inode is finished.
i32 step(u32 inode, bool careful, bool &done) {
  Inode *n;
  TRY(edit_inode(inode, n));
  bool has_name = n->links != 0;
  bool has_blocks = is_regular(*n) || is_directory(*n) || (type_of(*n) == FILE_LINK && n->sectors != 0);
  u32 log = 9 + volume().log_block;
  u64 size = has_name ? size_of(*n) : 0;
  u32 from = static_cast<u32>((size + block_bytes() - 1) >> log);
  done = true;
  if (has_blocks && (type_of(*n) != FILE_LINK || n->sectors > (n->attributes != 0 ? block_sectors() : 0)))
    TRY(cut_blocks(inode, from, careful, done));
  if (!done) return OK;
  if (has_name) {
    TRY(clear_end(inode));
    return orphan_remove(inode);
  }
  TRY(orphan_remove(inode));
  return bury(inode, *n);
}

}  // namespace

// The file may grow again.
i32 clear_end(u32 inode) {
  Inode n;
  TRY(read_inode(inode, n));
  u32 within = n.size & (block_bytes() - 1), block;
  if (within == 0 || !is_regular(n)) return OK;
  TRY(map_block(n, static_cast<u32>(size_of(n) >> (9 + volume().log_block)), block));
  if (block == 0) return OK;
  bool system;
  TRY(is_system(block, system));
  if (system) return damaged(Reason::POINTER, inode);
  u32 sector = sector_of(block) + within / SECTOR;
  u8 *bytes = edit(sector, within % SECTOR, SECTOR - within % SECTOR);
  if (bytes == nullptr) return work.again;
  for (u32 i = within % SECTOR; i < SECTOR; i++) bytes[i] = 0;
  u32 rest = sector_of(block) + block_sectors() - sector - 1;
  return rest == 0 ? static_cast<i32>(OK) : blank(sector + 1, rest, true);
}

i32 let_go(u32 inode, Inode &n, bool at_once) {
  bool trees = false;
  for (u32 i = DIRECT; i < POINTERS; i++) trees |= n.pointers[i] != 0;
  if (!at_once || trees || type_of(n) == FILE_LINK || is_directory(n) || open_count(inode) != 0) return orphan_add(inode);
  bool done = true;
  if (n.sectors != 0) TRY(cut_blocks(inode, 0, false, done));
  return done ? bury(inode, n) : orphan_add(inode);
}

i32 orphan_add(u32 inode) {
  u32 before;
  TRY(head(before));
  for (u32 i = 0; before != 0; i++) {
    if (before == inode) return OK;
    if (i == MOST) return damaged(Reason::ORPHAN, inode);
    TRY(next(before, before));
  }
  Inode *n;
  TRY(edit_inode(inode, n));
  EDIT_SOME(Super, super, SUPER_SECTOR, 0, SUPER_ORPHAN);
  n->deleted = super.last_orphan;
  super.last_orphan = work.now.orphans = inode;
  return OK;
}

i32 orphan_remove(u32 inode) {
  Inode *n;
  TRY(edit_inode(inode, n));
  u32 after = n->deleted, before;
  n->deleted = 0;
  TRY(head(before));
  if (before == inode) {
    EDIT_SOME(Super, super, SUPER_SECTOR, 0, SUPER_ORPHAN);
    super.last_orphan = work.now.orphans = after;
    return OK;
  }
  for (u32 i = 0; i < MOST && before != 0; i++) {
    u32 following;
    TRY(next(before, following));
    if (following == inode) {
      Inode *b;
      TRY(edit_inode(before, b));
      b->deleted = after;
      return OK;
    }
    before = following;
  }
  return damaged(Reason::ORPHAN, inode);
}

i32 reap() {
  for (;;) {
    u32 inode = 0;
    bool done = false;
    i32 result = OK;
    for (u32 careful = 0; careful < 2; careful++) {
      result = run(true, [&]() -> i32 {
        TRY(find(inode));
        return inode == 0 ? static_cast<i32>(OK) : step(inode, careful != 0, done);
      });
      if (result != TOO_BIG) break;
    }
    if (result < 0 || inode == 0) return result;
    commit_now();
  }
}

void reap_surely() {
  for (;;)
    if (i32 result = reap(); result >= 0 || is_final(result)) return;
}

}  // namespace curios::files
