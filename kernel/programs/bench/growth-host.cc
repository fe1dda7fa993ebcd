// The growth benchmark in the host's own instructions, an upper bound for what an emulator can reach: functions with
// the same mixture of operations as those of growth.cc, called the same way. They compute something else. The first
// argument is the number of repetitions, the second the size that the same functions have as ARM code.
#include "guest.h"

extern "C" volatile u32 bench_repetitions;
volatile u32 bench_repetitions = 5;

// Bytes of ARM code.
extern "C" volatile u32 bench_code;
volatile u32 bench_code = 64 << 10;

constexpr u32 CALLS = 16384, FUNCTION = 64, MOST = 24;

namespace {

constexpr u32 DATA_WORDS = 32;  // within one byte's distance
constexpr size_t ROOM = CALLS * FUNCTION * MOST;
u32 data[DATA_WORDS];
void (*table[CALLS])();
u32 state = 1;

u32 pick(u32 limit) {
  state = state * 1664525 + 1013904223;
  return (state >> 16) * limit >> 16;
}

// Nine registers hold values, numbered as on the host; rbp points to the data, and ecx is a temporary.
constexpr u32 REGISTERS[] = {0, 2, 3, 6, 7, 8, 9, 10, 11}, BETWEEN = 1;
u32 pick_register() { return REGISTERS[pick(9)]; }

u8 *at;
void bytes(u32 a, u32 b) {
  *at++ = static_cast<u8>(a);
  *at++ = static_cast<u8>(b);
}
void word(u32 value) {
  for (u32 i = 0; i < 4; i++) *at++ = static_cast<u8>(value >> 8 * i);
}
// An instruction with a register or opcode extension, and a register that it may change.
void operation(u32 opcode, u32 other, u32 changed) {
  *at++ = static_cast<u8>(0x40 | (other >> 3) << 2 | changed >> 3);  // REX
  bytes(opcode, 0xc0 | (other & 7) << 3 | (changed & 7));
}

constexpr u32 AND = 0x21, XOR = 0x31, SUB = 0x29, ADD = 0x01, OR = 0x09, MOV = 0x89, CMP = 0x39;
constexpr u32 OPERATIONS[] = {AND, XOR, SUB, ADD, ADD, OR};

void arithmetic() {
  u32 what = OPERATIONS[pick(6)], to = pick_register(), left = pick_register();
  operation(MOV, left, BETWEEN);
  if (pick(2) == 0) {
    operation(what, pick_register(), BETWEEN);
    operation(0xc1, pick(2) == 0 ? 1 : 4, BETWEEN);  // ror, shl
    *at++ = static_cast<u8>(1 + pick(31));
  } else {
    operation(0x81, what >> 3, BETWEEN);
    word(pick(256) << pick(24));
  }
  operation(MOV, BETWEEN, to);
}

void transfer(u32 opcode) {
  u32 r = pick_register();
  *at++ = static_cast<u8>(0x40 | (r >> 3) << 2);
  bytes(opcode, 0x45 | (r & 7) << 3);
  *at++ = static_cast<u8>(pick(DATA_WORDS) * 4);
}

// Compares two registers and jumps over the following code on a condition; returns the place of the distance.
u8 *skip() {
  operation(CMP, pick_register(), pick_register());
  bytes(0x70 | pick(16), 0);
  return at - 1;
}
void skip_to_here(u8 *distance) { *distance = static_cast<u8>(at - distance - 1); }

void write_function() {
  u32 n = 0;
  while (n < FUNCTION - 5) {
    switch (pick(7)) {
    case 0:
      transfer(0x8b);
      n++;
      break;
    case 1:
      transfer(0x89);
      n++;
      break;
    case 2: {
      u32 a = pick_register(), b = pick_register();
      *at++ = static_cast<u8>(0x40 | (a >> 3) << 2 | b >> 3);
      bytes(0x0f, 0xaf);  // imul
      *at++ = static_cast<u8>(0xc0 | (a & 7) << 3 | (b & 7));
      n++;
      break;
    }
    case 3: {
      u8 *over = skip();
      arithmetic();
      skip_to_here(over);
      n += 2;
      break;
    }
    case 4: {
      u8 *over = skip();
      arithmetic();
      arithmetic();
      skip_to_here(over);
      n += 4;
      break;
    }
    default:
      arithmetic();
      n++;
      break;
    }
  }
  for (; n < FUNCTION - 1; n++) arithmetic();
  *at++ = 0xc3;  // ret
}

u8 *get_room() {
  constexpr long MMAP = 9, READ_WRITE_RUN = 7, PRIVATE_ANONYMOUS = 0x22;
  register long flags asm("r10") = PRIVATE_ANONYMOUS;
  register long file asm("r8") = -1;
  register long offset asm("r9") = 0;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(MMAP), "D"(0), "S"(ROOM), "d"(READ_WRITE_RUN), "r"(flags), "r"(file), "r"(offset)
               : "rcx", "r11", "memory");
  return result < 0 ? nullptr : reinterpret_cast<u8 *>(result);
}

// Calls each function once; returns a mixture of the registers.
u32 call_all() {
  u32 result;
  asm volatile(R"(
        push    %%rbp
        mov     %[table], %%r12
        mov     %[end], %%r13
        mov     %[data], %%rbp
        mov     $1, %%eax
        mov     $2, %%edx
        mov     $3, %%ebx
        mov     $4, %%esi
        mov     $5, %%edi
        mov     $6, %%r8d
        mov     $7, %%r9d
        mov     $8, %%r10d
        mov     $9, %%r11d
1:      call    *(%%r12)
        add     $8, %%r12
        cmp     %%r13, %%r12
        jne     1b
        xor     %%edx, %%eax
        xor     %%ebx, %%eax
        xor     %%esi, %%eax
        xor     %%edi, %%eax
        xor     %%r8d, %%eax
        xor     %%r9d, %%eax
        xor     %%r10d, %%eax
        xor     %%r11d, %%eax
        pop     %%rbp
)"
               : "=&a"(result)
               : [table] "r"(table), [end] "r"(table + CALLS), [data] "r"(data)
               : "rcx", "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "memory", "cc");
  return result;
}

}  // namespace

int main() {
  u32 functions = bench_code / (FUNCTION * 4);
  at = get_room();
  if (functions == 0 || functions > CALLS || at == nullptr) return 2;
  for (u32 i = 0; i < CALLS; i++) {
    if (i < functions) {
      table[i] = reinterpret_cast<void (*)()>(at);
      write_function();
    } else {
      table[i] = table[i - functions];
    }
  }
  u32 first = 0;
  for (u32 i = 0; i < bench_repetitions; i++) {
    for (u32 k = 0; k < DATA_WORDS; k++) data[k] = k * 0x01010101;
    u32 sum = call_all();
    if (i == 0) first = sum;
    put_hex(sum);
    put('\n');
    if (sum != first) return 1;
  }
  return 0;
}
