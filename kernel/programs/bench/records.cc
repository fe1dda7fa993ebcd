// Containers of records: a growing vector, a sort with a comparison function, a search tree, a heap, a free list.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0xd4e8b0ab;

namespace {
struct Record {
  u32 key;
  u16 group, rank;
  char name[8];
};
constexpr u32 N = 700;

using Before = bool(const Record &, const Record &);

bool by_key(const Record &a, const Record &b) { return a.key < b.key; }
bool by_name(const Record &a, const Record &b) {
  for (u32 i = 0; i < sizeof a.name; i++)
    if (a.name[i] != b.name[i])
      return a.name[i] < b.name[i];
  return a.key < b.key;
}
bool by_group(const Record &a, const Record &b) {
  return a.group != b.group ? a.group < b.group : a.rank != b.rank ? a.rank > b.rank : a.key < b.key;
}

// A growing vector; its memory comes from a pool and is not freed.
class Vector {
  Record *items = nullptr;
  u32 count = 0, room = 0;
  static Record pool[8 * N];
  static u32 used;

public:
  static void forget() { used = 0; }
  void add(const Record &one) {
    if (count == room) {
      u32 more = room == 0 ? 4 : 2 * room;
      Record *moved = pool + used;
      used += more;
      for (u32 i = 0; i < count; i++)
        moved[i] = items[i];
      items = moved;
      room = more;
    }
    items[count++] = one;
  }
  Record *begin() { return items; }
  Record *end() { return items + count; }
  Record &operator[](u32 i) { return items[i]; }
  u32 size() const { return count; }
};
Record Vector::pool[8 * N];
u32 Vector::used;

void sift(Record *items, u32 at, u32 count, Before *before) {
  Record moved = items[at];
  for (u32 child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && before(items[child], items[child + 1]))
      child++;
    if (!before(moved, items[child]))
      break;
    items[at] = items[child];
    at = child;
  }
  items[at] = moved;
}

void heap_sort(Record *items, u32 count, Before *before) {
  for (u32 i = count / 2; i-- > 0;)
    sift(items, i, count, before);
  for (u32 i = count; i-- > 1;) {
    Record last = items[i];
    items[i] = items[0];
    items[0] = last;
    sift(items, 0, i, before);
  }
}

void insertion_sort(Record *from, Record *to, Before *before) {
  for (Record *at = from + 1; at < to; at++) {
    Record one = *at;
    Record *place = at;
    for (; place > from && before(one, place[-1]); place--)
      *place = place[-1];
    *place = one;
  }
}

void sort(Record *from, Record *to, Before *before, u32 depth) {
  while (to - from > 12) {
    if (depth-- == 0) {
      heap_sort(from, to - from, before);
      return;
    }
    Record middle = from[(to - from) / 2];
    Record *low = from, *high = to - 1;
    while (true) {
      while (before(*low, middle))
        low++;
      while (before(middle, *high))
        high--;
      if (low >= high)
        break;
      Record one = *low;
      *low++ = *high;
      *high-- = one;
    }
    sort(high + 1, to, before, depth);
    to = high + 1;
  }
  insertion_sort(from, to, before);
}

// A tree balanced by random priorities (a treap).
struct Node {
  Node *left, *right;
  u32 key, priority, count;
};
Node nodes[N], *unused;

void free_all() {
  unused = nullptr;
  for (Node &n : nodes) {
    n.left = unused;
    unused = &n;
  }
}

void split(Node *tree, u32 key, Node *&low, Node *&high) {
  if (tree == nullptr) {
    low = high = nullptr;
  } else if (tree->key < key) {
    split(tree->right, key, tree->right, high);
    low = tree;
  } else {
    split(tree->left, key, low, tree->left);
    high = tree;
  }
}

Node *join(Node *low, Node *high) {
  if (low == nullptr)
    return high;
  if (high == nullptr)
    return low;
  if (low->priority > high->priority) {
    low->right = join(low->right, high);
    return low;
  }
  high->left = join(low, high->left);
  return high;
}

Node *find(Node *tree, u32 key) {
  while (tree != nullptr && tree->key != key)
    tree = key < tree->key ? tree->left : tree->right;
  return tree;
}

void insert(Node *&tree, u32 key, u32 priority) {
  if (Node *known = find(tree, key)) {
    known->count++;
    return;
  }
  Node *low, *high, *made = unused;
  unused = made->left;
  *made = {nullptr, nullptr, key, priority, 1};
  split(tree, key, low, high);
  tree = join(join(low, made), high);
}

void remove(Node *&tree, u32 key) {
  Node **at = &tree;
  while (*at != nullptr && (*at)->key != key)
    at = key < (*at)->key ? &(*at)->left : &(*at)->right;
  if (Node *gone = *at) {
    *at = join(gone->left, gone->right);
    gone->left = unused;
    unused = gone;
  }
}

u32 walk(const Node *tree, u32 sum) {
  if (tree == nullptr)
    return sum;
  sum = walk(tree->left, sum);
  return walk(tree->right, sum * 31 + tree->key * tree->count);
}
} // namespace

u32 unit() {
  static Before *const orders[] = {by_key, by_name, by_group};
  Random random;
  Vector::forget();
  Vector all;
  for (u32 i = 0; i < N; i++) {
    Record one = {random.next(), u16(random.next() % 16), u16(random.next() % 50), {}};
    for (char &c : one.name)
      c = 'a' + random.next() % 3;
    all.add(one);
  }
  u32 sum = all.size();
  for (Before *before : orders) {
    sort(all.begin(), all.end(), before, 24);
    for (const Record &r : all)
      sum = sum * 31 + r.key;
  }
  free_all();
  Node *tree = nullptr;
  for (u32 i = 0; i < N; i++)
    insert(tree, all[i].key & 0xfff, random.next());
  sum = walk(tree, sum);
  for (u32 key = 0; key < 0x1000; key += 3)
    remove(tree, key);
  return walk(tree, sum);
}
