// Huffman coding: builds a code for a text, encodes the text, and decodes it bit by bit and with a table of eight bits.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x9f6a7d53;

namespace {
constexpr u32 SYMBOLS = 64, LENGTH = 6000, LOOK = 8;
constexpr u16 NONE = 0xffff;

struct Node {
  u32 weight;
  u16 left, right;
};
Node nodes[2 * SYMBOLS];
u8 text[LENGTH], decoded[LENGTH];
u32 packed[LENGTH / 2];
u32 codes[SYMBOLS];
u8 lengths[SYMBOLS];
u16 entries[1 << LOOK];  // node reached after up to LOOK bits
u8 taken[1 << LOOK];     // number of bits used

// A heap of nodes, the lightest on top.
u16 heap[SYMBOLS];
u32 heaped;

bool before(u16 a, u16 b) { return nodes[a].weight != nodes[b].weight ? nodes[a].weight < nodes[b].weight : a < b; }

void push(u16 node) {
  u32 at = heaped++;
  while (at > 0 && before(node, heap[(at - 1) / 2])) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = node;
}

u16 pop() {
  u16 top = heap[0], last = heap[--heaped];
  u32 at = 0;
  for (u32 child = 1; child < heaped; child = 2 * at + 1) {
    if (child + 1 < heaped && before(heap[child + 1], heap[child]))
      child++;
    if (!before(heap[child], last))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

void name(u16 node, u32 code, u32 length) {
  if (nodes[node].left == NONE) {
    codes[node] = code;
    lengths[node] = length;
    return;
  }
  name(nodes[node].left, code, length + 1);
  name(nodes[node].right, code | 1u << length, length + 1);
}

u16 make() {
  heaped = 0;
  for (u16 i = 0; i < SYMBOLS; i++) {
    nodes[i] = {1, NONE, NONE};
  }
  for (u8 c : text)
    nodes[c].weight++;
  for (u16 i = 0; i < SYMBOLS; i++)
    push(i);
  u16 next = SYMBOLS;
  while (heaped > 1) {
    u16 left = pop(), right = pop();
    nodes[next] = {nodes[left].weight + nodes[right].weight, left, right};
    push(next++);
  }
  u16 root = heap[0];
  name(root, 0, 0);
  for (u32 i = 0; i < 1 << LOOK; i++) {
    u16 at = root;
    u32 bits = 0;
    while (bits < LOOK && nodes[at].left != NONE)
      at = i >> bits++ & 1 ? nodes[at].right : nodes[at].left;
    entries[i] = at;
    taken[i] = bits;
  }
  return root;
}

u32 write() {
  u64 room = 0;
  u32 bits = 0, words = 0;
  for (u8 c : text) {
    room |= u64(codes[c]) << bits;
    bits += lengths[c];
    if (bits >= 32) {
      packed[words++] = room;
      room >>= 32;
      bits -= 32;
    }
  }
  packed[words++] = room;
  packed[words] = 0;
  return words;
}

u32 peek(u32 bit) {
  u32 low = packed[bit >> 5] >> (bit & 31);
  return (bit & 31) == 0 ? low : low | packed[(bit >> 5) + 1] << (32 - (bit & 31));
}

void read_by_bits(u16 root) {
  u32 bit = 0;
  for (u8 &c : decoded) {
    u16 at = root;
    while (nodes[at].left != NONE) {
      at = packed[bit >> 5] >> (bit & 31) & 1 ? nodes[at].right : nodes[at].left;
      bit++;
    }
    c = at;
  }
}

void read_by_table() {
  u32 bit = 0;
  for (u8 &c : decoded) {
    u32 ahead = peek(bit);
    u16 at = entries[ahead & ((1 << LOOK) - 1)];
    u32 used = taken[ahead & ((1 << LOOK) - 1)];
    while (nodes[at].left != NONE)
      at = ahead >> used++ & 1 ? nodes[at].right : nodes[at].left;
    bit += used;
    c = at;
  }
}

bool is_decoded() {
  for (u32 i = 0; i < LENGTH; i++)
    if (decoded[i] != text[i])
      return false;
  return true;
}
} // namespace

u32 unit() {
  Random random;
  for (u8 &c : text) {
    u32 r = random.next();
    c = (r & 63) & (r >> 6 & 63) & (r & 1 ? 63 : r >> 12);
  }
  u16 root = make();
  u32 words = write(), sum = words;
  for (u32 i = 0; i < words; i++)
    sum = sum * 31 + packed[i];
  read_by_bits(root);
  sum += is_decoded();
  decoded[0] = ~decoded[0];
  read_by_table();
  return sum * 2 + is_decoded();
}
