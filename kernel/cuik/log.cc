// The kernel's own messages, written directly to UART0, and the end of a run.
#include "kernel.h"

namespace curios {
namespace {
constexpr u32 UART_DATA = 0x101f1000, UART_FLAGS = 0x101f1018, TRANSMIT_FULL = 0x20;
constexpr u32 SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026;
}  // namespace

void log(char c) {
  while ((device(UART_FLAGS) & TRANSMIT_FULL) != 0) {
  }
  device(UART_DATA) = static_cast<u8>(c);
}

void log(const char *text) {
  while (*text != 0) log(*text++);
}

void log_hex(u32 n) {
  for (i32 shift = 28; shift >= 0; shift -= 4) log("0123456789abcdef"[n >> shift & 15]);
}

void panic(const char *why, u32 value) {
  NO_CALLER;
  log("cuik: panic: ");
  log(why);
  log(' ');
  log_hex(value);
  log('\n');
  halt(255);
}

void halt(i32 status) {
  NO_CALLER;
  u32 block[2] = {APPLICATION_EXIT, static_cast<u32>(status)};
  register u32 operation asm("r0") = SYS_EXIT_EXTENDED;
  register u32 *parameter asm("r1") = block;
  for (;;) asm volatile("svc 0x123456" : "+r"(operation) : "r"(parameter) : "memory", "lr");
}

}  // namespace curios
