// The interface of the file service: methods, errors, and the structures in granted memory.
#pragma once
#include "abi.h"

namespace curios {

// Errors of the file service, besides those of the kernel. ABSENT: no such file. FULL: the table of open files is full.
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
  DAMAGED = -44,          // the file system is inconsistent; it is read-only from now on
  NOT_OPEN = -45,
  NO_FILE_SYSTEM = -46,   // none that this service supports
  LOWEST_FILE_ERROR = -60,
};

// Each session is one open file, or has none open. Paths start at the root and have up to PATH_BYTES bytes, names up to
// NAME_BYTES. A zero byte separates the two paths of a method that takes two.
constexpr u32 PATH_BYTES = 1023, NAME_BYTES = 255;
constexpr u32 RESULT_AT = PATH_BYTES + 1;  // where results are put in memory with a path: a request that is done again reads it again
constexpr u32 MOST_BYTES = 65535;  // maximum of one read or write

enum FilesMethod : u32 {
  FILES_OPEN,      // path, bytes, OpenFlag | permissions << 16
  FILES_CLOSE,
  FILES_READ,      // memory, bytes, offset in the memory: reads from the current position; bytes read
  FILES_WRITE,     // memory, bytes, offset in the memory: bytes written
  FILES_SEEK,      // offset, its high word, Whence: high word of the new position; its low word in the second result
  FILES_TRUNCATE,  // size, its high word
  FILES_SYNC,      // 1 for this file, 0 for all: returns when the data are on the card
  FILES_STAT,      // memory for FileStatus of the open file
  FILES_LOOK,      // memory with a path, and for FileStatus at RESULT_AT; bytes of the path; 1 to follow a symbolic link
  FILES_LIST,      // memory, bytes: entries of the open directory from the current position; bytes written, 0 at the end
  FILES_REMOVE,    // path, bytes
  FILES_MKDIR,     // path, bytes, permissions
  FILES_RMDIR,     // path, bytes
  FILES_RENAME,    // two paths, bytes
  FILES_LINK,      // two paths, bytes
  FILES_SYMLINK,   // target and path, bytes
  FILES_READLINK,  // memory with a path, and for the target at RESULT_AT; bytes of the path; room: bytes of the target
  FILES_STATFS,    // memory for VolumeStatus
  FILES_AWAIT,     // waits until there is data to write back
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
  u32 accessed, changed, modified;  // seconds since 1970; `changed` is of the inode
  u32 generation;
};

// Why a file system is read-only.
enum class Reason : u32 {
  NONE,
  FEATURES,       // has features that this service supports for reading only
  MARKED,         // is marked as having errors
  SUPERBLOCK,
  DESCRIPTOR,     // bad group descriptor
  BITMAP,
  INODE,
  POINTER,        // bad block pointer
  DIRECTORY,
  LINKS,
  ORPHAN,
  BLOCK_COUNT,
  ATTRIBUTES,
  MEMORY,         // a block in memory was damaged before it was written
  WRITES,         // the card rejects writes; ends when all dirty pages have been written
  READS,          // a sector cannot be read; ends when it can
  COUNT
};

struct VolumeStatus {
  u32 block_bytes, blocks, free_blocks, inodes, free_inodes;
  Reason read_only;
  u32 where;              // block or inode with the fault
  u32 dirty;              // pages to be written back
  u32 hits, misses;       // of the page cache
  u32 sectors_read, sectors_written;
  u32 recorded;           // whether there is an intent record
  u32 open;               // open files
};

// A directory entry. The name follows; `bytes` is the size of both, rounded up to a multiple of 4.
struct ListEntry {
  u32 inode;
  u16 bytes;
  u8 type;                // FileType
  u8 name_bytes;
};

}  // namespace curios
