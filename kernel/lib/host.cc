// Support for benchmark programs built for a Linux host: the functions of guest.cc, by system calls. The first argument
// is the number of repetitions, the second the amount of code, for programs that have such a parameter.
#include "guest.h"

extern "C" volatile u32 bench_repetitions;
extern "C" [[gnu::weak]] volatile u32 bench_code;

#if defined(__x86_64__)
constexpr long WRITE = 1, EXIT_GROUP = 231;
asm(".global _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call host_main\n");
static long system_call(long number, long a, long b, long c) {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
constexpr long WRITE = 64, EXIT_GROUP = 94;
asm(".global _start\n_start: mov x0, sp\n bl host_main\n");
static long system_call(long number, long a, long b, long c) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
#else
#error "no start-up code for this host"
#endif

// Writes whole lines, so that the reader's time stamps are those of lines.
void put(char c) {
  static char line[128];
  static u32 used;
  line[used++] = c;
  if (c == '\n' || used == sizeof line) {
    system_call(WRITE, 1, reinterpret_cast<long>(line), used);
    used = 0;
  }
}

void exit(int status) {
  for (;;)
    system_call(EXIT_GROUP, status, 0, 0);
}

static u32 number(long argument) {
  u32 value = 0;
  for (auto *digit = reinterpret_cast<const char *>(argument); *digit >= '0' && *digit <= '9'; digit++)
    value = value * 10 + static_cast<u32>(*digit - '0');
  return value;
}

extern "C" [[gnu::used]] void host_main(const long *stack) {
  if (stack[0] > 1) bench_repetitions = number(stack[2]);
  if (stack[0] > 2 && &bench_code != nullptr) bench_code = number(stack[3]);
  exit(main());
}
