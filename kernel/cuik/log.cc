// The kernel's own messages, straight to UART0 by polling, and the end of a run.
#include "kernel.h"

namespace curios {
namespace {
constexpr word kUart = 0x101f1000;
constexpr word kExitExtended = 0x20;
constexpr word kApplicationExit = 0x20026;
} // namespace

void log(char c) {
  while (device(kUart + 0x18) & 0x20) {
  }
  device(kUart) = word(c);
}

void log(const char *text) {
  while (*text) log(*text++);
}

void log_number(word n) {
  if (n >= 10) log_number(n / 10);
  log(char('0' + n % 10));
}

void log_hex(word n) {
  for (int s = 28; s >= 0; s -= 4) log("0123456789abcdef"[n >> s & 15]);
}

void panic(const char *why, word value) {
  log("cuik: panic: ");
  log(why);
  log(' ');
  log_hex(value);
  log('\n');
  halt(255);
}

void halt(int status) {
  word block[2] = {kApplicationExit, word(status)};
  register word operation asm("r0") = kExitExtended;
  register word *parameter asm("r1") = block;
  for (;;) asm volatile("svc 0x123456" : "+r"(operation) : "r"(parameter) : "memory", "lr");
}

} // namespace curios
