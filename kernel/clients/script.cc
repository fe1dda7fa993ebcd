// Executes the file /script of the card, line by line, and prints the result of each. The tests of the file service are
// written in this form. A line is a command and its arguments; paths contain no spaces.
//
//   mkdir P, rmdir P, remove P, rename P Q, link P Q, symlink TARGET P, readlink P, stat P, list P, truncate P BYTES
//   write P POSITION BYTES SEED, read P (up to 16 MiB), append P BYTES SEED: open, do it, close
//   open N FLAGS P, close N, put N BYTES SEED, get N BYTES, seek N POSITION, cut N BYTES, fsync N, size N: files that stay open
//   sync, free, crash SERVICE KIND
#include "files.h"
#include "client.h"

namespace curios {
namespace {

constexpr u32 SLOTS = 8, PIECE = 4096, WORDS = 5;
constexpr u32 MOST_READ = 16 << 20, MOST_SCRIPT = 1 << 20;  // bounds, since a damaged file may have any length

// In the heap.
struct Room {
  char paths[PATHS_ROOM];
  char content[PIECE];
  char script[PIECE];
  char line[2200];
};

struct Runner {
  // After the records.
  Room *room = reinterpret_cast<Room *>(section(self()) + HEAP + sizeof(Records));
  Files files;
  File slots[SLOTS];
  bool open[SLOTS] = {};
  Handle content;
  char *words[WORDS];
  u32 count = 0;
  u32 digest = 0;      // of the data read
  bool has_digest = false;

  u32 n(u32 word) const {
    u32 value = 0;
    for (const char *p = words[word]; *p >= '0' && *p <= '9'; p++) value = value * 10 + static_cast<u32>(*p - '0');
    return value;
  }

  void fill(u32 position, u32 bytes, u32 seed) const {
    for (u32 i = 0; i < bytes; i++) {
      u32 at = position + i;
      room->content[i] = static_cast<char>(seed * 31 + at * 7 + (at >> 8) * 13);
    }
  }
  void sum(const char *text, u32 bytes) {
    has_digest = true;
    for (u32 i = 0; i < bytes; i++) digest = digest * 31 + static_cast<u8>(text[i]);
  }

  // The number of bytes written, or the error if none were.
  i32 put(const File &f, u32 position, u32 bytes, u32 seed) {
    u32 done = 0;
    while (done < bytes) {
      u32 part = bytes - done < PIECE ? bytes - done : PIECE;
      fill(position + done, part, seed);
      i32 result = f.write(content, part);
      if (result < 0) return done == 0 ? result : static_cast<i32>(done);
      done += static_cast<u32>(result);
      if (static_cast<u32>(result) < part) break;
    }
    return static_cast<i32>(done);
  }
  i32 get(const File &f, u32 bytes) {
    u32 done = 0;
    has_digest = true;
    while (done < bytes) {
      u32 part = bytes - done < PIECE ? bytes - done : PIECE;
      i32 result = f.read(content, part);
      if (result < 0) return result;
      if (result == 0) break;
      sum(room->content, static_cast<u32>(result));
      done += static_cast<u32>(result);
    }
    return static_cast<i32>(done);
  }

  // Opens a file for one operation.
  template <class F>
  i32 with(const char *path, u32 flags, F what) {
    File f;
    i32 result = f.open(files, path, flags);
    if (result < 0) return result;
    result = what(f);
    i32 closed = f.close();
    return result < 0 ? result : closed < 0 ? closed : result;
  }

  // Directories may be listed in any order: the digest does not depend on it.
  i32 list(const char *path) {
    return with(path, OPEN_READ | OPEN_DIRECTORY, [&](File &f) {
      i32 entries = 0, result;
      u32 all = 0;
      while ((result = f.list()) > 0)
        for (u32 i = 0; i < static_cast<u32>(result); entries++) {
          const ListEntry &e = *reinterpret_cast<const ListEntry *>(room->paths + i);
          digest = 0;
          sum(reinterpret_cast<const char *>(&e + 1), e.name_bytes);
          all += digest;
          i += e.bytes;
        }
      digest = all;
      return result < 0 ? result : entries;
    });
  }

  i32 stat(const char *path) {
    FileStatus status;
    i32 result = files.stat(path, status, false);
    if (result < 0) return result;
    has_digest = true;
    digest = (status.mode << 16) + (status.links << 8) + (status.mode >> 12 == FILE_DIRECTORY ? 0 : static_cast<u32>(status.size));
    return OK;
  }

  i32 carry_out() {
    const char *c = words[0];
    auto is = [&](const char *name, u32 wanted) {
      const char *a = c, *b = name;
      while (*a != 0 && *a == *b) a++, b++;
      return *a == *b && count == wanted + 1;
    };
    has_digest = false;
    digest = 0;
    if (is("mkdir", 1)) return files.mkdir(words[1]);
    if (is("rmdir", 1)) return files.rmdir(words[1]);
    if (is("remove", 1)) return files.remove(words[1]);
    if (is("rename", 2)) return files.rename(words[1], words[2]);
    if (is("link", 2)) return files.link(words[1], words[2]);
    if (is("symlink", 2)) return files.symlink(words[1], words[2]);
    if (is("stat", 1)) return stat(words[1]);
    if (is("list", 1)) return list(words[1]);
    if (is("sync", 0)) return files.sync();
    if (is("readlink", 1)) {
      i32 result = files.readlink(words[1]);
      if (result > 0) sum(room->paths + RESULT_AT, static_cast<u32>(result));
      return result;
    }
    if (is("truncate", 2)) return with(words[1], OPEN_WRITE, [&](File &f) { return f.truncate(n(2)); });
    if (is("read", 1)) return with(words[1], OPEN_READ, [&](File &f) { return get(f, MOST_READ); });
    if (is("append", 3))
      return with(words[1], OPEN_WRITE | OPEN_CREATE | OPEN_APPEND, [&](File &f) { return put(f, 0, n(2), n(3)); });
    if (is("write", 4))
      return with(words[1], OPEN_WRITE | OPEN_CREATE, [&](File &f) {
        i32 result = f.seek(n(2));
        return result < 0 ? result : put(f, n(2), n(3), n(4));
      });
    if (is("free", 0)) {
      VolumeStatus v;
      i32 result = files.statfs(v);
      if (result == OK) has_digest = true, digest = v.free_blocks;
      return result;
    }
    if (is("crash", 2)) return system(SYS_CRASH, words[1][0] == 'f' ? FILES_ID : CARD_ID, n(2));
    if (is("open", 3)) {
      if (open[n(1) % SLOTS]) return CONNECTED;
      i32 result = slots[n(1) % SLOTS].open(files, words[3], n(2));
      open[n(1) % SLOTS] = result == OK;
      return result;
    }
    u32 slot = count > 1 ? n(1) % SLOTS : 0;
    File &f = slots[slot];
    if (count < 2 || !open[slot]) return BAD_ARGUMENT;
    if (is("close", 1)) {
      open[slot] = false;
      return f.close();
    }
    if (is("put", 3)) {
      FileStatus status;
      f.stat(status);
      return put(f, 0, n(2), n(3));
    }
    if (is("get", 2)) return get(f, n(2));
    if (is("seek", 2)) return f.seek(n(2));
    if (is("cut", 2)) return f.truncate(n(2));
    if (is("fsync", 1)) return f.sync();
    if (is("size", 1)) {
      FileStatus status;
      i32 result = f.stat(status);
      if (result == OK) has_digest = true, digest = static_cast<u32>(status.size);
      return result;
    }
    return BAD_ARGUMENT;
  }

  void split(char *line) {
    count = 0;
    for (char *p = line; *p != 0 && count < WORDS;) {
      while (*p == ' ') *p++ = 0;
      if (*p == 0) break;
      words[count++] = p;
      while (*p != 0 && *p != ' ') p++;
    }
  }
};

void script(u32) {
  Report report("script", 0);
  Runner r;
  i32 result = r.files.begin(r.room->paths);
  r.content = grant(r.room->content, PIECE, true);
  File file;
  if (result == OK) result = file.open(r.files, "/script", OPEN_READ);
  char (&line)[sizeof r.room->line] = r.room->line;
  u32 used = 0, number = 0;
  Line out;
  i32 got = 0;
  for (u32 had = 0; result == OK && had < MOST_SCRIPT && (got = file.read(r.room->script, PIECE)) > 0; had += PIECE) {
    for (u32 i = 0; i < static_cast<u32>(got); i++) {
      if (r.room->script[i] != '\n') {
        if (used + 1 < sizeof line) line[used++] = r.room->script[i];
        continue;
      }
      line[used] = 0;
      used = 0;
      r.split(line);
      if (r.count == 0) continue;
      i32 value = r.carry_out();
      out << number++ << " " << value;
      if (r.has_digest && value >= 0) out << " " << r.digest;
      report.say(out);
    }
  }
  out << "end " << (result == OK ? got : result);
  report.say(out);
  report.Recorder::end();
}

}  // namespace

[[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor scripted = {
    .name = "script0", .id = INIT_ID, .main = reinterpret_cast<u32>(+[](u32 base) {
      script(base);
      system(SYS_HALT, 0);
    }),
    .heap_limit = 0x20000, .quota = 0x8000, .rights = SHARES_CLIENT_CODE | LARGE_STACKS | MAY_CRASH | MAY_HALT,
    .priority = 4, .urgency = 1};
[[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const scripted_described = &scripted;

}  // namespace curios
