// The system control coprocessor, ARM DDI 0198, chapter 2.
#pragma once
#include "guest.h"

inline u32 control() {
  u32 value;
  asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(value));
  return value;
}
inline void set_control(u32 value) { asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(value) : "memory"); }
// Cleans and drains the data cache and invalidates the instruction cache (ARM DDI 0198, 2.3.9).
inline void sync_code() {
  asm volatile("1: mrc p15, 0, apsr_nzcv, c7, c10, 3\n bne 1b\n mcr p15, 0, %0, c7, c10, 4\n mcr p15, 0, %0, c7, c5, 0" ::"r"(0)
               : "memory", "cc");
}
