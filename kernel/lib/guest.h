// Support for bare-metal programs on the VersatilePB: output on UART0, exit, and the helpers that the compiler calls.
#pragma once

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;
using i32 = int;
using i64 = long long;
using size_t = decltype(sizeof 0);

void put(char c);
void put(const char *text);
void put_hex(u32 value);
void put_dec(u32 value);
[[noreturn]] void exit(int status);

// The program; its result is the exit status.
extern "C" int main();

extern "C" void *memcpy(void *to, const void *from, size_t count);
extern "C" void *memset(void *to, int value, size_t count);

inline volatile u32 &reg(u32 address) { return *reinterpret_cast<volatile u32 *>(static_cast<size_t>(address)); }
