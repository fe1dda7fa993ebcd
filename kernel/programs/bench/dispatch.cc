// Indirect jumps: calls through tables of virtual methods and of functions, and a jump table, on random kinds.
#include "bench.h"

extern "C" constexpr u32 bench_expected = 0x00512f19;

namespace {

struct Shape {
  u32 size;
  explicit Shape(u32 s) : size(s) {}
  virtual u32 area() const = 0;
  virtual void grow(u32 by) { size += by; }
};
struct Square : Shape {
  using Shape::Shape;
  u32 area() const override { return size * size; }
};
struct Circle : Shape {
  using Shape::Shape;
  u32 area() const override { return size * size * 201 >> 6; }
  void grow(u32 by) override { size += by + 1; }
};
struct Triangle : Shape {
  using Shape::Shape;
  u32 area() const override { return size * (size + 1) >> 1; }
};
struct Line : Shape {
  using Shape::Shape;
  u32 area() const override { return 0; }
  void grow(u32 by) override { size = size * 3 + by & 0xfff; }
};
struct Hexagon : Shape {
  using Shape::Shape;
  u32 area() const override { return size * size * 83 >> 5; }
};

constexpr u32 SHAPES = 256;
Shape *shapes[SHAPES];
alignas(8) u8 room[SHAPES][16];

// Placement, without a library.
struct Place {};
} // namespace

inline void *operator new(size_t, void *at, Place) { return at; }
// The entry for pure virtual methods in virtual tables.
extern "C" void __cxa_pure_virtual() { exit(3); }

namespace {

using Step = u32(u32);
u32 step_add(u32 v) { return v + 0x1234567; }
u32 step_turn(u32 v) { return v << 7 | v >> 25; }
u32 step_mix(u32 v) { return v ^ v >> 11; }
u32 step_scale(u32 v) { return v * 5; }
u32 step_flip(u32 v) { return ~v; }
u32 step_fold(u32 v) { return (v & 0xffff) * 3 + (v >> 16); }
u32 step_even(u32 v) { return (v & 1) != 0 ? v - 1 : v + 3; }
u32 step_keep(u32 v) { return v; }
Step *const steps[] = {step_add, step_turn, step_mix, step_scale, step_flip, step_fold, step_even, step_keep};

[[gnu::noinline]] u32 chain(u32 value, u32 which) {
  for (u32 i = 0; i < 8; i++, which >>= 3)
    value = steps[which & 7](value);
  return value;
}

[[gnu::noinline]] u32 choose(u32 kind, u32 value) {
  switch (kind) {
  case 0:
    return value + 3;
  case 1:
    return value * 9;
  case 2:
    return value ^ 0x5555;
  case 3:
    return value >> 3;
  case 4:
    return value - 17;
  case 5:
    return value << 2;
  case 6:
    return value | 0x101;
  case 7:
    return value & 0xff0fff;
  case 8:
    return value / 7;
  default:
    return kind;
  }
}

Shape *make(u32 i, u32 kind, u32 size) {
  void *at = room[i];
  switch (kind) {
  case 0:
    return new (at, Place{}) Square(size);
  case 1:
    return new (at, Place{}) Circle(size);
  case 2:
    return new (at, Place{}) Triangle(size);
  case 3:
    return new (at, Place{}) Line(size);
  default:
    return new (at, Place{}) Hexagon(size);
  }
}

} // namespace

u32 unit() {
  static_assert(sizeof(Hexagon) <= sizeof room[0]);
  Random random;
  for (u32 i = 0; i < SHAPES; i++)
    shapes[i] = make(i, random.next() % 5, random.next() & 63);
  u32 sum = 0;
  for (u32 round = 0; round < 40; round++)
    for (Shape *s : shapes) {
      s->grow(round & 3);
      sum += s->area();
    }
  for (u32 i = 0; i < 2000; i++)
    sum = chain(sum, random.next());
  for (u32 i = 0; i < 10000; i++)
    sum = choose(random.next() % 10, sum) + i;
  return sum;
}
