// Names that were found lately: private memory, and so each entry has a sum of its own.
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
    return s | 1;
  }
};

LARGE Known known[MOST];

// The place that a name has, with what is to be there in `k`; null: it is too long.
Known *place_of(u32 directory, Name name, Known &k) {
  if (name.bytes > LONGEST) return nullptr;
  u32 hash = directory;
  for (u32 &w : k.words) w = 0;
  for (u32 i = 0; i < name.bytes; i++) {
    k.text[i] = name.text[i];
    hash = hash * 31 + name.text[i];
  }
  return &known[(hash ^ hash >> 6) % MOST];
}

}  // namespace

bool recall_name(u32 directory, Name name, u32 &inode, u32 &type) {
  Known k;
  const Known *there = place_of(directory, name, k);
  if (there == nullptr || there->directory != directory || there->bytes != name.bytes) return false;
  for (u32 i = 0; i < LONGEST / 4; i++)
    if (there->words[i] != k.words[i]) return false;
  if (there->sum != there->made()) return false;
  inode = there->inode;
  type = there->type;
  return true;
}

// Only what is committed: a request that changes something may yet fail.
void note_name(u32 directory, Name name, u32 inode, u32 type) {
  Known k;
  Known *there = work.edits != 0 || is_dots(name) ? nullptr : place_of(directory, name, k);
  if (there == nullptr) return;
  k.directory = directory;
  k.inode = inode;
  k.bytes = static_cast<u8>(name.bytes);
  k.type = static_cast<u8>(type);
  k.spare[0] = k.spare[1] = 0;
  k.sum = k.made();
  *there = k;
}

void forget_name(u32 directory, Name name) {
  Known k;
  Known *there = place_of(directory, name, k);
  if (there != nullptr) there->sum = 0;
}

void forget_names() {
  for (Known &k : known) k.sum = 0;
}

}  // namespace curios::files
