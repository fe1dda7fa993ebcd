// The workload of trials for files: one client that uses the file service in every way, through the cache and the card,
// and records its results. Nothing that it records depends on time.
#include "files.h"
#include "aware.h"

namespace curios {
namespace {

constexpr u32 TRIAL = 80, ROUNDS = 4, BYTES = 3000;

using UsedFile = FileThrough<aware::Through<aware::FilesLog>>;
using UsedFiles = FilesThrough<aware::Through<aware::FilesLog>>;

struct User {
  // In the heap, after the records.
  struct Room {
    char paths[PATHS_ROOM];
    char content[BYTES];
  };

  aware::FilesLog *log = aware::layer<aware::FilesLog>(sizeof(Room));
  Report report{"trial", 5, log == nullptr ? nullptr : &aware::CAREFUL};
  Room *room = reinterpret_cast<Room *>(section(self()) + HEAP + sizeof(Records));
  UsedFiles files{.through = {log}};
  Handle content = 0;

  i32 record(u32 method, i32 result, u32 digest = 0) { return report.record(FILES_ID, method, result, digest); }
  void fill(u32 bytes, u32 seed) {
    for (u32 i = 0; i < bytes; i++) room->content[i] = static_cast<char>(mix(seed + i * 0x9e3779b9u, i) >> 7);
  }
  u32 digest(const char *from, i32 bytes) const {
    u32 sum = 0;
    for (i32 i = 0; i < bytes; i++) sum = mix(sum, static_cast<u8>(from[i]));
    return sum;
  }
  // Opens a file, also to restore what a new state lacks after the old one was lost.
  i32 open(UsedFile &f, const char *path, u32 flags) { return record(FILES_OPEN, f.open(files, path, flags)); }
};

void write_and_read(User &u, u32 round) {
  char name[] = "/trial/file0";
  name[11] = static_cast<char>('0' + round);
  UsedFile f;
  u.open(f, name, OPEN_READ | OPEN_WRITE | OPEN_CREATE);
  u.fill(BYTES, round);
  u.record(FILES_WRITE, f.write(u.content, BYTES));
  u.record(FILES_SEEK, f.seek(BYTES * 2 + round));
  u.record(FILES_WRITE, f.write(u.content, 100 + round * 500));
  u.record(FILES_SYNC, f.sync());
  u.record(FILES_SEEK, f.seek(0));
  for (u32 i = 0; i < 4; i++) {
    i32 n = f.read(u.content, BYTES);
    u.record(FILES_READ, n, u.digest(u.room->content, n));
  }
  u.record(FILES_TRUNCATE, f.truncate(1000 + round));
  FileStatus status;
  i32 result = f.stat(status);
  u.record(FILES_STAT, result, result == OK ? static_cast<u32>(status.size) : 0);
  u.record(FILES_CLOSE, f.close());
}

void names(User &u, u32 round) {
  char name[] = "/trial/dir0", moved[] = "/trial/moved0", link[] = "/trial/dir0/link";
  name[10] = moved[12] = link[10] = static_cast<char>('0' + round);
  u.record(FILES_MKDIR, u.files.mkdir(name));
  u.record(FILES_SYMLINK, u.files.symlink("../file0", link));
  i32 n = u.files.readlink(link);
  u.record(FILES_READLINK, n, u.digest(u.room->paths + RESULT_AT, n));
  FileStatus status;
  u.record(FILES_LOOK, u.files.stat(link, status), round);
  u.record(FILES_RENAME, u.files.rename(name, moved));
  u.record(FILES_LOOK, u.files.stat(link, status, false));
  u.record(FILES_RMDIR, u.files.rmdir(moved));
  UsedFile directory;
  u.open(directory, "/trial", OPEN_READ | OPEN_DIRECTORY);
  n = directory.list();
  u32 sum = 0;
  for (i32 i = 0; i < n;) {
    const ListEntry &e = *reinterpret_cast<const ListEntry *>(u.room->paths + i);
    sum += u.digest(reinterpret_cast<const char *>(&e + 1), e.name_bytes);
    i += e.bytes;
  }
  u.record(FILES_LIST, n, sum);
  u.record(FILES_CLOSE, directory.close());
}

// A file that is removed while it is open.
void without_a_name(User &u, u32 round) {
  UsedFile f;
  u.open(f, "/trial/short", OPEN_READ | OPEN_WRITE | OPEN_CREATE);
  u.fill(2000, round + 7);
  u.record(FILES_WRITE, f.write(u.content, 2000));
  u.record(FILES_LINK, u.files.link("/trial/short", "/trial/twin"));
  u.record(FILES_REMOVE, u.files.remove("/trial/short"));
  u.record(FILES_REMOVE, u.files.remove("/trial/twin"));
  u.record(FILES_SEEK, f.seek(500));
  i32 n = f.read(u.content, BYTES);
  u.record(FILES_READ, n, u.digest(u.room->content, n));
  u.record(FILES_CLOSE, f.close());
}

void run(u32) {
  Schedule schedule(5, 13);
  User u;
  u.record(NAMES_LOOKUP, u.files.begin(u.room->paths));
  u.content = grant(u.room->content, BYTES, true);
  if (u.log != nullptr) u.log->begin(u.files.service, {u.files.memory, u.room->paths}, {u.content, u.room->content});
  u.record(FILES_MKDIR, u.files.mkdir("/trial"));
  for (u32 round = 0; round < ROUNDS; round++) {
    schedule.await_next();
    write_and_read(u, round);
    schedule.await_next();
    names(u, round);
    schedule.await_next();
    without_a_name(u, round);
    Line line;
    line << "round " << round;
    u.report.say(line);
  }
  u.record(FILES_SYNC, u.files.sync());
  u.report.end(u.report.records->chain);
  wait(0, LOOK_MS);
}

[[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor trial5 = {
    .name = "trial5", .id = TRIAL, .main = reinterpret_cast<u32>(run), .heap_limit = 0x10000, .quota = 0x4000,
    .rights = SHARES_CLIENT_CODE | LARGE_STACKS, .priority = 4, .urgency = 1};
[[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const trial5_described = &trial5;

}  // namespace
}  // namespace curios
