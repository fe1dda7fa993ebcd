// The block cache, and requests as transactions on it.
//
// The cache holds pages of eight sectors, in kept memory, with a checksum for each sector. A request looks at sectors in
// place and edits private copies; finish() keeps them all at once, so that a request that fails half way has changed
// nothing. A request never reads the card: it gives RETRY, and run() loads the page and does it again from its start.
//
// What is dirty is of two kinds: content of files, and metadata. checkpoint() writes both (record.cc).
#pragma once
#include "port.h"

namespace curios::files {

constexpr u32 PAGE_SECTORS = 8, PAGE = PAGE_SECTORS * SECTOR, SECTOR_WORDS = SECTOR / 4;
constexpr u32 NONE = ~0u;

// What a request gives to run() when it is to be done again; its caller never sees them.
enum Again : i32 { RETRY = -100, FLUSH_FIRST = -101, MEND_FIRST = -102, TOO_BIG = -103 };

#define TRY(expression)                                  \
  do {                                                   \
    if (i32 error_ = (expression); error_ < 0) return error_; \
  } while (0)

// Of the 128 words of a sector: their sum, and that of each times its place from 1 on. The first finds damage; both
// together mend a word.
struct Sum {
  u32 plain, low, high;
};

// A place for a page. Masks: a bit for each sector.
struct Frame {
  u32 page;            // its number and 1; 0: free
  u8 valid, data, meta, spare;
  Sum sums[PAGE_SECTORS];
};

constexpr u32 FRAMES = 240;
constexpr u32 RECORD_SECTORS = 117, RECORD_BLOCKS = 64;  // a header, and what it covers
constexpr u32 FREED = 128;

// What is known of the file system since it was mounted.
struct Volume {
  u32 mounted;         // MOUNTED
  u32 log_block;       // of sectors in a block
  u32 blocks, first_block, blocks_per_group, groups;
  u32 inodes, inodes_per_group, inode_bytes, first_inode;
  u32 descriptors;     // the sector of the first
  u32 sectors;         // of the file system
  u32 has_types;       // in entries of directories
  u32 can_be_large;    // files over 2 GiB: the superblock has room for the flag
  u32 was_valid;
  u32 unchecked;       // sectors have no sums: to measure what they cost
  u32 record;          // sectors of the intent record, 0 for none
  u32 ready;           // for changes: the record has been made, if it can be
  u32 mark[4];         // of the superblock: what others change when they write to the card
  u32 record_blocks[RECORD_BLOCKS];
};
constexpr u32 MOUNTED = 0x45583202, MOUNTING = 0x45583201;

struct Progress {
  Reason reason;       // why it is read-only
  u32 where;
  u32 dirty, meta;     // pages that are dirty in any way, sectors of metadata
  u32 freed;           // extents that are free, but not yet on the card
  u32 sequence;        // of the intent record
  u32 block_hint, inode_hint;
};

struct Extent {
  u32 start, count;
};

struct Blank {
  u32 sector, count;
  bool meta;
};

// Kept memory.
constexpr u32 VOLUME_AT = 0, PROGRESS_AT = 512, FREED_AT = 1024, FRAMES_AT = 4096, PAGES_AT = 0x8000;
constexpr u32 KEPT_BYTES = PAGES_AT + FRAMES * PAGE;
static_assert(sizeof(Volume) <= PROGRESS_AT && FRAMES_AT + FRAMES * sizeof(Frame) <= PAGES_AT && KEPT_BYTES <= 1u << 20);

inline const Volume &volume() { return *reinterpret_cast<const Volume *>(kept_at(VOLUME_AT)); }
inline const Progress &progress() { return *reinterpret_cast<const Progress *>(kept_at(PROGRESS_AT)); }
inline const Extent *freed() { return reinterpret_cast<const Extent *>(kept_at(FREED_AT)); }
inline const Frame &frame(u32 n) { return reinterpret_cast<const Frame *>(kept_at(FRAMES_AT))[n]; }
inline const u8 *frame_bytes(u32 n) { return kept_at(PAGES_AT + n * PAGE); }

constexpr u32 EDITS = 32, BLANKS = 6, RUNS = 6, TOUCHED = 28, NEWLY_FREED = 16;

struct Edit {
  u32 sector;
  u32 words[SECTOR_WORDS];
};

// What the present request wants to change; private, and empty after a restart.
struct Work {
  u32 edits, blanks, runs, touched, newly_freed;
  u32 miss;                          // of RETRY: the page; of MEND_FIRST: the sector
  i32 again;
  Progress now;
  Edit edit[EDITS];
  Blank blank[BLANKS];               // sectors that become zeros
  Extent newly[NEWLY_FREED];
  Extent run[RUNS];                  // sectors of a file that get the content of `data`, one after another
  u32 data[PAGE / 4];
  struct {
    u32 number;
    Frame frame;
  } touch[TOUCHED];
  u32 zeros[PAGE / 4];
  u32 block[PAGE / 4];               // of a directory, put together
  u8 path[PATH_BYTES + 1];
  u8 second[PATH_BYTES + 1];
  u8 name[NAME_BYTES + 1];
  u8 masks[32][4];                   // of frames that become clean
  u8 hint[256], used[FRAMES];        // by page: its frame, perhaps; frames in use since the hand came by
  u32 seen[FRAMES];                  // sectors that are as they were put, a bit each, and the stamp of the request
  u32 stamp, sound_group;            // the group whose descriptor this request has found sound
  u32 hand, word;
  u32 hits, misses, sectors_read, sectors_written;
};
extern Work work;

// The content of a sector as this request sees it; null: give work.again to run().
const u8 *look(u32 sector);
// The content of sectors that lie in one page, for requests that change nothing.
const u8 *look_at_all(u32 sector, u32 count);
// A private copy of a sector of metadata, to be changed; null as well.
u8 *edit(u32 sector);
// Sectors of metadata, or of a file, that become zeros whatever they were.
i32 blank(u32 sector, u32 count, bool meta);
// What has been noted of a sector: mending.
i32 mend(u32 sector);

Sum sum_of(const u32 *words);
u32 plain_sum(const u32 *words);
void copy_words(void *to, const void *from, u32 bytes);  // a multiple of 32, aligned

void begin();
i32 finish();
i32 load(u32 page);
i32 checkpoint();
u32 find_frame(u32 page);
bool sector_sound(u32 frame, u32 place);

// Does a request until it neither misses a page nor wants the cache flushed.
i32 run(i32 (*request)(void *), void *arguments, bool changes);

template <class F>
i32 run(bool changes, F request) {
  return run([](void *f) { return (*static_cast<F *>(f))(); }, &request, changes);
}

// The file system is not what it must be: read-only from now on. DAMAGED.
i32 damaged(Reason why, u32 where);

}  // namespace curios::files
