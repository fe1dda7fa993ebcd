// Interrupts through the PL190: timers, software interrupts, vectored priorities, nesting, FIQ, masking, waiting.
// ARM DDI 0181 (PL190), DDI 0271 (SP804), DDI 0183 (PL011). What is printed does not depend on time.
#include "faults.h"

constexpr u32 VIC = 0x10140000, TIMER0 = 0x101e2000, TIMER2 = 0x101e3000;
constexpr u32 UART0 = 0x101f1000;
constexpr u32 LOAD = 0, VALUE = 4, CONTROL = 8, CLEAR = 12, RAW = 16, MASKED = 20;
constexpr u32 IRQ_STATUS = 0, FIQ_STATUS = 4, RAW_STATUS = 8, SELECT = 12, ENABLE = 16, DISABLE = 20, SOFT = 24,
              SOFT_CLEAR = 28, VECTOR = 48, DEFAULT_VECTOR = 52, VECTORS = 0x100, VECTOR_CONTROLS = 0x200;
constexpr u32 TIMER01 = 4, TIMER23 = 5, UART0_LINE = 12;
constexpr u32 RUNS = 0x80, PERIODIC = 0x40, INTERRUPTS = 0x20, WIDE = 2, ONE_SHOT = 1;

static volatile u32 count, fast_count;
static volatile u32 order[16], ordered;

static void on_timer() {
  reg(TIMER0 + CLEAR) = 0;
  count = count + 1;
}
static void on_fast() {
  reg(TIMER2 + CLEAR) = 0;
  fast_count = fast_count + 1;
}
static void wait_until(volatile u32 &what, u32 value) {
  while (what < value) {
  }
}
static void soft(u32 lines) { reg(VIC + SOFT) = lines; }

// A vectored interrupt: the controller supplies the handler's address; the handler clears its line and ends with a
// write to VECTOR.
static void vectored(u32 line) {
  order[ordered] = line;
  ordered = ordered + 1;
  reg(VIC + SOFT_CLEAR) = 1u << line;
}
static void line1() { vectored(1); }
static void line2() { vectored(2); }
static void line3() { vectored(3); }
static void unknown() {
  order[ordered] = 99;
  ordered = ordered + 1;
  reg(VIC + SOFT_CLEAR) = 1u << 8;
}
static void dispatch() {
  reinterpret_cast<void (*)()>(reg(VIC + VECTOR))();
  reg(VIC + VECTOR) = 0;
}
static void wait_for_interrupt() { asm volatile("mcr p15, 0, %0, c7, c0, 4" ::"r"(0) : "memory"); }

static void show_order(const char *what) {
  put(what);
  put(':');
  for (u32 i = 0; i < ordered; i++) {
    put(' ');
    put_dec(order[i]);
  }
  put('\n');
  ordered = 0;
}

int main() {
  install_vectors(0);
  irq_hook = on_timer;
  reg(TIMER0 + CONTROL) = 0;
  reg(TIMER0 + LOAD) = 200;
  reg(TIMER0 + CONTROL) = RUNS | PERIODIC | INTERRUPTS | WIDE;
  reg(VIC + ENABLE) = 1 << TIMER01;
  interrupts(false, false);
  while ((reg(TIMER0 + RAW) & 1) == 0) {
  }
  say("raised while masked", reg(VIC + IRQ_STATUS));
  say("timer", reg(TIMER0 + MASKED));
  say("not taken", count);
  interrupts(true, false);
  wait_until(count, 50);
  check("periodic", count >= 50);
  reg(TIMER0 + CONTROL) = 0;
  reg(TIMER0 + CLEAR) = 0;
  u32 stopped = count;
  for (volatile u32 i = 0; i < 2000; i = i + 1) {
  }
  check("stopped", count == stopped);

  count = 0;
  reg(TIMER0 + LOAD) = 100;
  reg(TIMER0 + CONTROL) = RUNS | PERIODIC | INTERRUPTS | WIDE | ONE_SHOT;
  wait_until(count, 1);
  for (volatile u32 i = 0; i < 5000; i = i + 1) {
  }
  say("one shot", count);
  say("its value", reg(TIMER0 + VALUE));
  reg(TIMER0 + CONTROL) = 0;

  count = 0;
  reg(TIMER0 + LOAD) = 1000;
  reg(TIMER0 + CONTROL) = RUNS | PERIODIC | INTERRUPTS | WIDE;
  for (u32 i = 0; i < 20; i++) {
    u32 before = count;
    interrupts(false, false);
    while (count == before) {
      wait_for_interrupt();  // wakes with interrupts masked
      interrupts(true, false);
      interrupts(false, false);
    }
  }
  check("waiting for interrupts", count >= 20);
  reg(TIMER0 + CONTROL) = 0;
  reg(TIMER0 + CLEAR) = 0;
  interrupts(false, false);

  reg(VIC + DISABLE) = ~0u;
  void (*const handlers[])() = {line2, line1, line3};
  const u32 lines[] = {2, 1, 3};
  for (u32 i = 0; i < 3; i++) {
    reg(VIC + VECTORS + i * 4) = reinterpret_cast<u32>(handlers[i]);
    reg(VIC + VECTOR_CONTROLS + i * 4) = 0x20 | lines[i];
  }
  reg(VIC + DEFAULT_VECTOR) = reinterpret_cast<u32>(unknown);
  reg(VIC + ENABLE) = 0x10e;
  irq_hook = dispatch;
  soft(0x10e);
  say("all raised", reg(VIC + IRQ_STATUS));
  say("raw", reg(VIC + RAW_STATUS) & 0x10e);
  interrupts(true, false);
  interrupts(false, false);
  show_order("by priority");
  soft(1 << 3);
  check("the highest one's address", reg(VIC + VECTOR) == reinterpret_cast<u32>(line3));
  soft(1 << 1);  // higher than line 3, which is in service
  say("two are raised", reg(VIC + IRQ_STATUS));
  interrupts(true, false);
  interrupts(false, false);
  reg(VIC + VECTOR) = 0;
  interrupts(true, false);
  interrupts(false, false);
  show_order("in service");
  soft(1 << 2);
  reg(VIC + DISABLE) = 1 << 2;
  say("disabled", reg(VIC + IRQ_STATUS));
  interrupts(true, false);
  interrupts(false, false);
  reg(VIC + ENABLE) = 1 << 2;
  interrupts(true, false);
  interrupts(false, false);
  show_order("enabled later");
  say("nothing left", reg(VIC + RAW_STATUS) & 0x10e);

  reg(VIC + SELECT) = 1 << TIMER23;
  reg(VIC + ENABLE) = 1 << TIMER23;
  fiq_hook = on_fast;
  reg(TIMER2 + LOAD) = 300;
  reg(TIMER2 + CONTROL) = RUNS | PERIODIC | INTERRUPTS | WIDE;
  while ((reg(TIMER2 + RAW) & 1) == 0) {
  }
  say("FIQ status", reg(VIC + FIQ_STATUS));
  say("IRQ status", reg(VIC + IRQ_STATUS));
  interrupts(false, true);
  wait_until(fast_count, 20);
  interrupts(false, false);
  check("FIQ", fast_count >= 20);
  reg(TIMER2 + CONTROL) = 0;
  reg(TIMER2 + CLEAR) = 0;
  reg(VIC + SELECT) = 0;
  reg(VIC + DISABLE) = ~0u;

  reg(UART0 + 0x38) = 1 << 5;  // TX interrupt
  put('.');
  put('\n');
  while ((reg(UART0 + 0x3c) & 1 << 5) == 0) {
  }
  reg(VIC + ENABLE) = 1 << UART0_LINE;
  say("transmit interrupt", reg(VIC + IRQ_STATUS));
  reg(UART0 + 0x38) = 0;
  say("masked in the UART", reg(VIC + IRQ_STATUS));

  put("done\n");
  return 0;
}
