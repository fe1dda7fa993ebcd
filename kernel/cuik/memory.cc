// Physical memory: frames of 4 KiB, and blocks of 32 to 1024 bytes carved out of them.
//
// The free frame or block with the lowest address is always taken first. So what is allocated next depends on what is
// allocated now, and not on the order in which it was freed: a recovery leaves no trace.
#include "kernel.h"

extern "C" char __image_end[];

namespace curios {
namespace {

constexpr u32 RAM_END = 64u << 20;  // every configuration of the board has this much

constexpr u32 FRAMES_OF_RAM = RAM_END / PAGE_BYTES, UNIT = 32, UNITS = PAGE_BYTES / UNIT;

u32 frames_used[FRAMES_OF_RAM / 32];
u32 first_word;  // of frames_used: those before it are full

// The start of a frame of blocks, which takes the place of the first one.
struct Blocks {
  Blocks *next;           // of the same size, in the order of addresses
  u32 used;
  u32 free[UNITS / 32];   // a bit for each unit at which a free block starts
};
static_assert(sizeof(Blocks) <= UNIT);
Blocks *blocks[GRANULE / UNIT + 1];

void take_frames_of_image() {
  u32 frames = (address_of(__image_end) + PAGE_BYTES - 1) / PAGE_BYTES;
  for (u32 i = 0; i < frames; i++) frames_used[i / 32] |= 1u << i % 32;
}

// A frame with any content.
void *frame_alloc() {
  if (frames_used[0] == 0) take_frames_of_image();
  for (u32 word = first_word; word < FRAMES_OF_RAM / 32; word++) {
    if (frames_used[word] == ~0u) continue;
    u32 bit = static_cast<u32>(__builtin_ctz(~frames_used[word]));
    frames_used[word] |= 1u << bit;
    first_word = word;
    return at<void>((word * 32 + bit) * PAGE_BYTES);
  }
  return nullptr;
}

// A new frame of blocks, all of them free.
Blocks *blocks_make(Blocks *&list, u32 size) {
  Blocks *b = static_cast<Blocks *>(frame_alloc());
  if (b == nullptr) return nullptr;
  clear(b, UNIT);
  for (u32 unit = size / UNIT; unit <= UNITS - size / UNIT; unit += size / UNIT) b->free[unit / 32] |= 1u << unit % 32;
  Blocks **link = &list;
  while (*link != nullptr && *link < b) link = &(*link)->next;
  b->next = *link;
  *link = b;
  return b;
}

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
  void *frame = frame_alloc();
  if (frame != nullptr) clear(frame, PAGE_BYTES);
  return frame;
}

void page_free(void *frame) {
  u32 number = address_of(frame) / PAGE_BYTES;
  frames_used[number / 32] &= ~(1u << number % 32);
  if (number / 32 < first_word) first_word = number / 32;
}

void *block_alloc(u32 bytes) {
  u32 size = (bytes + UNIT - 1) & ~(UNIT - 1);
  if (size > GRANULE) return nullptr;
  Blocks *&list = blocks[size / UNIT], *b = list;
  while (b != nullptr && (b->free[0] | b->free[1] | b->free[2] | b->free[3]) == 0) b = b->next;
  if (b == nullptr) b = blocks_make(list, size);
  if (b == nullptr) return nullptr;
  u32 word = 0;
  while (b->free[word] == 0) word++;
  u32 bit = static_cast<u32>(__builtin_ctz(b->free[word]));
  b->free[word] &= ~(1u << bit);
  b->used++;
  void *block = reinterpret_cast<u8 *>(b) + (word * 32 + bit) * UNIT;
  clear(block, size);
  return block;
}

void block_free(void *block, u32 bytes) {
  u32 unit = address_of(block) % PAGE_BYTES / UNIT;
  Blocks *b = at<Blocks>(address_of(block) & ~(PAGE_BYTES - 1));
  b->free[unit / 32] |= 1u << unit % 32;
  if (--b->used != 0) return;
  Blocks **link = &blocks[(bytes + UNIT - 1) / UNIT];
  while (*link != b) link = &(*link)->next;
  *link = b->next;
  page_free(b);
}

}  // namespace curios
