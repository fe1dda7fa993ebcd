// Support for Linux programs without a C library: system calls by the ARM EABI, the end of a run, and the network.
#pragma once
#include "guest.h"

constexpr u32 LAN = 0x0000000a;  // 10.0.0.0 in network byte order
constexpr u32 HOST_SHIFT = 24;
constexpr u16 ECHO_PORT = 7, HTTP_PORT = 80;

constexpr long READ_CALL = 3, WRITE_CALL = 4, OPEN = 5, CLOSE = 6, UNLINK = 10, SEEK = 19, MOUNT = 21;
constexpr long MKDIR = 39, IOCTL = 54, CHROOT = 61, REBOOT = 88, FSYNC_CALL = 118, SLEEP = 162, POLL = 168, STAT_CALL = 195;
constexpr long SOCKET = 281, BIND = 282, CONNECT = 283, LISTEN = 284, ACCEPT = 285, SOCKET_NAME = 286, SEND = 290;
constexpr long RECEIVE = 292;
constexpr long INTERNET = 2, STREAM = 1, DATAGRAM = 2, DONT_WAIT = 0x40;

extern "C" i32 linux_call(long number, long a, long b, long c, long d, long e, long f);

inline i32 call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  return linux_call(number, a, b, c, d, e, f);
}

inline long address(const volatile void *p) { return static_cast<long>(reinterpret_cast<size_t>(p)); }

struct Address {
  u16 family = INTERNET;
  u16 port = 0;            // in network byte order, as all fields are
  u32 host = 0x0100007f;   // 127.0.0.1
  u8 rest[8] = {};
};

constexpr u16 big(u16 value) { return static_cast<u16>(value << 8 | value >> 8); }

constexpr char HEAD[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

// Ends the run with a message if the result is an error.
i32 must(const char *what, i32 result);

void sleep_ms(u32 ms);

// Sets an interface up; with an address of the LAN if `host` is one of its hosts.
void interface_up(const char *name, u32 host);
