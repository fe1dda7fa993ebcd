// Code that all objects share: the stub every method returns to, the ways to crash, and what the compiler calls.
#include <curios/abi.h>

using curios::word;

extern "C" {

[[gnu::naked, gnu::used]] void user_return() { asm volatile("mov r12, #0\n svc #0"); }
[[gnu::naked, gnu::used]] void thread_return() { asm volatile("mvn r12, #1\n svc #0"); }

// Entered in place of a method when a crash is armed: r1 is the SSR.
[[gnu::naked, gnu::used]] void crash_abort() { asm volatile("mov r0, #0\n ldr r0, [r0]\n b user_return"); }
[[gnu::naked, gnu::used]] void crash_undefined() { asm volatile(".word 0xe7f000f0\n b user_return"); }
[[gnu::naked, gnu::used]] void crash_assert() { asm volatile("mvn r12, #13\n svc #0\n b user_return"); }
[[gnu::naked, gnu::used]] void crash_hang() { asm volatile("1: b 1b"); }
[[gnu::naked, gnu::used]] void crash_stack() { asm volatile("1: push {r0-r11}\n b 1b"); }
[[gnu::naked, gnu::used]] void crash_contract() { asm volatile("mov r0, #0x80000001\n b user_return"); }
[[gnu::naked, gnu::used]] void crash_ssr() {
  asm volatile("mvn r0, #0\n cmp r1, #0\n strne r0, [r1]\n strne r0, [r1, #8]\n mov r0, #0\n bne user_return\n ldr r0, [r0]");
}
[[gnu::naked, gnu::used]] void crash_jump() { asm volatile("mov r0, #0x8000\n bx r0"); }

[[gnu::naked, gnu::used]] void __aeabi_uidivmod() {
  asm volatile("mov r2, r0\n mov r0, #0\n cmp r1, #0\n beq 3f\n clz r3, r1\n clz r12, r2\n"
               "subs r3, r3, r12\n blo 3f\n mov r12, #1\n lsl r12, r12, r3\n lsl r1, r1, r3\n"
               "2: cmp r2, r1\n subhs r2, r2, r1\n orrhs r0, r0, r12\n lsr r1, r1, #1\n"
               "lsrs r12, r12, #1\n bne 2b\n 3: mov r1, r2\n bx lr");
}
[[gnu::naked, gnu::used]] void __aeabi_uidiv() { asm volatile("b __aeabi_uidivmod"); }
[[gnu::naked, gnu::used]] void __aeabi_idiv() {
  asm volatile("push {r4, lr}\n eor r4, r0, r1\n cmp r0, #0\n rsblt r0, r0, #0\n cmp r1, #0\n"
               "rsblt r1, r1, #0\n bl __aeabi_uidivmod\n cmp r4, #0\n rsblt r0, r0, #0\n pop {r4, pc}");
}

[[gnu::used]] void *memcpy(void *to, const void *from, size_t count) {
  auto *t = static_cast<uint8_t *>(to);
  auto *f = static_cast<const uint8_t *>(from);
  if (!((word(t) | word(f)) & 3))
    for (; count >= 4; count -= 4, t += 4, f += 4) *reinterpret_cast<word *>(t) = *reinterpret_cast<const word *>(f);
  while (count--) *t++ = *f++;
  return to;
}
[[gnu::used]] void *memset(void *to, int value, size_t count) {
  for (auto *t = static_cast<uint8_t *>(to); count--;) *t++ = uint8_t(value);
  return to;
}
[[gnu::used]] void __aeabi_memcpy(void *t, const void *f, size_t n) { memcpy(t, f, n); }
[[gnu::used]] void __aeabi_memcpy4(void *t, const void *f, size_t n) { memcpy(t, f, n); }
[[gnu::used]] void __aeabi_memcpy8(void *t, const void *f, size_t n) { memcpy(t, f, n); }
[[gnu::used]] void __aeabi_memset(void *t, size_t n, int v) { memset(t, v, n); }
[[gnu::used]] void __aeabi_memclr(void *t, size_t n) { memset(t, 0, n); }
[[gnu::used]] void __aeabi_memclr4(void *t, size_t n) { memset(t, 0, n); }
[[gnu::used]] void __aeabi_memclr8(void *t, size_t n) { memset(t, 0, n); }
}
