// Physical memory: frames of 4 KiB, and blocks of 32 to 1024 bytes carved out of them.
#include "kernel.h"

extern "C" char __image_end[];

namespace curios {
namespace {

constexpr u32 RAM_END = 64u << 20;  // every configuration of the board has this much

struct Free {
  Free *next;
};

Free *frames;
Free *blocks[GRANULE / 32 + 1];
u32 next_frame;

}  // namespace

// Copies between different alignments: reads aligned words and shifts them.
static void copy_shifted(u8 *to, const u8 *from, u32 bytes) {
  for (; (address_of(to) & 3) != 0 && bytes > 0; bytes--) *to++ = *from++;
  if (bytes >= 8) {
    u32 shift = (address_of(from) & 3) * 8;
    const u32 *f = reinterpret_cast<const u32 *>(from - shift / 8);
    u32 *t = reinterpret_cast<u32 *>(to);
    u32 low = *f++;
    for (; bytes >= 8; bytes -= 4) {
      u32 high = *f++;
      *t++ = low >> shift | high << (32 - shift);
      low = high;
    }
    from = reinterpret_cast<const u8 *>(f - 1) + shift / 8;
    to = reinterpret_cast<u8 *>(t);
  }
  for (; bytes > 0; bytes--) *to++ = *from++;
}

void copy(void *to, const void *from, u32 bytes) {
  u32 words = bytes & ~3u;
  if (((address_of(to) | address_of(from)) & 3) == 0) {
    if (words != 0) copy_words(to, from, words);
  } else if (((address_of(to) ^ address_of(from)) & 3) == 0 && bytes >= 8) {
    u32 head = -address_of(to) & 3;
    u8 *t = static_cast<u8 *>(to);
    const u8 *f = static_cast<const u8 *>(from);
    for (u32 i = 0; i < head; i++) t[i] = f[i];
    return copy(t + head, f + head, bytes - head);
  } else {
    return copy_shifted(static_cast<u8 *>(to), static_cast<const u8 *>(from), bytes);
  }
  u8 *t = static_cast<u8 *>(to) + words;
  const u8 *f = static_cast<const u8 *>(from) + words;
  for (u32 i = 0; i < bytes - words; i++) t[i] = f[i];
}

void *page_alloc() {
  void *frame = frames;
  if (frame != nullptr) {
    frames = frames->next;
  } else {
    if (next_frame == 0) next_frame = (address_of(__image_end) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    if (next_frame >= RAM_END) return nullptr;
    frame = at<void>(next_frame);
    next_frame += PAGE_BYTES;
  }
  clear(frame, PAGE_BYTES);
  return frame;
}

void page_free(void *frame) {
  Free *f = static_cast<Free *>(frame);
  f->next = frames;
  frames = f;
}

void *block_alloc(u32 bytes) {
  u32 size = (bytes + 31) & ~31u;
  if (size > GRANULE) return nullptr;
  Free *&list = blocks[size / 32];
  if (list == nullptr) {
    char *frame = static_cast<char *>(page_alloc());
    if (frame == nullptr) return nullptr;
    for (u32 i = PAGE_BYTES / size; i-- > 0;) block_free(frame + i * size, size);
  }
  void *block = list;
  list = list->next;
  clear(block, size);
  return block;
}

void block_free(void *block, u32 bytes) {
  Free *&list = blocks[(bytes + 31) / 32];
  Free *f = static_cast<Free *>(block);
  f->next = list;
  list = f;
}

}  // namespace curios
