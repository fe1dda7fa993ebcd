// The client's side of the file service: one granted buffer for paths and small results, and a handle per open file.
#pragma once
#include <curios/files.h>
#include <curios/services.h>

namespace curios {
namespace {

[[maybe_unused]] const char *file_error(i32 error) {
  switch (error) {
    case ABSENT: return "no such file";
    case FULL: return "too many open files";
    case NO_RIGHT: return "not permitted";
    case BAD_ARGUMENT: return "not possible with this";
    case NO_CARD: return "no card";
    case IO_ERROR: return "the card has failed";
    case NO_SPACE: return "the card is full";
    case READ_ONLY_FILES: return "the file system is read-only";
    case NAME_TOO_LONG: return "the name is too long";
    case NOT_DIRECTORY: return "not a directory";
    case IS_DIRECTORY: return "is a directory";
    case EXISTS: return "exists already";
    case NOT_EMPTY: return "the directory is not empty";
    case LINK_LOOP: return "too many symbolic links";
    case TOO_MANY_LINKS: return "too many links";
    case TOO_LARGE: return "too large";
    case DAMAGED: return "the file system is damaged";
    case NOT_OPEN: return "not open";
    case NO_FILE_SYSTEM: return "no ext2 on the card";
    case FAULTED: return "the request faulted twice";
    case QUARANTINED: return "its state was damaged";
    case DEAD: return "the service has failed";
    default: return "failed";
  }
}

[[maybe_unused]] const char *reason_text(Reason r) {
  constexpr const char *TEXTS[] = {"can be written", "features known for reading only", "marked as having errors",
                                   "damaged superblock", "damaged group descriptor", "damaged bitmap", "damaged inode",
                                   "pointer out of range", "damaged directory", "wrong count of links",
                                   "damaged list of orphans", "wrong count of blocks", "damaged attributes",
                                   "a block was damaged before it was written", "the card takes no writes",
                                   "the card cannot be read"};
  static_assert(sizeof TEXTS / sizeof TEXTS[0] == static_cast<u32>(Reason::COUNT));
  return r < Reason::COUNT ? TEXTS[static_cast<u32>(r)] : "unknown";
}

constexpr u32 PATHS_ROOM = 2 * PATH_BYTES + 2;

// The service, and a buffer of the client that each call passes.
template <class Through>
struct FilesThrough {
  Handle service = 0, memory = 0;
  char *buffer = nullptr;
  [[no_unique_address]] Through through{};

  // The buffer has PATHS_ROOM bytes and must remain valid.
  i32 begin(char *room) {
    buffer = room;
    service = through.find("files");
    if (failed(service)) return static_cast<i32>(service);
    memory = grant(room, PATHS_ROOM, true);
    return failed(memory) ? static_cast<i32>(memory) : static_cast<i32>(OK);
  }

  // The length of the path, or NAME_TOO_LONG.
  i32 put(const char *path, u32 at = 0) const {
    u32 n = 0;
    for (; path[n] != 0; n++) {
      if (n == PATH_BYTES) return NAME_TOO_LONG;
      buffer[at + n] = path[n];
    }
    buffer[at + n] = 0;
    return static_cast<i32>(n);
  }

  i32 with_path(u32 method, const char *path, u32 argument = 0) const {
    i32 n = put(path);
    return n < 0 ? n : through.ask(service, method, memory, static_cast<u32>(n), argument);
  }
  i32 with_two(u32 method, const char *first, const char *second) const {
    i32 n = put(first);
    if (n < 0) return n;
    i32 more = put(second, static_cast<u32>(n) + 1);
    return more < 0 ? more : through.ask(service, method, memory, static_cast<u32>(n + 1 + more));
  }

  i32 remove(const char *path) const { return with_path(FILES_REMOVE, path); }
  i32 mkdir(const char *path, u32 permissions = 0755) const { return with_path(FILES_MKDIR, path, permissions); }
  i32 rmdir(const char *path) const { return with_path(FILES_RMDIR, path); }
  i32 rename(const char *from, const char *to) const { return with_two(FILES_RENAME, from, to); }
  i32 link(const char *from, const char *to) const { return with_two(FILES_LINK, from, to); }
  i32 symlink(const char *target, const char *at) const { return with_two(FILES_SYMLINK, target, at); }
  i32 sync() const { return through.ask(service, FILES_SYNC, 0); }

  // Reads the target to RESULT_AT in the buffer; its length.
  i32 readlink(const char *path) const { return with_path(FILES_READLINK, path, PATHS_ROOM - RESULT_AT); }

  template <class T>
  i32 take(i32 result, T &to, u32 at = 0) const {
    if (result == OK) to = *reinterpret_cast<const T *>(buffer + at);
    return result;
  }
  i32 stat(const char *path, FileStatus &status, bool follow = true) const {
    return take(with_path(FILES_LOOK, path, follow), status, RESULT_AT);
  }
  i32 statfs(VolumeStatus &status) const { return take(through.ask(service, FILES_STATFS, memory), status); }
};

// An open file.
template <class Through>
struct FileThrough {
  const FilesThrough<Through> *files = nullptr;
  Handle handle = 0;

  i32 open(const FilesThrough<Through> &f, const char *path, u32 flags, u32 permissions = 0644) {
    files = &f;
    handle = session(f.service);
    if (failed(handle)) return static_cast<i32>(handle);
    i32 result = f.put(path);
    if (result >= 0) result = ask(FILES_OPEN, f.memory, static_cast<u32>(result), flags | permissions << 16);
    if (result < 0) drop(handle);
    return result;
  }
  i32 close() {
    i32 result = ask(FILES_CLOSE);
    drop(handle);
    return result;
  }

  // Reads into granted memory.
  i32 read(Handle memory, u32 bytes, u32 offset = 0) const { return ask(FILES_READ, memory, bytes, offset); }
  i32 write(Handle memory, u32 bytes, u32 offset = 0) const { return ask(FILES_WRITE, memory, bytes, offset); }
  // Reads into any memory of the client.
  i32 read(void *to, u32 bytes) const { return with(to, bytes, FILES_READ, true); }
  i32 write(const void *from, u32 bytes) const { return with(from, bytes, FILES_WRITE, false); }

  i32 seek(u32 position, Whence whence = FROM_START) const { return ask(FILES_SEEK, position, 0, whence); }
  i32 truncate(u32 size) const { return ask(FILES_TRUNCATE, size, 0); }
  i32 sync() const { return ask(FILES_SYNC, 1); }
  i32 stat(FileStatus &status) const { return files->take(ask(FILES_STAT, files->memory), status); }
  // Reads entries into the buffer; the number of bytes.
  i32 list() const { return ask(FILES_LIST, files->memory, PATHS_ROOM); }

 private:
  i32 ask(u32 method, u32 a = 0, u32 b = 0, u32 c = 0) const { return files->through.ask(handle, method, a, b, c); }
  i32 with(const void *p, u32 bytes, u32 method, bool writable) const {
    Handle memory = grant(p, bytes, writable);
    if (failed(memory)) return static_cast<i32>(memory);
    i32 result = ask(method, memory, bytes);
    drop(memory);
    return result;
  }
};

using Files = FilesThrough<Direct>;
using File = FileThrough<Direct>;

}  // namespace
}  // namespace curios
