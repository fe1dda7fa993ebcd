// Translation tables for bare-metal programs (ARM DDI 0198, chapter 3). The first level is at 1 MiB; second levels
// follow it.
#pragma once
#include "cp15.h"

enum Rights : u32 { NO_ACCESS = 0, PRIVILEGED = 1, USER_READ = 2, USER_WRITE = 3 };  // AP; 0 depends on S and R

constexpr u32 MMU = 1, ALIGNMENT = 2, SYSTEM = 1 << 8, ROM = 1 << 9, HIGH_VECTORS = 1 << 13;
constexpr u32 WINDOW = 0x40000000;   // address of test mappings
constexpr u32 MEMORY = 0x00200000;   // physical memory of test mappings

struct Tables {
  static constexpr u32 FIRST = 0x00100000;
  u32 next = 0x00104000;

  volatile u32 &first(u32 address) { return reg(FIRST + (address >> 20 << 2)); }
  void section(u32 address, u32 physical, u32 rights, u32 domain) {
    first(address) = physical | rights << 10 | domain << 5 | 0x12;
  }
  // The second-level table of an address, created on first use: coarse (256 entries) or fine (1024).
  u32 coarse(u32 address, u32 domain) { return second(address, domain, 0x400, 0x11); }
  u32 fine(u32 address, u32 domain) { return second(address, domain, 0x1000, 0x13); }
  void large(u32 address, u32 physical, u32 rights, u32 domain) {  // rights: four AP fields, two bits each
    for (u32 i = 0; i < 16; i++)
      reg(coarse(address, domain) + ((address >> 12 & 0xf0) + i) * 4) = physical | rights << 4 | 1;
  }
  void small(u32 address, u32 physical, u32 rights, u32 domain) {
    reg(coarse(address, domain) + (address >> 12 & 0xff) * 4) = physical | rights << 4 | 2;
  }
  void tiny(u32 address, u32 physical, u32 rights, u32 domain) {
    reg(fine(address, domain) + (address >> 10 & 0x3ff) * 4) = physical | rights << 4 | 3;
  }
  static void flush() { asm volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory"); }
  static void flush(u32 address) {
    asm volatile("mcr p15, 0, %0, c8, c6, 1\n mcr p15, 0, %0, c8, c5, 1" ::"r"(address) : "memory");
  }
  static void domains(u32 access) { asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(access) : "memory"); }
  static void process(u32 id) { asm volatile("mcr p15, 0, %0, c13, c0, 0" ::"r"(id << 25) : "memory"); }

  // Maps 16 MiB of RAM for all modes and the devices for privileged modes, with domain 0 as client, and turns the MMU
  // on.
  void start() {
    for (u32 i = 0; i < 4096; i++) reg(FIRST + i * 4) = 0;
    for (u32 i = 0; i < 16; i++) section(i << 20, i << 20, USER_WRITE, 0);
    section(0x10100000, 0x10100000, PRIVILEGED, 0);
    section(0x10000000, 0x10000000, PRIVILEGED, 0);
    asm volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"(FIRST) : "memory");
    domains(1);
    flush();
    set_control(control() | MMU);
  }

 private:
  u32 second(u32 address, u32 domain, u32 size, u32 type) {
    if ((first(address) & 3) == 0) {
      next = (next + size - 1) & ~(size - 1);
      for (u32 i = 0; i < size; i += 4) reg(next + i) = 0;
      first(address) = next | domain << 5 | type;
      next += size;
    }
    return first(address) & (type == 0x11 ? ~0x3ffu : ~0xfffu);
  }
};
