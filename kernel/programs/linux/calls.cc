#include "calls.h"

constexpr long SET_FLAGS = 0x8914, SET_ADDRESS = 0x8916;
constexpr long MAGIC1 = 0xfee1dead, MAGIC2 = 672274793, RESTART = 0x1234567;
constexpr u16 UP = 1;

extern "C" {
extern volatile u32 measured_operation;
}

// All system calls go through one instruction, linux_svc; linux_return is the next one.
asm(R"(
    .global linux_call
linux_call:
    push {r4, r5, r7, lr}
    mov r7, r0
    mov r0, r1
    mov r1, r2
    mov r2, r3
    ldr r3, [sp, #16]
    ldr r4, [sp, #20]
    ldr r5, [sp, #24]
    .global linux_svc
linux_svc:
    svc #0
    .global linux_return
linux_return:
    pop {r4, r5, r7, pc}
)");

void put(char c) { call(WRITE_CALL, 1, address(&c), 1); }

[[noreturn]] void exit(int) {
  for (;;) call(REBOOT, MAGIC1, MAGIC2, RESTART);
}

i32 must(const char *what, i32 result) {
  if (result < 0) {
    measured_operation = 0;
    put("FAILED ");
    put(what);
    put(": error ");
    put_dec(static_cast<u32>(-result));
    put('\n');
    exit(1);
  }
  return result;
}

void sleep_ms(u32 ms) {
  u32 time[2] = {0, ms * 1000000};
  call(SLEEP, address(time), 0);
}

void interface_up(const char *name, u32 host) {
  struct Request {
    char name[16] = {};
    union {
      Address address;
      u16 flags;
    };
    explicit Request(const char *text) : address() {
      for (u32 i = 0; text[i] != 0; i++) name[i] = text[i];
    }
  };
  i32 any = must("socket", call(SOCKET, INTERNET, DATAGRAM, 0));
  if (host != 0) {
    Request with(name);
    with.address.host = LAN | host << HOST_SHIFT;
    must("address", call(IOCTL, any, SET_ADDRESS, address(&with)));
  }
  Request up(name);
  up.flags = UP;
  must(name, call(IOCTL, any, SET_FLAGS, address(&up)));
  call(CLOSE, any);
}

extern "C" [[gnu::used]] void _start() { exit(main()); }
