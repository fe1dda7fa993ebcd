// The file service, as clients call it: methods, errors, and what passes through granted memory.
#pragma once
#include "abi.h"

namespace curios {

// Errors besides those of the kernel. ABSENT is a missing file, FULL a full table of open files.
enum FileError : i32 {
  NO_CARD = -32,
  IO_ERROR = -33,         // the card has failed
  NO_SPACE = -34,
  READ_ONLY_FILES = -35,  // the file system is read-only: FILES_STATFS says why
  NAME_TOO_LONG = -36,
  NOT_DIRECTORY = -37,
  IS_DIRECTORY = -38,
  EXISTS = -39,
  NOT_EMPTY = -40,
  LINK_LOOP = -41,
  TOO_MANY_LINKS = -42,
  TOO_LARGE = -43,
  DAMAGED = -44,          // the file system is not what it must be; it is read-only from now on
  NOT_OPEN = -45,
  NO_FILE_SYSTEM = -46,   // none that this service knows
  LOWEST_FILE_ERROR = -60,
};

// A handle that is connected is an open file, or a place for one. Paths begin at the root and are up to PATH_BYTES long,
// names up to NAME_BYTES. Where a method takes two paths, a zero byte is between them.
constexpr u32 PATH_BYTES = 1023, NAME_BYTES = 255;
constexpr u32 MOST_BYTES = 65535;  // that one call reads or writes

enum FilesMethod : u32 {
  FILES_OPEN,      // path, bytes, OpenFlag | permissions << 16
  FILES_CLOSE,
  FILES_READ,      // memory, bytes, where in it: how many bytes, from the position on
  FILES_WRITE,     // memory, bytes, where in it: how many bytes
  FILES_SEEK,      // offset, its high word, Whence: the new position, its high word in the second result
  FILES_TRUNCATE,  // size, its high word
  FILES_SYNC,      // 1 for this file, 0 for all: when it returns, it is on the card
  FILES_STAT,      // memory for FileStatus: of the open file
  FILES_LOOK,      // memory with a path and for FileStatus, bytes of the path, 1 to follow a symbolic link
  FILES_LIST,      // memory, bytes: entries of the open directory from the position on; how many bytes, 0 at the end
  FILES_REMOVE,    // path, bytes
  FILES_MKDIR,     // path, bytes, permissions
  FILES_RMDIR,     // path, bytes
  FILES_RENAME,    // two paths, bytes
  FILES_LINK,      // two paths, bytes
  FILES_SYMLINK,   // target and path, bytes
  FILES_READLINK,  // memory with a path and for the target, bytes of the path, room: how many bytes
  FILES_STATFS,    // memory for VolumeStatus
  FILES_AWAIT,     // until something waits to be written
};

enum OpenFlag : u32 {
  OPEN_READ = 1,
  OPEN_WRITE = 2,
  OPEN_CREATE = 4,
  OPEN_EXCLUSIVE = 8,
  OPEN_TRUNCATE = 16,
  OPEN_APPEND = 32,
  OPEN_DIRECTORY = 64,
  OPEN_FLAGS = 127,
};

enum Whence : u32 { FROM_START, FROM_HERE, FROM_END };

enum FileType : u32 {
  FILE_FIFO = 1,
  FILE_CHARACTER = 2,
  FILE_DIRECTORY = 4,
  FILE_BLOCK = 6,
  FILE_REGULAR = 8,
  FILE_LINK = 10,
  FILE_SOCKET = 12
};

struct FileStatus {
  u32 inode, mode;        // FileType << 12 | permissions
  u32 links, owner;       // user | group << 16
  u64 size;
  u32 blocks;             // of 512 bytes
  u32 block_bytes;
  u32 accessed, changed, modified;  // seconds since 1970; changed: the inode
  u32 generation;
};

// Why a file system is read-only.
enum class Reason : u32 {
  NONE,
  FEATURES,       // it has features that are only known for reading
  MARKED,         // it is marked as having errors
  SUPERBLOCK,
  DESCRIPTOR,     // of a group
  BITMAP,
  INODE,
  POINTER,        // to a block
  DIRECTORY,
  LINKS,
  ORPHAN,
  BLOCK_COUNT,
  ATTRIBUTES,
  MEMORY,         // a block that waited to be written was damaged
  WRITES,         // the card takes no writes; over when all that waits has been written
  READS,          // the card does not give a sector; over when it does
  COUNT
};

struct VolumeStatus {
  u32 block_bytes, blocks, free_blocks, inodes, free_inodes;
  Reason read_only;
  u32 where;              // block or inode that it was found at
  u32 dirty;              // pages that wait to be written
  u32 hits, misses;       // of pages in the cache
  u32 sectors_read, sectors_written;
  u32 recorded;           // whether there is an intent record
  u32 open;               // files
};

// An entry of a directory: the name follows, then as many bytes as make `bytes`, a multiple of 4.
struct ListEntry {
  u32 inode;
  u16 bytes;
  u8 type;                // FileType
  u8 name_bytes;
};

}  // namespace curios
