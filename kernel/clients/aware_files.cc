// Policy `aware`: files. What was not yet on the card is lost with the service, so a client keeps it until it has been
// written there.
#include "aware.h"

namespace curios::aware {
namespace {

bool has_path(u32 method) {
  switch (method) {
    case FILES_OPEN: case FILES_LOOK: case FILES_REMOVE: case FILES_MKDIR: case FILES_RMDIR: case FILES_RENAME: case FILES_LINK:
    case FILES_SYMLINK: case FILES_READLINK: return true;
    default: return false;
  }
}

// The result of a request that was made again: it may have had its effect the first time.
i32 as_if_once(u32 method, i32 result) {
  bool makes = method == FILES_MKDIR || method == FILES_LINK || method == FILES_SYMLINK;
  bool takes = method == FILES_REMOVE || method == FILES_RMDIR || method == FILES_RENAME;
  return (makes && result == EXISTS) || (takes && result == ABSENT) ? static_cast<i32>(OK) : result;
}

}  // namespace

i32 FilesLog::begin(Handle service, Granted paths, Granted content) {
  service_ = service;
  paths_ = paths;
  content_ = content;
  return connect(service);
}

FilesLog::Open *FilesLog::find(Handle h) {
  for (Open &o : open_)
    if (o.handle == h) return &o;
  return nullptr;
}

bool FilesLog::is_any_open() const {
  for (const Open &o : open_)
    if (o.file != 0) return true;
  return false;
}

Answer FilesLog::ask(Handle h, u32 method, u32 a, u32 b, u32 c) {
  if (method == FILES_RENAME) write_all();
  Open *o = find(h);
  bool fits = prepare(o, method, a, b, c);
  if (!fits && !is_any_open()) {
    write_all();
    fits = prepare(o, method, a, b, c);
  }
  if (!fits) is_torn_ = 1;
  Answer r = persist(h, method, a, b, c);
  if (r.value >= 0 && fits) note(o, h, method, r);
  if (method == FILES_RENAME) write_all();
  return r;
}

// Writes the request at the end of the log, where it stays if it is a change and succeeds; false if it has no room.
bool FilesLog::prepare(const Open *o, u32 method, u32 a, u32 b, u32 c) {
  Change &now = *end();
  const char *from = has_path(method) ? paths_.at : method == FILES_WRITE ? content_.at + c : nullptr;
  u32 bytes = from == nullptr ? 0 : b;
  if (used_ + sizeof now + bytes + sizeof(u32) > ROOM) return false;
  u32 argument = method == FILES_TRUNCATE ? a : method == FILES_WRITE && o != nullptr ? o->position : c;
  if (method == FILES_OPEN) argument &= ~static_cast<u32>(OPEN_EXCLUSIVE);
  now = {static_cast<u16>(method), static_cast<u16>(o == nullptr ? 0 : o->file), argument, bytes};
  for (u32 i = 0; i < bytes; i++) now.data()[i] = from[i];
  return true;
}

Answer FilesLog::persist(Handle h, u32 method, u32 a, u32 b, u32 c) {
  Answer r = made(h, method, a, b, c);
  bool again = false;
  for (u32 i = 0; i < TRIES && has_restarted(r.value) && bring_back(h); i++) {
    if (has_path(method))
      for (u32 k = 0; k < end()->bytes; k++) paths_.at[k] = end()->data()[k];  // the result may lie there
    r = made(h, method, a, b, c);
    again = true;
  }
  if (again) r.value = as_if_once(method, r.value);
  return r;
}

void FilesLog::note(Open *o, Handle h, u32 method, const Answer &r) {
  Change &now = *end();
  if (method == FILES_OPEN) {
    o = free_place();
    if (o == nullptr) {
      is_torn_ = 1;
      return;
    }
    *o = {h, ++files_, 0, 0};
    now.file = static_cast<u16>(files_);
  }
  if (method == FILES_SYNC && !is_any_open()) used_ = files_ = 0;
  bool of_file = o != nullptr && o->file != 0;
  if (of_file && method == FILES_SEEK) o->position = r.more;
  if (of_file && method == FILES_LIST) o->lists++;
  if (of_file && (method == FILES_READ || method == FILES_WRITE)) o->position += static_cast<u32>(r.value);
  if (of_file && method == FILES_CLOSE) *o = {};
  if (method == FILES_WRITE) now.bytes = static_cast<u32>(r.value);
  bool changes = (has_path(method) && method != FILES_LOOK && method != FILES_READLINK) || method == FILES_TRUNCATE ||
                 method == FILES_CLOSE || (method == FILES_WRITE && r.value != 0);
  if (changes) used_ = static_cast<u32>(reinterpret_cast<char *>(now.next()) - log_);
}

// Puts everything on the card. The log ends there, unless files are open: they may no longer have names.
void FilesLog::write_all() {
  Answer r = persist(service_, FILES_SYNC, 0, 0, 0);
  if (r.value == OK) note(nullptr, service_, FILES_SYNC, r);
}

// True if the request can be repeated.
bool FilesLog::bring_back(Handle h) {
  for (u32 i = 0; i < TRIES && is_torn_ == 0; i++) {
    connect(service_);
    connect(h);
    for (const Open &o : open_)
      if (o.file != 0) connect(o.handle);
    bool complete = replay();
    for (const Open &o : open_) complete = complete && (o.file == 0 || move_on(o));
    if (complete) return true;
  }
  return false;
}

// Makes the changes of the log again. Those that are on the card already have no effect or fail. False if the service has
// restarted.
bool FilesLog::replay() {
  Open closed[MOST_OPEN] = {};  // files that the client has closed since
  bool complete = true;
  for (Change *c = first(); complete && c < end(); c = c->next()) {
    Handle h = c->file == 0 ? service_ : 0;
    Open *again = nullptr;
    for (Open &o : open_)
      if (o.file == c->file && o.file != 0) h = o.handle;
    for (Open &o : closed) {
      if (h != 0 || (c->method == FILES_OPEN ? o.file != 0 : o.file != c->file)) continue;
      if (c->method == FILES_OPEN) o = {session(service_), c->file, 0, 0};
      again = &o;
      h = o.handle;
    }
    i32 result = OK;
    if (c->method == FILES_WRITE) result = call(h, FILES_SEEK, c->argument, 0, FROM_START);
    if (c->bytes == 0) {
      result = call(h, c->method, c->argument);
    } else if (!has_restarted(result)) {
      Handle memory = grant(c->data(), c->bytes);
      result = call(h, c->method, memory, c->bytes, c->method == FILES_WRITE ? 0 : c->argument);
      drop(memory);
    }
    complete = !has_restarted(result);
    if (again != nullptr && c->method == FILES_CLOSE) {
      drop(again->handle);
      *again = {};
    }
  }
  for (const Open &o : closed)
    if (o.file != 0) drop(o.handle);
  return complete;
}

// Moves an open file to its position.
bool FilesLog::move_on(const Open &o) {
  i32 result = OK;
  Handle memory = grant(list_, LIST_ROOM, true);
  for (u32 i = 0; i < o.lists && !has_restarted(result); i++) result = call(o.handle, FILES_LIST, memory, LIST_ROOM);
  drop(memory);
  if (o.position != 0 && !has_restarted(result)) result = call(o.handle, FILES_SEEK, o.position, 0, FROM_START);
  return !has_restarted(result);
}

}  // namespace curios::aware
