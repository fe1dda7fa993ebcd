#include "guest.h"

#if defined(__arm__) && !defined(ON_LINUX) // else host.cc, or the program of Linux itself

namespace {
constexpr u32 UART0_DR = 0x101f1000;
constexpr int SYS_EXIT_EXTENDED = 0x20;
constexpr u32 APPLICATION_EXIT = 0x20026;
} // namespace

void put(char c) { reg(UART0_DR) = static_cast<u8>(c); }

void exit(int status) {
  u32 block[2] = {APPLICATION_EXIT, static_cast<u32>(status)};
  register int operation asm("r0") = SYS_EXIT_EXTENDED;
  register u32 *parameter asm("r1") = block;
  for (;;) {
#ifdef __thumb__
    asm volatile("svc 0xab" : "+r"(operation) : "r"(parameter) : "memory");
#else
    asm volatile("svc 0x123456" : "+r"(operation) : "r"(parameter) : "memory");
#endif
  }
}

#endif

void put(const char *text) {
  while (*text != 0)
    put(*text++);
}

void put_hex(u32 value) {
  for (int shift = 28; shift >= 0; shift -= 4)
    put("0123456789abcdef"[value >> shift & 15]);
}

void put_dec(u32 value) {
  char digits[10];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count > 0)
    put(digits[--count]);
}

extern "C" void *memcpy(void *to, const void *from, size_t count) {
  auto *t = static_cast<u8 *>(to);
  auto *f = static_cast<const u8 *>(from);
  if (((reinterpret_cast<size_t>(t) | reinterpret_cast<size_t>(f)) & 3) == 0)
    for (; count >= 4; count -= 4, t += 4, f += 4)
      *reinterpret_cast<u32 *>(t) = *reinterpret_cast<const u32 *>(f);
  while (count-- > 0)
    *t++ = *f++;
  return to;
}

extern "C" void *memset(void *to, int value, size_t count) {
  auto *t = static_cast<u8 *>(to);
  while (count-- > 0)
    *t++ = static_cast<u8>(value);
  return to;
}

extern "C" void __aeabi_memcpy(void *to, const void *from, size_t count) { memcpy(to, from, count); }
extern "C" void __aeabi_memcpy4(void *to, const void *from, size_t count) { memcpy(to, from, count); }
extern "C" void __aeabi_memcpy8(void *to, const void *from, size_t count) { memcpy(to, from, count); }
extern "C" void __aeabi_memset(void *to, size_t count, int value) { memset(to, value, count); }
extern "C" void __aeabi_memset4(void *to, size_t count, int value) { memset(to, value, count); }
extern "C" void __aeabi_memclr(void *to, size_t count) { memset(to, 0, count); }
extern "C" void __aeabi_memclr4(void *to, size_t count) { memset(to, 0, count); }
extern "C" void __aeabi_memclr8(void *to, size_t count) { memset(to, 0, count); }
