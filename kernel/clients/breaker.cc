// Crashes the network's services repeatedly, in every way, while others use them. Prints the number of crashes.
#include <curios/net.h>

#include "client.h"

namespace curios {
namespace {

constexpr u32 BREAKER = 71, PAUSE_MS = 3, TIMES = 400;
constexpr u32 VICTIMS[] = {NET_ID, ETHER_ID}, KINDS = static_cast<u32>(Crash::JUMP);

void run(u32) {
  NO_CALLER;
  for (u32 i = 0; i < TIMES; i++) {
    wait(0, PAUSE_MS);
    system(SYS_CRASH, VICTIMS[i % 2], 1 + i / 2 % KINDS);
  }
  char buffer[64];
  Console console;
  console.begin(buffer, sizeof buffer);
  Line line;
  line << "breaker: net has restarted " << inspect(Inspect::RESTARTS, NET_ID) << " times, ether "
       << inspect(Inspect::RESTARTS, ETHER_ID) << "\n";
  u32 n = line.take();
  for (u32 i = 0; i < n; i++) buffer[i] = line.text()[i];
  console.write(n);
}

}  // namespace

[[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor breaker = {
    .name = "breaker", .id = BREAKER, .main = reinterpret_cast<u32>(run), .heap_limit = 0x1000, .quota = 0x1000,
    .rights = SHARES_CLIENT_CODE | LARGE_STACKS | MAY_CRASH, .priority = 2};
[[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const breaker_described = &breaker;

}  // namespace curios
