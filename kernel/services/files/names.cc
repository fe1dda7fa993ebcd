// The cache of recent names. It is in private memory, so each entry has a checksum.
#include <curios/descriptor.h>

#include "directory.h"

namespace curios::files {
namespace {

constexpr u32 MOST = 64, LONGEST = 20;

struct Known {
  u32 directory, inode;
  u8 bytes, type, spare[2];
  union {
    u8 text[LONGEST];
    u32 words[LONGEST / 4];
  };
  u32 sum;                         // 0: free

  u32 made() const {
    u32 s = directory + (inode << 1 | inode >> 31) + (bytes << 8 | type) * 257;
    for (u32 w : words) s = w + (s << 3 | s >> 29);
    return s != 0 ? s : 1;
  }
};

LARGE Known known[MOST];

INTROSPECTION = {NOTED_ARRAY("files.known", known)};

// The entry for a name; null: it is too long.
Known *place_of(u32 directory, Name name) {
  if (name.bytes > LONGEST) return nullptr;
  u32 hash = directory;
  for (const u8 *c = name.text, *end = c + name.bytes; c != end; c++) hash = hash * 31 + *c;
  return &known[(hash ^ hash >> 6) % MOST];
}

}  // namespace

bool recall_name(u32 directory, Name name, u32 &inode, u32 &type) {
  const Known *k = place_of(directory, name);
  if (k == nullptr || k->directory != directory || k->bytes != name.bytes || k->sum != k->made()) return false;
  const u8 *text = k->text;
  for (const u8 *c = name.text, *end = c + name.bytes; c != end;)
    if (*c++ != *text++) return false;
  inode = k->inode;
  type = k->type;
  return true;
}

// Only committed names: a request that changes something may still fail.
void note_name(u32 directory, Name name, u32 inode, u32 type) {
  Known *there = work.edits != 0 || is_dots(name) ? nullptr : place_of(directory, name);
  if (there == nullptr) return;
  Known k;
  for (u32 &w : k.words) w = 0;
  for (u32 i = 0; i < name.bytes; i++) k.text[i] = name.text[i];
  k.directory = directory;
  k.inode = inode;
  k.bytes = static_cast<u8>(name.bytes);
  k.type = static_cast<u8>(type);
  k.spare[0] = k.spare[1] = 0;
  k.sum = k.made();
  *there = k;
}

void forget_name(u32 directory, Name name) {
  Known *there = place_of(directory, name);
  if (there != nullptr) there->sum = 0;
}

void forget_names() {
  for (Known &k : known) k.sum = 0;
}

}  // namespace curios::files
