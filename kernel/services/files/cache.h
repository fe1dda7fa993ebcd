// The block cache, and requests as transactions on it.
//
// The cache holds pages of eight sectors, in kept memory with a sum for each unit of 128 bytes. A request looks at units in
// place, compared with their sums, and edits private copies; finish() keeps them all at once, so that a request that fails half way has changed
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

// A place for a page. Masks: a bit for each sector.
struct Frame {
  u32 page;            // its number and 1; 0: free
  u8 valid, data, meta, spare;
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
  u32 unchecked;       // sums are not compared: to measure what that costs
  u32 record;          // sectors of the intent record, 0 for none
  u32 ready;           // for changes: the record has been made, if it can be
  u32 mark[4];         // of the superblock: what others change when they write to the card
  u32 record_blocks[RECORD_BLOCKS];
};
constexpr u32 MOUNTED = 0x45583202, MOUNTING = 0x45583201, AWAY = 0x45583203;  // its card has been taken out

struct Progress {
  Reason reason;       // why it is read-only
  u32 where;
  u32 free_blocks, free_inodes;  // as they come into the superblock with the next checkpoint
  u32 orphans;         // inodes whose blocks are to be given back: the first, as in the superblock
  u32 freed;           // extents that are free, but not yet on the card
  u32 sequence;        // of the intent record
  u32 changed[4];      // since the last checkpoint: a bit for each of some inodes
};
inline u32 change_word(u32 inode) { return inode / 32 % 4; }
inline u32 change_bit(u32 inode) { return 1u << inode % 32; }

struct Extent {
  u32 start, count;
};

struct Blank {
  u32 sector, count;
  bool meta;
};

// Kept memory.
constexpr u32 VOLUME_AT = 0, PROGRESS_AT = 512, FREED_AT = 1024, FRAMES_AT = 4096, PAGES_AT = 0x2000;
constexpr u32 KEPT_BYTES = PAGES_AT + FRAMES * PAGE;
static_assert(KEPT_BYTES % PAGE == 0 && KEPT_BYTES + KEPT_BYTES / KEPT_UNIT * 4 <= 1u << 20);
static_assert(sizeof(Volume) <= PROGRESS_AT && FRAMES_AT + FRAMES * sizeof(Frame) <= PAGES_AT && KEPT_BYTES <= 1u << 20);

inline const Volume &volume() { return *reinterpret_cast<const Volume *>(kept_at(VOLUME_AT)); }
inline const Progress &progress() { return *reinterpret_cast<const Progress *>(kept_at(PROGRESS_AT)); }
inline const Extent *freed() { return reinterpret_cast<const Extent *>(kept_at(FREED_AT)); }
inline const Frame &frame(u32 n) { return reinterpret_cast<const Frame *>(kept_at(FRAMES_AT))[n]; }
inline const u8 *frame_bytes(u32 n) { return kept_at(PAGES_AT + n * PAGE); }

constexpr u32 EDITS = 32, BLANKS = 6, PIECES = 6, TOUCHED = 28, NEWLY_FREED = 16, MOST_KEPT = 63, SEEN = 64;
constexpr u32 UNITS = SECTOR / KEPT_UNIT, ALL_UNITS = (1u << UNITS) - 1;

// A private copy of a sector, or of some of its units.
struct Edit {
  u32 sector, at, units;             // where it lies in kept memory; the units that are here, a bit each
  u32 touch;                         // the place of its page in Work::touch, once there is room for it
  u32 words[SECTOR_WORDS];
};

// Bytes of a client that become content of a file: sectors that lie in a row.
struct Piece {
  u32 sector, within, bytes, offset; // within the first sector; in the client's memory
};

// What the present request wants to change; private, and empty after a restart. What is small comes first: an instruction
// reaches it from the start.
struct Work {
  u32 edits, blanks, pieces, touched, newly_freed, kept;
  u32 miss;                          // of RETRY: the page; of MEND_FIRST: the sector
  i32 again;
  u32 source;                        // of the pieces: the client's memory
  u32 time;                          // of the request, once it has been asked for
  u32 stamp;
  u32 hand, word;
  u32 counted;                       // whether these are right: a restart forgets them
  u32 dirty, meta;                   // pages that are dirty in any way, sectors of metadata
  u32 wakes;                         // nothing was dirty, and now something is
  u32 hits, misses, sectors_read, sectors_written;
  Progress now;
  Blank blank[BLANKS];               // sectors that become zeros
  Extent newly[NEWLY_FREED];
  Piece piece[PIECES];
  struct {
    u32 number;
    Frame frame;
  } touch[TOUCHED];
  u32 seen[SEEN];                    // units that this request has compared: number and stamp
  u8 hint[256], used[FRAMES];        // by page: its frame, perhaps; frames in use since the hand came by
  u8 masks[32][4];                   // of frames that become clean
  Keep keep[MOST_KEPT];              // what finish() has the kernel write
  Edit edit[EDITS];
  u32 zeros[PAGE / 4];
  u32 block[PAGE / 4];               // of a directory, put together
  u32 list[PAGE / 4];                // of entries, for a client
  u8 path[PATH_BYTES + 1];
  u8 second[PATH_BYTES + 1];
  u8 name[NAME_BYTES + 1];
};
extern Work work;

// The content of a sector as this request sees it, of which these bytes have been compared; null: give work.again to run().
const u8 *look(u32 sector, u32 offset = 0, u32 bytes = SECTOR);
// Where sectors are that lie in one page of the cache, for requests that change nothing; not compared.
const u8 *locate(u32 sector, u32 count);
// A private copy of a sector of metadata, of which these bytes may be changed; null as well.
u8 *edit(u32 sector, u32 offset = 0, u32 bytes = SECTOR);
// Sectors of metadata, or of a file, that become zeros whatever they were.
i32 blank(u32 sector, u32 count, bool meta);
// A page that is not what was put there, put right.
i32 mend(u32 sector);

// Whether bytes of kept memory are as they were put there.
bool is_sound(u32 at, u32 bytes);
bool is_unit_sound(u32 unit);
void copy_words(void *to, const void *from, u32 bytes);  // a multiple of 32, aligned

u32 dirty_pages();
void begin();
i32 finish();
i32 load(u32 page);
i32 checkpoint();
i32 write_content();                       // what is dirty of files alone
u32 find_frame(u32 page);
inline u32 frame_at(u32 n, u32 place) { return PAGES_AT + n * PAGE + place * SECTOR; }

// Does a request until it neither misses a page nor wants the cache flushed.
i32 run(i32 (*request)(void *), void *arguments, bool changes);

template <class F>
i32 run(bool changes, F request) {
  return run([](void *f) { return (*static_cast<F *>(f))(); }, &request, changes);
}

// The file system is not what it must be: read-only from now on. DAMAGED.
i32 damaged(Reason why, u32 where);
// The card does not do what it must: read-only until it does again.
void set_broken(Reason why, u32 sector);
void set_whole(Reason why);
inline bool is_of_card(Reason why) { return why == Reason::WRITES || why == Reason::READS; }
// The card is not there any more: what waits to be written is kept until it is back.
void set_away();

}  // namespace curios::files
