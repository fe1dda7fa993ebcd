// The file service: its methods, and the state of an open file. Open files are in the clients' states; the cache and
// the mounted file system are in kept memory; the table of open inodes is rebuilt from the states.
#include <curios/descriptor.h>

#include "operations.h"
#include "table.h"

namespace curios::files {
namespace {

constexpr u32 DIRTY_KEY = 1;       // threads that wait for dirty pages

struct State {
  Guarded guard;
  u32 inode;
  u32 flags;       // OpenFlag; 0: not open
  u64 position;
  u32 generation;  // of the inode
  u32 directory;
};

bool is_open(const State *s) { return s != nullptr && s->flags != 0; }

// Checks that the file is the one that was opened, since the card may have been exchanged.
i32 check_open(const State *s) {
  if (!is_open(s)) return NOT_OPEN;
  TRY(mount());
  return run(false, [&]() -> i32 {
    if (!is_inode(s->inode)) return NOT_OPEN;
    Inode n;
    TRY(read_inode(s->inode, n));
    return n.generation == s->generation ? static_cast<i32>(OK) : static_cast<i32>(NOT_OPEN);
  });
}

// Wakes the threads that wait for dirty pages.
i32 changed(i32 result) {
  if (work.wakes != 0) {
    work.wakes = 0;
    wake(DIRTY_KEY);
  }
  return result;
}

void forget(State *s) {
  table_remove(s->inode, caller());
  s->guard.set(s->inode, 0u);
  s->guard.set(s->flags, 0u);
  s->guard.set(s->position, static_cast<u64>(0));
  s->guard.set(s->generation, 0u);
  s->guard.set(s->directory, 0u);
}

i32 open(State *s, u32 memory, u32 bytes, u32 how) {
  if (s == nullptr) return NOT_CONNECTED;
  if (is_open(s)) return CONNECTED;
  u32 flags = how & OPEN_FLAGS;
  if ((flags & (OPEN_READ | OPEN_WRITE)) == 0) return BAD_ARGUMENT;
  TRY(mount());
  u32 owner = caller();
  if (!table_has_room(owner)) return FULL;
  Opened o{};
  TRY(open_file({memory, 0, bytes}, flags, how >> 16, o));
  s->guard.set(s->inode, o.inode);
  s->guard.set(s->flags, flags);
  s->guard.set(s->position, static_cast<u64>(0));
  s->guard.set(s->generation, o.generation);
  s->guard.set(s->directory, o.directory);
  check(s->flags == (asked(3) & fresh<OPEN_FLAGS>()));
  table_add(o.inode, owner);
  return changed(OK);
}

i32 close(State *s) {
  if (s == nullptr) return NOT_CONNECTED;
  if (!is_open(s)) return NOT_OPEN;
  u32 inode = s->inode;
  forget(s);
  // A file without a name is freed when its last user closes it.
  if (progress().orphans == 0 || volume().mounted != MOUNTED || progress().reason != Reason::NONE || open_count(inode) != 0) return OK;
  commit_here();
  reap_surely();
  return changed(OK);
}

i32 read(State *s, u32 memory, u32 bytes, u32 offset) {
  if (!is_open(s) || (s->flags & OPEN_READ) == 0) return NOT_OPEN;
  if (s->directory != 0) return IS_DIRECTORY;
  if (bytes > MOST_BYTES) return BAD_ARGUMENT;
  TRY(mount());
  u32 done = 0;
  while (done < bytes) {
    i32 part = read_part(s->inode, s->generation, s->position + done, memory, offset + done, bytes - done);
    if (part < 0 && done == 0) return part;
    if (part <= 0) break;
    done += static_cast<u32>(part);
  }
  check(done <= asked(2));
  s->guard.set(s->position, s->position + done);
  return static_cast<i32>(done);
}

// Commits each part together with the position after it.
i32 write(State *s, u32 memory, u32 bytes, u32 offset) {
  if (!is_open(s) || (s->flags & OPEN_WRITE) == 0) return NOT_OPEN;
  if (bytes > MOST_BYTES) return BAD_ARGUMENT;
  TRY(mount());
  TRY(before_change());
  u32 done = 0;
  while (done < bytes) {
    u64 position = s->position;
    i32 part = write_part(s->inode, s->generation, position, (s->flags & OPEN_APPEND) != 0, memory, offset + done, bytes - done);
    if (part < 0 && done == 0) return part;
    if (part <= 0) break;
    changed(part);
    done += static_cast<u32>(part);
    s->guard.set(s->position, position);
    if (done < bytes) commit_here();
  }
  check(done <= asked(2));
  return static_cast<i32>(done);
}

// The new position: its high word is the result's low word, its low word the second result.
i64 seek(State *s, u32 low, u32 high, u32 whence) {
  auto error = [](i32 e) { return static_cast<i64>(static_cast<u32>(e)); };
  if (!is_open(s)) return error(NOT_OPEN);
  u64 from = 0;
  if (whence == FROM_HERE) from = s->position;
  if (whence == FROM_END) {
    i32 result = mount();
    if (result == OK) result = size_of_file(s->inode, from);
    if (result < 0) return error(result);
  }
  i64 to = static_cast<i64>(from) + static_cast<i64>(static_cast<u64>(high) << 32 | low);
  if (whence > FROM_END || to < 0 || to >> 47 != 0) return error(BAD_ARGUMENT);
  s->guard.set(s->position, static_cast<u64>(to));
  return static_cast<i64>(static_cast<u64>(to) >> 32 | static_cast<u64>(to) << 32);
}

i32 cut(State *s, u32 low, u32 high) {
  if (!is_open(s) || (s->flags & OPEN_WRITE) == 0) return NOT_OPEN;
  TRY(check_open(s));
  TRY(before_change());
  return changed(truncate(s->inode, static_cast<u64>(high) << 32 | low));
}

i32 sync(State *s, u32 one) {
  if (one != 0 && !is_open(s)) return NOT_OPEN;
  if (one == 0 && volume().mounted != MOUNTED && volume().mounted != AWAY) return OK;
  TRY(mount());
  if (dirty_pages() == 0) return OK;
  // If the inode is clean, only the content is written.
  if (one != 0 && (progress().changed[change_word(s->inode)] & change_bit(s->inode)) == 0) return write_content();
  return checkpoint();
}

i32 give_status(Handle memory, u32 offset, const FileStatus &s) { return client_write(memory, offset, &s, sizeof s); }

i32 stat(State *s, u32 memory) {
  if (!is_open(s)) return NOT_OPEN;
  TRY(mount());
  FileStatus status;
  TRY(stat_inode(s->inode, status));
  if (status.generation != s->generation) return NOT_OPEN;
  return give_status(memory, 0, status);
}

i32 look_at(State *, u32 memory, u32 bytes, u32 follow) {
  TRY(mount());
  FileStatus status;
  TRY(stat_path({memory, 0, bytes}, follow != 0, status));
  return give_status(memory, RESULT_AT, status);
}

// Entries from the position on, in work.list; returns their bytes.
[[gnu::noinline]] i32 list_from(const State *s, u64 &position, u32 bytes) {
  position = s->position;
  u32 room = bytes < sizeof work.list ? bytes : static_cast<u32>(sizeof work.list);
  return files::list(s->inode, position, reinterpret_cast<u8 *>(work.list), room);
}

i32 list(State *s, u32 memory, u32 bytes) {
  TRY(check_open(s));
  if (s->directory == 0) return NOT_DIRECTORY;
  u64 position = 0, end = 0;
  const u8 *to = reinterpret_cast<const u8 *>(work.list);
  i32 used = list_from(s, position, bytes);
  if (used >= 0) {   // once more, since no sum of a unit covers what was made of it
    u32 sum = Guarded::sum(to, static_cast<u32>(used));
    check(list_from(anew(s), end, asked(2)) == used && end == position && Guarded::sum(to, static_cast<u32>(used)) == sum);
  }
  if (used > 0) TRY(client_write(memory, 0, to, static_cast<u32>(used)));
  if (used >= 0) s->guard.set(s->position, position);
  return used;
}

i32 remove(State *, u32 memory, u32 bytes) {
  TRY(mount());
  return changed(files::remove({memory, 0, bytes}));
}

i32 make_directory(State *, u32 memory, u32 bytes, u32 permissions) {
  TRY(mount());
  return changed(files::make_directory({memory, 0, bytes}, permissions));
}

i32 remove_directory(State *, u32 memory, u32 bytes) {
  TRY(mount());
  return changed(files::remove_directory({memory, 0, bytes}));
}

// Two paths with a zero byte between them.
i32 two_paths(Handle memory, u32 bytes, Path &first, Path &second) {
  if (bytes > 2 * PATH_BYTES + 1) return NAME_TOO_LONG;
  for (u32 at = 0; at < bytes;) {
    u32 part = bytes - at < sizeof work.name ? bytes - at : static_cast<u32>(sizeof work.name);
    TRY(client_read(memory, at, work.name, part));
    for (u32 i = 0; i < part; i++) {
      if (work.name[i] != 0) continue;
      first = {memory, 0, at + i};
      second = {memory, at + i + 1, bytes - at - i - 1};
      return OK;
    }
    at += part;
  }
  return BAD_ARGUMENT;
}

i32 rename(State *, u32 memory, u32 bytes) {
  Path from, to;
  TRY(mount());
  TRY(two_paths(memory, bytes, from, to));
  return changed(files::rename(from, to));
}

i32 link(State *, u32 memory, u32 bytes) {
  Path from, to;
  TRY(mount());
  TRY(two_paths(memory, bytes, from, to));
  return changed(files::link(from, to));
}

i32 make_link(State *, u32 memory, u32 bytes) {
  Path target, at;
  TRY(mount());
  TRY(two_paths(memory, bytes, target, at));
  return changed(files::make_link(target, at));
}

i32 read_link(State *, u32 memory, u32 bytes, u32 room) {
  TRY(mount());
  i32 length = files::read_link({memory, 0, bytes}, work.second);
  if (length < 0) return length;
  u32 given = static_cast<u32>(length) < room ? static_cast<u32>(length) : room;
  TRY(client_write(memory, RESULT_AT, work.second, given));
  return static_cast<i32>(given);
}

i32 stat_volume(State *, u32 memory) {
  TRY(mount());
  VolumeStatus status_now;
  TRY(run(false, [&]() -> i32 { return status(status_now); }));
  return client_write(memory, 0, &status_now, sizeof status_now);
}

// The method, done again if it finds an error that a fault may have caused, with its caller's arguments.
template <auto METHOD>
struct Sure;
template <class Result, class... Arguments, Result (*METHOD)(State *, Arguments...)>
struct Sure<METHOD> {
  static Result enter(State *s, Arguments... arguments) {
    if (work.last != OK) work.last = OK, work.looks = 0;   // a request that failed first and then succeeded
    for (;;) {
      Result result = METHOD(s, arguments...);
      if (static_cast<i32>(result) >= 0 || is_final(static_cast<i32>(result))) return result;
      u32 n = 0;
      ((arguments = asked(++n)), ...);
    }
  }
};
#define SURE(method) ENTRY(Sure<method>::enter)

constexpr u32 LONGEST_WAIT = 1000;  // milliseconds: bounds every wait, in case the code is damaged

i32 await(State *) {
  while (volume().mounted != MOUNTED || dirty_pages() == 0)
    if (wait(DIRTY_KEY, LONGEST_WAIT) == TIMED_OUT) return TIMED_OUT;
  return OK;
}

void construct(u32) { port_construct(); }

i32 recover(State *s, u32 owner) {
  if (s->flags == 0) return OK;
  if (s->flags > OPEN_FLAGS || s->position >> 47 != 0) return BAD_ARGUMENT;
  return table_restore(s->inode, owner) ? static_cast<i32>(OK) : static_cast<i32>(FULL);
}

// The layout of kept memory, for the laboratory.
struct Kept {
  Volume volume;
  u8 behind_volume[PROGRESS_AT - sizeof(Volume)];
  Progress progress;
  u8 behind_progress[FRAMES_AT - PROGRESS_AT - sizeof(Progress)];
  Frame frames[FRAMES];
  u8 behind_frames[PAGES_AT - FRAMES_AT - FRAMES * sizeof(Frame)];
  struct Page {
    u8 bytes[PAGE];
  } pages[FRAMES];
};
static_assert(offsetof(Kept, progress) == PROGRESS_AT && offsetof(Kept, frames) == FRAMES_AT && offsetof(Kept, pages) == PAGES_AT);

#define VOLUME_ROW(name_) {"FilesKept", "volume." #name_, static_cast<u16>(offsetof(Volume, name_)), 4, 1, 4, Show::UNSIGNED, {}}
#define NOTED_WORK(name) FIELD_AS("files.work", Work, name, Show::NOTED)
INTROSPECTION = {
    VOLUME_ROW(mounted), VOLUME_ROW(log_block), VOLUME_ROW(descriptors), VOLUME_ROW(inodes_per_group), VOLUME_ROW(inode_bytes),
    ROW_OF("FilesKept", Kept, frames, page),
    ROW_OF("FilesKept", Kept, frames, valid),
    ROW_OF("FilesKept", Kept, frames, data),
    ROW_OF("FilesKept", Kept, frames, meta),
    {"FilesKept", "pages", static_cast<u16>(PAGES_AT), static_cast<u16>(PAGE), static_cast<u16>(FRAMES), static_cast<u16>(PAGE), Show::HEX, {}},
    NOTED_WORK(stamp), NOTED_WORK(hand), NOTED_WORK(full), NOTED_WORK(hits), NOTED_WORK(misses), NOTED_WORK(sectors_read),
    NOTED_WORK(sectors_written), NOTED_WORK(seen), NOTED_WORK(hint), NOTED_WORK(used),
    NOTED_WORK(edits), NOTED_WORK(blanks), NOTED_WORK(pieces), NOTED_WORK(touched), NOTED_WORK(newly_freed), NOTED_WORK(kept),
    NOTED_WORK(free_edits), NOTED_WORK(miss), NOTED_WORK(again), NOTED_WORK(source), NOTED_WORK(time), NOTED_WORK(word),
    NOTED_WORK(counted), NOTED_WORK(dirty), NOTED_WORK(meta), NOTED_WORK(now), NOTED_WORK(blank), NOTED_WORK(newly),
    NOTED_WORK(piece), NOTED_WORK(touch), NOTED_WORK(masks), NOTED_WORK(keep), NOTED_WORK(edit), NOTED_WORK(block),
    NOTED_WORK(list), NOTED_WORK(path), NOTED_WORK(second), NOTED_WORK(name), NOTED_WORK(reason), NOTED_WORK(where),
    FIELD_OF("files", State, inode),
    FIELD_AS("files", State, flags, Show::HEX),
    FIELD_OF("files", State, position),
    FIELD_OF("files", State, generation),
    FIELD_OF("files", State, directory),
};

#undef VOLUME_ROW

WORD_TABLE = {CONSTANT(MOUNTED) CONSTANT(OPEN_READ) CONSTANT(OPEN_WRITE) CONSTANT(OPEN_APPEND)};

LIMITS = {
    WORD_LIMIT(State, flags, 0, OPEN_FLAGS),
    WORD_LIMIT(State, directory, 0, 1),
};

METHODS = {
    {SURE(open), LOWEST_FILE_ERROR, OK, "open"},
    {SURE(close), LOWEST_FILE_ERROR, OK, "close"},
    {SURE(read), LOWEST_FILE_ERROR, MOST_BYTES, "read"},
    {SURE(write), LOWEST_FILE_ERROR, MOST_BYTES, "write"},
    {SURE(seek), LOWEST_FILE_ERROR, 0x7fff, "seek"},
    {SURE(cut), LOWEST_FILE_ERROR, OK, "truncate"},
    {SURE(sync), LOWEST_FILE_ERROR, OK, "sync"},
    {SURE(stat), LOWEST_FILE_ERROR, OK, "stat"},
    {SURE(look_at), LOWEST_FILE_ERROR, OK, "look"},
    {SURE(list), LOWEST_FILE_ERROR, PAGE, "list"},
    {SURE(remove), LOWEST_FILE_ERROR, OK, "remove"},
    {SURE(make_directory), LOWEST_FILE_ERROR, OK, "mkdir"},
    {SURE(remove_directory), LOWEST_FILE_ERROR, OK, "rmdir"},
    {SURE(rename), LOWEST_FILE_ERROR, OK, "rename"},
    {SURE(link), LOWEST_FILE_ERROR, OK, "link"},
    {SURE(make_link), LOWEST_FILE_ERROR, OK, "symlink"},
    {SURE(read_link), LOWEST_FILE_ERROR, PATH_BYTES, "readlink"},
    {SURE(stat_volume), LOWEST_FILE_ERROR, OK, "statfs"},
    {ENTRY(await), TIMED_OUT, OK, "await"},
};

SERVICE(files, FILES_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .state_bytes = sizeof(State),
        .tag = 0x46530001, .heap_limit = HEAP_END - HEAP, .kept = KEPT_BYTES, .kept_summed = 1,
        .quota = 0x1000, .deadline = 200, .rights = LARGE_STACKS, .device = {0x101e8000}, .longest_wait = LONGEST_WAIT, LIMITED,
        .checks = CHECK_PRIVATE | CHECK_CODE | CHECK_WRITES)

}  // namespace
}  // namespace curios::files
