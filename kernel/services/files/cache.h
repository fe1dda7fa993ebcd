// The block cache, and requests as transactions on it.
//
// The cache holds pages of eight sectors, in kept memory with a checksum for each unit of 128 bytes. A request reads
// units in place, after a comparison with their checksums, and edits private copies; finish() writes them all at once,
// so a request that fails half-way changes nothing. A request never reads the card: it returns RETRY, and run() loads
// the page and starts the request again.
//
// Dirty sectors are either content of files or metadata. checkpoint() writes both (record.cc).
#pragma once
#include "port.h"

namespace curios::files {

constexpr u32 PAGE_SECTORS = 8, PAGE = PAGE_SECTORS * SECTOR, SECTOR_WORDS = SECTOR / 4;
constexpr u32 NONE = ~0u;

// Results of a request that run() must repeat; its callers never see them.
enum Again : i32 { RETRY = -100, FLUSH_FIRST = -101, MEND_FIRST = -102, TOO_BIG = -103, MEND_PROGRESS = -104 };

#define TRY(expression)                                  \
  do {                                                   \
    if (i32 error_ = (expression); error_ < 0) return error_; \
  } while (0)

// A frame for a page. Masks have a bit for each sector.
struct Frame {
  u32 page;            // number of the page, plus 1; 0: free
  u8 valid, data, meta, spare;
};

constexpr u32 FRAMES = 240;
constexpr u32 RECORD_SECTORS = 117, RECORD_BLOCKS = 64;  // a header, and the sectors that it describes
constexpr u32 FREED = 128;

// The mounted file system.
struct Volume {
  u32 mounted;         // MOUNTED
  u32 log_block;       // log2 of the sectors per block
  u32 blocks, first_block, blocks_per_group, groups;
  u32 inodes, inodes_per_group, inode_bytes, first_inode;
  u32 descriptors;     // first sector
  u32 sectors;         // of the file system
  u32 has_types;       // in directory entries
  u32 can_be_large;    // files over 2 GiB: the superblock can have the feature flag
  u32 was_valid;
  u32 unchecked;       // checksums are not verified: to measure their cost
  u32 record;          // sectors of the intent record, 0 for none
  u32 ready;           // for changes: READY if the record exists, or cannot be created; MAKING while it is being made
  u32 mark[4];         // fields of the superblock that any other writer changes
  u32 record_blocks[RECORD_BLOCKS];
};
constexpr u32 READY = 1, MAKING = 2;
constexpr u32 MOUNTED = 0x45583202, MOUNTING = 0x45583201, AWAY = 0x45583203;  // AWAY: its card has been removed

// The counts of the group that was changed last; its descriptor gets them when another group is changed, or at the next
// checkpoint.
struct Counts {
  u32 number;          // of the group, plus 1; 0: none
  u32 blocks, inodes;  // free
  u32 directories;
};

// The counts, which most requests change, come first.
struct Progress {
  u32 free_blocks, free_inodes;  // for the superblock at the next checkpoint
  Counts group;
  Reason reason;       // why it is read-only
  u32 where;
  u32 orphans;         // first inode of the orphan list, as in the superblock
  u32 freed;           // number of extents freed since the last checkpoint
  u32 sequence;        // of the intent record
  u32 changed[4];      // since the last checkpoint: one bit for several inodes
};
constexpr u32 COUNT_WORDS = 6, OTHER_WORDS = 9;
static_assert(sizeof(Progress) == (COUNT_WORDS + OTHER_WORDS) * 4);
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

// A private copy of some units of a sector.
struct Edit {
  u32 sector, at, units;             // at: offset in kept memory; units: those present, one bit each
  u32 touch;                         // index of its page in Work::touch, once reserved
  u32 words[SECTOR_WORDS];
};

// Bytes of a client to be written to consecutive sectors of a file.
struct Piece {
  u32 sector, within, bytes, offset; // within: offset in the first sector; offset: in the client's memory
};

// The changes of the current request; in private memory, empty after a restart. Small fields come first, so that one
// instruction with an offset reaches them.
struct Work {
  u32 edits, blanks, pieces, touched, newly_freed, kept;
  u32 free_edits;                    // EDITS minus `edits`: together they expose a wrong count
  u32 miss;                          // RETRY: the page; MEND_FIRST: the sector
  i32 again;
  u32 source;                        // handle of the client's memory for the pieces
  u32 time;                          // of the request, once read
  u32 stamp;
  u32 hand, word;
  u32 full;                          // no frame was free
  u32 counted;                       // the two counts below are valid; a restart invalidates them
  u32 dirty, meta;                   // dirty pages; dirty sectors of metadata
  u32 wakes;                         // the first page has become dirty
  i32 last;                          // the error that the request found before; OK: this is its first execution
  u32 looks;                         // executions that found an error
  Reason reason;                     // of the last finding of damage, and its place
  u32 where;
  u32 hits, misses, sectors_read, sectors_written;
  Progress now;
  Blank blank[BLANKS];               // sectors to be zeroed
  Extent newly[NEWLY_FREED];
  Piece piece[PIECES];
  struct {
    u32 number;
    Frame frame;
  } touch[TOUCHED];
  u32 seen[SEEN];                    // units that this request has verified: number and stamp
  u8 hint[256], used[FRAMES];        // by page: its probable frame; frames used since the clock hand last passed
  u8 masks[32][4];                   // of frames to be marked clean
  Keep keep[MOST_KEPT];              // writes for the kernel, from finish()
  Edit edit[EDITS];
  u32 zeros[PAGE / 4];
  u32 block[PAGE / 4];               // a directory block, assembled
  u32 list[PAGE / 4];                // directory entries for a client
  u8 path[PATH_BYTES + 1];
  u8 second[PATH_BYTES + 1];
  u8 name[NAME_BYTES + 1];
};
extern Work work;

// The content of a sector as this request sees it, with these bytes verified; null: return work.again to run().
const u8 *look(u32 sector, u32 offset = 0, u32 bytes = SECTOR);
// The cached content of sectors of one page, for requests that change nothing; not verified.
const u8 *locate(u32 sector, u32 count);
// A private copy of a metadata sector, in which these bytes may be changed; or null, as above.
u8 *edit(u32 sector, u32 offset = 0, u32 bytes = SECTOR);
// Zeroes units of a sector that is being edited; their old content is not read.
void clear_units(u32 sector, u32 offset, u32 bytes);
// Zeroes sectors of metadata or of a file.
i32 blank(u32 sector, u32 count, bool meta);
// Repairs a damaged page.
i32 mend(u32 sector);
// Repairs the progress; DAMAGED if both copies are damaged.
i32 mend_progress();

// Whether bytes of kept memory match their checksums.
bool is_sound(u32 at, u32 bytes);
bool is_unit_sound(u32 unit);
// Copies a unit of kept memory; false if it does not match its checksum.
bool take_unit(u32 *to, u32 unit);
// Checked, since a flipped bit would appear in every hole of a file and in every new block.
u32 *zeros(u32 bytes);

// Of the units of an edit, the first adjacent ones, in one word; in bytes, and the units that follow after a gap.
struct Span {
  u32 word;
  constexpr u32 first() const { return word & 0xffff; }
  constexpr u32 bytes() const { return word << 4 >> 20; }
  constexpr u32 rest() const { return word >> 28; }
};
Span unit_span(u32 units);
// Lists edits as writes, at most two for each, as long as their sectors are dirty metadata already; advances `to`.
enum class Listed : u32 { ALL, CLEAN, DAMAGED };
Listed list_dirty(const Edit *e, const Edit *end, Keep *&to);

void copy_words(void *to, const void *from, u32 bytes);  // a multiple of 32, aligned
void clear_words(void *to, u32 bytes);
bool same_words(const u32 *a, const u32 *b, u32 count);  // a multiple of 3

u32 dirty_pages();
void begin();
i32 finish();
i32 load(u32 page);
i32 checkpoint();
i32 write_content();                       // writes dirty content of files only
constexpr u32 NO_FRAME = NONE;
u32 find_frame(u32 page);
// Chooses a frame: the first free one, so that a restart changes nothing in the choice; or one to replace, which is clean,
// and unused since the clock hand last passed. NO_FRAME: none.
u32 victim();
inline u32 hash(u32 page) { return (page ^ page >> 8 ^ page >> 16) & 0xff; }
inline u32 mask_of(u32 place, u32 count) { return ((1u << count) - 1) << place; }
inline u32 frame_offset(u32 n) { return FRAMES_AT + n * static_cast<u32>(sizeof(Frame)); }
inline u32 frame_at(u32 n, u32 place) { return PAGES_AT + n * PAGE + place * SECTOR; }

struct Attempts {
  u32 count;
  bool looked;                       // again, after a finding of damage
};
// Prepares another attempt of a request, after an error; OK, or the error that the request returns.
i32 try_again(i32 error, Attempts &made);

// Runs a request, again after a cache miss or a flush, until it completes.
i32 run(i32 (*request)(void *), void *arguments, bool changes);

template <class F>
i32 run(bool changes, F request) {
  return run([](void *f) { return (*static_cast<F *>(f))(); }, &request, changes);
}

// A fault may have caused an error. The kernel does the whole request again if it has not committed; one that has, be it
// only because a page was loaded, is done again here. The client gets an error that two executions found, or the last one
// of MOST_LOOKS. Whether this one is to be returned:
bool is_final(i32 error);
// Whether the request would be done again if it returned this error: nothing is recorded of it yet.
bool is_first_look(i32 error);

// The file system is inconsistent, as far as this request sees. Returns DAMAGED; try_again() makes it read-only if further
// looks find the same.
i32 damaged(Reason why, u32 where);
// Makes it read-only at the next commit.
void note(Reason why, u32 where);
// Records that the card fails: read-only until it works again.
void set_broken(Reason why, u32 sector);
inline bool is_of_card(Reason why) { return why == Reason::WRITES || why == Reason::READS; }
// Records that the card has been removed: dirty pages stay until it is back.
void set_away();

}  // namespace curios::files
