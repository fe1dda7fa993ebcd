// Physical memory: 4 KiB frames, and blocks of 32 to 1024 bytes carved from them.
#include "kernel.h"

extern "C" char __image_end[];

namespace curios {
namespace {

struct Free {
  Free *next;
};

Free *frames;
Free *blocks[kGranule / 32 + 1];
word next_frame;

void zero(void *p, word bytes) {
  word *w = static_cast<word *>(p);
  for (word i = 0; i < bytes / 4; i += 8) {
    w[i] = w[i + 1] = w[i + 2] = w[i + 3] = 0;
    w[i + 4] = w[i + 5] = w[i + 6] = w[i + 7] = 0;
  }
}

} // namespace

void *frame_alloc() {
  void *f = frames;
  if (f) {
    frames = frames->next;
  } else {
    if (!next_frame) next_frame = (word(__image_end) + kFrame - 1) & ~(kFrame - 1);
    if (next_frame >= kRamBytes) return nullptr;
    f = reinterpret_cast<void *>(next_frame);
    next_frame += kFrame;
  }
  zero(f, kFrame);
  return f;
}

void frame_free(void *frame) {
  Free *f = static_cast<Free *>(frame);
  f->next = frames;
  frames = f;
}

void *block_alloc(word bytes) {
  word size = (bytes + 31) & ~31u;
  Free *&list = blocks[size / 32];
  if (!list) {
    char *f = static_cast<char *>(frame_alloc());
    if (!f) return nullptr;
    for (word at = 0; at + size <= kFrame; at += size) block_free(f + at, size);
  }
  void *b = list;
  list = list->next;
  zero(b, size);
  return b;
}

void block_free(void *block, word bytes) {
  Free *f = static_cast<Free *>(block);
  Free *&list = blocks[((bytes + 31) & ~31u) / 32];
  f->next = list;
  list = f;
}

} // namespace curios
