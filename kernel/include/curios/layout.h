// The map of the single address space. All RAM is also visible to the kernel at its physical address.
#pragma once
#include "abi.h"

namespace curios {

constexpr word kGranule = 1024;           // unit of protection (subpage)
constexpr word kFrame = 4096;             // unit of allocation (small page)
constexpr word kSection = 1u << 20;

constexpr word kRamBytes = 128u << 20;
constexpr word kLibraryBase = 0x30000000; // user library, read-only for all
constexpr word kClientCode = 0x31000000;  // code shared by all clients, hidden from services
constexpr word kRegionBase = 0x40000000;  // region of object N at kRegionBase + N MiB
constexpr word kObjects = 64;
constexpr word kThreads = 64;

// Inside a region. The home frame holds all that an object needs at rest: private data, its page table
// (a guard: kernel only), one stack, and its record with its first handles (kernel only).
constexpr word kDataBytes = kGranule;
constexpr word kHomeTable = 1 * kGranule;
constexpr word kHomeStack = 2 * kGranule;
constexpr word kHomeRecord = 3 * kGranule;
constexpr word kStacks = 0x2000;          // slot N at kStacks * N: guard granule, then 3 KiB of stack
constexpr word kStackSlots = 8;
constexpr word kHeap = 0x10000;
constexpr word kHeapEnd = 0x40000;
constexpr word kStates = 0x40000;         // mapped SSRs, one or more granules each
constexpr word kStatesEnd = 0x80000;
constexpr word kCode = 0x80000;
constexpr word kDevice = 0xc0000;

constexpr word region_of(word id) { return kRegionBase + id * kSection; }

} // namespace curios
