// Interrupts and time: the millisecond tick, deadlines, time-outs, and the interrupt lines that drivers wait for.
//
// A bit that flips in a register of the timers or of the interrupt controller may stop the tick, or cause ticks without
// end. So each tick writes them again, and so does the interrupt of a second timer, the guard, on another line.
#include "kernel.h"

namespace curios {

u32 now_ms;
bool preempt;

namespace {

constexpr u32 VIC = 0x10140000, STATUS = 0x00, SELECT = 0x0c, ENABLE = 0x10, DISABLE = 0x14;
constexpr u32 SECONDARY = 0x10003000, DISABLE_OWN = 0x0c, PASS_ENABLE = 0x20, PASSED = 0xffe00000;  // PASSED: lines that the second controller
                                                                                // passes to the VIC
constexpr u32 TICK_TIMER = 0x101e2000, CLOCK = 0x101e3000, GUARD = 0x101e3020;  // SP804 at 1 MHz
constexpr u32 UNUSED = 0x101e2020;                                             // shares the tick's line
constexpr u32 LOAD = 0x00, VALUE = 0x04, CONTROL = 0x08, CLEAR = 0x0c, NEXT_LOAD = 0x18;  // NEXT_LOAD: does not restart
constexpr u32 TICK_LINE = 4, GUARD_LINE = 5, OWN_LINES = 1u << TICK_LINE | 1u << GUARD_LINE;
constexpr u32 UART_CONTROL = 0x101f1030, UART_RUNS = 0x301;
constexpr u32 RUNS_PERIODIC_32 = 0xc2, WITH_INTERRUPT = 0x20;
constexpr u32 TICK_US = 1000, GUARD_US = 5000;
// Bytes of code checked at each tick. Under ssr-twice no commit checks code.
constexpr u32 CODE_A_TICK = 1024, CODE_A_TICK_TWICE = 16384;

constexpr u32 LINES = 32;
Thread *line_waiters[LINES];
u32 awaited;                          // lines with waiters, one bit each
u32 clock_high, clock_top, ticked_us;  // clock_top: the highest bit of the clock when it was read last
constexpr u32 LOOK_US = 10000;        // longest time between two checks of time limits, in case a time is corrupted

constexpr u32 USED_PERIOD_MS = 16;    // for which the kernel counts what threads use
extern "C" {
[[gnu::used]] u64 look_at;            // microseconds: the next time limit that may end
}

void count_use() {
  for (Thread *t : AllThreads()) {
    if (t == nullptr) continue;
    t->before = t->lately;
    t->lately = 0;
  }
}

// The time limit set by the caller has passed. The first wait ends with TIMED_OUT, so the service can clean up. If it
// waits again, or the thread waits elsewhere, the request ends.
void end_of_time(Thread *t) {
  if (t->state == ThreadState::WAITING && t->expired == 0) {
    t->expired = 1;
    t->frame->r[0] = static_cast<u32>(TIMED_OUT);
    come_back(t, t->frame->object);
  } else {
    cancel(t, TIMED_OUT);
  }
}

// Handles time-outs and limits of waiting threads. While an object recovers, those of threads in it are suspended.
void check_waits(u64 now) {
  look_at = ticked() + LOOK_US;
  for (Thread *t : AllThreads()) {
    if (t == nullptr || (t->wake_at == 0 && t->within == nullptr)) continue;  // no time limit
    if (t->state != ThreadState::WAITING && t->state != ThreadState::QUEUED) continue;
    Object *o = t->state == ThreadState::WAITING ? t->frame->object : t->queued_for;
    if (t->frame->object->recoverer == t) continue;
    if (o->state == ObjectState::RECOVERING) {
      time_is_set(t);
      continue;
    }
    bool in_call = t->frame > t->within || (t->state == ThreadState::QUEUED && t->entry == Entry::CALL);
    if (in_call && overdue(t)) {
      end_of_time(t);
    } else if (t->state == ThreadState::WAITING && t->wake_at != 0 && t->wake_at <= now) {
      t->frame->r[0] = 1;
      come_back(t, o);
    } else {
      time_is_set(t);
    }
  }
}

// The object that the thread recovers, if its recovery is overdue; otherwise null. A recoverer is inside its object.
const Object *late_recovery(const Thread *t) {
  for (const Frame *f = t->frame; f >= t->frames; f--)
    if (f->object->recoverer == t && recovery_overdue(f->object)) return f->object;
  return nullptr;
}

// The clock bounds recovery, even while it waits.
void check_recoveries() {
  for (Thread *t : AllThreads()) {
    if (t == nullptr || (t->state == ThreadState::WAITING && t->frame == t->frames)) continue;  // does not recover anything
    const Object *o = late_recovery(t);
    if (o == nullptr) continue;
    if (t == current && t->frame->object == o)
      fault(t, Fault::DEADLINE, t->frame->pc);
    else if (t->state == ThreadState::WAITING || t->state == ThreadState::QUEUED)
      cancel(t, TIMED_OUT);
  }
}

// Writes only what is wrong: on QEMU, a timer that has just expired expires again when its control register is written.
void renew_timer(u32 timer, u32 period, u32 control) {
  if (device(timer + LOAD) != period) device(timer + NEXT_LOAD) = period;
  if (device(timer + CONTROL) != control) device(timer + CONTROL) = control;
  if (device(timer + VALUE) > period) device(timer + LOAD) = period;
}

// Writes all registers on which time depends, the UART's against loopback, and those of the controllers for lines that
// nobody awaits.
void renew() {
  renew_timer(TICK_TIMER, TICK_US, RUNS_PERIODIC_32 | WITH_INTERRUPT);
  renew_timer(GUARD, GUARD_US, RUNS_PERIODIC_32 | WITH_INTERRUPT);
  renew_timer(CLOCK, ~0u, RUNS_PERIODIC_32);
  device(UNUSED + CONTROL) = 0;
  device(UART_CONTROL) = UART_RUNS;
  device(SECONDARY + PASS_ENABLE) = PASSED;
  device(SECONDARY + DISABLE_OWN) = ~0u;
  device(VIC + SELECT) = 0;
  device(VIC + DISABLE) = ~(OWN_LINES | awaited);
  device(VIC + ENABLE) = OWN_LINES | awaited;
}

// Counts milliseconds by the clock, since an interrupt may be late.
void tick() {
  u64 now = now_us();
  for (; static_cast<u32>(now) - ticked_us >= TICK_US; ticked_us += TICK_US) {
    if (++now_ms % USED_PERIOD_MS == 0) count_use();
    code_check(rules().twice ? CODE_A_TICK_TWICE : CODE_A_TICK);
  }
  if (now >= look_at || look_at - now > LOOK_US) {
    check_waits(now);
    check_recoveries();
  }
  age();
  Thread *t = current;
  if (t == nullptr || t->state != ThreadState::READY) return;
  t->used++;
  t->lately++;
  Frame *f = t->frame;
  if (f->budget != 0 && --f->budget == 0) {
    if (!twice_failed(t)) fault(t, Fault::DEADLINE, f->pc);
  } else if (--t->slice == 0) {
    preempt = true;
  }
}

}  // namespace

void interrupts_init() {
  device(CLOCK + LOAD) = ~0u;
  device(TICK_TIMER + LOAD) = TICK_US;
  device(GUARD + LOAD) = GUARD_US;
  renew();
}

u64 now_us() {
  u32 low = ~device(CLOCK + VALUE);
  u32 top = low >> 31;
  if (top < clock_top) clock_high++;
  clock_top = top;
  return static_cast<u64>(clock_high) << 32 | low;
}

u64 ticked() {
  u64 now = now_us();
  return now - (static_cast<u32>(now) - ticked_us);
}

void time_is_set(const Thread *t) {
  if (t->wake_at != 0 && t->wake_at < look_at) look_at = t->wake_at;
  if (t->within != nullptr && t->expires < look_at) look_at = t->expires;
}

i32 wait_for_lines(Thread *t, u32 lines) {
  if (lines == 0 || (lines & OWN_LINES) != 0) return BAD_ARGUMENT;
  for (u32 left = lines; left != 0; left &= left - 1)
    if (line_waiters[__builtin_ctz(left)] != nullptr) return BAD_ARGUMENT;
  for (u32 left = lines; left != 0; left &= left - 1) line_waiters[__builtin_ctz(left)] = t;
  awaited |= lines;
  device(VIC + ENABLE) = lines;
  return OK;
}

void forget_lines(const Thread *t) {
  for (u32 left = t->lines; left != 0; left &= left - 1) {
    Thread *&waiter = line_waiters[__builtin_ctz(left)];
    if (waiter == t) waiter = nullptr;
  }
  awaited &= ~t->lines;
}

bool overdue(const Thread *t) { return t->within != nullptr && t->frame >= t->within && now_us() >= t->expires; }

void interrupt() {
  u32 status = device(VIC + STATUS);
  if ((status & OWN_LINES) != 0) {
    bool ticks = (status >> TICK_LINE & 1) != 0;
    device((ticks ? TICK_TIMER : GUARD) + CLEAR) = 0;
    renew();
    if (ticks) tick();
    status &= ~OWN_LINES;
  }
  while (status != 0) {
    u32 line = static_cast<u32>(__builtin_ctz(status));
    status &= status - 1;
    device(VIC + DISABLE) = 1u << line;
    Thread *t = line_waiters[line];
    if (t == nullptr) continue;
    t->frame->r[1] = line;
    come_back(t, t->frame->object);
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
