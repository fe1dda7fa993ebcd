#include "libc.h"

namespace {
enum Operation : int {
  OPEN = 0x01,
  CLOSE = 0x02,
  WRITE = 0x05,
  READ = 0x06,
  SEEK = 0x0a,
  FLEN = 0x0c,
  REMOVE = 0x0e,
  RENAME = 0x0f,
  ERRNO = 0x13,
  GET_CMDLINE = 0x15,
  HEAPINFO = 0x16,
  EXIT = 0x18,
  EXIT_EXTENDED = 0x20
};

constexpr u32 APPLICATION_EXIT = 0x20026;
constexpr u32 RUN_TIME_ERROR = 0x20023;
constexpr int LINE = 1024;

int call(Operation number, const void *block) {
  register int operation asm("r0") = number;
  register const void *parameter asm("r1") = block;
  asm volatile("svc 0x123456" : "+r"(operation) : "r"(parameter) : "memory", "lr");
  return operation;
}

u32 word(const void *pointer) { return static_cast<u32>(reinterpret_cast<size_t>(pointer)); }

// As initialise_semihosting_exts of newlib: the magic number, and then the byte of features.
bool has_extended_exit() {
  int file = open(":semihosting-features", 1);
  if (file < 0)
    return false;
  u8 bytes[5] = {};
  bool good = length(file) >= 5 && read(file, bytes, 4) == 4 && bytes[0] == 0x53 && bytes[1] == 0x48 && bytes[2] == 0x46 &&
              bytes[3] == 0x42 && seek(file, 4) == 0 && read(file, bytes + 4, 1) == 1;
  close(file);
  return good && (bytes[4] & 1) != 0;
}
} // namespace

int in, out, err;

void start() {
  in = open(":tt", 0);
  out = open(":tt", 4);
  err = open(":tt", 8);
}

int open(const char *name, int mode) {
  u32 block[3] = {word(name), static_cast<u32>(mode), length(name)};
  return call(OPEN, block);
}

int close(int file) { return call(CLOSE, &file); }

int read(int file, void *to, u32 count) {
  u32 block[3] = {static_cast<u32>(file), word(to), count};
  int rest = call(READ, block);
  return rest < 0 ? rest : static_cast<int>(count) - rest;
}

int write(int file, const void *from, u32 count) {
  u32 block[3] = {static_cast<u32>(file), word(from), count};
  int rest = call(WRITE, block);
  return rest < 0 ? rest : static_cast<int>(count) - rest;
}

int seek(int file, u32 position) {
  u32 block[2] = {static_cast<u32>(file), position};
  return call(SEEK, block);
}

int length(int file) { return call(FLEN, &file); }

int remove(const char *name) {
  u32 block[2] = {word(name), length(name)};
  return call(REMOVE, block);
}

int rename(const char *from, const char *to) {
  u32 block[4] = {word(from), length(from), word(to), length(to)};
  return call(RENAME, block);
}

int last_error() { return call(ERRNO, nullptr); }

int arguments(const char *argv[MAX_ARGUMENTS]) {
  static char line[LINE];
  u32 block[2] = {word(line), sizeof line};
  int count = 0;
  if (call(GET_CMDLINE, block) != 0)
    return 0;
  for (char *at = line; count < MAX_ARGUMENTS;) {
    while (*at == ' ')
      at++;
    if (*at == 0)
      break;
    char end = *at == '"' || *at == '\'' ? *at++ : ' ';
    argv[count++] = at;
    while (*at != 0 && *at != end)
      at++;
    if (*at != 0)
      *at++ = 0;
  }
  return count;
}

void finish(int status) {
  for (;;) {
    if (has_extended_exit()) {
      u32 block[2] = {APPLICATION_EXIT, static_cast<u32>(status)};
      call(EXIT_EXTENDED, block);
    }
    call(EXIT, reinterpret_cast<const void *>(static_cast<size_t>(status == 0 ? APPLICATION_EXIT : RUN_TIME_ERROR)));
  }
}

void print(const char *text) { write(out, text, length(text)); }

void print_number(u32 value) {
  char digits[11];
  char *at = digits + sizeof digits;
  *--at = 0;
  do {
    *--at = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  print(at);
}

bool equal(const char *a, const char *b) {
  while (*a != 0 && *a == *b)
    a++, b++;
  return *a == *b;
}

u32 length(const char *text) {
  u32 count = 0;
  while (text[count] != 0)
    count++;
  return count;
}

u32 number(const char *digits) {
  u32 value = 0;
  while (*digits >= '0' && *digits <= '9')
    value = value * 10 + static_cast<u32>(*digits++ - '0');
  return value;
}
