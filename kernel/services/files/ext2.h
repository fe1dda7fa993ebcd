// The on-disk structures of ext2, little-endian like the processor.
#pragma once
#include <curios/files.h>

namespace curios::files {

constexpr u32 SECTOR = 512;
constexpr u32 SUPER_SECTOR = 2;
constexpr u32 MAGIC = 0xef53;
constexpr u32 ROOT_INODE = 2, RECORD_INODE = 5;  // 5: the boot loader inode, which no directory lists
constexpr u32 DIRECT = 12, LEVELS = 3, POINTERS = DIRECT + LEVELS;
constexpr u32 MAX_LINKS = 32000;

enum VolumeState : u32 { STATE_VALID = 1, STATE_ERRORS = 2 };
enum Feature : u32 { INCOMPATIBLE_FILETYPE = 2, READ_ONLY_SPARSE_SUPER = 1, READ_ONLY_LARGE_FILE = 2 };
enum InodeFlag : u32 { FLAG_IMMUTABLE = 0x10, FLAG_APPEND = 0x20, FLAG_INDEX = 0x1000 };

// The first half; the second half is not used.
struct Super {
  u32 inodes, blocks, reserved, free_blocks, free_inodes, first_block, log_block, log_cluster;
  u32 blocks_per_group, clusters_per_group, inodes_per_group, mount_time, write_time;
  u16 mounts, most_mounts, magic, state, on_error, minor;
  u32 last_check, check_interval, creator, revision;
  u16 user, group;
  u32 first_inode;
  u16 inode_bytes, this_group;
  u32 compatible, incompatible, read_only;
  u8 uuid[16];
  char label[16], mounted_at[64];
  u32 algorithm;
  u8 preallocate[2];
  u16 reserved_descriptors;
  u8 journal_uuid[16];
  u32 journal_inode, journal_device, last_orphan;
  u32 rest[69];
};
static_assert(sizeof(Super) == SECTOR);

struct Group {
  u32 block_bitmap, inode_bitmap, inode_table;
  u16 free_blocks, free_inodes, directories, flags;
  u32 spare[3];
};
static_assert(sizeof(Group) == 32);

struct Inode {
  u16 mode, user;
  u32 size, accessed, changed, modified, deleted;
  u16 group, links;
  u32 sectors, flags, version;
  u32 pointers[POINTERS];
  u32 generation, attributes, size_high, fragment;
  u8 spare[12];
};
static_assert(sizeof(Inode) == 128);

inline u32 type_of(const Inode &n) { return n.mode >> 12; }
inline bool is_directory(const Inode &n) { return type_of(n) == FILE_DIRECTORY; }
inline bool is_regular(const Inode &n) { return type_of(n) == FILE_REGULAR; }
inline u64 size_of(const Inode &n) { return is_regular(n) ? static_cast<u64>(n.size_high) << 32 | n.size : n.size; }
inline void set_size(Inode &n, u64 size) {
  n.size = static_cast<u32>(size);
  if (is_regular(n)) n.size_high = static_cast<u32>(size >> 32);
}

struct Entry {
  u32 inode;
  u16 bytes;
  u8 name_bytes, type;
};
constexpr u32 entry_bytes(u32 name_bytes) { return (static_cast<u32>(sizeof(Entry)) + name_bytes + 3) & ~3u; }

}  // namespace curios::files
