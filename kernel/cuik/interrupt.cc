// Interrupts and time: the tick of a millisecond, deadlines, time-outs, and the lines that drivers wait for.
#include "kernel.h"

namespace curios {

u32 now_ms;
bool preempt;

namespace {

constexpr u32 VIC = 0x10140000, STATUS = 0x00, ENABLE = 0x10, DISABLE = 0x14;
constexpr u32 TICK_TIMER = 0x101e2000, CLOCK = 0x101e3000;  // SP804 at 1 MHz
constexpr u32 LOAD = 0x00, VALUE = 0x04, CONTROL = 0x08, CLEAR = 0x0c;
constexpr u32 TICK_LINE = 4;
constexpr u32 RUNS_PERIODIC_32 = 0xc2, WITH_INTERRUPT = 0x20;
constexpr u32 TICK_US = 1000;

Thread *line_waiters[32];
u32 clock_high, clock_last;

void tick() {
  now_ms++;
  u64 now = now_us();
  for (Thread *t : AllThreads()) {
    if (t == nullptr || t->state != ThreadState::WAITING || t->wake_at == 0 || t->wake_at > now) continue;
    if (t->frame->object->state == ObjectState::RECOVERING) continue;
    t->wake_at = 0;
    t->frame->r[0] = 1;
    Object *o = t->frame->object;
    enter_queue(t, o);
    release(o);
  }
  Thread *t = current;
  if (t == nullptr) return;
  t->used++;
  Frame *f = t->frame;
  if (f->budget != 0 && --f->budget == 0) {
    fault(t, Fault::DEADLINE, f->pc);
  } else if (--t->slice == 0) {
    preempt = true;
  }
}

}  // namespace

void interrupts_init() {
  device(CLOCK + LOAD) = ~0u;
  device(CLOCK + CONTROL) = RUNS_PERIODIC_32;
  device(TICK_TIMER + LOAD) = TICK_US;
  device(TICK_TIMER + CONTROL) = RUNS_PERIODIC_32 | WITH_INTERRUPT;
  device(VIC + ENABLE) = 1u << TICK_LINE;
}

u64 now_us() {
  u32 low = ~device(CLOCK + VALUE);
  if (low < clock_last) clock_high++;
  clock_last = low;
  return static_cast<u64>(clock_high) << 32 | low;
}

i32 wait_for_line(Thread *t, u32 line) {
  if (line >= 32 || line == TICK_LINE || line_waiters[line] != nullptr) return BAD_ARGUMENT;
  line_waiters[line] = t;
  device(VIC + ENABLE) = 1u << line;
  return OK;
}

void interrupt() {
  u32 status = device(VIC + STATUS);
  if ((status >> TICK_LINE & 1) != 0) {
    device(TICK_TIMER + CLEAR) = 0;
    status &= ~(1u << TICK_LINE);
    tick();
  }
  while (status != 0) {
    u32 line = static_cast<u32>(__builtin_ctz(status));
    status &= status - 1;
    device(VIC + DISABLE) = 1u << line;
    Thread *t = line_waiters[line];
    line_waiters[line] = nullptr;
    if (t != nullptr && t->line == static_cast<i32>(line)) {
      t->line = -1;
      Object *o = t->frame->object;
      enter_queue(t, o);
      release(o);
    }
  }
}

extern "C" void trap_irq(Frame *f) {
  NO_CALLER;
  current = thread_of(f);
  current->frame = f;
  interrupt();
  go_on();
}

}  // namespace curios
